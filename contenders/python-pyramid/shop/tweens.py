"""What surrounds every view: the access log, the security headers, and the limits of bodies."""

import logging
import time
from datetime import UTC, datetime
from functools import partial

from pyramid.httpexceptions import HTTPRequestEntityTooLarge
from pyramid.tweens import EXCVIEW, INGRESS, MAIN

from .schemas import STREAM_MAX

access_log = logging.getLogger("shop.access")

LARGEST_BODY = 65_536
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
}


class Followed:
    """A stream's content. The server calls `close` when the stream has ended, or the client has left."""

    def __init__(self, content, end):
        self.content = content
        self.end = end

    def __iter__(self):
        return iter(self.content)

    def close(self):
        if hasattr(self.content, "close"):
            self.content.close()
        self.end()


def access_log_tween_factory(handler, registry):
    """One JSON line for each request, for a stream when it has ended."""

    def access_log_tween(request):
        started = time.perf_counter()
        response = handler(request)
        fields = {
            "method": request.method,
            "path": request.environ.get("RAW_URI", request.environ["PATH_INFO"]).partition("?")[0],  # as it was sent
            "status": response.status_code,
            "user": request.authenticated_userid,
        }
        end = partial(write, fields, started)
        if isinstance(response.app_iter, list):
            end()
        else:
            length = response.content_length  # which a new `app_iter` resets
            response.app_iter = Followed(response.app_iter, end)
            response.content_length = length
        return response

    return access_log_tween


def write(fields, started):
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    duration_ms = round((time.perf_counter() - started) * 1000, 3)
    access_log.info("request", extra={"time": now, "duration_ms": duration_ms, **fields})


def security_headers_tween_factory(handler, registry):
    def security_headers_tween(request):
        response = handler(request)
        response.headers.update(HEADERS)
        return response

    return security_headers_tween


def body_limit_tween_factory(handler, registry):
    def body_limit_tween(request):
        limit = STREAM_MAX if request.environ["PATH_INFO"] == "/upload" else LARGEST_BODY
        if (request.content_length or 0) > limit:
            raise HTTPRequestEntityTooLarge
        if "Transfer-Encoding" in request.headers and limit == LARGEST_BODY:  # of an upload, the view counts
            body = request.body_file.read(limit + 1)
            if len(body) > limit:
                raise HTTPRequestEntityTooLarge
            request.body = body
        return handler(request)

    return body_limit_tween


def includeme(config):
    """The log is the outermost; the limits are below the exception views, which answer what they raise."""
    log, headers, limit = (
        f"{__name__}.{factory.__name__}"
        for factory in (access_log_tween_factory, security_headers_tween_factory, body_limit_tween_factory)
    )
    config.add_tween(log, under=INGRESS, over=headers)
    config.add_tween(headers, under=log, over="pyramid_tm.tm_tween_factory")
    config.add_tween(limit, under=EXCVIEW, over=MAIN)
