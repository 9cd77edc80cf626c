"""The routes that need no table: constants, computing, waiting, calling others, readiness."""

import time
from concurrent.futures import ThreadPoolExecutor

import urllib3
from flask import Blueprint, current_app, jsonify, request
from sqlalchemy import select

from .bodies import json_body
from .database import session
from .schemas import Computation, FanOut, Wait

blueprint = Blueprint("work", __name__)

CALLS_AT_ONCE = 64
callers = ThreadPoolExecutor(CALLS_AT_ONCE, thread_name_prefix="upstream")
upstream = urllib3.PoolManager(maxsize=CALLS_AT_ONCE, timeout=urllib3.Timeout(15))


@blueprint.get("/json")
def hello():
    return jsonify(message="Hello, World!")


@blueprint.get("/health")
def health():
    session.execute(select(1))
    return jsonify(status="ok")


@blueprint.get("/wait")
def wait():
    query = Wait.model_validate(request.args.to_dict())
    time.sleep(query.ms / 1000)
    return jsonify(waited_ms=query.ms)


def call(url):
    response = upstream.request("GET", url)
    if response.status != 200:
        raise urllib3.exceptions.HTTPError(f"{url} answered {response.status}")
    return response.json()


@blueprint.get("/fan-out")
def fan_out():
    query = FanOut.model_validate(request.args.to_dict())
    base = current_app.config["UPSTREAM_URL"]
    parts = list(callers.map(call, [f"{base}/part/{part}" for part in range(1, query.n + 1)]))
    return jsonify(parts=parts, sum=sum(part["value"] for part in parts))


def longest_chain(n):
    """The smallest start below `n` with the longest Collatz chain, and the chain's length."""
    best_start, best_length = 0, 0
    for start in range(1, n):
        value, length = start, 1
        while value != 1:
            value = value // 2 if value % 2 == 0 else 3 * value + 1
            length += 1
        if length > best_length:
            best_start, best_length = start, length
    return best_start, best_length


@blueprint.post("/compute")
def compute():
    body = json_body(Computation)
    start, length = longest_chain(body.n)
    return jsonify(n=body.n, start=start, length=length)
