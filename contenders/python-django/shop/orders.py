"""Placing an order."""

from django.db import transaction
from django.db.models import F
from django.http import JsonResponse

from .api import ApiView
from .forms import NewOrderForm
from .models import Item, Order, OrderLine
from .problems import Problem


class OrderView(ApiView):
    def post(self, request):
        wanted = self.body(NewOrderForm).cleaned_data
        return JsonResponse(place(request.subject, wanted["item_id"], wanted["quantity"]), status=201)


@transaction.atomic
def place(username, item_id, quantity):
    try:
        item = Item.objects.select_for_update().get(pk=item_id)
    except Item.DoesNotExist:
        message = "There is no such item."
        raise Problem(422, errors=[{"field": "item_id", "message": message}]) from None
    if item.stock < quantity:
        raise Problem(409)
    order = Order.objects.create(username=username, total_cents=item.price_cents * quantity)
    OrderLine.objects.create(order=order, item=item, quantity=quantity, price_cents=item.price_cents)
    Item.objects.filter(pk=item_id).update(stock=F("stock") - quantity, version=F("version") + 1)
    return {
        "id": order.id,
        "item_id": item_id,
        "quantity": quantity,
        "price_cents": item.price_cents,
        "total_cents": order.total_cents,
    }
