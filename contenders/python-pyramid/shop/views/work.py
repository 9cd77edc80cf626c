"""The routes that need no table: constants, computing, waiting, calling others, readiness."""

import time
from concurrent.futures import ThreadPoolExecutor

import urllib3
from pyramid.security import NO_PERMISSION_REQUIRED
from pyramid.view import view_config
from sqlalchemy import text

from .. import schemas
from ..schemas import body, query

CALLS_AT_ONCE = 64
callers = ThreadPoolExecutor(CALLS_AT_ONCE, thread_name_prefix="upstream")
upstream = urllib3.PoolManager(maxsize=CALLS_AT_ONCE, timeout=urllib3.Timeout(15))


@view_config(route_name="hello", request_method="GET", renderer="json")
def hello(request):
    return {"message": "Hello, World!"}


@view_config(route_name="health", request_method="GET", renderer="json", permission=NO_PERMISSION_REQUIRED)
def health(request):
    request.dbsession.execute(text("SELECT 1"))
    return {"status": "ok"}


@view_config(route_name="wait", request_method="GET", renderer="json")
def wait(request):
    ms = query(request, schemas.wait)["ms"]
    time.sleep(ms / 1000)
    return {"waited_ms": ms}


def call(url):
    response = upstream.request("GET", url)
    if response.status != 200:
        raise urllib3.exceptions.HTTPError(f"{url} answered {response.status}")
    return response.json()


@view_config(route_name="fan_out", request_method="GET", renderer="json")
def fan_out(request):
    n = query(request, schemas.fan_out)["n"]
    base = request.registry.settings["upstream_url"]
    parts = list(callers.map(call, [f"{base}/part/{part}" for part in range(1, n + 1)]))
    return {"parts": parts, "sum": sum(part["value"] for part in parts)}


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


@view_config(route_name="compute", request_method="POST", renderer="json")
def compute(request):
    n = body(request, schemas.computation)["n"]
    start, length = longest_chain(n)
    return {"n": n, "start": start, "length": length}
