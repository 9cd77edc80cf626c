"""Bearer tokens: JSON Web Tokens that this service signs and checks itself."""

from datetime import UTC, datetime, timedelta

import jwt
from django.conf import settings

LIFETIME = timedelta(hours=1)


def issue(username):
    claims = {"sub": username, "exp": datetime.now(UTC) + LIFETIME}
    return jwt.encode(claims, settings.TOKEN_KEY, algorithm="HS256")


def subject(authorization):
    """Whom the token of an `Authorization` header names, or None without a valid one."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer":
        return None
    try:
        claims = jwt.decode(token.strip(), settings.TOKEN_KEY, algorithms=["HS256"], options={"require": ["exp", "sub"]})
    except jwt.InvalidTokenError:
        return None
    return claims["sub"]


def token_not_required(view):
    """Marks a view that is open to everybody, as Django's `login_not_required` does."""
    view.token_required = False
    return view
