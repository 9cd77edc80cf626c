"""What a body may be: its size, by Content-Length at once and else by what has arrived, and its media type.

FastAPI's own `max_body_size` answers in plain text where Content-Length tells, and every error here is a problem document."""

from fastapi import HTTPException, Request
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .problems import problem


async def json_only(request: Request) -> None:
    """A dependency of the routes that read JSON. FastAPI itself reads `application/*+json` too, and says 422 to the rest."""
    media_type = request.headers.get("content-type", "").partition(";")[0]
    if media_type.strip().lower() != "application/json":
        raise HTTPException(415)


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
