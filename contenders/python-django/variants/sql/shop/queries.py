"""The statements, written by hand. They run on Django's own connection, so `atomic` and Django's errors hold for them."""

from django.db import connection

COLUMNS = "id, category, name, price_cents, stock, version"


def rows(sql, params):
    """All rows of a statement as dictionaries, as Django's documentation of raw SQL has it."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        columns = [column[0] for column in cursor.description]
        return [dict(zip(columns, row)) for row in cursor.fetchall()]


def first(sql, params):
    """The first row of a statement, or None."""
    return next(iter(rows(sql, params)), None)


def execute(sql, params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def find_item(item_id):
    return first(f"SELECT {COLUMNS} FROM items WHERE id = %s", [item_id])


def items_after(item_id, category, limit):
    """Up to `limit` items with a higher id, of one category or of all, in the order of id."""
    if category is None:
        return rows(f"SELECT {COLUMNS} FROM items WHERE id > %s ORDER BY id LIMIT %s", [item_id, limit])
    sql = f"SELECT {COLUMNS} FROM items WHERE category = %s AND id > %s ORDER BY id LIMIT %s"
    return rows(sql, [category, item_id, limit])


def insert_item(values):
    sql = f"""INSERT INTO items (category, name, price_cents, stock, version)
              VALUES (%(category)s, %(name)s, %(price_cents)s, %(stock)s, 1) RETURNING {COLUMNS}"""
    return first(sql, values)


def update_item(item):
    """Writes an item if its version is still the stored one; otherwise nothing, and returns None."""
    sql = f"""UPDATE items SET name = %(name)s, price_cents = %(price_cents)s, stock = %(stock)s, version = version + 1
              WHERE id = %(id)s AND version = %(version)s RETURNING {COLUMNS}"""
    return first(sql, item)


def lock_item(item_id):
    """What an order needs of the item, which nobody else can change until the transaction ends."""
    return first("SELECT price_cents, stock FROM items WHERE id = %s FOR UPDATE", [item_id])


def insert_order(username, total_cents):
    sql = "INSERT INTO orders (username, total_cents) VALUES (%s, %s) RETURNING id"
    return first(sql, [username, total_cents])["id"]


def insert_line(order_id, item_id, quantity, price_cents):
    sql = "INSERT INTO order_lines (order_id, item_id, quantity, price_cents) VALUES (%s, %s, %s, %s)"
    execute(sql, [order_id, item_id, quantity, price_cents])


def take_stock(item_id, quantity):
    execute("UPDATE items SET stock = stock - %s, version = version + 1 WHERE id = %s", [quantity, item_id])


def find_user(username):
    return first("SELECT username, salt, hash FROM users WHERE username = %s", [username])
