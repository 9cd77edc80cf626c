"""The routes that stream: each holds one piece in memory at a time, at any size of the whole."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import StreamingResponse
from fastapi.sse import EventSourceResponse, format_sse_event

from ..schemas import STREAM_MAX, Uploaded, WholeNumber

router = APIRouter(tags=["streams"])

# The pattern has a period of 251 bytes. A block is whole periods, so that every block is the same.
BLOCK = bytes(range(251)) * 261


@router.post("/upload")
async def upload(request: Request) -> Uploaded:
    digest, size = hashlib.sha256(), 0
    async for chunk in request.stream():
        digest.update(chunk)
        size += len(chunk)
    return Uploaded(bytes=size, sha256=digest.hexdigest())


async def blocks(size: int) -> AsyncIterator[bytes]:
    for _ in range(size // len(BLOCK)):
        yield BLOCK
    yield BLOCK[: size % len(BLOCK)]


@router.get("/download")
async def download(size: Annotated[WholeNumber, Query(alias="bytes", ge=1, le=STREAM_MAX)]) -> StreamingResponse:
    headers = {"Content-Length": str(size)}
    return StreamingResponse(blocks(size), headers=headers, media_type="application/octet-stream")


async def ticks(first: int, last: int, every_ms: int) -> AsyncIterator[bytes]:
    loop = asyncio.get_running_loop()
    start = loop.time()
    for n in range(first, last + 1):
        await asyncio.sleep(start + (n - first) * every_ms / 1000 - loop.time())
        yield format_sse_event(id=str(n), event="tick", data_str=f'{{"n":{n}}}')


@router.get("/events")
async def events(
    count: Annotated[WholeNumber, Query(ge=1, le=1_000)],
    every_ms: Annotated[WholeNumber, Query(ge=0, le=1_000)],
    last_event_id: Annotated[str, Header()] = "",
) -> EventSourceResponse:
    seen = int(last_event_id) if last_event_id.isascii() and last_event_id.isdigit() else 0
    # A path operation that yields its events, which is FastAPI's shorter form, always says `Cache-Control: no-cache`.
    return EventSourceResponse(ticks(seen + 1, count, every_ms), headers={"Cache-Control": "no-store"})
