"""The validation of request bodies on a page: the models of the server, which read the JSON themselves."""

from pydantic import ValidationError

from shop.schemas import Computation, Credentials, ItemChange, NewItem, NewOrder

MODELS = {
    "create-item": NewItem,
    "update-item": ItemChange,
    "place-order": NewOrder,
    "login": Credentials,
    "compute": Computation,
}


def check(scenario: str, body: str) -> dict | None:
    try:
        MODELS[scenario].model_validate_json(body.encode())
    except ValidationError as error:
        details = error.errors()
        if any(detail["type"] == "json_invalid" for detail in details):
            return {"status": 400}
        errors = [{"field": str(d["loc"][0]), "message": d["msg"]} for d in details if d["loc"]]
        return {"status": 422, "errors": errors}
    return None
