"""Placing an order."""

from django.db import transaction
from django.http import JsonResponse

from . import queries
from .api import ApiView
from .forms import NewOrderForm
from .problems import Problem


class OrderView(ApiView):
    def post(self, request):
        wanted = self.body(NewOrderForm).cleaned_data
        return JsonResponse(place(request.subject, wanted["item_id"], wanted["quantity"]), status=201)


@transaction.atomic
def place(username, item_id, quantity):
    item = queries.lock_item(item_id)
    if item is None:
        raise Problem(422, errors=[{"field": "item_id", "message": "There is no such item."}])
    if item["stock"] < quantity:
        raise Problem(409)
    price_cents = item["price_cents"]
    total_cents = price_cents * quantity
    order_id = queries.insert_order(username, total_cents)
    queries.insert_line(order_id, item_id, quantity, price_cents)
    queries.take_stock(item_id, quantity)
    return {
        "id": order_id,
        "item_id": item_id,
        "quantity": quantity,
        "price_cents": price_cents,
        "total_cents": total_cents,
    }
