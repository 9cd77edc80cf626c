"""The connection pool, and what is read and written by it. asyncpg prepares each statement once per connection."""

from typing import TYPE_CHECKING, TypeVar

import asyncpg
from msgspec import UnsetType

from .models import Item, ItemChange, ItemFilter, ItemPage, NewItem, NewOrder, Order, PasswordRecord
from .problems import ConflictException, InvalidFields
from .settings import Settings

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]
else:
    Pool = asyncpg.Pool

T = TypeVar("T")

COLUMNS = "id, category, name, price_cents, stock, version"
READ = f"SELECT {COLUMNS} FROM items WHERE id = $1"
LIST = f"SELECT {COLUMNS} FROM items WHERE id > $1 ORDER BY id LIMIT $2"
LIST_CATEGORY = f"SELECT {COLUMNS} FROM items WHERE category = $3 AND id > $1 ORDER BY id LIMIT $2"
CREATE = f"""INSERT INTO items (category, name, price_cents, stock, version)
             VALUES ($1, $2, $3, $4, 1) RETURNING {COLUMNS}"""
CHANGE = f"""UPDATE items SET name = $3, price_cents = $4, stock = $5, version = version + 1
             WHERE id = $1 AND version = $2 RETURNING {COLUMNS}"""
FIND_USER = "SELECT salt, hash FROM users WHERE username = $1"
LOCK_ITEM = "SELECT price_cents, stock FROM items WHERE id = $1 FOR UPDATE"
CREATE_ORDER = "INSERT INTO orders (username, total_cents) VALUES ($1, $2) RETURNING id"
CREATE_LINE = "INSERT INTO order_lines (order_id, item_id, quantity, price_cents) VALUES ($1, $2, $3, $4)"
TAKE_STOCK = "UPDATE items SET stock = stock - $2, version = version + 1 WHERE id = $1"


def create_pool(settings: Settings) -> Pool:
    return asyncpg.create_pool(
        settings.database_url,
        min_size=0,  # connects with the first request, so the server starts without a database
        max_size=settings.database_pool,
        timeout=5,
        server_settings={"statement_timeout": "15s"},
    )


def or_stored(given: T | UnsetType, stored: T) -> T:
    return stored if isinstance(given, UnsetType) else given


class Items:
    def __init__(self, pool: Pool) -> None:
        self.pool = pool

    async def find(self, item_id: int) -> Item | None:
        row = await self.pool.fetchrow(READ, item_id)
        return None if row is None else Item(**row)

    async def page(self, wanted: ItemFilter) -> ItemPage:
        """The items with a higher id than `after`, in the order of id, and the id to go on from if there are more."""
        limit = wanted.limit + 1  # one more tells whether a page follows
        if wanted.category is None:
            rows = await self.pool.fetch(LIST, wanted.after, limit)
        else:
            rows = await self.pool.fetch(LIST_CATEGORY, wanted.after, limit, wanted.category)
        items = [Item(**row) for row in rows[: wanted.limit]]
        return ItemPage(items=items, next=items[-1].id if len(rows) > wanted.limit else None)

    async def create(self, new: NewItem) -> Item:
        row = await self.pool.fetchrow(CREATE, new.category, new.name, new.price_cents, new.stock)
        assert row is not None  # an insert without a row would have raised
        return Item(**row)

    async def change(self, item_id: int, change: ItemChange) -> Item | None:
        """The item with its changes, or None if there is none. Another version than the stored one is a conflict."""
        async with self.pool.acquire() as connection:
            row = await connection.fetchrow(READ, item_id)
            if row is None:
                return None
            name = or_stored(change.name, row["name"])
            price_cents = or_stored(change.price_cents, row["price_cents"])
            stock = or_stored(change.stock, row["stock"])
            if row["version"] != change.version:
                raise ConflictException(detail="the item has changed since that version")
            row = await connection.fetchrow(CHANGE, item_id, change.version, name, price_cents, stock)
        if row is None:  # another client was faster between the two statements
            raise ConflictException(detail="the item has changed since that version")
        return Item(**row)


class Users:
    def __init__(self, pool: Pool) -> None:
        self.pool = pool

    async def find(self, username: str) -> PasswordRecord | None:
        row = await self.pool.fetchrow(FIND_USER, username)
        return None if row is None else PasswordRecord(**row)


class Orders:
    def __init__(self, pool: Pool) -> None:
        self.pool = pool

    async def place(self, username: str, new: NewOrder) -> Order:
        """Nobody else can change the item until the transaction ends."""
        async with self.pool.acquire() as connection, connection.transaction():
            item = await connection.fetchrow(LOCK_ITEM, new.item_id)
            if item is None:
                raise InvalidFields(("item_id", "there is no such item"))
            if item["stock"] < new.quantity:
                raise ConflictException(detail="there is not that much in stock")
            price_cents: int = item["price_cents"]
            total_cents = price_cents * new.quantity
            order_id: int = await connection.fetchval(CREATE_ORDER, username, total_cents)
            await connection.execute(CREATE_LINE, order_id, new.item_id, new.quantity, price_cents)
            await connection.execute(TAKE_STOCK, new.item_id, new.quantity)
        return Order(order_id, new.item_id, new.quantity, price_cents, total_cents)
