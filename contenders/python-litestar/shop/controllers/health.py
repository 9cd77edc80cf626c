"""Whether the instance is ready to serve."""

import asyncio

from litestar import get

from ..database import Pool
from ..models import Health


@get("/health", exclude_from_auth=True)
async def health(pool: Pool) -> Health:
    async with asyncio.timeout(2):
        await pool.fetchval("SELECT 1")
    return Health(status="ok")
