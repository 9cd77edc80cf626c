"""Exception views: every error leaves as an RFC 9457 problem document."""

import logging
from http import HTTPStatus

import urllib3
from marshmallow import ValidationError
from pyramid.events import BeforeTraversal, subscriber
from pyramid.exceptions import URLDecodeError
from pyramid.httpexceptions import HTTPException, HTTPRequestEntityTooLarge
from pyramid.response import Response
from pyramid.view import exception_view_config
from sqlalchemy.exc import OperationalError, TimeoutError
from sqlalchemy.orm.exc import StaleDataError
from webob.request import DisconnectionError

from ..schemas import STREAM_MAX

log = logging.getLogger(__name__)

LARGEST_BODY = 65_536
DRAINED = 1_048_576


@subscriber(BeforeTraversal)
def refuse_large_bodies(event):
    request = event.request
    route = request.matched_route
    limit = STREAM_MAX if route is not None and route.name == "upload" else LARGEST_BODY
    if request.content_length is None and limit == LARGEST_BODY:
        request.body = request.body_file.read(limit + 1)  # of an upload, the view counts
    if (request.content_length or 0) > limit:
        # Gunicorn closes a connection with much left to read, while its answer has promised to keep it.
        request.body_file_raw.read(DRAINED)
        raise HTTPRequestEntityTooLarge


def problem(status, **members):
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, **members}
    return Response(json_body=body, status=status, content_type="application/problem+json")


@exception_view_config(HTTPException)
def http_exception(error, request):
    return problem(error.code)


@exception_view_config(URLDecodeError)
def undecodable_path(error, request):
    return problem(404)


@exception_view_config(UnicodeDecodeError)
def undecodable_query(error, request):
    return problem(400)


@exception_view_config(DisconnectionError)
def client_left(error, request):
    return problem(400)  # nobody reads it


@exception_view_config(ValidationError)
def invalid(error, request):
    fields = error.normalized_messages()
    fields.pop("_schema", None)  # about the body as a whole
    errors = [{"field": field, "message": text} for field, texts in fields.items() for text in texts]
    return problem(422, errors=errors)


@exception_view_config(StaleDataError)
def stale(error, request):
    return problem(409)  # another client was faster between the two statements


@exception_view_config(OperationalError)
@exception_view_config(TimeoutError)
def database_unavailable(error, request):
    log.error("database: %s", error)
    return problem(503)


@exception_view_config(urllib3.exceptions.HTTPError)
def upstream_failed(error, request):
    log.error("upstream: %s", error)
    return problem(502)


@exception_view_config(Exception)
def unexpected(error, request):
    log.error("%s %s", request.method, request.path, exc_info=error)
    return problem(500)
