"""Further routes, as many as BAKEOFF_ROUTES says and registered one by one: what the table of routes of a large application costs."""

from flask import jsonify


def answering(route):
    return lambda id: jsonify(route=route, id=id)


def init_app(app):
    for number in range(1, int(app.config["BAKEOFF_ROUTES"]) + 1):
        app.add_url_rule(f"/routes/{number}/<id>", f"route_{number}", answering(number))
