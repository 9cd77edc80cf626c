"""Placing an order."""

from fastapi import APIRouter, Depends, HTTPException
from fastapi.exceptions import RequestValidationError

from .. import schemas
from ..auth import User
from ..bodies import json_only
from ..database import Session
from ..models import Item, Order, OrderLine
from ..schemas import NewOrder

router = APIRouter(tags=["orders"])


def unknown_item(item_id: int) -> RequestValidationError:
    error = {"type": "value_error", "loc": ("body", "item_id"), "msg": "There is no such item", "input": item_id}
    return RequestValidationError([error])


@router.post("/orders", status_code=201, dependencies=[Depends(json_only)])
async def place_order(session: Session, user: User, new: NewOrder) -> schemas.Order:
    item = await session.get(Item, new.item_id, with_for_update=True)
    if item is None:
        raise unknown_item(new.item_id)
    if item.stock < new.quantity:
        raise HTTPException(409)
    price, total = item.price_cents, item.price_cents * new.quantity
    line = OrderLine(item_id=new.item_id, quantity=new.quantity, price_cents=price)
    order = Order(username=user, total_cents=total, lines=[line])
    item.stock -= new.quantity
    session.add(order)
    await session.commit()
    return schemas.Order(id=order.id, price_cents=price, total_cents=total, **new.model_dump())
