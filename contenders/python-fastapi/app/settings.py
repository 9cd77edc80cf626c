"""The settings, each from the environment variable of its name."""

from functools import lru_cache
from pathlib import Path

from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    access_log: Path
    database_pool: int = 8
    database_url: str
    token_key: str
    upstream_url: str = ""
    workers: int = 1


@lru_cache
def get_settings() -> Settings:
    return Settings()
