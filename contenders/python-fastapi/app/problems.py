"""Every error leaves as an RFC 9457 problem document."""

import logging
from http import HTTPStatus

import asyncpg
import httpx
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

log = logging.getLogger(__name__)


def problem(status: int, headers=None, **members) -> JSONResponse:
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, **members}
    return JSONResponse(body, status, headers, media_type="application/problem+json")


async def http_exception(request: Request, error: HTTPException) -> JSONResponse:
    return problem(error.status_code, error.headers)


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
    """The body does not parse, is empty, or comes as another media type, which FastAPI hands on as bytes."""
    if any(detail["type"] == "json_invalid" for detail in error.errors()):
        return True
    empty = request.method != "GET" and request.headers.get("content-length", "") == "0"
    return empty or isinstance(error.body, bytes)


async def database_unavailable(request: Request, error: Exception) -> JSONResponse:
    log.error("database: %r", error)
    return problem(503)


async def upstream_failed(request: Request, error: httpx.HTTPError) -> JSONResponse:
    log.error("upstream: %r", error)
    return problem(502)


async def client_left(request: Request, error: ClientDisconnect) -> JSONResponse:
    return problem(400)  # nobody reads it


async def unexpected(request: Request, error: Exception) -> JSONResponse:
    return problem(500)  # the server writes the traceback to stderr


def register(app: FastAPI) -> None:
    app.add_exception_handler(HTTPException, http_exception)
    app.add_exception_handler(RequestValidationError, invalid)
    for kind in (OSError, asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError, asyncpg.InterfaceError):
        app.add_exception_handler(kind, database_unavailable)
    app.add_exception_handler(httpx.HTTPError, upstream_failed)
    app.add_exception_handler(ClientDisconnect, client_left)
    app.add_exception_handler(Exception, unexpected)
