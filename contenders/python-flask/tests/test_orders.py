import threading

from conftest import sign


def rows(database, item):
    sql = """SELECT o.id, o.username, o.total_cents, l.quantity, l.price_cents
             FROM order_lines l JOIN orders o ON o.id = l.order_id WHERE l.item_id = %s"""
    return database.execute(sql, (item["id"],)).fetchall()


def stored(database, item):
    return database.execute("SELECT stock, version FROM items WHERE id = %s", (item["id"],)).fetchone()


def test_an_order_is_stored_with_its_line_and_taken_from_the_stock(client, database, make_item):
    item = make_item(price_cents=1_250, stock=5)
    response = client.post("/orders", json={"item_id": item["id"], "quantity": 3})
    assert response.status_code == 201
    order = response.json
    assert order == {
        "id": order["id"],
        "item_id": item["id"],
        "quantity": 3,
        "price_cents": 1_250,
        "total_cents": 3_750,
    }
    line = {"id": order["id"], "username": "user-1", "total_cents": 3_750, "quantity": 3, "price_cents": 1_250}
    assert rows(database, item) == [line]
    assert stored(database, item) == {"stock": 2, "version": 2}


def test_more_than_the_stock_is_a_conflict_and_changes_nothing(client, database, make_item):
    item = make_item(stock=2)
    response = client.post("/orders", json={"item_id": item["id"], "quantity": 3})
    assert response.status_code == 409
    assert rows(database, item) == []
    assert stored(database, item) == {"stock": 2, "version": 1}


def test_an_order_waits_for_the_lock_of_its_row(app, client, database, make_item):
    item, answers = make_item(stock=1), []

    def order():
        body = {"item_id": item["id"], "quantity": 1}
        headers = {"Authorization": f"Bearer {sign()}"}
        answers.append(app.test_client().post("/orders", json=body, headers=headers).status_code)

    with database.transaction():
        database.execute("UPDATE items SET stock = 0 WHERE id = %s", (item["id"],))
        ordering = threading.Thread(target=order)
        ordering.start()
        ordering.join(0.3)
        assert answers == []
    ordering.join()
    assert answers == [409]


def test_an_unknown_item_is_named(client):
    response = client.post("/orders", json={"item_id": 2_000_000_000, "quantity": 1})
    assert response.status_code == 422
    assert [error["field"] for error in response.json["errors"]] == ["item_id"]


def test_wrong_types_and_ranges_are_named(client):
    for body in ({"item_id": "4711", "quantity": 21}, {"item_id": 0, "quantity": 1.5}, {}):
        response = client.post("/orders", json=body)
        assert response.status_code == 422
        assert {error["field"] for error in response.json["errors"]} == {"item_id", "quantity"}
