"""The access log: one JSON line for each response, written by structlog when the response has ended.

It is around the application, as the middleware inside of it does not see a request for which there is no route. The
write is synchronous: a line appended to a local file does not wait."""

import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import structlog

from .tokens import Auth, subject_of

STARTS = ("http.response.start", "websocket.http.response.start")  # the second: a socket that is refused


def to_json(event: object, **_: object) -> bytes:
    return msgspec.json.encode(event)


def open_log(path: str) -> Any:
    file = open(path, "ab")  # as long as the process lives
    renderer = structlog.processors.JSONRenderer(serializer=to_json)
    return structlog.wrap_logger(structlog.BytesLogger(file), processors=[renderer]).bind()


class AccessLog:
    def __init__(self, app: Callable[[Any, Any, Any], Awaitable[None]], path: str, auth: Auth) -> None:
        self.app = app
        self.log = open_log(path)
        self.auth = auth

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        started = time.perf_counter()
        # What leaves without a response is answered by the server's 500; a socket that was opened has no line.
        status = 500 if scope["type"] == "http" else None

        async def note_status(message: Any) -> None:
            nonlocal status
            if message["type"] in STARTS:
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, note_status)
        finally:
            if status is not None:
                self.write(scope, status, started)

    def write(self, scope: Any, status: int, started: float) -> None:
        self.log.info(
            "request",
            time=datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            method=scope.get("method", "GET"),
            path=(scope.get("raw_path") or scope["path"].encode()).decode("latin-1"),  # as it was sent
            status=status,
            duration_ms=round((time.perf_counter() - started) * 1000, 3),
            user=scope.get("user") or self.subject(scope),
        )

    def subject(self, scope: Any) -> str | None:
        """Who asks where no token is asked for."""
        for name, value in scope["headers"]:
            if name == b"authorization":
                return subject_of(self.auth, value.decode("latin-1"))
        return None
