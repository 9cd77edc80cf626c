from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop.models import OrderLine

JSON = "application/json"


def stored(item):
    item.refresh_from_db()
    return {"stock": item.stock, "version": item.version}


def test_an_order_is_stored_with_its_line_and_taken_from_the_stock(client, make_item):
    item = make_item(price_cents=1_250, stock=5)
    response = client.post("/orders", {"item_id": item.id, "quantity": 3}, content_type=JSON)
    assert response.status_code == 201
    line = OrderLine.objects.select_related("order").get(item=item)
    assert response.json() == {
        "id": line.order.id,
        "item_id": item.id,
        "quantity": 3,
        "price_cents": 1_250,
        "total_cents": 3_750,
    }
    assert (line.quantity, line.price_cents) == (3, 1_250)
    assert (line.order.username, line.order.total_cents) == ("user-1", 3_750)
    assert stored(item) == {"stock": 2, "version": 2}


def test_the_row_is_locked_before_its_stock_is_read(client, make_item):
    item = make_item()
    with CaptureQueriesContext(connection) as queries:
        client.post("/orders", {"item_id": item.id, "quantity": 1}, content_type=JSON)
    statements = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert [statement.split()[0] for statement in statements] == ["SELECT", "INSERT", "INSERT", "UPDATE"]
    assert statements[0].endswith("FOR UPDATE")


def test_more_than_the_stock_is_a_conflict_and_changes_nothing(client, make_item):
    item = make_item(stock=2)
    response = client.post("/orders", {"item_id": item.id, "quantity": 3}, content_type=JSON)
    assert response.status_code == 409
    assert not OrderLine.objects.filter(item=item).exists()
    assert stored(item) == {"stock": 2, "version": 1}


def test_an_unknown_item_is_named(client):
    response = client.post("/orders", {"item_id": 2_000_000_000, "quantity": 1}, content_type=JSON)
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == ["item_id"]


def test_wrong_types_and_ranges_are_named(client):
    for body in ({"item_id": "4711", "quantity": 21}, {"item_id": 0, "quantity": 1.5}, {}):
        response = client.post("/orders", body, content_type=JSON)
        assert response.status_code == 422
        assert {error["field"] for error in response.json()["errors"]} == {"item_id", "quantity"}
