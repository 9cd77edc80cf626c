"""A contender that needs nothing but Python and has one trait whose size is known; its first argument says which."""

import asyncio
import base64
import hashlib
import json
import os
import signal
import socket
import struct
import sys
import time

TRAIT = sys.argv[1]
SERVICE_S = 0.005  # `queue`: what each request holds the only server for
REFUSALS = 5  # `refuses`: how many requests are refused after SIGTERM
DOWN_S = 0.4  # `family`: how long nobody serves after a child was killed
GROWTH_BYTES = 64 * 1024  # `hoards`: what each connection keeps
FANOUT_S = 0.15  # `late`: how long a broadcast waits before it is sent
DRIP_S = 0.12  # `held-up`: what each answer waits while slow clients hang on
ROUTE_S = 0.0005  # `routes`: what the registration of each route takes
PATTERN = bytes(i % 251 for i in range(251 * 264))
MESSAGE = json.dumps({"message": "Hello, World!"}).encode()
JSON = {"content": {"application/json": {}}}
DOCUMENT = {  # `documented`: right about `json`, wrong about the status of `compute`, silent about the rest
    "openapi": "3.1.0",
    "info": {"title": "Planted", "version": "1"},
    "paths": {
        "/json": {"get": {"responses": {"200": JSON}}},
        "/compute": {"post": {"requestBody": JSON, "responses": {"204": {}}}},
    },
}

busy = asyncio.Lock()
open_connections = 0
unfinished = 0
stopping = None
refused = 0
sockets = set()
kept = []


def answer(status, body, media="application/json", close=False):
    head = f"HTTP/1.1 {status} Planted\r\ncontent-type: {media}\r\ncontent-length: {len(body)}\r\n"
    # The contract asks for them on every response.
    head += "x-content-type-options: nosniff\r\nx-frame-options: DENY\r\nreferrer-policy: same-origin\r\n"
    if close:
        head += "connection: close\r\n"
    return head.encode() + b"\r\n" + body


async def respond(method, path, headers, reader, writer):
    global refused
    if stopping and TRAIT == "refuses" and path == "/json":
        refused += 1
        writer.write(answer(503, b"{}"))
        if refused >= REFUSALS:
            await writer.drain()
            os._exit(0)
        return
    if path == "/health":
        writer.write(answer(200, b'{"status": "ok"}'))
    elif path == "/json":
        if TRAIT == "queue":
            async with busy:
                await asyncio.sleep(SERVICE_S)
        if TRAIT == "held-up" and unfinished > 100:
            await asyncio.sleep(DRIP_S)
        writer.write(answer(200, MESSAGE, close=bool(stopping)))
    elif path == "/openapi.json" and TRAIT == "documented":
        writer.write(answer(200, json.dumps(DOCUMENT).encode()))
    elif path.startswith("/routes/"):
        _, _, route, item = path.split("/")
        writer.write(answer(200, json.dumps({"route": int(route), "id": item}).encode()))
    elif path == "/upload":
        await upload(headers, reader, writer)
    elif path.startswith("/download?bytes="):
        await download(int(path.partition("=")[2]), writer)
    elif path == "/socket":
        await web_socket(headers, reader, writer)
    else:
        writer.write(answer(404, b"{}", "application/problem+json"))


async def upload(headers, reader, writer):
    digest, count = hashlib.sha256(), 0

    def take(piece):
        nonlocal count
        count += len(piece)
        digest.update(piece)
        if TRAIT == "buffers":
            kept.append(piece)

    if "content-length" in headers:
        left = int(headers["content-length"])
        while left > 0:
            piece = await reader.read(min(left, 65536))
            left -= len(piece)
            take(piece)
    else:
        while size := int(await reader.readline(), 16):
            take(await reader.readexactly(size))
            await reader.readline()
        await reader.readline()
    writer.write(answer(200, json.dumps({"bytes": count, "sha256": digest.hexdigest()}).encode()))
    kept.clear()


async def download(count, writer):
    writer.write(f"HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\ncontent-length: {count}\r\n\r\n".encode())
    while count > 0:
        piece = PATTERN[:count]
        writer.write(piece)
        await writer.drain()
        count -= len(piece)


async def web_socket(headers, reader, writer):
    """Just enough of RFC 6455 for short text messages."""
    key = headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
    accept = base64.b64encode(hashlib.sha1(key.encode()).digest()).decode()
    writer.write(
        "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n"
        f"sec-websocket-accept: {accept}\r\n\r\n".encode()
    )
    sockets.add(writer)
    try:
        while True:
            first, second = await reader.readexactly(2)
            length = second & 127
            if length == 126:
                (length,) = struct.unpack(">H", await reader.readexactly(2))
            mask = await reader.readexactly(4)
            text = bytes(b ^ mask[i % 4] for i, b in enumerate(await reader.readexactly(length)))
            if first & 15 == 8:
                break
            if TRAIT == "late":
                await asyncio.sleep(FANOUT_S)
            size = bytes([129, len(text)]) if len(text) < 126 else bytes([129, 126]) + struct.pack(">H", len(text))
            for other in sockets:
                other.write(size + text)
    finally:
        sockets.discard(writer)
        writer.close()


async def serve(reader, writer):
    global open_connections, unfinished
    open_connections += 1
    if TRAIT == "hoards":
        hoard = bytearray(os.urandom(64)) * (GROWTH_BYTES // 64)  # written to, so that it is memory and not a promise
    try:
        while True:
            # From the first byte to the end of the head a request is unfinished.
            first = await reader.readexactly(1)
            unfinished += 1
            try:
                head = (first + await reader.readuntil(b"\r\n\r\n")).decode()
            finally:
                unfinished -= 1
            line, *rest = head.rstrip().split("\r\n")
            method, path, _ = line.split(" ")
            headers = {}
            for pair in rest:
                name, _, value = pair.partition(":")
                headers[name.strip().lower()] = value.strip()
            await respond(method, path, headers, reader, writer)
            await writer.drain()
            if stopping and TRAIT != "refuses":
                break
    except (asyncio.IncompleteReadError, ConnectionError, asyncio.LimitOverrunError):
        pass
    finally:
        open_connections -= 1
        writer.close()


async def main(listener):
    global stopping
    stopping = False
    loop = asyncio.get_running_loop()
    told = asyncio.Event()

    def stop():
        global stopping
        stopping = True
        told.set()

    loop.add_signal_handler(signal.SIGTERM, stop)
    server = await asyncio.start_server(serve, sock=listener, backlog=4096)
    await told.wait()
    if TRAIT == "refuses":
        await asyncio.sleep(60)
    server.close()
    # A client on an open connection gets one more response; half a second is enough for that.
    await asyncio.sleep(0.5)
    os._exit(0)


def listen():
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((os.environ["HOST"], int(os.environ["PORT"])))
    listener.listen(4096)
    listener.setblocking(False)
    return listener


def child(listener):
    pid = os.fork()
    if pid == 0:
        asyncio.run(main(listener))
        os._exit(0)
    return pid


def family():
    """Two children serve. When one is killed the other ends as well, and after a while there are two new ones."""
    listener = listen()
    children = {child(listener) for _ in range(2)}

    def stop(*_):
        for pid in children:
            os.kill(pid, signal.SIGKILL)
        os._exit(0)

    signal.signal(signal.SIGTERM, stop)
    while True:
        ended, _ = os.wait()
        children.discard(ended)
        if TRAIT == "childless":
            continue
        for pid in children:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        time.sleep(DOWN_S)
        children = {child(listener) for _ in range(2)}


if TRAIT == "routes":
    time.sleep(ROUTE_S * int(os.environ.get("BAKEOFF_ROUTES", "0")))
if TRAIT in ("family", "childless"):
    family()
else:
    asyncio.run(main(listen()))
