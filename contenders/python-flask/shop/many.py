"""Further routes, as many as BAKEOFF_ROUTES says and registered one by one: what the table of routes of a large application costs."""

import os

from flask import Blueprint, jsonify

blueprint = Blueprint("many", __name__)


def answering(route):
    return lambda: jsonify(route=route)


for number in range(1, int(os.environ.get("BAKEOFF_ROUTES", "0")) + 1):
    blueprint.add_url_rule(f"/routes/{number}", f"route_{number}", answering(number))
