"""The application: its routes, its plugins, and the access log around it."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from jinja2 import Environment, PackageLoader, select_autoescape
from litestar import Litestar
from litestar.datastructures import State
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.template import TemplateConfig

from . import problems
from .access_log import AccessLog
from .controllers.accounts import login
from .controllers.health import health
from .controllers.items import ItemController
from .controllers.many import further_route
from .controllers.orders import place_order
from .controllers.pages import page
from .controllers.socket import talk, upgrade_required
from .controllers.streams import download, events, upload
from .controllers.work import compute, fan_out, hello, wait
from .headers import add_security_headers
from .resources import DEPENDENCIES, open_resources
from .settings import Settings
from .tokens import create_auth

BODY_MAX = 65_536

Lifespan = Callable[[Litestar], AbstractAsyncContextManager[None]]


def create_templates() -> TemplateConfig[JinjaTemplateEngine]:
    environment = Environment(
        loader=PackageLoader("shop"),
        autoescape=select_autoescape(),
        auto_reload=False,  # no look at the file for each page
    )
    return TemplateConfig(instance=JinjaTemplateEngine.from_environment(environment))


def create_app(settings: Settings, lifespan: Lifespan = open_resources) -> AccessLog:
    auth = create_auth(settings.token_key)
    app = Litestar(
        route_handlers=[
            health,
            login,
            hello,
            ItemController,
            place_order,
            page,
            wait,
            fan_out,
            compute,
            upload,
            download,
            events,
            talk,
            upgrade_required,
            *(further_route(number) for number in range(1, settings.routes + 1)),
        ],
        dependencies=DEPENDENCIES,
        lifespan=[lifespan],
        state=State({"settings": settings, "auth": auth}),
        on_app_init=[auth.on_app_init],
        plugins=[problems.plugin()],
        exception_handlers={405: problems.method_not_allowed},
        before_send=[add_security_headers],
        template_config=create_templates(),
        request_max_body_size=BODY_MAX,
        logging_config=None,  # errors are logged where they become a response
        openapi_config=None,
    )
    return AccessLog(app, settings.access_log, auth)
