"""One connection pool for each process. It connects in the background, so the server starts without a database."""

import atexit

from flask import current_app
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool
from werkzeug.local import LocalProxy

pool = LocalProxy(lambda: current_app.extensions["pool"])


def init_app(app):
    connections = ConnectionPool(
        app.config["DATABASE_URL"],
        min_size=1,
        max_size=int(app.config["DATABASE_POOL"]),
        timeout=5,
        open=True,
        # A statement stands for itself unless a view opens a transaction.
        kwargs={"autocommit": True, "row_factory": dict_row, "options": "-c statement_timeout=15s"},
    )
    app.extensions["pool"] = connections
    atexit.register(connections.close)
