"""The items: read, list, create, update."""

from flask import Blueprint, abort, jsonify, request, url_for
from flask.views import MethodView
from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.routing import IntegerConverter

from .bodies import json_body
from .database import session
from .models import Item
from .schemas import INT4_MAX, ItemChange, ItemFilter, NewItem

blueprint = Blueprint("items", __name__)


class ItemIdConverter(IntegerConverter):
    """A whole number in plain digits that fits the column; anything else is no route."""

    regex = "[0-9]{1,10}"

    def __init__(self, url_map):
        super().__init__(url_map, min=1, max=INT4_MAX)


def select_items(category, after, limit):
    """Up to `limit` items with a higher id than `after`, in the order of id."""
    items = select(Item).where(Item.id > after).order_by(Item.id).limit(limit)
    if category is not None:
        items = items.where(Item.category == category)
    return session.scalars(items).all()


def find_item(item_id):
    return session.get(Item, item_id) or abort(404)


class ItemView(MethodView):
    def get(self, item_id):
        return find_item(item_id).as_dict()

    def patch(self, item_id):
        change = json_body(ItemChange)
        item = find_item(item_id)
        if item.version != change.version:
            abort(409)
        for field, value in change.model_dump(exclude={"version"}, exclude_unset=True).items():
            setattr(item, field, value)
            flag_modified(item, field)  # a change to the same value is a change too
        try:
            session.commit()
        except StaleDataError:
            abort(409)  # another client was faster between the two statements
        return item.as_dict()


class ItemListView(MethodView):
    def get(self):
        query = ItemFilter.model_validate(request.args.to_dict())
        rows = select_items(query.category, query.after, query.limit + 1)  # one more: does a page follow?
        items = rows[: query.limit]
        following = items[-1].id if len(rows) > query.limit else None
        return jsonify(items=[item.as_dict() for item in items], next=following)

    def post(self):
        item = Item(**json_body(NewItem).model_dump())
        session.add(item)
        session.commit()
        return item.as_dict(), 201, {"Location": url_for(".item", item_id=item.id)}


blueprint.add_url_rule("/items", view_func=ItemListView.as_view("items"))
blueprint.add_url_rule("/items/<item_id:item_id>", view_func=ItemView.as_view("item"))
