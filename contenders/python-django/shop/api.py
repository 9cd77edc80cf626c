"""What the views share: limits of bodies, JSON in, forms checked, problems out."""

import json

from django.conf import settings
from django.views import View

from .problems import Problem, invalid, problem


class ApiView(View):
    largest_body = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    reads_chunked = False  # Django's WSGI handler reads a body only as far as Content-Length tells

    def dispatch(self, request, *args, **kwargs):
        if "HTTP_TRANSFER_ENCODING" in request.META and not self.reads_chunked:
            return problem(411)
        if int(request.META.get("CONTENT_LENGTH") or 0) > self.largest_body:
            return problem(413)
        return super().dispatch(request, *args, **kwargs)

    def http_method_not_allowed(self, request, *args, **kwargs):
        response = problem(405)
        response.headers["Allow"] = ", ".join(self._allowed_methods())
        return response

    def query(self, form_class):
        return valid(form_class(self.request.GET))

    def body(self, form_class):
        if self.request.content_type != "application/json":
            raise Problem(415)
        try:
            data = json.loads(self.request.body)
        except (ValueError, RecursionError):
            raise Problem(400) from None
        if not isinstance(data, dict):
            raise Problem(422, errors=[])
        return valid(form_class(data))


def valid(form):
    if not form.is_valid():
        raise invalid(form)
    return form
