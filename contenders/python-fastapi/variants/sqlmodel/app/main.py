"""The application: its lifespan, its middleware and its routers."""

from contextlib import asynccontextmanager

import httpx2
from fastapi import Depends, FastAPI

from . import access_log, auth, database, problems
from .bodies import BodyLimit
from .headers import SecurityHeaders
from .routers import accounts, health, items, many, orders, pages, socket, streams, work
from .schemas import STREAM_MAX
from .settings import get_settings
from .sockets import Sockets


@asynccontextmanager
async def lifespan(app: FastAPI):
    """What lives as long as the process: the log, the engine, the client for the upstream and the sockets."""
    settings = get_settings()
    access_log.configure(settings.access_log)
    limits = httpx2.Limits(max_connections=200, max_keepalive_connections=200)
    engine = database.create_engine(settings)
    async with httpx2.AsyncClient(base_url=settings.upstream_url, limits=limits, timeout=15) as upstream:
        sockets = Sockets(engine, alone=settings.workers == 1)
        yield {"engine": engine, "upstream": upstream, "sockets": sockets}
        await sockets.channel.close()
    await engine.dispose()


app = FastAPI(title="Shop", lifespan=lifespan, redirect_slashes=False)
app.add_middleware(BodyLimit, limit=65_536, limits={"/upload": STREAM_MAX})
app.add_middleware(SecurityHeaders)
app.add_middleware(access_log.AccessLog)  # the last that is added is the outermost
problems.register(app)
database.register(app)
for module in (accounts, health):
    app.include_router(module.router)
for module in (items, many, orders, pages, socket, streams, work):
    app.include_router(module.router, dependencies=[Depends(auth.bearer)])
