"""Logging in."""

import hashlib
import hmac

from litestar import post
from litestar.concurrency import sync_to_thread
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.exceptions import NotAuthorizedException

from ..database import Users
from ..models import Account, Credentials, PasswordRecord
from ..requests import ShopRequest
from ..tokens import Auth
from ..validation import body_of

# Checked in place of an unknown user, so that the time does not tell who exists.
NOBODY = PasswordRecord(salt="00" * 16, hash="00" * 32)


def matches(password: str, record: PasswordRecord) -> bool:
    salt = bytes.fromhex(record.salt)
    digest = hashlib.scrypt(password.encode(), salt=salt, n=16384, r=8, p=1, dklen=32)
    return hmac.compare_digest(digest, bytes.fromhex(record.hash))


@post("/login", status_code=200, exclude_from_auth=True)
async def login(request: ShopRequest, state: State, users: NamedDependency[Users]) -> Account:
    credentials = await body_of(request, Credentials)
    record = await users.find(credentials.username)
    right = await sync_to_thread(matches, credentials.password, record or NOBODY)
    if not right or record is None:
        raise NotAuthorizedException("unknown user or wrong password")
    auth: Auth = state.auth
    return Account(credentials.username, auth.create_token(identifier=credentials.username))
