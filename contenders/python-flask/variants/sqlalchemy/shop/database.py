"""An engine with its pool for each process, and a session for each request, as Flask's SQLAlchemy pattern has them."""

from flask import current_app
from sqlalchemy import create_engine, exc, make_url
from sqlalchemy.orm import scoped_session, sessionmaker
from werkzeug.local import LocalProxy

from .problems import database_unavailable

session = LocalProxy(lambda: current_app.extensions["session"])


def init_app(app):
    engine = create_engine(
        make_url(app.config["DATABASE_URL"]).set(drivername="postgresql+psycopg"),
        pool_size=int(app.config["DATABASE_POOL"]),
        max_overflow=0,
        pool_timeout=5,
        connect_args={"connect_timeout": 5, "options": "-c statement_timeout=15s"},
    )
    # What was written is what is stored: nothing is read again after a commit.
    sessions = scoped_session(sessionmaker(engine, expire_on_commit=False))
    app.extensions["session"] = sessions
    app.teardown_appcontext(lambda error: sessions.remove())  # rolls back what no view has committed
    for kind in (exc.OperationalError, exc.TimeoutError):
        app.register_error_handler(kind, database_unavailable)
