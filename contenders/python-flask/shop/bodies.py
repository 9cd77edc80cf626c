"""What a body may be: its size, which is checked before any view runs, and its media type."""

from flask import abort, request

from .schemas import STREAM_MAX

LARGEST_BODY = 65_536


def refuse_large_bodies():
    length = request.content_length
    if request.endpoint == "streams.upload":
        request.max_content_length = STREAM_MAX + 1
        if length is not None and length > STREAM_MAX:
            abort(413)
        return  # the view reads it, and counts where there is no length
    if length is None and "Transfer-Encoding" in request.headers:
        length = len(request.get_data())  # Werkzeug stops reading at MAX_CONTENT_LENGTH and says nothing
    if length is not None and length > LARGEST_BODY:
        abort(413)


def json_body(schema):
    """The request's JSON body, checked by a pydantic model."""
    if request.mimetype != "application/json":
        abort(415)
    return schema.model_validate_json(request.get_data())


def init_app(app):
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY + 1
    app.before_request(refuse_large_bodies)
