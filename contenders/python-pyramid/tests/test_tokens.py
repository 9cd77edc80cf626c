from datetime import UTC, datetime, timedelta

import jwt
import pytest
from conftest import KEY, sign

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
        response = stranger.get(path, headers={"Authorization": authorization}, status=401)
        assert response.headers["WWW-Authenticate"] == "Bearer"
        assert response.content_type == "application/problem+json"


def test_takes_a_valid_one(client):
    assert client.get("/json").json == {"message": "Hello, World!"}
    assert client.get("/routes/2/x%20y").json == {"route": 2, "id": "x y"}


def test_health_asks_for_none(stranger):
    assert stranger.get("/health").json == {"status": "ok"}


def test_logging_in_gives_a_token_for_an_hour(stranger, user):
    response = stranger.post_json("/login", {"username": user, "password": "secret"})
    assert response.json["username"] == user
    token = response.json["token"]
    claims = jwt.decode(token, KEY, algorithms=["HS256"])
    assert claims["sub"] == user
    assert claims["exp"] == pytest.approx(datetime.now(UTC).timestamp() + 3600, abs=5)
    stranger.authorization = ("Bearer", token)
    assert stranger.get("/json").json == {"message": "Hello, World!"}


@pytest.mark.parametrize(("name", "password"), [("tester", "wrong"), ("nobody", "secret")])
def test_a_wrong_password_and_an_unknown_user_are_alike(stranger, user, name, password):
    stranger.post_json("/login", {"username": name, "password": password}, status=401)


def test_names_what_logging_in_lacks(stranger):
    response = stranger.post_json("/login", {"username": 3}, status=422)
    assert {error["field"] for error in response.json["errors"]} == {"username", "password"}
