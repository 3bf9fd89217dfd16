"""Serves the local API: Hypercorn on Trio, in the daemon's own nursery."""

import logging
import socket
from functools import partial

import structlog
import trio
from hypercorn.config import Config as ServerConfig
from hypercorn.trio import serve

from ..config import Api, Config
from ..failure import Failure
from .app import create_app
from .watch import Watch

log = structlog.get_logger()

GRACE_SECONDS = 1.0  # that requests under way get when the daemon stops
_STUCK_MILLISECONDS = 3000  # a reader that takes nothing for so long is gone
_SEND_BUFFER = 65_536  # bytes for a reader that is slow


class LocalApi:
    """The API. Tell its `watch` of the station and what happens there."""

    def __init__(self, config: Config) -> None:
        self.watch = Watch(config)
        self.port = 0  # once it listens
        self._config = config

    async def run(
        self, stopping: trio.Event, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED
    ) -> None:
        """Serve until `stopping`, then end in order. Raises Failure where it cannot listen."""
        listener = listen(self._config.api, "the API")
        host, self.port = listener.getsockname()[:2]
        app = create_app(self.watch, self._config)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._end_news, stopping)
            await nursery.start(
                partial(
                    serve,
                    app,  # type: ignore[arg-type]  # the two name the same ASGI types differently
                    server_config(listener),
                    shutdown_trigger=stopping.wait,
                    mode="asgi",
                )
            )
            log.info("api_listening", host=host, port=self.port)
            task_status.started()

    async def _end_news(self, stopping: trio.Event) -> None:
        await stopping.wait()
        self.watch.feed.close()


def listen(settings: Api, what: str) -> socket.socket:
    """Listen where the settings say. Raises Failure, which says that `what` cannot."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise _cannot_listen(settings, what, error) from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _bound_the_wait_for_slow_readers(listener)
        listener.bind(address)
        listener.listen()
    except OSError as error:
        listener.close()
        raise _cannot_listen(settings, what, error) from error
    return listener


def _cannot_listen(settings: Api, what: str, error: OSError) -> Failure:
    where = f"{settings.host} port {settings.port}"
    return Failure(f"{what} cannot listen on {where}: {error.strerror or error}")


def _bound_the_wait_for_slow_readers(listener: socket.socket) -> None:
    """Have the kernel end connections whose peer takes nothing: accepted sockets inherit it.

    Hypercorn shields what it sends from cancellation, so a reader that stands still would keep
    the daemon from stopping.
    """
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _STUCK_MILLISECONDS)


def server_config(listener: socket.socket) -> ServerConfig:
    """Give how Hypercorn serves on this listener."""
    config = ServerConfig()
    config.bind = [f"fd://{listener.detach()}"]  # who serves it closes it
    config.errorlog = logging.getLogger("hypercorn.error")
    config.include_server_header = False
    config.graceful_timeout = GRACE_SECONDS
    return config
