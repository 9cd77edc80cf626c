"""The application: its lifespan, its middleware and its routers."""

import os
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI

from . import database, problems
from .limits import BodyLimit
from .routers import accounts, items, pages, work


@asynccontextmanager
async def lifespan(app: FastAPI):
    """What lives as long as the process: the connection pool and the client for the upstream."""
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=200)
    upstream_url = os.environ.get("UPSTREAM_URL", "")
    async with (
        database.create_pool() as pool,
        httpx.AsyncClient(base_url=upstream_url, limits=limits, timeout=15) as upstream,
    ):
        yield {"pool": pool, "upstream": upstream}


app = FastAPI(title="Shop", lifespan=lifespan, redirect_slashes=False)
app.add_middleware(BodyLimit, limit=65_536)
problems.register(app)
for module in (accounts, items, pages, work):
    app.include_router(module.router)
