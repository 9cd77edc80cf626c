"""What lives as long as the process, and how a handler asks for it: by the name of an argument."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide

from .database import Items, Orders, Pool, Users, create_pool
from .settings import Settings
from .sockets import Sockets


@asynccontextmanager
async def open_resources(app: Litestar) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    limits = httpx2.Limits(max_connections=200, max_keepalive_connections=200)
    async with (
        create_pool(settings) as pool,
        httpx2.AsyncClient(base_url=settings.upstream_url, limits=limits, timeout=15) as upstream,
    ):
        sockets = Sockets(pool, alone=settings.workers == 1)
        app.state.update(
            {
                "pool": pool,
                "items": Items(pool),
                "orders": Orders(pool),
                "users": Users(pool),
                "upstream": upstream,
                "sockets": sockets,
            }
        )
        yield
        await sockets.channel.close()


# By key: as an attribute, `items` is the method of the mapping that a `State` is.
def get_pool(state: State) -> Pool:
    pool: Pool = state["pool"]
    return pool


def get_items(state: State) -> Items:
    items: Items = state["items"]
    return items


def get_orders(state: State) -> Orders:
    orders: Orders = state["orders"]
    return orders


def get_users(state: State) -> Users:
    users: Users = state["users"]
    return users


def get_upstream(state: State) -> httpx2.AsyncClient:
    upstream: httpx2.AsyncClient = state["upstream"]
    return upstream


def get_sockets(state: State) -> Sockets:
    sockets: Sockets = state["sockets"]
    return sockets


DEPENDENCIES = {
    "pool": Provide(get_pool, sync_to_thread=False),
    "items": Provide(get_items, sync_to_thread=False),
    "orders": Provide(get_orders, sync_to_thread=False),
    "users": Provide(get_users, sync_to_thread=False),
    "upstream": Provide(get_upstream, sync_to_thread=False),
    "sockets": Provide(get_sockets, sync_to_thread=False),
}
