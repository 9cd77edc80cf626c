import asyncio
from concurrent.futures import ThreadPoolExecutor

from conftest import connected, rows


def lines(item):
    sql = """SELECT o.id, o.username, o.total_cents, l.quantity, l.price_cents
             FROM order_lines l JOIN orders o ON o.id = l.order_id WHERE l.item_id = $1"""
    return rows(sql, item["id"])


def stored(item):
    [row] = rows("SELECT stock, version FROM items WHERE id = $1", item["id"])
    return row


def test_an_order_is_stored_with_its_line_and_taken_from_the_stock(client, make_item):
    item = make_item(price_cents=1_250, stock=5)
    response = client.post("/orders", json={"item_id": item["id"], "quantity": 3})
    assert response.status_code == 201
    order = response.json()
    assert order == {
        "id": order["id"],
        "item_id": item["id"],
        "quantity": 3,
        "price_cents": 1_250,
        "total_cents": 3_750,
    }
    line = {"id": order["id"], "username": "user-1", "total_cents": 3_750, "quantity": 3, "price_cents": 1_250}
    assert lines(item) == [line]
    assert stored(item) == {"stock": 2, "version": 2}


def test_more_than_the_stock_is_a_conflict_and_changes_nothing(client, make_item):
    item = make_item(stock=2)
    response = client.post("/orders", json={"item_id": item["id"], "quantity": 3})
    assert response.status_code == 409
    assert lines(item) == []
    assert stored(item) == {"stock": 2, "version": 1}


def test_an_order_waits_for_the_lock_of_its_row(client, make_item):
    item = make_item(stock=1)
    body = {"item_id": item["id"], "quantity": 1}
    with ThreadPoolExecutor(1) as pool:

        async def sell_out_slowly(connection):
            async with connection.transaction():
                await connection.execute("UPDATE items SET stock = 0 WHERE id = $1", item["id"])
                answer = pool.submit(client.post, "/orders", json=body)
                await asyncio.sleep(0.3)
                assert not answer.done()
            return answer

        answer = asyncio.run(connected(sell_out_slowly))
        assert answer.result().status_code == 409


def test_an_unknown_item_is_named(client):
    response = client.post("/orders", json={"item_id": 2_000_000_000, "quantity": 1})
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == ["item_id"]


def test_wrong_types_and_ranges_are_named(client):
    for body in ({"item_id": "4711", "quantity": 21}, {"item_id": 0, "quantity": 1.5}, {}):
        response = client.post("/orders", json=body)
        assert response.status_code == 422
        assert {error["field"] for error in response.json()["errors"]} == {"item_id", "quantity"}
