"""The API as an ASGI application: its routes, its refusals, its OpenAPI document at /schema."""

import importlib.metadata

from litestar import Litestar
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.types import ASGIApp

from ..config import Config
from ..config.settings import is_loopback
from . import evse_routes, pages, station_routes
from .errors import HANDLERS
from .guard import Guard
from .watch import Watch

MOST_BYTES = 65_536  # of a request's body


def create_app(watch: Watch, config: Config) -> ASGIApp:
    app = Litestar(
        [*station_routes.ROUTES, *evse_routes.ROUTES, *pages.ROUTES],
        dependencies={"watch": Provide(lambda: watch, sync_to_thread=False, use_cache=True)},
        exception_handlers=HANDLERS,
        logging_config=None,  # else it takes over the root logger
        openapi_config=OpenAPIConfig(
            title="Pilotwire",
            version=importlib.metadata.version("pilotwire"),
            # Served as it is: a page that draws it would come from another machine.
            render_plugins=[JsonRenderPlugin(path="/")],
        ),
        request_max_body_size=MOST_BYTES,
    )
    return Guard(app, config.secrets.api.token, checks_host=is_loopback(config.api.host))
