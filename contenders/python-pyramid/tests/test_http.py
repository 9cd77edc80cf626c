import json
import os
from datetime import datetime
from pathlib import Path

import pytest


def allowed(response):
    return set(response.headers["Allow"].split(", "))


@pytest.mark.parametrize("path", ["/health", "/login", "/items", "/items/1", "/orders", "/upload"])
def test_a_method_that_is_not_served_is_refused_with_those_that_are(stranger, client, path):
    refused = client.delete(path, status=405)
    assert refused.content_type == "application/problem+json"
    options = stranger.options(path)
    assert options.status_int in (200, 204)
    assert allowed(options) == allowed(refused)
    assert "DELETE" not in allowed(options)


def test_the_methods_of_a_path_stand_together(stranger):
    assert allowed(stranger.options("/items")) >= {"GET", "HEAD", "POST"}
    assert allowed(stranger.options("/items/1")) >= {"GET", "HEAD", "PATCH"}


def test_head_is_get_without_the_body(client, make_item):
    for path in ("/json", f"/items/{make_item().id}", "/items", "/page"):
        head, get = client.head(path), client.get(path)
        assert head.body == b""
        assert head.headers["Content-Length"] == str(len(get.body))


def test_paths_are_percent_decoded(client, make_item):
    item = make_item()
    encoded = "".join(f"%{ord(digit):02X}" for digit in str(item.id))
    assert client.get(f"/items/{encoded}").json["id"] == item.id


@pytest.mark.parametrize("path", ["/items", "/orders", "/login", "/compute"])
def test_another_media_type_is_refused(client, path):
    for content_type in ("text/plain", "application/problem+json", "application/x-www-form-urlencoded"):
        client.post(path, "{}", content_type=content_type, status=415)
    client.post(path, "{}", content_type="application/json; charset=utf-8", status=422)


def test_a_body_that_is_too_large_is_refused(client):
    client.post_json("/items", {"name": "x" * 70_000}, status=413)


def test_every_response_has_the_security_headers(stranger, client):
    for response in (
        client.get("/json"),
        client.get("/no/such/route", status=404),
        stranger.get("/json", status=401),
        client.put("/json", status=405),
    ):
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["X-Frame-Options"] == "DENY"
        assert response.headers["Referrer-Policy"] == "same-origin"


def test_the_access_log_has_a_line_for_each_request(stranger, client):
    log = Path(os.environ["ACCESS_LOG"])
    before = len(log.read_text().splitlines())
    client.get("/wait?ms=20")
    client.get("/no/such/route", status=404)
    client.get("/events?count=1&every_ms=0")
    stranger.post_json("/items", {}, status=401)
    lines = [json.loads(line) for line in log.read_text().splitlines()[before:]]
    assert [(line["method"], line["path"], line["status"], line["user"]) for line in lines] == [
        ("GET", "/wait", 200, "user-1"),
        ("GET", "/no/such/route", 404, "user-1"),
        ("GET", "/events", 200, "user-1"),
        ("POST", "/items", 401, None),
    ]
    assert 20 <= lines[0]["duration_ms"] < 2_000
    assert lines[0]["time"].endswith("Z")
    assert datetime.fromisoformat(lines[0]["time"]).microsecond % 1_000 == 0
