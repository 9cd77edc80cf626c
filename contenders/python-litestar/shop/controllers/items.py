"""The items: read, list, create, change."""

from litestar import Controller, HttpMethod, Response, patch, post, route
from litestar.exceptions import NotFoundException
from msgspec import UNSET

from ..database import Items
from ..models import Item, ItemChange, ItemFilter, ItemPage, NewItem
from ..problems import InvalidFields
from ..requests import ShopRequest
from ..validation import body_of, item_id_of, query_of

READ = [HttpMethod.GET, HttpMethod.HEAD]


class ItemController(Controller):
    path = "/items"

    @route(http_method=READ)
    async def list_items(self, request: ShopRequest, items: Items) -> ItemPage:
        return await items.page(query_of(request, ItemFilter))

    @route("/{segment:str}", http_method=READ)
    async def read_item(self, segment: str, items: Items) -> Item:
        item = await items.find(item_id_of(segment))
        if item is None:
            raise NotFoundException
        return item

    @post()
    async def create_item(self, request: ShopRequest, items: Items) -> Response[Item]:
        item = await items.create(await body_of(request, NewItem))
        return Response(item, headers={"Location": f"/items/{item.id}"})

    @patch("/{segment:str}")
    async def change_item(self, request: ShopRequest, segment: str, items: Items) -> Item:
        item_id = item_id_of(segment)
        change = await body_of(request, ItemChange)
        if change.name is UNSET and change.price_cents is UNSET and change.stock is UNSET:
            raise InvalidFields
        item = await items.change(item_id, change)
        if item is None:
            raise NotFoundException
        return item
