"""Further routes, as many as BAKEOFF_ROUTES says and registered one by one: what the table of routes of a large application costs."""

import os

from fastapi import APIRouter
from pydantic import BaseModel

router = APIRouter(tags=["many"])


class Route(BaseModel):
    route: int
    id: str


def answering(number: int):
    async def answer(id: str) -> Route:
        return Route(route=number, id=id)

    return answer


for number in range(1, int(os.environ.get("BAKEOFF_ROUTES", "0")) + 1):
    router.add_api_route(f"/routes/{number}/{{id}}", answering(number), name=f"route_{number}")
