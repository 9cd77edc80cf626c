"""The security headers of every response, a hook that sees each message before it is sent."""

from typing import Any

from litestar.types import Message, Scope

HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
]
# An HTTP response, a WebSocket that is refused by one, and one that is accepted.
STARTS = ("http.response.start", "websocket.http.response.start", "websocket.accept")


async def add_security_headers(message: Message, _: Scope) -> None:
    if message["type"] in STARTS:
        start: Any = message
        start["headers"] = [*start.get("headers", ()), *HEADERS]
