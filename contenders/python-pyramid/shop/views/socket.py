"""The WebSocket."""

from pyramid.response import Response
from pyramid.view import view_config

from .problems import problem


class Closed(Response):
    """The answer after a closed socket: nothing, which a StopIteration signals to Gunicorn."""

    def __call__(self, environ, start_response):
        raise StopIteration


@view_config(route_name="socket", request_method="GET", header="Upgrade:(?i)websocket$")
def socket(request):
    request.registry["sockets"].serve(request.environ)
    return Closed()


@view_config(route_name="socket", request_method="GET")
def upgrade_required(request):
    response = problem(426)
    response.headers.update({"Connection": "Upgrade", "Upgrade": "websocket"})
    return response
