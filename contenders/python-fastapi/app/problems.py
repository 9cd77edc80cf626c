"""Every error leaves as an RFC 9457 problem document."""

import logging
from http import HTTPStatus

import asyncpg
import httpx2
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import Match

from .headers import HEADERS

log = logging.getLogger(__name__)

DATABASE_ERRORS = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,  # a statement that took too long, a server that stops
)


def problem(status: int, headers=None, **members) -> JSONResponse:
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, **members}
    return JSONResponse(body, status, headers, media_type="application/problem+json")


async def http_exception(request: Request, error: HTTPException) -> JSONResponse:
    return problem(error.status_code, error.headers)


async def method_not_allowed(request: Request, error: HTTPException) -> Response:
    """Also for OPTIONS, which no route here serves itself."""
    headers = {"Allow": ", ".join(allowed_methods(request))}
    return Response(status_code=204, headers=headers) if request.method == "OPTIONS" else problem(405, headers)


def allowed_methods(request: Request) -> list[str]:
    """The methods of all routes with this path; the exception knows those of the first alone."""
    methods = {"OPTIONS"}
    for route in iter_route_contexts(request.app.routes):
        match, _ = route.matches(request.scope)
        if match is not Match.NONE:
            methods |= route.methods
    return sorted(methods)


async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
    details = error.errors()
    if any(detail["loc"][0] == "path" for detail in details):
        return problem(404)  # the path names nothing
    if not_json(request, error):
        return problem(400)
    errors = [
        {"field": str(detail["loc"][1]), "message": detail["msg"]} for detail in details if len(detail["loc"]) > 1
    ]
    return problem(422, errors=errors)


def not_json(request: Request, error: RequestValidationError) -> bool:
    """The body does not parse, or is empty."""
    if any(detail["type"] == "json_invalid" for detail in error.errors()):
        return True
    return request.method != "GET" and request.headers.get("content-length", "") == "0"


async def database_unavailable(request: Request, error: Exception) -> JSONResponse:
    log.error("database: %r", error)
    return problem(503)


async def upstream_failed(request: Request, error: httpx2.HTTPError) -> JSONResponse:
    log.error("upstream: %r", error)
    return problem(502)


async def client_left(request: Request, error: ClientDisconnect) -> JSONResponse:
    return problem(400)  # nobody reads it


async def unexpected(request: Request, error: Exception) -> JSONResponse:
    """Starlette sends this one from outside of all middleware, and the server writes the traceback to stderr."""
    return problem(500, HEADERS)


def register(app: FastAPI) -> None:
    app.add_exception_handler(HTTPException, http_exception)
    app.add_exception_handler(405, method_not_allowed)
    app.add_exception_handler(RequestValidationError, invalid)
    for kind in DATABASE_ERRORS:
        app.add_exception_handler(kind, database_unavailable)
    app.add_exception_handler(httpx2.HTTPError, upstream_failed)
    app.add_exception_handler(ClientDisconnect, client_left)
    app.add_exception_handler(Exception, unexpected)
