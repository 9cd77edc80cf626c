"""Placing an order."""

from litestar import post
from litestar.di import NamedDependency

from ..database import Orders
from ..models import NewOrder, Order
from ..requests import ShopRequest
from ..validation import body_of


@post("/orders")
async def place_order(request: ShopRequest, orders: NamedDependency[Orders]) -> Order:
    return await orders.place(request.user, await body_of(request, NewOrder))
