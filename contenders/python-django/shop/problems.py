"""Every error leaves as an RFC 9457 problem document."""

from http import HTTPStatus

from django.core.exceptions import NON_FIELD_ERRORS
from django.http import JsonResponse


def problem(status, **members):
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, **members}
    return JsonResponse(body, status=status, content_type="application/problem+json")


class Invalid(Exception):
    """What a client sent is not valid: a 422 that names the fields."""

    def __init__(self, errors=()):
        self.errors = list(errors)

    @classmethod
    def of(cls, form):
        return cls(
            {"field": field, "message": message}
            for field, messages in form.errors.items()
            if field != NON_FIELD_ERRORS
            for message in messages
        )


def bad_request(request, exception):
    return problem(400)


def forbidden(request, exception):
    return problem(403)


def not_found(request, exception):
    return problem(404)


def server_error(request):
    return problem(500)
