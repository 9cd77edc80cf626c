"""The routes that need no table: constants, computing, waiting, calling others."""

import asyncio

import httpx2
import msgspec
from litestar import post, route
from litestar.concurrency import sync_to_thread
from litestar.di import NamedDependency

from ..models import Chain, Computation, FanOutQuery, Merged, Message, Part, Waited, WaitQuery
from ..requests import READ, ShopRequest
from ..validation import body_of, query_of


@route("/json", http_method=READ)
async def hello() -> Message:
    return Message(message="Hello, World!")


@route("/wait", http_method=READ)
async def wait(request: ShopRequest) -> Waited:
    ms = int(query_of(request, WaitQuery).ms)
    await asyncio.sleep(ms / 1000)
    return Waited(waited_ms=ms)


async def call(upstream: httpx2.AsyncClient, part: int) -> Part:
    response = await upstream.get(f"/part/{part}")
    response.raise_for_status()
    return msgspec.json.decode(response.content, type=Part)


@route("/fan-out", http_method=READ)
async def fan_out(request: ShopRequest, upstream: NamedDependency[httpx2.AsyncClient]) -> Merged:
    count = query_of(request, FanOutQuery).n
    parts = await asyncio.gather(*(call(upstream, part) for part in range(1, count + 1)))
    return Merged(parts=parts, sum=sum(part.value for part in parts))


def longest_chain(n: int) -> tuple[int, int]:
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


@post("/compute", status_code=200)
async def compute(request: ShopRequest) -> Chain:
    n = (await body_of(request, Computation)).n
    start, length = await sync_to_thread(longest_chain, n)  # so that the event loop goes on
    return Chain(n=n, start=start, length=length)
