"""The WebSocket, and what its messages mean."""

import json
import logging
from typing import Any

import msgspec
from litestar import get, websocket
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.exceptions import HTTPException

from ..models import SocketMessage
from ..problems import DATABASE_ERRORS, problem
from ..sockets import ShopSocket, Sockets
from ..tokens import Auth, subject_of

log = logging.getLogger(__name__)

INTERNAL_ERROR = 1011


async def refuse(socket: ShopSocket, status: int, headers: list[tuple[bytes, bytes]]) -> None:
    """Answers by HTTP what asks for a WebSocket, an extension of ASGI that Litestar has no word for."""
    reason = problem(status)
    document = {"type": reason.type_, "title": reason.title, "status": status, "detail": reason.detail}
    body = msgspec.json.encode(document)
    headers = [
        *headers,
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(len(body)).encode()),
    ]
    await socket.receive()
    messages: list[Any] = [
        {"type": "websocket.http.response.start", "status": status, "headers": headers},
        {"type": "websocket.http.response.body", "body": body},
    ]
    for message in messages:
        await socket.send(message)


@websocket("/socket")
async def talk(socket: ShopSocket, state: State, sockets: NamedDependency[Sockets]) -> None:
    auth: Auth = state.auth

    async def answer(socket: ShopSocket, text: str) -> None:
        try:
            message = msgspec.json.decode(text, type=SocketMessage)
        except msgspec.DecodeError:
            detail = "a message is a JSON object with `type` echo or broadcast and text as `data`"
            return sockets.send(socket, json.dumps({"type": "error", "detail": detail}))
        reply = json.dumps({"type": message.type, "data": message.data})  # ASCII, unlike that of msgspec
        if message.type == "broadcast":
            await sockets.channel.say(reply)
        else:
            sockets.send(socket, reply)

    if subject_of(auth, socket.headers.get("authorization")) is None:
        return await refuse(socket, 401, [(b"www-authenticate", b"Bearer")])
    try:
        await sockets.channel.open()
    except DATABASE_ERRORS as error:
        log.error("database: %r", error)
        return await refuse(socket, 503, [])
    try:
        await sockets.serve(socket, answer)
    except DATABASE_ERRORS as error:
        log.error("database: %r", error)
        await socket.close(INTERNAL_ERROR, "the message was not delivered")


@get("/socket")
async def upgrade_required() -> None:
    raise HTTPException(status_code=426, headers={"Connection": "Upgrade", "Upgrade": "websocket"})
