"""What one process says, all processes hear: PostgreSQL carries it. One process alone speaks to itself."""

import logging
import os
import threading

import psycopg
from sqlalchemy import text

log = logging.getLogger(__name__)

ALONE = os.environ.get("WORKERS", "1") == "1"
PIECE = 7_900  # a notification holds less than 8000 bytes; messages are ASCII
NOTIFY = text("SELECT pg_notify('sockets', piece) FROM unnest(CAST(:pieces AS text[])) AS piece")


class Channel:
    def __init__(self, engine, hear, lost):
        """Hands each message to `hear`; calls `lost` when messages may have been missed."""
        self.engine = engine
        self.hear = hear
        self.lost = lost
        self.opening = threading.Lock()
        self.listening = False

    def open(self):
        with self.opening:
            if ALONE or self.listening:
                return
            pooled = self.engine.raw_connection()
            try:
                pooled.driver_connection.autocommit = True
                pooled.driver_connection.execute("LISTEN sockets")
            except psycopg.Error:
                pooled.invalidate()
                raise
            self.listening = True
            threading.Thread(target=self.listen, args=(pooled,), name="channel", daemon=True).start()

    def listen(self, pooled):
        pieces = []
        try:
            for notification in pooled.driver_connection.notifies():
                left, piece = notification.payload.split(" ", 1)
                pieces.append(piece)
                if left == "0":
                    self.hear("".join(pieces))
                    pieces.clear()
        except psycopg.Error as error:
            log.error("the connection that listens: %s", error)
        self.listening = False
        pooled.invalidate()
        self.lost()

    def say(self, message):
        if ALONE:
            return self.hear(message)
        # PostgreSQL keeps the notifications of one statement together, in order, and drops those that are equal.
        starts = range(0, len(message), PIECE)
        pieces = [f"{left} {message[start : start + PIECE]}" for left, start in zip(reversed(range(len(starts))), starts)]
        with self.engine.begin() as connection:
            connection.execute(NOTIFY, {"pieces": pieces})
