"""The items: read, list, create, update."""

from django.http import Http404, JsonResponse
from django.urls import reverse

from . import queries
from .api import ApiView
from .forms import ItemChangeForm, ItemFilterForm, NewItemForm
from .problems import problem


def find_item(item_id):
    item = queries.find_item(item_id)
    if item is None:
        raise Http404
    return item


class ItemListView(ApiView):
    def get(self, request):
        query = self.query(ItemFilterForm).cleaned_data
        limit = query["limit"]
        rows = queries.items_after(query["after"], query["category"], limit + 1)  # one more: does a page follow?
        items = rows[:limit]
        return JsonResponse({"items": items, "next": items[-1]["id"] if len(rows) > limit else None})

    def post(self, request):
        item = queries.insert_item(self.body(NewItemForm).cleaned_data)
        return JsonResponse(item, status=201, headers={"Location": reverse("item", args=[item["id"]])})


class ItemView(ApiView):
    def get(self, request, item_id):
        return JsonResponse(find_item(item_id))

    def patch(self, request, item_id):
        form = self.body(ItemChangeForm)
        item = find_item(item_id)
        if item["version"] != form.cleaned_data["version"]:
            return problem(409)
        updated = queries.update_item(item | form.changes())
        if updated is None:
            return problem(409)  # another client was faster between the two statements
        return JsonResponse(updated)
