"""Further routes, as many as BAKEOFF_ROUTES says and registered one by one: what the table of routes of a large application costs."""

import os

from fastapi import APIRouter
from pydantic import BaseModel

router = APIRouter(tags=["many"])


class Route(BaseModel):
    route: int


def answering(number: int):
    async def answer() -> Route:
        return Route(route=number)

    return answer


for number in range(1, int(os.environ.get("BAKEOFF_ROUTES", "0")) + 1):
    router.add_api_route(f"/routes/{number}", answering(number), name=f"route_{number}")
