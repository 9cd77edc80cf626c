"""The routes that stream: each holds one piece in memory at a time, at any size of the whole."""

import hashlib
import time

from django.http import JsonResponse, StreamingHttpResponse

from .api import ApiView
from .forms import STREAM_MAX, DownloadForm, EventsForm
from .problems import problem

PIECE = 65_536
# The pattern has a period of 251 bytes. A block is whole periods, so that every block is the same.
BLOCK = bytes(range(251)) * 261


class UploadView(ApiView):
    largest_body = STREAM_MAX
    reads_chunked = True

    def post(self, request):
        digest, size = hashlib.sha256(), 0
        body = request.environ["wsgi.input"]  # `request.read` would take a chunked body for an empty one
        while piece := body.read(PIECE):
            digest.update(piece)
            size += len(piece)
            if size > STREAM_MAX:
                return problem(413)
        return JsonResponse({"bytes": size, "sha256": digest.hexdigest()})


class DownloadView(ApiView):
    def get(self, request):
        size = self.query(DownloadForm).cleaned_data["bytes"]
        headers = {"Content-Length": str(size)}
        return StreamingHttpResponse(blocks(size), content_type="application/octet-stream", headers=headers)


def blocks(size):
    for _ in range(size // len(BLOCK)):
        yield BLOCK
    yield BLOCK[: size % len(BLOCK)]


class EventsView(ApiView):
    def get(self, request):
        wanted = self.query(EventsForm).cleaned_data
        last = request.headers.get("Last-Event-ID", "")
        seen = int(last) if last.isascii() and last.isdigit() else 0
        stream = ticks(seen + 1, wanted["count"], wanted["every_ms"])
        headers = {"Cache-Control": "no-store"}
        return StreamingHttpResponse(stream, content_type="text/event-stream", headers=headers)


def ticks(first, last, every_ms):
    start = time.monotonic()
    for n in range(first, last + 1):
        time.sleep(max(0, start + (n - first) * every_ms / 1000 - time.monotonic()))
        yield f'id: {n}\nevent: tick\ndata: {{"n":{n}}}\n\n'
