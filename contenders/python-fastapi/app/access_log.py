"""The access log: one JSON line for each request, written when its response has ended.

The write is synchronous, as uvicorn's own log is: a line appended to a local file does not wait."""

import logging
import time
from datetime import UTC, datetime
from logging.config import dictConfig
from pathlib import Path

from fastapi.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .auth import subject

log = logging.getLogger(__name__)

STARTS = ("http.response.start", "websocket.http.response.start")  # the second: a socket that is refused


def configure(path: Path) -> None:
    dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "access": {
                    "class": "pythonjsonlogger.json.JsonFormatter",
                    "format": "%(time)s %(method)s %(path)s %(status)s %(duration_ms)s %(user)s",
                }
            },
            "handlers": {
                "access": {"class": "logging.handlers.WatchedFileHandler", "filename": path, "formatter": "access"}
            },
            "loggers": {__name__: {"handlers": ["access"], "level": "INFO", "propagate": False}},
        }
    )


class AccessLog:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        started = time.perf_counter()
        # What leaves without a response is answered by the server's 500; a socket that was opened has no line.
        status = 500 if scope["type"] == "http" else None

        async def note_status(message: Message) -> None:
            nonlocal status
            if message["type"] in STARTS:
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, note_status)
        finally:
            if status is not None:
                write(scope, status, started)


def write(scope: Scope, status: int, started: float) -> None:
    fields = {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "method": scope.get("method", "GET"),
        "path": (scope.get("raw_path") or scope["path"].encode()).decode("latin-1"),  # as it was sent
        "status": status,
        "duration_ms": round((time.perf_counter() - started) * 1000, 3),
        "user": subject(HTTPConnection(scope)),
    }
    log.info("request", extra=fields)
