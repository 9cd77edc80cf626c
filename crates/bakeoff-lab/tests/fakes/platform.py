"""A server that keeps the contract of a platform, or breaks one condition of it, as its first argument says."""

import json
import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BEHAVIOUR = sys.argv[1]
ANSWERS = {"/health": {"status": "ok"}, "/json": {"message": "Hello, World!"}}


def write_here():
    with open("cache.json", "w") as file:
        file.write("{}")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        if BEHAVIOUR == "writes-later" and self.path == "/json":
            write_here()
        if BEHAVIOUR == "hungry" and self.path == "/json":
            HELD.append(bytearray(os.urandom(1 << 20)) * 40)
        body = json.dumps(ANSWERS[self.path]).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


HELD = []
if BEHAVIOUR == "writes":
    write_here()
with open(os.path.join(os.environ["TMPDIR"], "may-be-written"), "w") as file:
    file.write("x")
if BEHAVIOUR == "lingers":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
else:
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
PORT = 0 if BEHAVIOUR == "deaf" else int(os.environ["PORT"])
ThreadingHTTPServer(("127.0.0.1", PORT), Handler).serve_forever()
