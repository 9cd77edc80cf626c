"""One connection pool for each process. It connects in the background, so the server starts without a database."""

import os

from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool

pool = ConnectionPool(
    os.environ["DATABASE_URL"],
    min_size=1,
    max_size=int(os.environ.get("DATABASE_POOL", "8")),
    timeout=5,
    open=False,
    # Every request runs single statements that stand for themselves.
    kwargs={"autocommit": True, "row_factory": dict_row},
)
