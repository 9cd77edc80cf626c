"""The application: its lifespan, its middleware and its routers."""

import os
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI

from . import database, problems
from .limits import BodyLimit
from .routers import accounts, items, many, pages, socket, streams, work
from .schemas import STREAM_MAX
from .sockets import Sockets


@asynccontextmanager
async def lifespan(app: FastAPI):
    """What lives as long as the process: the connection pool, the client for the upstream and the sockets."""
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=200)
    upstream_url = os.environ.get("UPSTREAM_URL", "")
    async with (
        database.create_pool() as pool,
        httpx.AsyncClient(base_url=upstream_url, limits=limits, timeout=15) as upstream,
    ):
        sockets = Sockets(pool)
        sockets.close_before_stopping()
        yield {"pool": pool, "upstream": upstream, "sockets": sockets}
        await sockets.channel.close()


app = FastAPI(title="Shop", lifespan=lifespan, redirect_slashes=False)
app.add_middleware(BodyLimit, limit=65_536, limits={"/upload": STREAM_MAX})
problems.register(app)
for module in (accounts, items, many, pages, socket, streams, work):
    app.include_router(module.router)
