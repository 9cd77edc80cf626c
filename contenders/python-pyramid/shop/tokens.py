"""Bearer tokens: JSON Web Tokens that this service signs and checks itself."""

from datetime import UTC, datetime, timedelta

import jwt

LIFETIME = timedelta(hours=1)


def issue(username, key):
    claims = {"sub": username, "exp": datetime.now(UTC) + LIFETIME}
    return jwt.encode(claims, key, algorithm="HS256")


def subject(token, key):
    """Whom the token names, or None when it is not valid."""
    try:
        claims = jwt.decode(token, key, algorithms=["HS256"], options={"require": ["exp", "sub"]})
    except jwt.InvalidTokenError:
        return None
    return claims["sub"]
