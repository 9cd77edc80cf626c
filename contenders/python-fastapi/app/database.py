"""The connection pool, and how a route asks for it."""

import os
from typing import Annotated

import asyncpg
from fastapi import Depends, Request


async def keep(connection: asyncpg.Connection) -> None:
    """No route changes its session's state, so there is nothing to reset when a connection goes back."""


def create_pool() -> asyncpg.Pool:
    return asyncpg.create_pool(
        os.environ["DATABASE_URL"],
        min_size=0,  # connects with the first request, so the server starts without a database
        max_size=int(os.environ.get("DATABASE_POOL", "8")),
        timeout=5,
        command_timeout=15,
        reset=keep,
    )


def get_pool(request: Request) -> asyncpg.Pool:
    return request.state.pool


Pool = Annotated[asyncpg.Pool, Depends(get_pool)]
