"""Whether the instance is ready to serve."""

import asyncio

from fastapi import APIRouter
from sqlmodel import select

from ..database import Session
from ..schemas import Health

router = APIRouter(tags=["health"])


@router.head("/health", include_in_schema=False)
@router.get("/health")
async def health(session: Session) -> Health:
    async with asyncio.timeout(2):
        await session.exec(select(1))
    return Health(status="ok")
