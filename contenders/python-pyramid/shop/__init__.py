"""The application: what it includes, and where its views are found."""

import os

from pyramid.config import Configurator


def main(global_config, **settings):
    settings["database_url"] = os.environ["DATABASE_URL"]
    settings["database_pool"] = int(os.environ.get("DATABASE_POOL", "8"))
    settings["token_key"] = os.environ["TOKEN_KEY"]
    settings["upstream_url"] = os.environ.get("UPSTREAM_URL", "")
    with Configurator(settings=settings) as config:
        config.include("pyramid_jinja2")
        config.include("pyramid_tm")
        config.include(".models")
        config.include(".security")
        config.include(".tweens")
        config.include(".routes")
        config.include(".many")
        config.scan()
    return config.make_wsgi_app()
