"""What one process says, all processes hear: PostgreSQL carries it. One process alone speaks to itself."""

import asyncio
from collections.abc import Callable

import asyncpg

PIECE = 7_900  # a notification holds less than 8000 bytes; messages are ASCII


class Channel:
    def __init__(
        self, pool: asyncpg.Pool, alone: bool, hear: Callable[[str], None], lost: Callable[[], None]
    ) -> None:
        """Hands each message to `hear`; calls `lost` when messages may have been missed. `alone`: there is one process."""
        self.pool = pool
        self.alone = alone
        self.hear = hear
        self.lost = lost
        self.opening = asyncio.Lock()
        self.connection: asyncpg.Connection | None = None
        self.pieces: list[str] = []

    async def open(self) -> None:
        async with self.opening:
            if self.alone or self.connection is not None:
                return
            connection = await self.pool.acquire()
            connection.add_termination_listener(self.terminated)
            await connection.add_listener("sockets", self.notified)
            self.connection = connection

    def notified(self, connection, pid, channel, payload: str) -> None:
        left, piece = payload.split(" ", 1)
        self.pieces.append(piece)
        if left == "0":
            message = "".join(self.pieces)
            self.pieces.clear()
            self.hear(message)

    def terminated(self, connection) -> None:
        self.connection = None  # the pool replaces it
        self.pieces.clear()
        self.lost()

    async def say(self, message: str) -> None:
        if self.alone:
            return self.hear(message)
        # PostgreSQL keeps the notifications of one statement together, in order, and drops those that are equal.
        starts = range(0, len(message), PIECE)
        pieces = [f"{left} {message[start : start + PIECE]}" for left, start in zip(reversed(range(len(starts))), starts)]
        await self.pool.execute("SELECT pg_notify('sockets', piece) FROM unnest($1::text[]) AS piece", pieces)

    async def close(self) -> None:
        if self.connection is not None:
            self.connection.remove_termination_listener(self.terminated)
            await self.connection.remove_listener("sockets", self.notified)
            await self.pool.release(self.connection)
