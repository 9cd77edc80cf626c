"""The engine with its pool, and the session of a request."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from sqlalchemy import exc, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from .problems import DATABASE_ERRORS, database_unavailable
from .settings import Settings


def create_engine(settings: Settings) -> AsyncEngine:
    """It connects with the first request, so the server starts without a database."""
    return create_async_engine(
        make_url(settings.database_url).set(drivername="postgresql+asyncpg"),
        pool_size=settings.database_pool,
        max_overflow=0,
        pool_timeout=5,
        connect_args={"timeout": 5, "server_settings": {"statement_timeout": "15s"}},
    )


async def get_session(request: Request) -> AsyncIterator[AsyncSession]:
    # What was written is what is stored: nothing is read again after a commit.
    async with AsyncSession(request.state.engine, expire_on_commit=False) as session:
        yield session


Session = Annotated[AsyncSession, Depends(get_session)]


async def statement_failed(request: Request, error: exc.DBAPIError) -> JSONResponse:
    """SQLAlchemy's error wraps the driver's, which tells whether the database is at fault or the statement."""
    if isinstance(error.orig.__cause__, DATABASE_ERRORS):
        return await database_unavailable(request, error)
    raise error


def register(app: FastAPI) -> None:
    app.add_exception_handler(exc.DBAPIError, statement_failed)
    app.add_exception_handler(exc.TimeoutError, database_unavailable)
