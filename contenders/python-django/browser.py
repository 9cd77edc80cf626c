"""The validation of request bodies on a page: the forms of the server, over JSON as its views read it."""

import json

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS

settings.configure(USE_I18N=False)

from shop.forms import ComputationForm, CredentialsForm, ItemChangeForm, NewItemForm, NewOrderForm  # noqa: E402

FORMS = {
    "create-item": NewItemForm,
    "update-item": ItemChangeForm,
    "place-order": NewOrderForm,
    "login": CredentialsForm,
    "compute": ComputationForm,
}


def check(scenario: str, body: str) -> dict | None:
    try:
        data = json.loads(body.encode())
    except (ValueError, RecursionError):
        return {"status": 400}
    if not isinstance(data, dict):
        return {"status": 422, "errors": []}
    form = FORMS[scenario](data)
    if form.is_valid():
        return None
    errors = [
        {"field": field, "message": message}
        for field, messages in form.errors.items()
        if field != NON_FIELD_ERRORS
        for message in messages
    ]
    return {"status": 422, "errors": errors}
