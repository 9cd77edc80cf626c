"""Further routes, as many as BAKEOFF_ROUTES says and registered one by one: what the table of routes of a large application costs."""

import os

from django.http import JsonResponse
from django.urls import path

from .api import ApiView


class RouteView(ApiView):
    route = None

    def get(self, request, id):
        return JsonResponse({"route": self.route, "id": id})


urlpatterns = [
    path(f"routes/{number}/<str:id>", RouteView.as_view(route=number))
    for number in range(1, int(os.environ.get("BAKEOFF_ROUTES", "0")) + 1)
]
