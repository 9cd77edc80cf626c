"""Placing an order."""

from marshmallow import ValidationError
from pyramid.httpexceptions import HTTPConflict
from pyramid.view import view_config

from ..models import Item, Order, OrderLine
from ..schemas import body, new_order


@view_config(route_name="orders", request_method="POST", renderer="json")
def place_order(request):
    wanted = body(request, new_order)
    item = request.dbsession.get(Item, wanted["item_id"], with_for_update=True)
    if item is None:
        raise ValidationError("There is no such item.", "item_id")
    if item.stock < wanted["quantity"]:
        raise HTTPConflict
    line = OrderLine(price_cents=item.price_cents, **wanted)
    total_cents = item.price_cents * wanted["quantity"]
    order = Order(username=request.authenticated_userid, total_cents=total_cents, lines=[line])
    item.stock -= wanted["quantity"]
    request.dbsession.add(order)
    request.dbsession.flush()
    request.response.status_code = 201
    return {"id": order.id, "price_cents": line.price_cents, "total_cents": total_cents, **wanted}
