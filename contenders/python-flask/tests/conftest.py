"""An application over a real PostgreSQL, clients with and without a token, and rows that each test has to itself."""

import hashlib
import json
import os
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import uuid4

import jwt
import psycopg
import pytest
from psycopg.rows import dict_row

from shop import create_app

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
    return create_app(
        {
            "TESTING": True,
            "ACCESS_LOG": tmp_path_factory.mktemp("log") / "access.log",
            "BAKEOFF_ROUTES": 2,
            "DATABASE_URL": os.environ["DATABASE_URL"],
            "TOKEN_KEY": KEY,
            "UPSTREAM_URL": upstream,
        }
    )


def sign(key=KEY, algorithm="HS256", **claims):
    claims = {"sub": "user-1", "exp": datetime.now(UTC) + timedelta(minutes=5)} | claims
    present = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(present, key, algorithm=algorithm)


@pytest.fixture
def stranger(app):
    """A client without a token."""
    return app.test_client()


@pytest.fixture
def client(app):
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {sign()}"
    return client


@pytest.fixture
def database():
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True, row_factory=dict_row) as connection:
        yield connection


@pytest.fixture
def make_item(database):
    """Inserts items, and takes them away after the test with all that was ordered of them."""
    made = []

    def make(**values):
        values = {"category": "tools", "name": "Saw & Co <tools>", "price_cents": 1_250, "stock": 5} | values
        sql = """INSERT INTO items (category, name, price_cents, stock, version)
                 VALUES (%(category)s, %(name)s, %(price_cents)s, %(stock)s, 1) RETURNING *"""
        made.append(database.execute(sql, values).fetchone())
        return made[-1]

    yield make
    for item in made:
        orders = database.execute("DELETE FROM order_lines WHERE item_id = %s RETURNING order_id", (item["id"],)).fetchall()
        for order in orders:
            database.execute("DELETE FROM orders WHERE id = %s", (order["order_id"],))
        database.execute("DELETE FROM items WHERE id = %s", (item["id"],))


@pytest.fixture
def user(database):
    """A user whose password is `secret`."""
    name, salt = f"tester-{uuid4()}", os.urandom(16)
    digest = hashlib.scrypt(b"secret", salt=salt, n=16384, r=8, p=1, dklen=32)
    database.execute("INSERT INTO users VALUES (%s, %s, %s)", (name, salt.hex(), digest.hex()))
    yield name
    database.execute("DELETE FROM users WHERE username = %s", (name,))
