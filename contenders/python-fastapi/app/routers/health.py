"""Whether the instance is ready to serve."""

import asyncio

from fastapi import APIRouter

from ..database import Pool
from ..schemas import Health

router = APIRouter(tags=["health"])


@router.head("/health", include_in_schema=False)
@router.get("/health")
async def health(pool: Pool) -> Health:
    async with asyncio.timeout(2):
        await pool.fetchval("SELECT 1")
    return Health(status="ok")
