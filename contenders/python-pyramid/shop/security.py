"""Who may do what: the user of a valid bearer token may do everything, and nobody else anything.

Views that are open to all say `permission=NO_PERMISSION_REQUIRED`."""

from pyramid.request import RequestLocalCache
from pyramid.security import Allowed, Denied

from . import tokens


class TokenSecurityPolicy:
    def __init__(self, key):
        self.key = key
        self.identity_cache = RequestLocalCache(self.load_identity)

    def load_identity(self, request):
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        return tokens.subject(token.strip(), self.key) if scheme.lower() == "bearer" else None

    def identity(self, request):
        return self.identity_cache.get_or_create(request)

    def authenticated_userid(self, request):
        return self.identity(request)

    def permits(self, request, context, permission):
        if self.identity(request) is None:
            return Denied("there is no valid bearer token")
        return Allowed("the bearer token is valid")

    def remember(self, request, userid, **kw):
        return []  # the client keeps its token

    def forget(self, request, **kw):
        return []


def includeme(config):
    config.set_security_policy(TokenSecurityPolicy(config.registry.settings["token_key"]))
    config.set_default_permission("use")
