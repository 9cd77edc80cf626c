"""Bearer tokens: JSON Web Tokens that this service signs, and that Litestar's middleware asks for."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias

from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.exceptions import NotAuthorizedException
from litestar.security.jwt import JWTAuth, Token

LIFETIME = timedelta(hours=1)


@dataclass
class BearerToken(Token):
    @classmethod
    def decode_payload(cls, *args: Any, **kwargs: Any) -> Any:
        """Litestar asks for `iat` as well, which a token of this service may leave out."""
        payload = super().decode_payload(*args, **kwargs)
        payload.setdefault("iat", 0)
        return payload


Auth: TypeAlias = JWTAuth[str, BearerToken]


async def user_of(token: Token, _: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Looked up nowhere: the signature vouches for him."""
    return token.sub


def create_auth(key: str) -> Auth:
    return Auth(
        retrieve_user_handler=user_of,
        token_secret=key,
        token_cls=BearerToken,
        default_token_expiration=LIFETIME,
        require_claims=["exp", "sub"],
        exclude_http_methods=["OPTIONS"],  # by default HEAD too
        scopes={ScopeType.HTTP},  # a WebSocket's refusal is a response, which only its handler can send
    )


def subject_of(auth: Auth, authorization: str | None) -> str | None:
    """Whom the token of an `Authorization` header names, where the middleware was not asked."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    try:
        return BearerToken.decode(token, auth.token_secret, auth.algorithm, require_claims=auth.require_claims).sub
    except NotAuthorizedException:
        return None
