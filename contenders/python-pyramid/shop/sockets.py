"""The open WebSockets of this process, and what their messages mean. Each holds a thread until it is closed."""

import json
import logging
import socket
import struct
from collections import deque
from contextlib import suppress

import psycopg
import simple_websocket
from sqlalchemy.exc import SQLAlchemyError

from .channel import Channel

log = logging.getLogger(__name__)

LARGEST_MESSAGE = 65_536
SECONDS = 5  # that a client may stop reading, or take to answer a close
GOING_AWAY, UNSUPPORTED, TOO_BIG, TRY_AGAIN_LATER = 1001, 1003, 1009, 1013


class Member:
    """One socket. Its own thread does all the sending, so that a slow client delays no other."""

    def __init__(self, ws, channel):
        self.ws = ws
        self.channel = channel
        self.outgoing = deque()
        self.leaving = None

    def limit_sending(self):
        """A send that blocks for longer fails."""
        self.ws.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", SECONDS, 0))

    def send(self, text):
        self.outgoing.append(text)
        self.ws.event.set()  # what `receive` waits for

    def leave(self, code):
        self.leaving = code
        self.ws.event.set()

    def talk(self):
        """Sends and answers until this side closes; raises `ConnectionClosed` when the client did."""
        while self.leaving is None:
            while self.outgoing:
                self.ws.send(self.outgoing.popleft())
            message = self.ws.receive(timeout=0)
            if message is not None:
                self.answer(message)
            elif not self.outgoing and self.leaving is None:
                # With a limit: simple-websocket closes after a message that is too large without setting the event.
                self.ws.event.wait(SECONDS)
        self.ws.close(self.leaving)

    def end(self):
        """Lets the closing handshake finish; when the view returns, gunicorn closes the connection."""
        self.ws.thread.join(SECONDS)
        with suppress(OSError):
            self.ws.sock.shutdown(socket.SHUT_RDWR)  # wakes the thread that still reads, if any
        self.ws.thread.join()

    def answer(self, text):
        if isinstance(text, bytes):
            return self.leave(UNSUPPORTED)
        if len(text.encode()) > LARGEST_MESSAGE:
            return self.leave(TOO_BIG)
        try:
            message = json.loads(text)
        except (ValueError, RecursionError):
            message = None
        match message:
            case {"type": "echo", "data": str(data)}:
                self.send(json.dumps({"type": "echo", "data": data}))
            case {"type": "broadcast", "data": str(data)}:
                self.channel.say(json.dumps({"type": "broadcast", "data": data}))
            case _:
                detail = "a message is a JSON object with `type` echo or broadcast and text as `data`"
                self.send(json.dumps({"type": "error", "detail": detail}))


class Sockets:
    def __init__(self, engine):
        self.members = set()
        self.stopping = False
        self.channel = Channel(engine, self.hear, lost=lambda: self.close_all(TRY_AGAIN_LATER))

    def hear(self, text):
        for member in list(self.members):
            member.send(text)

    def close_all(self, code):
        for member in list(self.members):
            member.leave(code)

    def stop(self):
        """Tells every client that the server goes away, also those that come now."""
        self.stopping = True
        self.close_all(GOING_AWAY)

    def serve(self, environ):
        """Takes the connection over, and returns when it is closed."""
        ws = simple_websocket.Server.accept(environ, ping_interval=25, max_message_size=LARGEST_MESSAGE)
        member = Member(ws, self.channel)
        try:
            member.limit_sending()
            self.channel.open()
            self.members.add(member)
            if self.stopping:
                member.leave(GOING_AWAY)
            member.talk()
        except (SQLAlchemyError, psycopg.Error) as error:
            log.error("database: %s", error)
            ws.close(TRY_AGAIN_LATER)
        except (OSError, simple_websocket.ConnectionClosed):
            pass  # the client is gone, or has stopped reading
        finally:
            self.members.discard(member)
            member.end()


def includeme(config):
    config.registry["sockets"] = Sockets(config.registry["engine"])
