"""The application factory: configuration, error handlers and blueprints in one place."""

import os

from flask import Flask

from . import accounts, database, items, limits, many, pages, problems, sockets, streams, work


def create_app():
    app = Flask(__name__)
    app.config["UPSTREAM_URL"] = os.environ.get("UPSTREAM_URL", "")
    app.url_map.converters["item_id"] = items.ItemIdConverter
    limits.init_app(app)
    problems.init_app(app)
    sockets.init_app(app)
    for module in (accounts, items, many, pages, sockets, streams, work):
        app.register_blueprint(module.blueprint)
    database.pool.open()
    return app
