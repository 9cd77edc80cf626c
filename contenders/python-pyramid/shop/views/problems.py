"""Exception views: every error leaves as an RFC 9457 problem document."""

import logging
from http import HTTPStatus

import urllib3
from marshmallow import ValidationError
from pyramid.events import NewRequest, subscriber
from pyramid.exceptions import URLDecodeError
from pyramid.httpexceptions import HTTPException, HTTPRequestEntityTooLarge
from pyramid.response import Response
from pyramid.view import exception_view_config
from sqlalchemy.exc import OperationalError, TimeoutError
from sqlalchemy.orm.exc import StaleDataError

log = logging.getLogger(__name__)

LARGEST_BODY = 65_536


@subscriber(NewRequest)
def refuse_large_bodies(event):
    if (event.request.content_length or 0) > LARGEST_BODY:
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
