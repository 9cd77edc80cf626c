"""The page that is rendered on the server."""

from litestar import MediaType, route
from litestar.di import NamedDependency
from litestar.response import Template

from ..database import Items
from ..models import ItemFilter, PageQuery
from ..requests import READ, ShopRequest
from ..validation import query_of


@route("/page", http_method=READ, media_type=MediaType.HTML)
async def page(request: ShopRequest, items: NamedDependency[Items]) -> Template:
    category = query_of(request, PageQuery).category
    found = await items.page(ItemFilter(category=category))
    return Template("page.html", context={"category": category, "items": found.items})
