"""Placing an order."""

from flask import Blueprint, abort, g

from .bodies import json_body
from .database import pool
from .problems import problem
from .schemas import NewOrder

blueprint = Blueprint("orders", __name__)


@blueprint.post("/orders")
def place_order():
    wanted = json_body(NewOrder)
    with pool.connection() as connection, connection.transaction():
        item = connection.execute(
            "SELECT price_cents, stock FROM items WHERE id = %s FOR UPDATE", (wanted.item_id,)
        ).fetchone()
        if item is None:
            abort(problem(422, errors=[{"field": "item_id", "message": "There is no such item"}]))
        if item["stock"] < wanted.quantity:
            abort(409)
        order = wanted.model_dump() | {
            "price_cents": item["price_cents"],
            "total_cents": item["price_cents"] * wanted.quantity,
        }
        inserted = connection.execute(
            "INSERT INTO orders (username, total_cents) VALUES (%s, %s) RETURNING id", (g.user, order["total_cents"])
        ).fetchone()
        order |= inserted
        connection.execute(
            """INSERT INTO order_lines (order_id, item_id, quantity, price_cents)
               VALUES (%(id)s, %(item_id)s, %(quantity)s, %(price_cents)s)""",
            order,
        )
        connection.execute(
            "UPDATE items SET stock = stock - %(quantity)s, version = version + 1 WHERE id = %(item_id)s", order
        )
    return order, 201
