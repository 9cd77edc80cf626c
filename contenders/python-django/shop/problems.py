"""Every error leaves as an RFC 9457 problem document."""

from http import HTTPStatus

from django.core.exceptions import NON_FIELD_ERRORS
from django.http import JsonResponse


def problem(status, **members):
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, **members}
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return JsonResponse(body, status=status, content_type="application/problem+json", headers=headers)


class Problem(Exception):
    """Raised in a view: the answer is the problem document of this status."""

    def __init__(self, status, **members):
        self.status = status
        self.members = members


def invalid(form):
    """A 422 that names the fields of a form that is not valid."""
    errors = [
        {"field": field, "message": message}
        for field, messages in form.errors.items()
        if field != NON_FIELD_ERRORS
        for message in messages
    ]
    return Problem(422, errors=errors)


def bad_request(request, exception):
    return problem(400)


def forbidden(request, exception):
    return problem(403)


def not_found(request, exception):
    return problem(404)


def server_error(request):
    return problem(500)
