"""What one process says, all processes hear: PostgreSQL carries it. One process alone speaks to itself.

Litestar's `ChannelsPlugin` has a backend on PostgreSQL, which cannot say a message of 8000 bytes or more, and does not
tell that its connection was lost."""

import asyncio
from collections.abc import Callable
from typing import Any

from .database import Pool

PIECE = 7_900  # a notification holds less than 8000 bytes; messages are ASCII
# PostgreSQL keeps the notifications of one statement together, in order, and drops those that are equal.
NOTIFY = "SELECT pg_notify('sockets', piece) FROM unnest($1::text[]) AS piece"


class Channel:
    def __init__(self, pool: Pool, alone: bool, hear: Callable[[str], None], lost: Callable[[], None]) -> None:
        """Hands each message to `hear`; calls `lost` when messages may have been missed. `alone`: one process."""
        self.pool = pool
        self.alone = alone
        self.hear = hear
        self.lost = lost
        self.opening = asyncio.Lock()
        self.connection: Any = None
        self.pieces: list[str] = []

    async def open(self) -> None:
        async with self.opening:
            if self.alone or self.connection is not None:
                return
            connection = await self.pool.acquire()
            connection.add_termination_listener(self.terminated)
            await connection.add_listener("sockets", self.notified)
            self.connection = connection

    def notified(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        left, _, piece = str(payload).partition(" ")
        self.pieces.append(piece)
        if left == "0":
            message = "".join(self.pieces)
            self.pieces.clear()
            self.hear(message)

    def terminated(self, _connection: object) -> None:
        self.connection = None  # the pool replaces it
        self.pieces.clear()
        self.lost()

    async def say(self, message: str) -> None:
        if self.alone:
            return self.hear(message)
        pieces = [message[start : start + PIECE] for start in range(0, len(message), PIECE)]
        numbered = [f"{len(pieces) - 1 - index} {piece}" for index, piece in enumerate(pieces)]
        await self.pool.execute(NOTIFY, numbered)

    async def close(self) -> None:
        if self.connection is not None:
            self.connection.remove_termination_listener(self.terminated)
            await self.connection.remove_listener("sockets", self.notified)
            await self.pool.release(self.connection)
