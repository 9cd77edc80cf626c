"""The routes."""

from django.urls import path, register_converter

from . import accounts, items, many, orders, pages, streams, work
from .tokens import token_not_required


class ItemId:
    """A whole number that fits PostgreSQL's `integer`; anything else is no route."""

    regex = "[0-9]{1,10}"

    def to_python(self, value):
        if not 1 <= int(value) <= 2_147_483_647:
            raise ValueError
        return int(value)

    def to_url(self, value):
        return str(value)


register_converter(ItemId, "item_id")

urlpatterns = [
    path("json", work.HelloView.as_view()),
    path("health", token_not_required(work.HealthView.as_view())),
    path("wait", work.WaitView.as_view()),
    path("fan-out", work.FanOutView.as_view()),
    path("compute", work.ComputeView.as_view()),
    path("items", items.ItemListView.as_view()),
    path("items/<item_id:item_id>", items.ItemView.as_view(), name="item"),
    path("orders", orders.OrderView.as_view()),
    path("page", pages.PageView.as_view()),
    path("login", token_not_required(accounts.LoginView.as_view())),
    path("upload", streams.UploadView.as_view()),
    path("download", streams.DownloadView.as_view()),
    path("events", streams.EventsView.as_view()),
    *many.urlpatterns,
]
