"""The routes that stream: each holds one piece in memory at a time, at any size of the whole."""

import hashlib
import time

from pyramid.httpexceptions import HTTPRequestEntityTooLarge
from pyramid.response import Response
from pyramid.view import view_config

from .. import schemas
from ..schemas import STREAM_MAX, query

PIECE = 65_536
# The pattern has a period of 251 bytes. A block is whole periods, so that every block is the same.
BLOCK = bytes(range(251)) * 261


@view_config(route_name="upload", request_method="POST", renderer="json")
def upload(request):
    digest, size = hashlib.sha256(), 0
    while piece := request.body_file.read(PIECE):
        digest.update(piece)
        size += len(piece)
        if size > STREAM_MAX:
            raise HTTPRequestEntityTooLarge
    return {"bytes": size, "sha256": digest.hexdigest()}


def blocks(size):
    for _ in range(size // len(BLOCK)):
        yield BLOCK
    yield BLOCK[: size % len(BLOCK)]


@view_config(route_name="download", request_method="GET")
def download(request):
    size = query(request, schemas.download)["bytes"]
    return Response(app_iter=blocks(size), content_type="application/octet-stream", content_length=size)


def ticks(first, last, every_ms):
    start = time.monotonic()
    for n in range(first, last + 1):
        time.sleep(max(0, start + (n - first) * every_ms / 1000 - time.monotonic()))
        yield f'id: {n}\nevent: tick\ndata: {{"n":{n}}}\n\n'.encode()


@view_config(route_name="events", request_method="GET")
def events(request):
    wanted = query(request, schemas.events)
    last = request.headers.get("Last-Event-ID", "")
    seen = int(last) if last.isascii() and last.isdigit() else 0
    stream = ticks(seen + 1, wanted["count"], wanted["every_ms"])
    return Response(app_iter=stream, content_type="text/event-stream", cache_control="no-store")
