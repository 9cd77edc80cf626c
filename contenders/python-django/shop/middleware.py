"""Asks for a token, and turns what goes wrong in a view into a problem document."""

import logging
from contextlib import suppress

import urllib3
from django.db import OperationalError

from . import tokens
from .problems import Problem, problem

log = logging.getLogger(__name__)

DRAINED = 1_048_576


class TokenMiddleware:
    """Every view asks for a token unless it is marked, as with Django's `LoginRequiredMiddleware`."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.subject = tokens.subject(request.headers.get("Authorization", ""))
        response = self.get_response(request)
        if response.status_code >= 400:
            # Gunicorn closes a connection with more than 64 KiB left to read, while its answer has promised to keep it.
            with suppress(OSError):
                request.read(DRAINED)
        return response

    def process_view(self, request, view, args, kwargs):
        if request.subject is None and request.method != "OPTIONS" and getattr(view, "token_required", True):
            return problem(401)


class ProblemMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        match exception:
            case Problem():
                return problem(exception.status, **exception.members)
            case OperationalError():
                log.error("database: %s", exception)
                return problem(503)
            case urllib3.exceptions.HTTPError():
                log.error("upstream: %s", exception)
                return problem(502)
