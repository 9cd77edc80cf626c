from datetime import UTC, datetime, timedelta

import jwt
import pytest
from conftest import KEY, bearer

WRONG = {
    "none": {},
    "no scheme": {"Authorization": "abc"},
    "no JWT": {"Authorization": "Bearer abc"},
    "another key": bearer(key="a key that nobody has given to the service"),
    "another algorithm": bearer(algorithm="HS512"),
    "ended": bearer(exp=datetime.now(UTC) - timedelta(seconds=1)),
    "without an end": bearer(exp=None),
    "for nobody": bearer(sub=None),
}


@pytest.mark.parametrize("headers", WRONG.values(), ids=WRONG.keys())
def test_refuses_what_is_no_valid_token(stranger, headers):
    response = stranger.get("/json", headers=headers)
    assert response.status_code == 401
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["www-authenticate"] == "Bearer"


def test_health_asks_for_none(stranger):
    assert stranger.get("/health").json() == {"status": "ok"}


def test_logging_in_is_refused_to_a_wrong_password_and_an_unknown_user_alike(stranger):
    for name in ("user-1", "nobody"):
        response = stranger.post("/login", json={"username": name, "password": "wrong"})
        assert response.status_code == 401


def test_names_what_logging_in_lacks(stranger):
    response = stranger.post("/login", json={"username": 3})
    assert {error["field"] for error in response.json()["errors"]} == {"username", "password"}


def test_a_token_of_this_service_ends_an_hour_later(stranger, monkeypatch):
    monkeypatch.setattr("shop.controllers.accounts.matches", lambda password, record: True)
    response = stranger.post("/login", json={"username": "user-1", "password": "right"})
    assert response.status_code == 200
    token = response.json()["token"]
    claims = jwt.decode(token, KEY, algorithms=["HS256"])
    assert claims["sub"] == "user-1"
    assert claims["exp"] == pytest.approx(datetime.now(UTC).timestamp() + 3600, abs=5)
    assert stranger.get("/json", headers={"Authorization": f"Bearer {token}"}).status_code == 200
