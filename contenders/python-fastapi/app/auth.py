"""Bearer tokens: JSON Web Tokens that this service signs, and asks for by a dependency of its routers."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import jwt
from fastapi import Depends
from fastapi.requests import HTTPConnection
from fastapi.security import HTTPBearer
from fastapi.security.utils import get_authorization_scheme_param

from .settings import get_settings

LIFETIME = timedelta(hours=1)


def issue(username: str) -> str:
    claims = {"sub": username, "exp": datetime.now(UTC) + LIFETIME}
    return jwt.encode(claims, get_settings().token_key, algorithm="HS256")


def verify(authorization: str | None) -> str | None:
    """Whom the token of an `Authorization` header names, or None without a valid one."""
    scheme, token = get_authorization_scheme_param(authorization)
    if scheme.lower() != "bearer":
        return None
    try:
        claims = jwt.decode(token, get_settings().token_key, algorithms=["HS256"], options={"require": ["exp", "sub"]})
    except jwt.InvalidTokenError:
        return None
    return claims["sub"]


def subject(connection: HTTPConnection) -> str | None:
    """Who asks. The token is verified once a request, for the first that wants to know: a route or the access log."""
    if not hasattr(connection.state, "subject"):
        connection.state.subject = verify(connection.headers.get("authorization"))
    return connection.state.subject


class ValidBearer(HTTPBearer):
    """Asks for a valid token, by HTTP and for a WebSocket alike."""

    async def __call__(self, request: HTTPConnection) -> str:
        user = subject(request)
        if user is None:
            raise self.make_not_authenticated_error()
        return user


bearer = ValidBearer(bearerFormat="JWT")

User = Annotated[str, Depends(bearer)]
