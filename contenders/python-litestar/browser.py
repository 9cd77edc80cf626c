"""The validation of request bodies on a page: the function with which the server's handlers read them, and its structs."""

import sys
from types import ModuleType
from typing import Any


class HTTPException(Exception):
    status_code = 500


class ClientException(HTTPException):
    status_code = 400


class InvalidFields(HTTPException):
    status_code = 422

    def __init__(self, *errors: tuple[str, str]) -> None:
        self.errors = [{"field": field, "message": message} for field, message in errors]


def stand_in(name: str, **members: Any) -> None:
    module = ModuleType(name)
    module.__dict__.update(members)
    sys.modules[name] = module


# That function raises Litestar's errors. A page needs nothing else of Litestar and of what these modules import.
stand_in("litestar")
stand_in(
    "litestar.exceptions",
    ClientException=ClientException,
    HTTPException=HTTPException,
    NotFoundException=HTTPException,
)
stand_in("shop.problems", InvalidFields=InvalidFields)
stand_in("shop.requests", ShopRequest=object)

from shop.models import Computation, Credentials, ItemChange, NewItem, NewOrder  # noqa: E402
from shop.validation import body_of  # noqa: E402

STRUCTS = {
    "create-item": NewItem,
    "update-item": ItemChange,
    "place-order": NewOrder,
    "login": Credentials,
    "compute": Computation,
}


class Request:
    content_type = ("application/json", {})

    def __init__(self, text: str) -> None:
        self.text = text

    async def body(self) -> bytes:
        return self.text.encode()


async def check(scenario: str, body: str) -> dict[str, Any] | None:
    try:
        await body_of(Request(body), STRUCTS[scenario])
    except InvalidFields as error:
        return {"status": 422, "errors": error.errors}
    except ClientException:
        return {"status": 400}
    return None
