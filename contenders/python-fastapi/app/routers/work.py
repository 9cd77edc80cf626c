"""The routes that need no table: constants, computing, waiting, calling others."""

import asyncio
from typing import Annotated

import httpx2
from fastapi import APIRouter, Depends, Query, Request

from ..bodies import json_only
from ..schemas import Chain, Computation, Merged, Message, Part, Waited, WholeNumber

router = APIRouter(tags=["work"])


def get_upstream(request: Request) -> httpx2.AsyncClient:
    return request.state.upstream


Upstream = Annotated[httpx2.AsyncClient, Depends(get_upstream)]


@router.head("/json", include_in_schema=False)
@router.get("/json")
async def hello() -> Message:
    return Message(message="Hello, World!")


@router.head("/wait", include_in_schema=False)
@router.get("/wait")
async def wait(ms: Annotated[WholeNumber, Query(ge=0, le=10_000)]) -> Waited:
    await asyncio.sleep(ms / 1000)
    return Waited(waited_ms=ms)


async def call(upstream: httpx2.AsyncClient, part: int) -> Part:
    response = await upstream.get(f"/part/{part}")
    response.raise_for_status()
    return Part.model_validate_json(response.content)


@router.head("/fan-out", include_in_schema=False)
@router.get("/fan-out")
async def fan_out(upstream: Upstream, n: Annotated[WholeNumber, Query(ge=1, le=20)]) -> Merged:
    parts = await asyncio.gather(*(call(upstream, part) for part in range(1, n + 1)))
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


@router.post("/compute", dependencies=[Depends(json_only)])
def compute(computation: Computation) -> Chain:
    """No `async`: FastAPI runs it in a thread, so that the event loop goes on."""
    start, length = longest_chain(computation.n)
    return Chain(n=computation.n, start=start, length=length)
