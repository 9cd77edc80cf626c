"""The application factory: configuration, hooks, error handlers and blueprints in one place."""

import os

from flask import Flask

from . import (
    access_log,
    accounts,
    bodies,
    database,
    headers,
    items,
    many,
    orders,
    pages,
    problems,
    streams,
    tokens,
    work,
)

ENVIRONMENT = ("ACCESS_LOG", "BAKEOFF_ROUTES", "DATABASE_POOL", "DATABASE_URL", "TOKEN_KEY", "UPSTREAM_URL")


def create_app(test_config=None):
    app = Flask(__name__, static_folder=None)
    app.url_map.merge_slashes = False  # `//items` is no route
    app.url_map.converters["item_id"] = items.ItemIdConverter
    app.config.from_mapping(BAKEOFF_ROUTES=0, DATABASE_POOL=8, UPSTREAM_URL="")
    app.config.from_mapping({name: os.environ[name] for name in ENVIRONMENT if name in os.environ})
    app.config.from_mapping(test_config or {})

    # The order of the hooks: requests pass them from above, responses from below.
    for extension in (access_log, headers, tokens, bodies, problems, database):
        extension.init_app(app)
    for module in (accounts, items, orders, pages, streams, work):
        app.register_blueprint(module.blueprint)
    many.init_app(app)
    return app
