"""The access log: one JSON line for each request, for a stream when it has ended."""

import logging
import time
from datetime import UTC, datetime
from functools import partial

log = logging.getLogger(__name__)


class AccessLogMiddleware:
    """The outermost one, so that it sees what all others answer."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        started = time.perf_counter()
        response = self.get_response(request)
        end = partial(write, request, response, started)
        if response.streaming:
            response.streaming_content = Followed(response.streaming_content, end)
        else:
            end()
        return response


class Followed:
    """A stream's content. Django calls `close` when the stream has ended, or the client has left."""

    def __init__(self, content, close):
        self.content = content
        self.close = close

    def __iter__(self):
        return iter(self.content)


def write(request, response, started):
    fields = {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "method": request.method,
        "path": request.META.get("RAW_URI", request.path).partition("?")[0],  # as it was sent
        "status": response.status_code,
        "duration_ms": round((time.perf_counter() - started) * 1000, 3),
        "user": getattr(request, "subject", None),
    }
    log.info("request", extra=fields)
