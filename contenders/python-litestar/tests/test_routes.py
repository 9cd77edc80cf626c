import hashlib

import pytest
from conftest import ITEM, bearer, fields


def test_reads_an_item_by_a_whole_number(client):
    assert client.get("/items/1").json() == ITEM
    assert client.get("/items/%31").json() == ITEM
    for name in ("2", "0", "-1", "first", "99999999999999999999"):
        response = client.get(f"/items/{name}")
        assert response.status_code == 404
        assert response.json()["title"] == "Not Found"


def test_creates_an_item_where_location_says(client):
    response = client.post("/items", json={"category": "music", "name": "Atlas", "price_cents": 5, "colour": "red"})
    assert response.status_code == 201
    assert response.headers["location"] == "/items/10001"
    assert response.json()["stock"] == 0


def test_changes_an_item(client):
    assert client.patch("/items/1", json={"version": 1, "stock": 7}).json() == ITEM | {"stock": 7, "version": 2}
    assert fields(client.patch("/items/1", json={"version": 1})) == set()
    assert fields(client.patch("/items/1", json={"version": 1, "name": None})) == {"name"}


def test_names_each_wrong_field(client):
    body = {"category": "nothing", "name": None, "price_cents": "12", "stock": True}
    assert fields(client.post("/items", json=body)) == set(body)
    assert fields(client.post("/items", json={"category": "music"})) == {"name", "price_cents"}
    assert fields(client.post("/items", json=[])) == set()


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        ("/items?limit=x&after=-5", {"limit", "after"}),
        ("/items?limit=101", {"limit"}),
        ("/wait?ms=1e2", {"ms"}),
        ("/wait", {"ms"}),
        ("/fan-out?n=21", {"n"}),
        ("/download?bytes=0", {"bytes"}),
        ("/events", {"count", "every_ms"}),
        ("/page?category=%00", {"category"}),
    ],
)
def test_names_each_wrong_parameter(client, path, wrong):
    assert fields(client.get(path)) == wrong


def test_places_an_order(client):
    response = client.post("/orders", json={"item_id": 1, "quantity": 2})
    assert response.status_code == 201
    assert response.json() == {"id": 1, "item_id": 1, "quantity": 2, "price_cents": 7_920, "total_cents": 15_840}
    assert fields(client.post("/orders", json={"item_id": 2, "quantity": 1})) == {"item_id"}
    assert fields(client.post("/orders", json={"item_id": 1, "quantity": 21})) == {"quantity"}


def test_renders_a_page_and_escapes_it(client):
    response = client.get("/page?category=%3Cb%3E")
    assert response.headers["content-type"].startswith("text/html")
    assert "<h1>Items in &lt;b&gt;</h1>" in response.text
    assert "<td>Item &lt;1&gt;</td>" in response.text


def test_waits_computes_and_merges(client):
    assert client.get("/wait?ms=5").json() == {"waited_ms": 5}
    assert client.post("/compute", json={"n": 1_000}).json() == {"n": 1_000, "start": 871, "length": 179}
    merged = client.get("/fan-out?n=3").json()
    assert merged == {"parts": [{"part": n, "value": n * n} for n in (1, 2, 3)], "sum": 14}


def test_counts_and_hashes_an_upload(client):
    body = bytes(n % 251 for n in range(70_000))
    response = client.post("/upload", content=body, headers={"Content-Type": "application/octet-stream"})
    assert response.status_code == 200
    assert response.json() == {"bytes": 70_000, "sha256": hashlib.sha256(body).hexdigest()}


def test_makes_a_download(client):
    response = client.get("/download?bytes=70001")
    assert response.headers["content-length"] == "70001"
    assert response.content == bytes(n % 251 for n in range(70_001))


def test_sends_events_and_goes_on_after_the_last_one(client):
    response = client.get("/events?count=3&every_ms=0", headers={"Last-Event-ID": "1"})
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["cache-control"] == "no-store"
    events = [set(event.splitlines()) for event in response.text.replace("\r\n", "\n").split("\n\n") if event]
    assert events == [{f"id: {n}", "event: tick", f'data: {{"n":{n}}}'} for n in (2, 3)]


def test_serves_the_routes_that_are_registered_one_by_one(client):
    assert client.get("/routes/2/a%20b").json() == {"route": 2, "id": "a b"}
    assert client.get("/routes/3/a").status_code == 404


def test_answers_over_a_socket(stranger, client):
    with stranger.websocket_connect("/socket", headers=bearer()) as socket:
        for kind in ("echo", "broadcast"):
            socket.send_json({"type": kind, "data": "hello"})
            assert socket.receive_json() == {"type": kind, "data": "hello"}
        socket.send_text("hello")
        assert socket.receive_json()["type"] == "error"
    response = client.get("/socket")
    assert response.status_code == 426
    assert response.headers["upgrade"] == "websocket"
