"""Logging in."""

import hashlib
import hmac

from pyramid.httpexceptions import HTTPUnauthorized
from pyramid.security import NO_PERMISSION_REQUIRED
from pyramid.view import view_config

from .. import tokens
from ..models import User
from ..schemas import body, credentials

# Checked in place of an unknown user, so that the time does not tell who exists.
NOBODY = User(salt="00" * 16, hash="00" * 32)


def matches(password, user):
    salt = bytes.fromhex(user.salt)
    digest = hashlib.scrypt(password.encode(), salt=salt, n=16384, r=8, p=1, dklen=32)
    return hmac.compare_digest(digest, bytes.fromhex(user.hash))


@view_config(route_name="login", request_method="POST", renderer="json", permission=NO_PERMISSION_REQUIRED)
def login(request):
    given = body(request, credentials)
    user = request.dbsession.get(User, given["username"])
    request.dbsession.close()  # the connection goes back to the pool before the hash takes its time
    if not matches(given["password"], user or NOBODY) or user is None:
        raise HTTPUnauthorized
    return {"username": user.username, "token": tokens.issue(user.username, request.registry.settings["token_key"])}
