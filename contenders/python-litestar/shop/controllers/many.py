"""Further routes, as many as BAKEOFF_ROUTES says, registered one by one: what those of a large application cost."""

from litestar import route
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from ..models import Route
from ..requests import READ


def further_route(number: int) -> HTTPRouteHandler:
    @route(f"/routes/{number}/{{segment:str}}", http_method=READ)
    async def answer(segment: FromPath[str]) -> Route:
        return Route(route=number, id=segment)

    return answer
