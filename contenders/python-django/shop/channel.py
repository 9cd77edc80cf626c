"""What one process says, all processes hear: PostgreSQL carries it. One process alone speaks to itself."""

import logging
import os
import threading
from concurrent.futures import Future

import psycopg
from django.db import Error, connection

log = logging.getLogger(__name__)

ALONE = os.environ.get("WORKERS", "1") == "1"
PIECE = 7_900  # a notification holds less than 8000 bytes; messages are ASCII


class Channel:
    def __init__(self, hear, lost):
        """Hands each message to `hear`; calls `lost` when messages may have been missed."""
        self.hear = hear
        self.lost = lost
        self.opening = threading.Lock()
        self.listening = False

    def open(self):
        with self.opening:
            if ALONE or self.listening:
                return
            ready = Future()
            threading.Thread(target=self.listen, args=(ready,), name="channel", daemon=True).start()
            ready.result()

    def listen(self, ready):
        """In a thread of its own, whose `connection` is its own too."""
        try:
            with connection.cursor() as cursor:
                cursor.execute("LISTEN sockets")
        except Error as error:
            return ready.set_exception(error)
        self.listening = True
        ready.set_result(None)
        pieces = []
        try:
            for notification in connection.connection.notifies():
                left, piece = notification.payload.split(" ", 1)
                pieces.append(piece)
                if left == "0":
                    self.hear("".join(pieces))
                    pieces.clear()
        except psycopg.Error as error:
            log.error("the connection that listens: %s", error)
        self.listening = False
        connection.close()
        self.lost()

    def say(self, message):
        if ALONE:
            return self.hear(message)
        # PostgreSQL keeps the notifications of one statement together, in order, and drops those that are equal.
        starts = range(0, len(message), PIECE)
        pieces = [f"{left} {message[start : start + PIECE]}" for left, start in zip(reversed(range(len(starts))), starts)]
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_notify('sockets', piece) FROM unnest(%s::text[]) AS piece", [pieces])
        finally:
            connection.close()  # back to the pool: the request that would do it lasts as long as the socket
