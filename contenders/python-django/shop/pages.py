"""The page that is rendered on the server."""

from django.shortcuts import render

from .api import ApiView
from .forms import PageForm
from .models import Item


class PageView(ApiView):
    def get(self, request):
        category = self.query(PageForm).cleaned_data["category"]
        return render(request, "shop/page.html", {"category": category, "items": Item.after(0, category)[:20]})
