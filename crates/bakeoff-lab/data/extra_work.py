"""Gunicorn's settings of a contender, and real work before each request: a hash of BAKEOFF_EXTRA_BYTES bytes.

`bakeoff selftest --field` names this file in GUNICORN_CMD_ARGS for one copy of a contender.
"""

import hashlib
import os

_OWN = "gunicorn.conf.py"
if os.path.exists(_OWN):
    with open(_OWN, encoding="utf-8") as own:
        exec(compile(own.read(), _OWN, "exec"))

_BLOCK = bytes(int(os.environ["BAKEOFF_EXTRA_BYTES"]))


def pre_request(worker, request):
    hashlib.sha256(_BLOCK).digest()
