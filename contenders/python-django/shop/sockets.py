"""The open WebSockets of this process, and what their messages mean. Each holds a thread until it is closed."""

import json
import logging
import socket
import struct
from collections import deque
from contextlib import suppress

import simple_websocket
from django.db import Error
from django.http import HttpResponse

from .api import ApiView
from .channel import Channel
from .problems import problem

log = logging.getLogger(__name__)

LARGEST_MESSAGE = 65_536
SECONDS = 5  # that a client may stop reading, or take to answer a close
GOING_AWAY, UNSUPPORTED, TOO_BIG, TRY_AGAIN_LATER = 1001, 1003, 1009, 1013


class Member:
    """One socket. Its own thread does all the sending, so that a slow client delays no other."""

    def __init__(self, ws):
        self.ws = ws
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
                channel.say(json.dumps({"type": "broadcast", "data": data}))
            case _:
                detail = "a message is a JSON object with `type` echo or broadcast and text as `data`"
                self.send(json.dumps({"type": "error", "detail": detail}))


members = set()
stopping = False


def hear(text):
    for member in list(members):
        member.send(text)


def close_all(code):
    for member in list(members):
        member.leave(code)


channel = Channel(hear, lost=lambda: close_all(TRY_AGAIN_LATER))


def stop():
    """Tells every client that the server goes away, also those that come now."""
    global stopping
    stopping = True
    close_all(GOING_AWAY)


class SocketView(ApiView):
    def get(self, request):
        if request.headers.get("Upgrade", "").lower() != "websocket":
            response = problem(426)
            response["Connection"], response["Upgrade"] = "Upgrade", "websocket"
            return response
        talk(simple_websocket.Server.accept(request.environ, ping_interval=25, max_message_size=LARGEST_MESSAGE))
        return Closed()


class Closed(HttpResponse):
    """The answer after a closed socket: nothing, which a StopIteration signals to Gunicorn."""

    def __iter__(self):
        raise StopIteration


def talk(ws):
    member = Member(ws)
    try:
        member.limit_sending()
        channel.open()
        members.add(member)
        if stopping:
            member.leave(GOING_AWAY)
        member.talk()
    except Error as error:
        log.error("database: %s", error)
        ws.close(TRY_AGAIN_LATER)
    except (OSError, simple_websocket.ConnectionClosed):
        pass  # the client is gone, or has stopped reading
    finally:
        members.discard(member)
        member.end()
