"""Bearer tokens: JSON Web Tokens that this service signs, and asks for before any view runs."""

from datetime import UTC, datetime, timedelta

import jwt
from flask import abort, current_app, g, request

LIFETIME = timedelta(hours=1)
OPEN = {"accounts.login", "work.health"}  # the endpoints that ask for no token


def issue(username):
    claims = {"sub": username, "exp": datetime.now(UTC) + LIFETIME}
    return jwt.encode(claims, current_app.config["TOKEN_KEY"], algorithm="HS256")


def subject(authorization):
    """Whom the token names, or None without a valid one."""
    if authorization is None or authorization.type != "bearer" or authorization.token is None:
        return None
    try:
        claims = jwt.decode(
            authorization.token,
            current_app.config["TOKEN_KEY"],
            algorithms=["HS256"],
            options={"require": ["exp", "sub"]},
        )
    except jwt.InvalidTokenError:
        return None
    return claims["sub"]


def authenticate():
    g.user = subject(request.authorization)
    if request.routing_exception is not None or request.method == "OPTIONS":
        return  # a 404, a 405 and OPTIONS are for everybody
    if g.user is None and request.endpoint not in OPEN:
        abort(401)


def init_app(app):
    app.before_request(authenticate)
