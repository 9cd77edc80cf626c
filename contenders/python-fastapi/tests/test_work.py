import hashlib
import time


def test_waits(client):
    start = time.monotonic()
    assert client.get("/wait?ms=30").json() == {"waited_ms": 30}
    assert time.monotonic() - start >= 0.03


def test_computes_the_longest_chain(client):
    assert client.post("/compute", json={"n": 1_000}).json() == {"n": 1_000, "start": 871, "length": 179}


def test_merges_the_parts_in_order(client):
    merged = client.get("/fan-out?n=3").json()
    assert merged == {"parts": [{"part": n, "value": n * n} for n in (1, 2, 3)], "sum": 14}


def test_names_the_parameter_that_is_wrong_or_absent(client):
    wrong = {"/wait?ms=1e2": "ms", "/wait": "ms", "/fan-out?n=21": "n", "/download?bytes=0": "bytes"}
    for path, field in wrong.items():
        response = client.get(path)
        assert response.status_code == 422
        assert [error["field"] for error in response.json()["errors"]] == [field]


def test_counts_and_hashes_an_upload(client):
    body = bytes(n % 251 for n in range(70_000))
    response = client.post("/upload", content=body, headers={"Content-Type": "application/octet-stream"})
    assert response.json() == {"bytes": 70_000, "sha256": hashlib.sha256(body).hexdigest()}


def test_makes_a_download(client):
    response = client.get("/download?bytes=70001")
    assert response.headers["content-length"] == "70001"
    assert response.content == bytes(n % 251 for n in range(70_001))


def test_sends_events_and_goes_on_after_the_last_one(client):
    response = client.get("/events?count=3&every_ms=0", headers={"Last-Event-ID": "1"})
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["cache-control"] == "no-store"
    events = [set(event.splitlines()) for event in response.text.split("\n\n") if event]
    assert events == [{f"id: {n}", "event: tick", f'data: {{"n":{n}}}'} for n in (2, 3)]
