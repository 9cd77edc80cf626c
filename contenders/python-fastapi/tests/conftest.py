"""The application over a real PostgreSQL, clients with and without a token, and rows that each test has to itself."""

import asyncio
import hashlib
import os
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

KEY = "a key that is only good for the tests"
ACCESS_LOG = Path(tempfile.mkdtemp()) / "access.log"

os.environ["ACCESS_LOG"] = str(ACCESS_LOG)
os.environ["BAKEOFF_ROUTES"] = "2"
os.environ["TOKEN_KEY"] = KEY
os.environ["WORKERS"] = "1"

import asyncpg  # noqa: E402
import httpx2  # noqa: E402
import jwt  # noqa: E402
import pytest  # noqa: E402
from fastapi.testclient import TestClient  # noqa: E402

from app.main import app  # noqa: E402
from app.routers.work import get_upstream  # noqa: E402


def part(request: httpx2.Request) -> httpx2.Response:
    number = int(request.url.path.rpartition("/")[2])
    return httpx2.Response(200, json={"part": number, "value": number * number})


@pytest.fixture(scope="session")
def stranger():
    """A client without a token. The application lives as long as it does."""
    upstream = httpx2.AsyncClient(base_url="http://upstream", transport=httpx2.MockTransport(part))
    app.dependency_overrides[get_upstream] = lambda: upstream
    with TestClient(app) as client:
        yield client
    app.dependency_overrides.clear()


class Client:
    """The same client with a token of user-1."""

    def __init__(self, stranger: TestClient) -> None:
        self.stranger = stranger

    def __getattr__(self, method):
        def request(path, headers=None, **kwargs):
            return getattr(self.stranger, method)(path, headers=bearer() | (headers or {}), **kwargs)

        return request


@pytest.fixture
def client(stranger):
    return Client(stranger)


def sign(key=KEY, algorithm="HS256", **claims):
    claims = {"sub": "user-1", "exp": datetime.now(UTC) + timedelta(minutes=5)} | claims
    present = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(present, key, algorithm=algorithm)


def bearer(**claims):
    return {"Authorization": f"Bearer {sign(**claims)}"}


async def connected(action):
    connection = await asyncpg.connect(os.environ["DATABASE_URL"])
    try:
        return await action(connection)
    finally:
        await connection.close()


def rows(sql, *values):
    """The rows of a statement, run on a connection of its own."""
    found = asyncio.run(connected(lambda connection: connection.fetch(sql, *values)))
    return [dict(row) for row in found]


@pytest.fixture
def make_item():
    """Inserts items, and takes them away after the test with all that was ordered of them."""
    made = []

    def make(**values):
        values = {"category": "tools", "name": "Saw & Co <tools>", "price_cents": 1_250, "stock": 5} | values
        sql = "INSERT INTO items (category, name, price_cents, stock, version) VALUES ($1, $2, $3, $4, 1) RETURNING *"
        made.extend(rows(sql, values["category"], values["name"], values["price_cents"], values["stock"]))
        return made[-1]

    yield make
    for item in made:
        for line in rows("DELETE FROM order_lines WHERE item_id = $1 RETURNING order_id", item["id"]):
            rows("DELETE FROM orders WHERE id = $1", line["order_id"])
        rows("DELETE FROM items WHERE id = $1", item["id"])


@pytest.fixture
def user():
    """A user whose password is `secret`."""
    name, salt = f"tester-{uuid4()}", os.urandom(16)
    digest = hashlib.scrypt(b"secret", salt=salt, n=16384, r=8, p=1, dklen=32)
    rows("INSERT INTO users VALUES ($1, $2, $3)", name, salt.hex(), digest.hex())
    yield name
    rows("DELETE FROM users WHERE username = $1", name)
