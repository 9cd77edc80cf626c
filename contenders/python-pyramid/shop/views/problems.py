"""Exception views: every error leaves as an RFC 9457 problem document."""

import logging
from http import HTTPStatus

import urllib3
from marshmallow import ValidationError
from pyramid.exceptions import PredicateMismatch, URLDecodeError
from pyramid.httpexceptions import HTTPException
from pyramid.response import Response
from pyramid.view import exception_view_config, forbidden_view_config
from sqlalchemy.exc import OperationalError, TimeoutError
from sqlalchemy.orm.exc import StaleDataError
from webob.request import DisconnectionError

log = logging.getLogger(__name__)

DRAINED = 1_048_576


def problem(status, **members):
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, **members}
    response = Response(json_body=body, status=status, content_type="application/problem+json")
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def drain(request):
    """Gunicorn closes a connection with more than 64 KiB left to read, while its answer has promised to keep it."""
    request.body_file_raw.read(DRAINED)


@exception_view_config(HTTPException)
def http_exception(error, request):
    drain(request)
    return problem(error.code)


@forbidden_view_config()
def unauthorized(request):
    drain(request)
    return problem(401)


@exception_view_config(PredicateMismatch)
def method_not_allowed(error, request):
    """The route is there, and none of its views serves the method: views have no other predicate."""
    drain(request)
    allow = ", ".join(sorted(allowed_methods(request)))
    response = Response(status=204) if request.method == "OPTIONS" else problem(405)
    response.headers["Allow"] = allow
    return response


def allowed_methods(request):
    views = (entry["introspectable"] for entry in request.registry.introspector.get_category("views"))
    methods = {view["request_methods"] for view in views if view["route_name"] == request.matched_route.name}
    return methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set())  # for Pyramid, GET is HEAD as well


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
