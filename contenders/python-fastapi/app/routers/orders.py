"""Placing an order."""

from fastapi import APIRouter, Depends, HTTPException
from fastapi.exceptions import RequestValidationError

from ..auth import User
from ..bodies import json_only
from ..database import Pool
from ..schemas import NewOrder, Order

router = APIRouter(tags=["orders"])


def unknown_item(item_id: int) -> RequestValidationError:
    error = {"type": "value_error", "loc": ("body", "item_id"), "msg": "There is no such item", "input": item_id}
    return RequestValidationError([error])


@router.post("/orders", status_code=201, dependencies=[Depends(json_only)])
async def place_order(pool: Pool, user: User, new: NewOrder) -> Order:
    async with pool.acquire() as connection, connection.transaction():
        item = await connection.fetchrow("SELECT price_cents, stock FROM items WHERE id = $1 FOR UPDATE", new.item_id)
        if item is None:
            raise unknown_item(new.item_id)
        if item["stock"] < new.quantity:
            raise HTTPException(409)
        price = item["price_cents"]
        total = price * new.quantity
        order_id = await connection.fetchval(
            "INSERT INTO orders (username, total_cents) VALUES ($1, $2) RETURNING id", user, total
        )
        await connection.execute(
            "INSERT INTO order_lines (order_id, item_id, quantity, price_cents) VALUES ($1, $2, $3, $4)",
            order_id,
            new.item_id,
            new.quantity,
            price,
        )
        await connection.execute(
            "UPDATE items SET stock = stock - $2, version = version + 1 WHERE id = $1", new.item_id, new.quantity
        )
    return Order(id=order_id, item_id=new.item_id, quantity=new.quantity, price_cents=price, total_cents=total)
