"""Logging in."""

import hashlib
import hmac

from fastapi import APIRouter, Depends, HTTPException
from fastapi.concurrency import run_in_threadpool

from .. import auth
from ..bodies import json_only
from ..database import Pool
from ..schemas import Account, Credentials

router = APIRouter(tags=["accounts"])

# Checked in place of an unknown user, so that the time does not tell who exists.
NOBODY = {"salt": "00" * 16, "hash": "00" * 32}


def matches(password: str, user) -> bool:
    salt = bytes.fromhex(user["salt"])
    digest = hashlib.scrypt(password.encode(), salt=salt, n=16384, r=8, p=1, dklen=32)
    return hmac.compare_digest(digest, bytes.fromhex(user["hash"]))


@router.post("/login", dependencies=[Depends(json_only)])
async def login(pool: Pool, credentials: Credentials) -> Account:
    user = await pool.fetchrow("SELECT salt, hash FROM users WHERE username = $1", credentials.username)
    right = await run_in_threadpool(matches, credentials.password, user or NOBODY)
    if not right or user is None:
        raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
    return Account(username=credentials.username, token=auth.issue(credentials.username))
