"""The access log: one JSON line for each request, written when the server has sent the response."""

import logging
import time
from datetime import UTC, datetime
from functools import partial
from logging.config import dictConfig

from flask import g, request

log = logging.getLogger(__name__)


def configure(path):
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


def start_clock():
    g.started = time.perf_counter()


def log_when_sent(response):
    fields = {
        "method": request.method,
        "path": request.environ.get("RAW_URI", request.path).partition("?")[0],  # as it was sent
        "status": response.status_code,
        "user": g.get("user"),
    }
    response.call_on_close(partial(write, fields, g.started))
    return response


def write(fields, started):
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    duration_ms = round((time.perf_counter() - started) * 1000, 3)
    log.info("request", extra={"time": now, "duration_ms": duration_ms, **fields})


def init_app(app):
    configure(app.config["ACCESS_LOG"])
    app.before_request(start_clock)
    app.after_request(log_when_sent)
