from shop.models import Item


def as_dict(item):
    return item.__json__(None)


def test_reads_an_item(client, make_item):
    item = make_item()
    assert client.get(f"/items/{item.id}").json == as_dict(item)


def test_an_id_that_names_nothing_is_not_found(client):
    for name in ("2000000000", "0", "-1", "first", "99999999999999999999"):
        response = client.get(f"/items/{name}", status=404)
        assert response.content_type == "application/problem+json"
        assert response.json == {"type": "about:blank", "title": "Not Found", "status": 404}


def test_lists_a_page_and_says_where_to_go_on(client, make_item):
    first, second, third = (make_item(category="travel") for _ in range(3))
    response = client.get(f"/items?category=travel&limit=2&after={first.id - 1}")
    assert response.json == {"items": [as_dict(first), as_dict(second)], "next": second.id}
    response = client.get(f"/items?category=travel&limit=2&after={second.id}")
    assert response.json == {"items": [as_dict(third)], "next": None}


def test_names_each_wrong_parameter(client):
    response = client.get("/items?limit=x&after=-5", status=422)
    assert {error["field"] for error in response.json["errors"]} == {"limit", "after"}


def test_creates_an_item_where_location_says(client, dbsession):
    body = {"category": "music", "name": "Atlas", "price_cents": 5, "colour": "red"}
    response = client.post_json("/items", body, status=201)
    item = dbsession.get(Item, response.json["id"])
    assert response.headers["Location"] == f"http://localhost/items/{item.id}"
    assert response.json == as_dict(item)
    assert (item.category, item.name, item.price_cents, item.stock, item.version) == ("music", "Atlas", 5, 0, 1)


def test_names_each_wrong_field(client):
    body = {"category": "nothing", "name": None, "price_cents": "12", "stock": True}
    response = client.post_json("/items", body, status=422)
    assert {error["field"] for error in response.json["errors"]} == set(body)


def test_a_body_that_is_no_json_is_a_bad_request(client):
    for path in ("/items", "/orders", "/login", "/compute"):
        client.post(path, '{"name": ', content_type="application/json", status=400)


def test_changes_what_is_named_and_counts_the_version_up(client, make_item):
    item = make_item()
    before = as_dict(item)
    response = client.patch_json(f"/items/{item.id}", {"version": 1, "price_cents": 777})
    assert response.json == before | {"price_cents": 777, "version": 2}


def test_a_stale_version_is_a_conflict_and_changes_nothing(client, make_item):
    item = make_item()
    client.patch_json(f"/items/{item.id}", {"version": 2, "name": "second"}, status=409)
    assert client.get(f"/items/{item.id}").json["name"] == "Saw & Co <tools>"


def test_null_is_no_change(client, make_item):
    response = client.patch_json(f"/items/{make_item().id}", {"version": 1, "name": None}, status=422)
    assert [error["field"] for error in response.json["errors"]] == ["name"]


def test_the_page_has_four_columns_and_escapes(client, make_item):
    item = make_item(category="<b>", price_cents=87_110, stock=341)
    page = client.get("/page", {"category": "<b>"})
    assert page.content_type == "text/html"
    assert "<h1>Items in &lt;b&gt;</h1>" in page.text
    cells = "<td>Saw &amp; Co &lt;tools&gt;</td><td>&lt;b&gt;</td><td>871.10</td><td>341</td>"
    assert f'<tr data-id="{item.id}">{cells}</tr>' in page.text
