"""The items: read, list, create, update."""

from typing import Annotated

import asyncpg
from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request, Response

from ..bodies import json_only
from ..database import Pool
from ..schemas import INT4_MAX, Item, ItemChange, ItemPage, NewItem, Text, WholeNumber

router = APIRouter(tags=["items"])

COLUMNS = "id, category, name, price_cents, stock, version"

ItemId = Annotated[WholeNumber, Path(ge=1, le=INT4_MAX)]


async def select_items(pool: asyncpg.Pool, category: str | None, after: int, limit: int) -> list[Item]:
    """Up to `limit` items with a higher id than `after`, in the order of id."""
    if category is None:
        sql = f"SELECT {COLUMNS} FROM items WHERE id > $1 ORDER BY id LIMIT $2"
        rows = await pool.fetch(sql, after, limit)
    else:
        sql = f"SELECT {COLUMNS} FROM items WHERE category = $1 AND id > $2 ORDER BY id LIMIT $3"
        rows = await pool.fetch(sql, category, after, limit)
    return [Item(**row) for row in rows]


async def find_item(database: asyncpg.Pool | asyncpg.Connection, item_id: int) -> Item:
    row = await database.fetchrow(f"SELECT {COLUMNS} FROM items WHERE id = $1", item_id)
    if row is None:
        raise HTTPException(404)
    return Item(**row)


@router.head("/items/{item_id}", include_in_schema=False)
@router.get("/items/{item_id}")
async def read_item(pool: Pool, item_id: ItemId) -> Item:
    return await find_item(pool, item_id)


@router.head("/items", include_in_schema=False)
@router.get("/items")
async def list_items(
    pool: Pool,
    category: Text | None = None,
    limit: Annotated[WholeNumber, Query(ge=1, le=100)] = 20,
    after: Annotated[WholeNumber, Query(ge=0, le=INT4_MAX)] = 0,
) -> ItemPage:
    rows = await select_items(pool, category, after, limit + 1)  # one more tells whether a page follows
    items = rows[:limit]
    return ItemPage(items=items, next=items[-1].id if len(rows) > limit else None)


@router.post("/items", status_code=201, dependencies=[Depends(json_only)])
async def create_item(pool: Pool, new: NewItem, request: Request, response: Response) -> Item:
    sql = f"""INSERT INTO items (category, name, price_cents, stock, version)
              VALUES ($1, $2, $3, $4, 1) RETURNING {COLUMNS}"""
    item = Item(**await pool.fetchrow(sql, new.category, new.name, new.price_cents, new.stock))
    response.headers["Location"] = str(request.app.url_path_for("read_item", item_id=item.id))
    return item


@router.patch("/items/{item_id}", dependencies=[Depends(json_only)])
async def update_item(pool: Pool, item_id: ItemId, change: ItemChange) -> Item:
    async with pool.acquire() as connection:
        item = await find_item(connection, item_id)
        if item.version != change.version:
            raise HTTPException(409)
        changed = item.model_copy(update=change.model_dump(exclude_unset=True))
        sql = f"""UPDATE items SET name = $3, price_cents = $4, stock = $5, version = version + 1
                  WHERE id = $1 AND version = $2 RETURNING {COLUMNS}"""
        values = (changed.name, changed.price_cents, changed.stock)
        row = await connection.fetchrow(sql, item_id, change.version, *values)
    if row is None:
        raise HTTPException(409)  # another client was faster between the two statements
    return Item(**row)
