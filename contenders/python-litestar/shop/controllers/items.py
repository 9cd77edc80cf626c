"""The items: read, list, create, change."""

from litestar import Controller, HttpMethod, Response, patch, post, route
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from msgspec import UNSET

from ..database import Items
from ..models import Item, ItemChange, ItemFilter, ItemPage, NewItem
from ..problems import InvalidFields, allow_of
from ..requests import READ, ShopRequest
from ..validation import body_of, item_id_of, query_of


class ItemController(Controller):
    path = "/items"

    # Litestar 2 adds an OPTIONS of its own to a path, which names the methods of the path's first handler alone. It
    # takes a controller's handlers in the order of their names, and adds none where the first one is for OPTIONS.
    @route(["/", "/{segment:str}"], http_method=HttpMethod.OPTIONS, status_code=204)
    async def allow(self, request: ShopRequest) -> Response[None]:
        return Response(None, headers={"Allow": allow_of(request)})

    @route(http_method=READ)
    async def list_items(self, request: ShopRequest, items: NamedDependency[Items]) -> ItemPage:
        return await items.page(query_of(request, ItemFilter))

    @route("/{segment:str}", http_method=READ)
    async def read_item(self, segment: FromPath[str], items: NamedDependency[Items]) -> Item:
        item = await items.find(item_id_of(segment))
        if item is None:
            raise NotFoundException
        return item

    @post()
    async def create_item(self, request: ShopRequest, items: NamedDependency[Items]) -> Response[Item]:
        item = await items.create(await body_of(request, NewItem))
        return Response(item, headers={"Location": f"/items/{item.id}"})

    @patch("/{segment:str}")
    async def change_item(self, request: ShopRequest, segment: FromPath[str], items: NamedDependency[Items]) -> Item:
        item_id = item_id_of(segment)
        change = await body_of(request, ItemChange)
        if change.name is UNSET and change.price_cents is UNSET and change.stock is UNSET:
            raise InvalidFields
        item = await items.change(item_id, change)
        if item is None:
            raise NotFoundException
        return item
