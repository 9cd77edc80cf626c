"""The routes that stream: each holds one piece in memory at a time, at any size of the whole."""

import hashlib
import time

from flask import Blueprint, Response, abort, jsonify, request

from .schemas import STREAM_MAX, Download, Events

blueprint = Blueprint("streams", __name__)

PIECE = 65_536
# The pattern has a period of 251 bytes. A block is whole periods, so that every block is the same.
BLOCK = bytes(range(251)) * 261


@blueprint.post("/upload")
def upload():
    digest, size = hashlib.sha256(), 0
    while piece := request.stream.read(PIECE):
        digest.update(piece)
        size += len(piece)
    if size > STREAM_MAX:
        abort(413)
    return jsonify(bytes=size, sha256=digest.hexdigest())


def blocks(size):
    for _ in range(size // len(BLOCK)):
        yield BLOCK
    yield BLOCK[: size % len(BLOCK)]


@blueprint.get("/download")
def download():
    size = Download.model_validate(request.args.to_dict()).bytes
    return Response(blocks(size), content_type="application/octet-stream", headers={"Content-Length": size})


def ticks(first, last, every_ms):
    start = time.monotonic()
    for n in range(first, last + 1):
        time.sleep(max(0, start + (n - first) * every_ms / 1000 - time.monotonic()))
        yield f'id: {n}\nevent: tick\ndata: {{"n":{n}}}\n\n'


@blueprint.get("/events")
def events():
    query = Events.model_validate(request.args.to_dict())
    seen = request.headers.get("Last-Event-ID", 0, type=int)
    stream = ticks(max(seen, 0) + 1, query.count, query.every_ms)
    return Response(stream, mimetype="text/event-stream", headers={"Cache-Control": "no-store"})
