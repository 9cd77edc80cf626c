"""Logging in."""

import hashlib
import hmac

import gevent
from flask import Blueprint, abort, jsonify

from . import tokens
from .bodies import json_body
from .database import pool
from .schemas import Credentials

blueprint = Blueprint("accounts", __name__)

# Checked in place of an unknown user's, so that the time does not tell who exists.
NOBODY = {"salt": "00" * 16, "hash": "00" * 32}


def matches(password, user):
    salt = bytes.fromhex(user["salt"])
    digest = hashlib.scrypt(password.encode(), salt=salt, n=16384, r=8, p=1, dklen=32)
    return hmac.compare_digest(digest, bytes.fromhex(user["hash"]))


@blueprint.post("/login")
def login():
    credentials = json_body(Credentials)
    with pool.connection() as connection:
        sql = "SELECT salt, hash FROM users WHERE username = %s"
        user = connection.execute(sql, (credentials.username,)).fetchone()
    # A thread of gevent's pool: what computes there keeps no other greenlet waiting.
    right = gevent.get_hub().threadpool.apply(matches, (credentials.password, user or NOBODY))
    if not right or user is None:
        abort(401)
    return jsonify(username=credentials.username, token=tokens.issue(credentials.username))
