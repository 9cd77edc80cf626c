"""The routes that need no table: constants, computing, waiting, calling others, readiness."""

import asyncio
from typing import Annotated

import httpx
from fastapi import APIRouter, Depends, Query, Request

from ..database import Pool
from ..schemas import Chain, Computation, Health, Merged, Message, Part, Waited, WholeNumber

router = APIRouter(tags=["work"])


def get_upstream(request: Request) -> httpx.AsyncClient:
    return request.state.upstream


Upstream = Annotated[httpx.AsyncClient, Depends(get_upstream)]


@router.get("/json")
async def hello() -> Message:
    return Message(message="Hello, World!")


@router.get("/health")
async def health(pool: Pool) -> Health:
    async with asyncio.timeout(2):
        await pool.fetchval("SELECT 1")
    return Health(status="ok")


@router.get("/wait")
async def wait(ms: Annotated[WholeNumber, Query(ge=0, le=10_000)]) -> Waited:
    await asyncio.sleep(ms / 1000)
    return Waited(waited_ms=ms)


async def call(upstream: httpx.AsyncClient, part: int) -> Part:
    response = await upstream.get(f"/part/{part}")
    response.raise_for_status()
    return Part.model_validate_json(response.content)


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


@router.post("/compute")
def compute(computation: Computation) -> Chain:
    """No `async`: FastAPI runs it in a thread, so that the event loop goes on."""
    start, length = longest_chain(computation.n)
    return Chain(n=computation.n, start=start, length=length)
