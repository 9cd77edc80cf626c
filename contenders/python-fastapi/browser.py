"""The validation of request bodies on a page: the models of the server, which FastAPI gives the parsed JSON."""

import json

from pydantic import ValidationError

from app.schemas import Computation, Credentials, ItemChange, NewItem, NewOrder

MODELS = {
    "create-item": NewItem,
    "update-item": ItemChange,
    "place-order": NewOrder,
    "login": Credentials,
    "compute": Computation,
}


def check(scenario: str, body: str) -> dict | None:
    try:
        value = json.loads(body.encode())
    except ValueError:
        return {"status": 400}
    try:
        MODELS[scenario].model_validate(value)
    except ValidationError as error:
        named = [detail for detail in error.errors() if detail["loc"]]
        errors = [{"field": str(detail["loc"][0]), "message": detail["msg"]} for detail in named]
        return {"status": 422, "errors": errors}
    return None
