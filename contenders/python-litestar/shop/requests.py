"""The request of a handler, with the types of its user and its token, and the methods that read."""

from typing import TypeAlias

from litestar import HttpMethod, Request
from litestar.datastructures import State

from .tokens import BearerToken

# Litestar answers HEAD where a route names it, by the handler of GET and without the body.
READ = [HttpMethod.GET, HttpMethod.HEAD]

ShopRequest: TypeAlias = Request[str, BearerToken, State]
