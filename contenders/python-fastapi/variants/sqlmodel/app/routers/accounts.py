"""Logging in."""

import hashlib
import hmac

from fastapi import APIRouter, Depends, HTTPException
from fastapi.concurrency import run_in_threadpool

from .. import auth
from ..bodies import json_only
from ..database import Session
from ..models import User
from ..schemas import Account, Credentials

router = APIRouter(tags=["accounts"])

# Checked in place of an unknown user, so that the time does not tell who exists.
NOBODY = User(username="", salt="00" * 16, hash="00" * 32)


def matches(password: str, user: User) -> bool:
    salt = bytes.fromhex(user.salt)
    digest = hashlib.scrypt(password.encode(), salt=salt, n=16384, r=8, p=1, dklen=32)
    return hmac.compare_digest(digest, bytes.fromhex(user.hash))


@router.post("/login", dependencies=[Depends(json_only)])
async def login(session: Session, credentials: Credentials) -> Account:
    user = await session.get(User, credentials.username)
    await session.close()  # hashing takes a while, and needs no connection
    right = await run_in_threadpool(matches, credentials.password, user or NOBODY)
    if not right or user is None:
        raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
    return Account(username=credentials.username, token=auth.issue(credentials.username))
