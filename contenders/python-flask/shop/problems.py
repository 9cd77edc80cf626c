"""Every error leaves as an RFC 9457 problem document."""

from http import HTTPStatus

import psycopg
import urllib3
from flask import current_app, jsonify, request
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

DRAINED = 1_048_576


def problem(status, **members):
    response = jsonify(type="about:blank", title=HTTPStatus(status).phrase, status=status, **members)
    response.status_code = status
    response.content_type = "application/problem+json"
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def http_error(error):
    # Gunicorn closes a connection with more than 64 KiB left to read, while its answer has promised to keep it.
    request.environ["wsgi.input"].read(DRAINED)
    response = problem(error.code)
    response.headers.extend(  # Allow on a 405, for example
        (name, value) for name, value in error.get_headers() if name != "Content-Type"
    )
    return response


def invalid(error):
    details = error.errors(include_url=False, include_context=False, include_input=False)
    if any(detail["type"] == "json_invalid" for detail in details):
        return problem(400)
    wrong = [{"field": str(d["loc"][0]), "message": d["msg"]} for d in details if d["loc"]]
    return problem(422, errors=wrong)


def database_unavailable(error):
    current_app.logger.error("database: %s", error)
    return problem(503)


def upstream_failed(error):
    current_app.logger.error("upstream: %s", error)
    return problem(502)


def init_app(app):
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(ValidationError, invalid)
    app.register_error_handler(psycopg.OperationalError, database_unavailable)
    app.register_error_handler(urllib3.exceptions.HTTPError, upstream_failed)
