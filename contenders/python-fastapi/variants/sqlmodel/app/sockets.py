"""The open WebSockets of this process: what is sent to each waits in a queue, so that a slow client delays no other."""

import asyncio
from contextlib import suppress

from fastapi import WebSocket, WebSocketDisconnect
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.websockets import WebSocketDisconnected

from .channel import Channel

TRY_AGAIN_LATER = 1013


class Sockets:
    def __init__(self, engine: AsyncEngine, alone: bool) -> None:
        self.queues: dict[WebSocket, asyncio.Queue[str]] = {}
        self.channel = Channel(engine, alone, self.send_to_all, self.lost)
        self.closing: set[asyncio.Task[None]] = set()

    async def serve(self, websocket: WebSocket, answer) -> None:
        """Hands each text to `answer` until the client leaves, and sends it what comes for it meanwhile."""
        await self.channel.open()
        await websocket.accept()
        self.queues[websocket] = asyncio.Queue()
        sending = asyncio.create_task(self.send_queued(websocket))
        try:
            while True:
                message = await websocket.receive()
                if message["type"] == "websocket.disconnect":
                    return
                if (text := message.get("text")) is None:
                    return await websocket.close(1003, "messages are text")
                await answer(self, websocket, text)
        finally:
            del self.queues[websocket]
            sending.cancel()

    async def send_queued(self, websocket: WebSocket) -> None:
        queue = self.queues[websocket]
        with suppress(WebSocketDisconnect, WebSocketDisconnected):
            while True:
                await websocket.send_text(await queue.get())

    def send(self, websocket: WebSocket, text: str) -> None:
        self.queues[websocket].put_nowait(text)

    def send_to_all(self, text: str) -> None:
        for queue in self.queues.values():
            queue.put_nowait(text)

    def lost(self) -> None:
        """Messages may be missing: the clients come again. asyncio itself keeps no task alive."""
        task = asyncio.create_task(self.close_all(TRY_AGAIN_LATER))
        self.closing.add(task)
        task.add_done_callback(self.closing.discard)

    async def close_all(self, code: int) -> None:
        await asyncio.gather(*(websocket.close(code) for websocket in self.queues), return_exceptions=True)
