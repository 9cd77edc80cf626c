"""The items: read, list, create, update."""

from flask import Blueprint, abort, jsonify, request, url_for
from flask.views import MethodView
from werkzeug.routing import IntegerConverter

from .bodies import json_body
from .database import pool
from .schemas import INT4_MAX, ItemChange, ItemFilter, NewItem

blueprint = Blueprint("items", __name__)

COLUMNS = "id, category, name, price_cents, stock, version"


class ItemIdConverter(IntegerConverter):
    """A whole number in plain digits that fits the column; anything else is no route."""

    regex = "[0-9]{1,10}"

    def __init__(self, url_map):
        super().__init__(url_map, min=1, max=INT4_MAX)


def select_items(category, after, limit):
    """Up to `limit` items with a higher id than `after`, in the order of id."""
    with pool.connection() as connection:
        if category is None:
            sql = f"SELECT {COLUMNS} FROM items WHERE id > %s ORDER BY id LIMIT %s"
            return connection.execute(sql, (after, limit)).fetchall()
        sql = f"SELECT {COLUMNS} FROM items WHERE category = %s AND id > %s ORDER BY id LIMIT %s"
        return connection.execute(sql, (category, after, limit)).fetchall()


def find_item(connection, item_id):
    row = connection.execute(f"SELECT {COLUMNS} FROM items WHERE id = %s", (item_id,)).fetchone()
    return row or abort(404)


class ItemView(MethodView):
    def get(self, item_id):
        with pool.connection() as connection:
            return find_item(connection, item_id)

    def patch(self, item_id):
        change = json_body(ItemChange)
        with pool.connection() as connection:
            item = find_item(connection, item_id)
            if item["version"] != change.version:
                abort(409)
            updated = connection.execute(
                f"""UPDATE items SET name = %(name)s, price_cents = %(price_cents)s, stock = %(stock)s,
                    version = version + 1 WHERE id = %(id)s AND version = %(version)s RETURNING {COLUMNS}""",
                item | change.model_dump(exclude_unset=True),
            ).fetchone()
        return updated or abort(409)  # another client was faster between the two statements


class ItemListView(MethodView):
    def get(self):
        query = ItemFilter.model_validate(request.args.to_dict())
        rows = select_items(query.category, query.after, query.limit + 1)  # one more: does a page follow?
        items = rows[: query.limit]
        return jsonify(items=items, next=items[-1]["id"] if len(rows) > query.limit else None)

    def post(self):
        new = json_body(NewItem)
        with pool.connection() as connection:
            item = connection.execute(
                f"""INSERT INTO items (category, name, price_cents, stock, version)
                    VALUES (%(category)s, %(name)s, %(price_cents)s, %(stock)s, 1) RETURNING {COLUMNS}""",
                new.model_dump(),
            ).fetchone()
        return item, 201, {"Location": url_for(".item", item_id=item["id"])}


blueprint.add_url_rule("/items", view_func=ItemListView.as_view("items"))
blueprint.add_url_rule("/items/<item_id:item_id>", view_func=ItemView.as_view("item"))
