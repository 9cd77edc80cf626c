"""Further routes, as many as BAKEOFF_ROUTES says, registered one by one: what those of a large application cost."""

from litestar import get
from litestar.handlers import HTTPRouteHandler

from ..models import Route


def further_route(number: int) -> HTTPRouteHandler:
    @get(f"/routes/{number}/{{segment:str}}")
    async def answer(segment: str) -> Route:
        return Route(route=number, id=segment)

    return answer
