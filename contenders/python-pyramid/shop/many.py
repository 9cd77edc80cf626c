"""Further routes, as many as BAKEOFF_ROUTES says and registered one by one: what the table of routes of a large application costs."""

import os


def answering(route):
    return lambda request: {"route": route, "id": request.matchdict["id"]}


def includeme(config):
    for number in range(1, int(os.environ.get("BAKEOFF_ROUTES", "0")) + 1):
        config.add_route(f"route_{number}", f"/routes/{number}/{{id}}")
        config.add_view(answering(number), route_name=f"route_{number}", request_method="GET", renderer="json")
