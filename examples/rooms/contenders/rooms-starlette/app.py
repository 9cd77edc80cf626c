import datetime
import os
from contextlib import asynccontextmanager

import asyncpg
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route


@asynccontextmanager
async def lifespan(app):
    async with asyncpg.create_pool(os.environ["DATABASE_URL"], max_size=int(os.environ["DATABASE_POOL"]), min_size=1) as pool:
        app.state.pool = pool
        yield


async def healthz(request):
    await request.app.state.pool.fetchval("SELECT 1")
    return PlainTextResponse("ok")


async def room(request):
    row = await request.app.state.pool.fetchrow("SELECT id, name, seats FROM rooms WHERE id = $1", request.path_params["id"])
    if row is None:
        raise HTTPException(404)
    return JSONResponse(dict(row))


async def bookings(request):
    rows = await request.app.state.pool.fetch(
        "SELECT id, to_char(day, 'YYYY-MM-DD') AS day, who FROM bookings WHERE room = $1 ORDER BY day, id LIMIT 10",
        request.path_params["id"],
    )
    return JSONResponse([dict(row) for row in rows])


async def book(request):
    body = await request.json()
    row = await request.app.state.pool.fetchrow(
        "INSERT INTO bookings (room, day, who) VALUES ($1, $2, $3) RETURNING id, room",
        body["room"],
        datetime.date.fromisoformat(body["day"]),
        body["who"],
    )
    return JSONResponse(dict(row), status_code=201)


app = Starlette(
    routes=[
        Route("/api/healthz", healthz),
        Route("/api/rooms/{id:int}", room),
        Route("/api/rooms/{id:int}/bookings", bookings),
        Route("/api/bookings", book, methods=["POST"]),
    ],
    lifespan=lifespan,
)
