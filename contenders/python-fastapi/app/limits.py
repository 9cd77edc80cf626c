"""Refuses large bodies: at once where Content-Length tells, else when too much has arrived."""

from fastapi import HTTPException
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .problems import problem


class BodyLimit:
    def __init__(self, app: ASGIApp, limit: int, limits: dict[str, int]) -> None:
        """`limit` holds for every path that `limits` does not name."""
        self.app = app
        self.limit = limit
        self.limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        limit = self.limits.get(scope["path"], self.limit)
        if int(Headers(scope=scope).get("content-length", "0")) > limit:
            return await problem(413)(scope, receive, send)

        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise HTTPException(413)
            return message

        await self.app(scope, counted, send)
