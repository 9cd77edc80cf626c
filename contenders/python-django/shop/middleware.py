"""Turns what goes wrong in a view into a problem document."""

import logging

import urllib3
from django.db import OperationalError

from .problems import Invalid, problem

log = logging.getLogger(__name__)

DRAINED = 1_048_576


class ProblemMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if "HTTP_TRANSFER_ENCODING" in request.META and not view.view_class.reads_chunked:
            return problem(411)
        if int(request.META.get("CONTENT_LENGTH") or 0) > view.view_class.largest_body:
            # Gunicorn closes a connection with much left to read, while its answer has promised to keep it.
            request.read(DRAINED)
            return problem(413)

    def process_exception(self, request, exception):
        match exception:
            case Invalid():
                return problem(422, errors=exception.errors)
            case OperationalError():
                log.error("database: %s", exception)
                return problem(503)
            case urllib3.exceptions.HTTPError():
                log.error("upstream: %s", exception)
                return problem(502)
