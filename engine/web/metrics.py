"""Figures for Prometheus over HTTP: one page, /metrics, of a registry."""

from functools import partial

import trio
from hypercorn.trio import serve
from prometheus_client import CollectorRegistry, make_asgi_app

from ..config import Api
from .server import listen, server_config


async def serve_registry(
    nursery: trio.Nursery, registry: CollectorRegistry, host: str, port: int
) -> None:
    """Serve the registry in the nursery until it is cancelled. Raises Failure."""
    listener = listen(Api(host=host, port=port), "the metrics")
    await nursery.start(
        partial(
            serve,
            make_asgi_app(registry),
            server_config(listener),
            shutdown_trigger=trio.sleep_forever,
            mode="asgi",
        )
    )
