from sqlalchemy import event, select

from shop.models import Item, Order, OrderLine


def lines(dbsession, item):
    return dbsession.scalars(select(OrderLine).where(OrderLine.item_id == item.id)).all()


def stored(dbsession, item):
    return dbsession.execute(select(Item.stock, Item.version).where(Item.id == item.id)).one()


def test_an_order_is_stored_with_its_line_and_taken_from_the_stock(client, dbsession, make_item):
    item = make_item(price_cents=1_250, stock=5)
    response = client.post_json("/orders", {"item_id": item.id, "quantity": 3}, status=201)
    [line] = lines(dbsession, item)
    order = dbsession.get(Order, line.order_id)
    assert response.json == {
        "id": order.id,
        "item_id": item.id,
        "quantity": 3,
        "price_cents": 1_250,
        "total_cents": 3_750,
    }
    assert (line.quantity, line.price_cents) == (3, 1_250)
    assert (order.username, order.total_cents) == ("user-1", 3_750)
    assert tuple(stored(dbsession, item)) == (2, 2)


def test_the_row_is_locked_before_its_stock_is_read(client, dbsession, make_item):
    item, statements = make_item(), []

    def note(connection, cursor, statement, parameters, context, executemany):
        statements.append(statement)

    engine = dbsession.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        client.post_json("/orders", {"item_id": item.id, "quantity": 1}, status=201)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert sorted(statement.split()[0] for statement in statements) == ["INSERT", "INSERT", "SELECT", "UPDATE"]
    assert statements[0].endswith("FOR UPDATE")


def test_more_than_the_stock_is_a_conflict_and_changes_nothing(client, dbsession, make_item):
    item = make_item(stock=2)
    client.post_json("/orders", {"item_id": item.id, "quantity": 3}, status=409)
    assert lines(dbsession, item) == []
    assert tuple(stored(dbsession, item)) == (2, 1)


def test_an_unknown_item_is_named(client):
    response = client.post_json("/orders", {"item_id": 2_000_000_000, "quantity": 1}, status=422)
    assert [error["field"] for error in response.json["errors"]] == ["item_id"]


def test_wrong_types_and_ranges_are_named(client):
    for body in ({"item_id": "4711", "quantity": 21}, {"item_id": 0, "quantity": 1.5}, {}):
        response = client.post_json("/orders", body, status=422)
        assert {error["field"] for error in response.json["errors"]} == {"item_id", "quantity"}
