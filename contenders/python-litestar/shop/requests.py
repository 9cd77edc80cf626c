"""The request of a handler, with the types of its user and its token."""

from typing import TypeAlias

from litestar import Request
from litestar.datastructures import State

from .tokens import BearerToken

ShopRequest: TypeAlias = Request[str, BearerToken, State]
