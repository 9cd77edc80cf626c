"""The application over tables in memory, a client without a token, and tokens made by hand."""

import json
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import httpx2
import jwt
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from shop.app import create_app
from shop.controllers.accounts import NOBODY
from shop.database import Items, Orders, Users
from shop.models import Item, ItemPage, Order
from shop.problems import InvalidFields
from shop.settings import Settings
from shop.sockets import Sockets

KEY = "a key that is only good for the tests"
ACCESS_LOG = Path(tempfile.mkdtemp()) / "access.log"
ITEM = {"id": 1, "category": "garden", "name": "Item <1>", "price_cents": 7_920, "stock": 31, "version": 1}


class MemoryPool(asyncpg.Pool):
    def __init__(self):
        """Connects to nothing."""

    async def fetchval(self, *_):
        return 1


class MemoryItems(Items):
    async def find(self, item_id):
        return Item(**ITEM) if item_id == ITEM["id"] else None

    async def page(self, wanted):
        return ItemPage(items=[Item(**ITEM)], next=None)

    async def create(self, new):
        return Item(10_001, new.category, new.name, new.price_cents, new.stock, 1)

    async def change(self, item_id, change):
        return Item(**ITEM | {"stock": change.stock, "version": 2})


class MemoryUsers(Users):
    async def find(self, username):
        return NOBODY if username == "user-1" else None


class MemoryOrders(Orders):
    async def place(self, username, new):
        if new.item_id != ITEM["id"]:
            raise InvalidFields(("item_id", "there is no such item"))
        price = ITEM["price_cents"]
        return Order(1, new.item_id, new.quantity, price, price * new.quantity)


def part(request):
    number = int(request.url.path.rpartition("/")[2])
    return httpx2.Response(200, json={"part": number, "value": number * number})


@asynccontextmanager
async def resources_in_memory(app: Litestar) -> AsyncIterator[None]:
    pool = MemoryPool()
    upstream = httpx2.AsyncClient(base_url="http://upstream", transport=httpx2.MockTransport(part))
    app.state.update(
        {
            "pool": pool,
            "items": MemoryItems(pool),
            "orders": MemoryOrders(pool),
            "users": MemoryUsers(pool),
            "upstream": upstream,
            "sockets": Sockets(pool, alone=True),
        }
    )
    yield


@pytest.fixture(scope="session")
def stranger():
    """A client without a token. The application lives as long as it does."""
    settings = Settings(
        access_log=str(ACCESS_LOG),
        database_pool=1,
        database_url="",
        routes=2,
        token_key=KEY,
        upstream_url="",
        workers=1,
    )
    with TestClient(create_app(settings, resources_in_memory)) as client:
        yield client


class Client:
    """The same client with a token of user-1."""

    def __init__(self, stranger):
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


def logged():
    return [json.loads(line) for line in ACCESS_LOG.read_text().splitlines()]


def fields(response):
    """The fields that a 422 names."""
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    return {error["field"] for error in response.json()["errors"]}
