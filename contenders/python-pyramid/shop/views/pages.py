"""The page that is rendered on the server."""

from pyramid.view import view_config

from ..schemas import page_filter, query
from .items import select_items


@view_config(route_name="page", request_method="GET", renderer="../templates/page.jinja2")
def page(request):
    category = query(request, page_filter)["category"]
    return {"category": category, "items": select_items(request, category, after=0, limit=20)}
