from datetime import datetime

import pytest
from conftest import logged


def allowed(response):
    return set(response.headers["allow"].split(", "))


@pytest.mark.parametrize("path", ["/health", "/login", "/items", "/items/1", "/orders", "/upload"])
def test_a_method_that_is_not_served_is_refused_with_those_that_are(stranger, client, path):
    refused = client.delete(path)
    assert refused.status_code == 405
    assert refused.headers["content-type"] == "application/problem+json"
    options = stranger.options(path)
    assert options.status_code == 204
    assert allowed(options) == allowed(refused)
    assert "DELETE" not in allowed(options)


def test_the_methods_of_a_path_stand_together(stranger):
    assert allowed(stranger.options("/items")) == {"GET", "HEAD", "OPTIONS", "POST"}
    assert allowed(stranger.options("/items/1")) == {"GET", "HEAD", "OPTIONS", "PATCH"}


def test_head_asks_for_a_token_as_get_does(stranger, client):
    for path in ("/json", "/items/1", "/items", "/page"):
        assert client.head(path).status_code == 200
        assert client.head(path).headers["content-length"] == client.get(path).headers["content-length"]
        assert stranger.head(path).status_code == 401


@pytest.mark.parametrize("path", ["/items", "/orders", "/login", "/compute"])
def test_a_body_is_json_well_formed_and_of_bounded_size(client, path):
    assert client.post(path, content="{}", headers={"Content-Type": "text/plain"}).status_code == 415
    headers = {"Content-Type": "application/json; charset=utf-8"}
    assert client.post(path, content="{}", headers=headers).status_code == 422
    assert client.post(path, content='{"n": ', headers=headers).status_code == 400
    assert client.post(path, content="", headers=headers).status_code == 400
    assert client.post(path, json={"name": "x" * 70_000}).status_code == 413


def test_every_response_has_the_security_headers(stranger, client):
    for response in (client.get("/json"), client.get("/no/such/route"), stranger.get("/json"), client.put("/json")):
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["x-frame-options"] == "DENY"
        assert response.headers["referrer-policy"] == "same-origin"


def test_the_access_log_has_a_line_for_each_response(stranger, client):
    before = len(logged())
    client.get("/wait?ms=20")
    client.get("/no/such/route")
    client.get("/events?count=1&every_ms=0")
    stranger.post("/items", json={})
    lines = logged()[before:]
    for line in lines:
        line["path"] = line["path"].partition("?")[0]  # the test client, unlike a server, leaves the query in `raw_path`
    assert [(line["method"], line["path"], line["status"], line["user"]) for line in lines] == [
        ("GET", "/wait", 200, "user-1"),
        ("GET", "/no/such/route", 404, "user-1"),
        ("GET", "/events", 200, "user-1"),
        ("POST", "/items", 401, None),
    ]
    assert 20 <= lines[0]["duration_ms"] < 2_000
    assert lines[0]["time"].endswith("Z")
    assert datetime.fromisoformat(lines[0]["time"]).microsecond % 1_000 == 0
