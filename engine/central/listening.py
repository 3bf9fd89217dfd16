"""The ports that the central system listens on: a plain one, one with TLS, or both."""

from collections.abc import Sequence
from typing import NamedTuple

import trio

from ..config import Central
from ..failure import Failure
from ..wire.tls import ServerTls, TlsSettingsError, server_context

AnyListener = trio.abc.Listener[trio.abc.Stream]


class Listening(NamedTuple):
    """Ports are 0 where there is none."""

    listeners: Sequence[AnyListener]
    port: int  # of `central.port`
    tls_port: int  # of `central.tls.port`


async def listen(settings: Central, tls: ServerTls | None) -> Listening:
    """Take the ports. Raises Failure."""
    tcp = await _open(settings.host, settings.port)
    port = tcp[0].socket.getsockname()[1]
    if tls is None:
        return Listening(tcp, port, 0)
    try:
        context = server_context(tls)
    except TlsSettingsError as error:
        raise Failure(f"central.tls: {error}") from error
    if settings.tls.port is None:
        return Listening([trio.SSLListener(each, context) for each in tcp], port, port)
    secured = await _open(settings.host, settings.tls.port)
    tls_port = secured[0].socket.getsockname()[1]
    listeners = [*tcp, *(trio.SSLListener(each, context) for each in secured)]
    return Listening(listeners, port, tls_port)


async def _open(host: str, port: int) -> Sequence[trio.SocketListener]:
    try:
        return await trio.open_tcp_listeners(port, host=host)
    except OSError as error:
        reason = error.strerror or str(error)
        raise Failure(f"cannot listen on {host} port {port}: {reason}") from error
