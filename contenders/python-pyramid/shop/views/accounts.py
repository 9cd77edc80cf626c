"""Logging in."""

import hashlib
import hmac

from pyramid.httpexceptions import HTTPUnauthorized
from pyramid.view import view_config

from ..models import User
from ..schemas import Credentials, body

# Checked in place of an unknown user, so that the time does not tell who exists.
NOBODY = User(salt="00" * 16, hash="00" * 32)


def matches(password, user):
    salt = bytes.fromhex(user.salt)
    digest = hashlib.scrypt(password.encode(), salt=salt, n=16384, r=8, p=1, dklen=32)
    return hmac.compare_digest(digest, bytes.fromhex(user.hash))


@view_config(route_name="login", request_method="POST", renderer="json")
def login(request):
    credentials = body(request, Credentials)
    user = request.dbsession.get(User, credentials["username"])
    if not matches(credentials["password"], user or NOBODY) or user is None:
        raise HTTPUnauthorized
    return {"username": user.username}
