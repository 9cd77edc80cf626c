"""The settings, each from the environment variable of its name."""

import os
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Settings:
    access_log: str
    database_pool: int
    database_url: str
    routes: int
    token_key: str
    upstream_url: str
    workers: int

    @classmethod
    def from_environment(cls) -> Self:
        environment = os.environ
        return cls(
            access_log=environment["ACCESS_LOG"],
            database_pool=int(environment.get("DATABASE_POOL", "8")),
            database_url=environment["DATABASE_URL"],
            routes=int(environment.get("BAKEOFF_ROUTES", "0")),
            token_key=environment["TOKEN_KEY"],
            upstream_url=environment.get("UPSTREAM_URL", ""),
            workers=int(environment.get("WORKERS", "1")),
        )
