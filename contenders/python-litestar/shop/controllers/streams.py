"""The routes that stream: each holds one piece in memory at a time, at any size of the whole."""

import asyncio
import hashlib
from collections.abc import AsyncIterator

from litestar import get, post
from litestar.response import Stream
from litestar.response.sse import ServerSentEvent, ServerSentEventMessage

from ..models import STREAM_MAX, DownloadQuery, EventsQuery, Uploaded
from ..requests import ShopRequest
from ..validation import query_of

# The pattern has a period of 251 bytes. A block is whole periods, so that every block is the same.
BLOCK = bytes(range(251)) * 261


@post("/upload", status_code=200, request_max_body_size=STREAM_MAX)
async def upload(request: ShopRequest) -> Uploaded:
    digest, size = hashlib.sha256(), 0
    async for chunk in request.stream():
        digest.update(chunk)
        size += len(chunk)
    return Uploaded(bytes=size, sha256=digest.hexdigest())


async def blocks(size: int) -> AsyncIterator[bytes]:
    for _ in range(size // len(BLOCK)):
        yield BLOCK
    yield BLOCK[: size % len(BLOCK)]


@get("/download", media_type="application/octet-stream")
async def download(request: ShopRequest) -> Stream:
    size = int(query_of(request, DownloadQuery).size)
    return Stream(blocks(size), headers={"content-length": str(size)})


async def ticks(first: int, last: int, every_ms: int) -> AsyncIterator[ServerSentEventMessage]:
    loop = asyncio.get_running_loop()
    start = loop.time()
    for n in range(first, last + 1):
        await asyncio.sleep(start + (n - first) * every_ms / 1000 - loop.time())
        yield ServerSentEventMessage(id=str(n), event="tick", data=f'{{"n":{n}}}')


@get("/events")
async def events(request: ShopRequest) -> ServerSentEvent:
    wanted = query_of(request, EventsQuery)
    last_seen = request.headers.get("last-event-id", "")
    seen = int(last_seen) if last_seen.isascii() and last_seen.isdigit() else 0
    return ServerSentEvent(ticks(seen + 1, wanted.count, wanted.every_ms), headers={"Cache-Control": "no-store"})
