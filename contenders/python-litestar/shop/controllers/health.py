"""Whether the instance is ready to serve."""

import asyncio

from litestar import route
from litestar.di import NamedDependency

from ..database import Pool
from ..models import Health
from ..requests import READ


@route("/health", http_method=READ, exclude_from_auth=True)
async def health(pool: NamedDependency[Pool]) -> Health:
    async with asyncio.timeout(2):
        await pool.fetchval("SELECT 1")
    return Health(status="ok")
