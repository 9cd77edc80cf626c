"""The connection pool, and how a route asks for it."""

from typing import Annotated

import asyncpg
from fastapi import Depends, Request

from .settings import Settings


def create_pool(settings: Settings) -> asyncpg.Pool:
    return asyncpg.create_pool(
        settings.database_url,
        min_size=0,  # connects with the first request, so the server starts without a database
        max_size=settings.database_pool,
        timeout=5,
        server_settings={"statement_timeout": "15s"},
    )


def get_pool(request: Request) -> asyncpg.Pool:
    return request.state.pool


Pool = Annotated[asyncpg.Pool, Depends(get_pool)]
