"""The page that is rendered on the server."""

from django.shortcuts import render

from . import queries
from .api import ApiView
from .forms import PageForm


class PageView(ApiView):
    def get(self, request):
        category = self.query(PageForm).cleaned_data["category"]
        rows = queries.items_after(0, category, limit=20)
        items = [row | {"price": f"{row['price_cents'] / 100:.2f}"} for row in rows]
        return render(request, "shop/page.html", {"category": category, "items": items})
