"""Every error leaves as an RFC 9457 problem document, by Litestar's plugin for them."""

import logging
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

import asyncpg
import httpx2
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.plugins.problem_details import ProblemDetailsConfig, ProblemDetailsException, ProblemDetailsPlugin
from litestar.routes import HTTPRoute

log = logging.getLogger(__name__)

DATABASE_ERRORS: tuple[type[Exception], ...] = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,  # a statement that took too long, a server that stops
)


class ConflictException(HTTPException):
    status_code = 409


class InvalidFields(HTTPException):
    status_code = 422

    def __init__(self, *errors: tuple[str, str]) -> None:
        """Each error is a field and what is wrong with it."""
        super().__init__(detail="invalid fields")
        self.errors = [{"field": field, "message": message} for field, message in errors]


def problem(
    status: int, detail: str = "", headers: Mapping[str, str] | None = None, **members: Any
) -> ProblemDetailsException:
    return ProblemDetailsException(
        status_code=status,
        type_="about:blank",
        title=HTTPStatus(status).phrase,
        detail=detail,
        headers=dict(headers or {}),
        extra=members or None,
    )


def of_http(error: HTTPException) -> ProblemDetailsException:
    if error.status_code >= 500:
        log.error("%r", error)
    headers = dict(error.headers or {})
    if error.status_code == 401:
        headers["WWW-Authenticate"] = "Bearer"
    members = {"errors": error.errors} if isinstance(error, InvalidFields) else {}
    return problem(error.status_code, error.detail, headers, **members)


def of_database(error: Exception) -> ProblemDetailsException:
    log.error("database: %r", error)
    return problem(503)


def of_upstream(error: httpx2.HTTPError) -> ProblemDetailsException:
    log.error("upstream: %r", error)
    return problem(502)


def of_unexpected(error: Exception) -> ProblemDetailsException:
    log.error("unexpected", exc_info=error)
    return problem(500)


def plugin() -> ProblemDetailsPlugin:
    conversions: dict[type[Exception], Callable[[Any], ProblemDetailsException]] = {
        HTTPException: of_http,
        httpx2.HTTPError: of_upstream,
        Exception: of_unexpected,
        **dict.fromkeys(DATABASE_ERRORS, of_database),
    }
    return ProblemDetailsPlugin(ProblemDetailsConfig(exception_to_problem_detail_map=conversions))


def method_not_allowed(request: Request[Any, Any, Any], _: Exception) -> Response[dict[str, Any]]:
    """With the `Allow` that OPTIONS is answered with: the methods of the path, and no WebSocket."""
    return problem(405, headers={"Allow": allow_of(request)}).to_response(request)


def allow_of(request: Request[Any, Any, Any]) -> str:
    return ", ".join(sorted(methods_of(request)))


def methods_of(request: Request[Any, Any, Any]) -> set[str]:
    segments = [segment for segment in request.scope["path"].split("/") if segment]
    methods: set[str] = set()
    for route in request.app.routes:
        if isinstance(route, HTTPRoute) and leads_to(route, segments):
            methods.update(route.methods)
    return methods


def leads_to(route: HTTPRoute, segments: list[str]) -> bool:
    components = route.path_components
    return len(components) == len(segments) and all(
        component == segment or not isinstance(component, str)
        for component, segment in zip(components, segments, strict=True)
    )
