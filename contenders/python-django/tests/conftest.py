"""Clients with and without a token, and rows that are rolled back after each test."""

import hashlib
import json
import os
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jwt
import pytest
from django.conf import settings as production
from django.test import Client

from shop.models import Item, User


@pytest.fixture(scope="session")
def django_db_setup():
    """The database of DATABASE_URL has the tables already."""


@pytest.fixture(autouse=True)
def database(db):
    """Each test runs in a transaction of its own, which is rolled back."""


class Upstream(BaseHTTPRequestHandler):
    def do_GET(self):
        part = int(self.path.rpartition("/")[2])
        body = json.dumps({"part": part, "value": part * part}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def upstream(settings):
    with ThreadingHTTPServer(("127.0.0.1", 0), Upstream) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.UPSTREAM_URL = f"http://127.0.0.1:{server.server_port}"
        yield
        server.shutdown()


def sign(key=production.TOKEN_KEY, algorithm="HS256", **claims):
    claims = {"sub": "user-1", "exp": datetime.now(UTC) + timedelta(minutes=5)} | claims
    present = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(present, key, algorithm=algorithm)


@pytest.fixture
def stranger():
    """A client without a token."""
    return Client()


@pytest.fixture
def client():
    return Client(headers={"Authorization": f"Bearer {sign()}"})


@pytest.fixture
def make_item():
    def make(**values):
        values = {"category": "tools", "name": "Saw & Co <tools>", "price_cents": 1_250, "stock": 5} | values
        return Item.objects.create(**values)

    return make


@pytest.fixture
def user():
    """A user whose password is `secret`."""
    salt = os.urandom(16)
    digest = hashlib.scrypt(b"secret", salt=salt, n=16384, r=8, p=1, dklen=32)
    return User.objects.create(username="tester", salt=salt.hex(), hash=digest.hex()).username
