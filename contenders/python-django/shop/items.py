"""The items: read, list, create, update."""

from django.db.models import F
from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from .api import ApiView
from .forms import ItemChangeForm, ItemFilterForm, NewItemForm
from .models import Item
from .problems import problem


class ItemListView(ApiView):
    def get(self, request):
        query = self.query(ItemFilterForm).cleaned_data
        limit = query["limit"]
        rows = list(Item.after(query["after"], query["category"])[: limit + 1])  # one more: does a page follow?
        items = [item.as_dict() for item in rows[:limit]]
        return JsonResponse({"items": items, "next": items[-1]["id"] if len(rows) > limit else None})

    def post(self, request):
        item = Item.objects.create(**self.body(NewItemForm).cleaned_data)
        return JsonResponse(item.as_dict(), status=201, headers={"Location": reverse("item", args=[item.id])})


class ItemView(ApiView):
    def get(self, request, item_id):
        return JsonResponse(get_object_or_404(Item, pk=item_id).as_dict())

    def patch(self, request, item_id):
        form = self.body(ItemChangeForm)
        item = get_object_or_404(Item, pk=item_id)
        seen = form.cleaned_data["version"]
        if item.version != seen:
            return problem(409)
        changes = form.changes()
        if not Item.objects.filter(pk=item_id, version=seen).update(version=F("version") + 1, **changes):
            return problem(409)  # another client was faster between the two statements
        return JsonResponse(item.as_dict() | changes | {"version": seen + 1})
