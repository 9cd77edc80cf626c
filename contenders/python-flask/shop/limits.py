"""Refuses large bodies before any view runs, also for the views that read none."""

from flask import abort, request

from .schemas import STREAM_MAX

LARGEST_BODY = 65_536
DRAINED = 1_048_576


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
        # Gunicorn closes a connection with much left to read, while its answer has already promised to keep it.
        request.environ["wsgi.input"].read(DRAINED)
        abort(413)


def init_app(app):
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY + 1
    app.before_request(refuse_large_bodies)
