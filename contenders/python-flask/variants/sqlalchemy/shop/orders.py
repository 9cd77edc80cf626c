"""Placing an order."""

from flask import Blueprint, abort, g

from .bodies import json_body
from .database import session
from .models import Item, Order, OrderLine
from .problems import problem
from .schemas import NewOrder

blueprint = Blueprint("orders", __name__)


@blueprint.post("/orders")
def place_order():
    wanted = json_body(NewOrder)
    item = session.get(Item, wanted.item_id, with_for_update=True)
    if item is None:
        abort(problem(422, errors=[{"field": "item_id", "message": "There is no such item"}]))
    if item.stock < wanted.quantity:
        abort(409)
    line = OrderLine(price_cents=item.price_cents, **wanted.model_dump())
    order = Order(username=g.user, total_cents=item.price_cents * wanted.quantity, lines=[line])
    item.stock -= wanted.quantity
    session.add(order)
    session.commit()
    answer = {"id": order.id, "price_cents": line.price_cents, "total_cents": order.total_cents}
    return answer | wanted.model_dump(), 201
