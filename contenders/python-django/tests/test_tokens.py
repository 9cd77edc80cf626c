from datetime import UTC, datetime, timedelta

import jwt
import pytest
from django.conf import settings

from .conftest import sign

JSON = "application/json"
PAST = datetime.now(UTC) - timedelta(seconds=5)

REFUSED = {
    "none": "",
    "another scheme": f"Basic {sign()}",
    "malformed": "Bearer one.two.three",
    "another key": f"Bearer {sign(key='another key of more than 32 bytes')}",
    "another algorithm": f"Bearer {sign(algorithm='HS384')}",
    "no algorithm": f"Bearer {sign(key=None, algorithm='none')}",
    "ended": f"Bearer {sign(exp=PAST)}",
    "without sub": f"Bearer {sign(sub=None)}",
    "without exp": f"Bearer {sign(exp=None)}",
}


@pytest.mark.parametrize("authorization", REFUSED.values(), ids=REFUSED)
def test_refuses_a_token_that_is_not_valid(stranger, authorization):
    for path in ("/json", "/items/1", "/routes/1/x"):
        response = stranger.get(path, headers={"Authorization": authorization})
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"] == "Bearer"
        assert response.headers["Content-Type"] == "application/problem+json"


def test_takes_a_valid_one(client):
    assert client.get("/json").json() == {"message": "Hello, World!"}
    assert client.get("/routes/2/x%20y").json() == {"route": 2, "id": "x y"}


def test_health_asks_for_none(stranger):
    assert stranger.get("/health").json() == {"status": "ok"}


def test_logging_in_gives_a_token_for_an_hour(stranger, user):
    response = stranger.post("/login", {"username": user, "password": "secret"}, content_type=JSON)
    assert response.status_code == 200
    assert response.json()["username"] == user
    token = response.json()["token"]
    claims = jwt.decode(token, settings.TOKEN_KEY, algorithms=["HS256"])
    assert claims["sub"] == user
    assert claims["exp"] == pytest.approx(datetime.now(UTC).timestamp() + 3600, abs=5)
    assert stranger.get("/json", headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_a_wrong_password_and_an_unknown_user_are_alike(stranger, user):
    for name, password in ((user, "wrong"), ("nobody", "secret")):
        body = {"username": name, "password": password}
        assert stranger.post("/login", body, content_type=JSON).status_code == 401


def test_names_what_logging_in_lacks(stranger):
    response = stranger.post("/login", {"username": 3}, content_type=JSON)
    assert response.status_code == 422
    assert {error["field"] for error in response.json()["errors"]} == {"username", "password"}
