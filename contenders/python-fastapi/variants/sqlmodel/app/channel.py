"""What one process says, all processes hear: PostgreSQL carries it. One process alone speaks to itself."""

import asyncio
from collections.abc import Callable

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

PIECE = 7_900  # a notification holds less than 8000 bytes; messages are ASCII
# PostgreSQL keeps the notifications of one statement together, in order, and drops those that are equal.
NOTIFY = text("SELECT pg_notify('sockets', piece) FROM unnest(CAST(:pieces AS text[])) AS piece")


class Channel:
    def __init__(
        self, engine: AsyncEngine, alone: bool, hear: Callable[[str], None], lost: Callable[[], None]
    ) -> None:
        """Hands each message to `hear`; calls `lost` when messages may have been missed. `alone`: there is one process."""
        self.engine = engine
        self.alone = alone
        self.hear = hear
        self.lost = lost
        self.opening = asyncio.Lock()
        self.connection: AsyncConnection | None = None
        self.listening = False
        self.pieces: list[str] = []

    async def driver_connection(self):
        """asyncpg's own connection, as listening is not SQLAlchemy's business."""
        return (await self.connection.get_raw_connection()).driver_connection

    async def open(self) -> None:
        async with self.opening:
            if self.alone or self.listening:
                return
            await self.give_back()
            self.connection = await self.engine.connect()
            driver = await self.driver_connection()
            while driver.is_closed():  # while it lay in the pool
                await self.connection.invalidate()
                driver = await self.driver_connection()
            driver.add_termination_listener(self.terminated)
            await driver.add_listener("sockets", self.notified)
            self.listening = True

    async def give_back(self) -> None:
        """The connection that was lost: the pool replaces it."""
        if self.connection is not None:
            await self.connection.invalidate()
            await self.connection.close()
            self.connection = None

    def notified(self, connection, pid, channel, payload: str) -> None:
        left, piece = payload.split(" ", 1)
        self.pieces.append(piece)
        if left == "0":
            message = "".join(self.pieces)
            self.pieces.clear()
            self.hear(message)

    def terminated(self, connection) -> None:
        self.listening = False
        self.pieces.clear()
        self.lost()

    async def say(self, message: str) -> None:
        if self.alone:
            return self.hear(message)
        starts = range(0, len(message), PIECE)
        pieces = [f"{left} {message[start : start + PIECE]}" for left, start in zip(reversed(range(len(starts))), starts)]
        async with self.engine.begin() as connection:
            await connection.execute(NOTIFY, {"pieces": pieces})

    async def close(self) -> None:
        if self.listening:
            driver = await self.driver_connection()
            driver.remove_termination_listener(self.terminated)
            await driver.remove_listener("sockets", self.notified)
            await self.connection.close()
