"""What the views share: JSON in, forms checked, problems out."""

import json

from django.conf import settings
from django.core.exceptions import BadRequest
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from .problems import Invalid, problem


# A request that carries no cookie cannot be forged across sites: clients of this interface hold no session.
@method_decorator(csrf_exempt, name="dispatch")
class ApiView(View):
    largest_body = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    reads_chunked = False  # Django's WSGI handler reads a body only as far as Content-Length tells

    def http_method_not_allowed(self, request, *args, **kwargs):
        response = problem(405)
        response.headers["Allow"] = ", ".join(self._allowed_methods())
        return response

    def query(self, form_class):
        return valid(form_class(self.request.GET))

    def body(self, form_class):
        try:
            data = json.loads(self.request.body)
        except (ValueError, RecursionError):
            raise BadRequest("the body is not JSON") from None
        if not isinstance(data, dict):
            raise Invalid
        return valid(form_class(data))


def valid(form):
    if not form.is_valid():
        raise Invalid.of(form)
    return form
