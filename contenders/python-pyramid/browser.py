"""The validation of request bodies on a page: the schemas of the server, over JSON as its views read it."""

import json
import sys
from types import ModuleType

from marshmallow import ValidationError

# The schemas' module also reads requests, and raises Pyramid's errors about them. A page has no requests, and what
# Pyramid stands on (zope.interface) has no wheel for it.
errors = ModuleType("pyramid.httpexceptions")
errors.HTTPBadRequest = errors.HTTPUnsupportedMediaType = Exception
sys.modules["pyramid"] = ModuleType("pyramid")
sys.modules["pyramid.httpexceptions"] = errors

from shop.schemas import computation, credentials, item_change, new_item, new_order  # noqa: E402

SCHEMAS = {
    "create-item": new_item,
    "update-item": item_change,
    "place-order": new_order,
    "login": credentials,
    "compute": computation,
}


def check(scenario: str, body: str) -> dict | None:
    try:
        data = json.loads(body)  # webob decodes a body before it is parsed
    except (ValueError, RecursionError):
        return {"status": 400}
    try:
        SCHEMAS[scenario].load(data)
    except ValidationError as error:
        fields = error.normalized_messages()
        fields.pop("_schema", None)  # about the body as a whole
        errors = [{"field": field, "message": text} for field, texts in fields.items() for text in texts]
        return {"status": 422, "errors": errors}
    return None
