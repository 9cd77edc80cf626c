"""The items: read, list, create, update."""

from pyramid.httpexceptions import HTTPConflict, HTTPNotFound
from pyramid.view import view_config
from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from ..models import Item
from ..schemas import INT4_MAX, body, item_change, item_filter, new_item, query


def find_item(request):
    item_id = int(request.matchdict["item_id"])
    item = request.dbsession.get(Item, item_id) if 1 <= item_id <= INT4_MAX else None
    if item is None:
        raise HTTPNotFound
    return item


def select_items(request, category, after, limit):
    """Up to `limit` items with a higher id than `after`, in the order of id."""
    items = select(Item).where(Item.id > after).order_by(Item.id).limit(limit)
    if category is not None:
        items = items.where(Item.category == category)
    return request.dbsession.scalars(items).all()


@view_config(route_name="item", request_method="GET", renderer="json")
def read_item(request):
    return find_item(request)


@view_config(route_name="items", request_method="GET", renderer="json")
def list_items(request):
    wanted = query(request, item_filter)
    limit = wanted["limit"]
    rows = select_items(request, wanted["category"], wanted["after"], limit + 1)  # one more: does a page follow?
    items = rows[:limit]
    return {"items": items, "next": items[-1].id if len(rows) > limit else None}


@view_config(route_name="items", request_method="POST", renderer="json")
def create_item(request):
    item = Item(**body(request, new_item))
    request.dbsession.add(item)
    request.dbsession.flush()
    request.response.status_code = 201
    request.response.headers["Location"] = request.route_path("item", item_id=item.id)
    return item


@view_config(route_name="item", request_method="PATCH", renderer="json")
def update_item(request):
    change = body(request, item_change)
    item = find_item(request)
    if item.version != change.pop("version"):
        raise HTTPConflict
    for field, value in change.items():
        setattr(item, field, value)
        flag_modified(item, field)  # a change to the same value is a change too
    request.dbsession.flush()
    return item
