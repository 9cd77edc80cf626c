"""The open WebSockets of this process: what is sent to each waits in a queue, so that a slow client delays no other."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, TypeAlias

from litestar import WebSocket
from litestar.datastructures import State
from litestar.exceptions import WebSocketDisconnect

from .channel import Channel
from .database import Pool

UNSUPPORTED_DATA = 1003
TRY_AGAIN_LATER = 1013

ShopSocket: TypeAlias = WebSocket[Any, Any, State]

# What a send meets where the client has left: Litestar's error, the server's, and the server's after a close.
GONE = (WebSocketDisconnect, OSError, RuntimeError)


class Sockets:
    def __init__(self, pool: Pool, alone: bool) -> None:
        self.queues: dict[ShopSocket, asyncio.Queue[str]] = {}
        self.channel = Channel(pool, alone, self.send_to_all, self.lost)
        self.closing: set[asyncio.Task[None]] = set()

    async def serve(self, socket: ShopSocket, answer: Callable[[ShopSocket, str], Awaitable[None]]) -> None:
        """Hands each text to `answer` until the client leaves, and sends it what comes for it meanwhile."""
        await socket.accept()
        self.queues[socket] = asyncio.Queue()
        sending = asyncio.create_task(self.send_queued(socket))
        try:
            while True:
                message: Any = await socket.receive()
                if message["type"] == "websocket.disconnect":
                    return
                text = message.get("text")
                if text is None:
                    return await socket.close(UNSUPPORTED_DATA, "messages are text")
                await answer(socket, text)
        finally:
            del self.queues[socket]
            sending.cancel()

    async def send_queued(self, socket: ShopSocket) -> None:
        queue = self.queues[socket]
        with suppress(*GONE):
            while True:
                await socket.send_text(await queue.get())

    def send(self, socket: ShopSocket, text: str) -> None:
        self.queues[socket].put_nowait(text)

    def send_to_all(self, text: str) -> None:
        for queue in self.queues.values():
            queue.put_nowait(text)

    def lost(self) -> None:
        """Messages may be missing: the clients come again. asyncio itself keeps no task alive."""
        task = asyncio.create_task(self.close_all(TRY_AGAIN_LATER))
        self.closing.add(task)
        task.add_done_callback(self.closing.discard)

    async def close_all(self, code: int) -> None:
        await asyncio.gather(*(socket.close(code) for socket in self.queues), return_exceptions=True)
