"""The application of `production.ini`, in transactions that are rolled back, and clients with and without a token."""

import hashlib
import json
import os
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import jwt
import pytest
import transaction
from pyramid.paster import get_app, setup_logging
from webtest import TestApp

from shop.models import Item, User, get_tm_session

KEY = "a key that is only good for the tests"


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


@pytest.fixture(scope="session")
def upstream():
    with ThreadingHTTPServer(("127.0.0.1", 0), Upstream) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="session")
def app(upstream, tmp_path_factory):
    os.environ["ACCESS_LOG"] = str(tmp_path_factory.mktemp("log") / "access.log")
    os.environ["BAKEOFF_ROUTES"] = "2"
    os.environ["TOKEN_KEY"] = KEY
    os.environ["UPSTREAM_URL"] = upstream
    ini = str(Path(__file__).parent.parent / "production.ini")
    setup_logging(ini)
    return get_app(ini)


@pytest.fixture
def tm():
    manager = transaction.TransactionManager(explicit=True)
    manager.begin()
    manager.doom()
    yield manager
    manager.abort()


@pytest.fixture
def dbsession(app, tm):
    return get_tm_session(app.registry["dbsession_factory"], tm)


def sign(key=KEY, algorithm="HS256", **claims):
    claims = {"sub": "user-1", "exp": datetime.now(UTC) + timedelta(minutes=5)} | claims
    present = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(present, key, algorithm=algorithm)


def share(app, tm, dbsession):
    """A client whose requests use the session and the transaction of the test."""
    return TestApp(app, extra_environ={"tm.active": True, "tm.manager": tm, "app.dbsession": dbsession})


@pytest.fixture
def stranger(app, tm, dbsession):
    """A client without a token."""
    return share(app, tm, dbsession)


@pytest.fixture
def client(app, tm, dbsession):
    client = share(app, tm, dbsession)
    client.authorization = ("Bearer", sign())
    return client


@pytest.fixture
def make_item(dbsession):
    def make(**values):
        values = {"category": "tools", "name": "Saw & Co <tools>", "price_cents": 1_250, "stock": 5} | values
        item = Item(**values)
        dbsession.add(item)
        dbsession.flush()
        return item

    return make


@pytest.fixture
def user(dbsession):
    """A user whose password is `secret`."""
    salt = os.urandom(16)
    digest = hashlib.scrypt(b"secret", salt=salt, n=16384, r=8, p=1, dklen=32)
    dbsession.add(User(username="tester", salt=salt.hex(), hash=digest.hex()))
    dbsession.flush()
    return "tester"
