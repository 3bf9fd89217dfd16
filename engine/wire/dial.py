"""Dial a CSMS: TCP, TLS, WebSocket, one after the other, so that each can say what went wrong."""

import base64
import ssl

import msgspec
import trio

from .compression import Deflate
from .handshake import Opened, Wire, ask
from .identity import Target, connection_target
from .link import Link, LinkSettings, Peer, peer_of
from .link_errors import (
    DialFailed,
    DialTimedOut,
    HandshakeFailed,
    NoSubprotocol,
    TlsFailed,
    TlsProblem,
)
from .pump import Pump
from .reference_link import start_reference_link
from .stream_carrier import open_stream_link
from .tcp import connected, connected_among_many, family_of
from .tls import ClientTls, client_context, shake_hands
from .websocket import client

_TOO_LONG = "the WebSocket handshake took too long"


class Dial(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to dial, as whom, and how."""

    url: str
    identity: str
    subprotocols: tuple[str, ...]
    """Offered in this order of preference."""
    password: bytes | None = None
    """For HTTP basic authentication; bytes, as 1.6's AuthorizationKey is."""
    username: bytes | None = None
    """The identity, unless it is given."""
    local_address: str | None = None
    interface: str | None = None
    """The network interface to go out by (SO_BINDTODEVICE)."""
    ssl_context: ssl.SSLContext | None = None
    """For wss:// URLs; without it the system's certificate authorities count."""
    certificate_time: float | None = None
    """s since 1970: the server's certificate must not have expired by then. For a context that
    ignores the time, where the host's clock is not to be believed."""
    connect_timeout: float = 20.0
    """Seconds, for TCP and TLS together."""
    offers_compression: bool = False
    """permessage-deflate, which a CSMS of 2.x must take (OCPP-J 2.x, Part 4, 3.4)."""
    settings: LinkSettings = LinkSettings()

    def __repr__(self) -> str:
        return f"Dial(url={self.url!r}, identity={self.identity!r})"  # no credentials


async def open_link(nursery: trio.Nursery, dial: Dial, pump: Pump | None = None) -> Link:
    """Dial, and run the link in the nursery until it ends. Raises `DialFailed`.

    A pump has the links of a process that has many; their owners close them, also when cancelled: a
    task for each would cost more than all else of a link.
    """
    try:
        target = connection_target(dial.url, dial.identity)
    except ValueError as error:
        raise DialFailed(str(error)) from error
    if pump is None:
        link = await _single_link(nursery, await _stream(dial, target), dial, target)
    else:
        link = await _link_among_many(nursery, dial, target, pump)
    if link.subprotocol is None:
        await link.close(1002, "no subprotocol agreed")
        raise NoSubprotocol("the server agreed to none of the offered subprotocols")
    return link


async def _single_link(
    nursery: trio.Nursery, stream: trio.abc.Stream, dial: Dial, target: Target
) -> Link:
    connection = client(
        stream,
        host=target.host_header,
        path=target.path,
        subprotocols=dial.subprotocols,
        headers=_authorization(dial),
        max_message_size=dial.settings.max_message_size,
        deflate=_deflate(dial),
    )
    return await start_reference_link(nursery, stream, connection, connection.opened, dial.settings)


async def _link_among_many(nursery: trio.Nursery, dial: Dial, target: Target, pump: Pump) -> Link:
    if target.is_tls or dial.interface is not None or family_of(target.host) is None:
        stream = await _stream(dial, target)
        opened = await _opened(stream, dial, target)
        if isinstance(stream, trio.SocketStream):
            return pump.link(stream, opened, dial.settings, peer_of(stream), is_client=True)
        return await open_stream_link(nursery, stream, opened, dial.settings, is_client=True)
    return await _plain_link(dial, target, pump)


async def _opened(stream: trio.abc.Stream, dial: Dial, target: Target) -> Opened:
    try:
        with trio.move_on_after(dial.settings.handshake_timeout):
            return await _ask(stream, dial, target)
        raise HandshakeFailed(_TOO_LONG)
    except BaseException:
        await trio.aclose_forcefully(stream)
        raise


async def _plain_link(dial: Dial, target: Target, pump: Pump) -> Link:
    """What most of many dial, an address without TLS: no task, no stream, no scope."""
    try:
        opening = await connected_among_many(dial, target, pump)
    except trio.TooSlowError as error:
        raise _too_late(dial) from error
    opening.limit(dial.settings.handshake_timeout)
    try:
        opened = await _ask(opening, dial, target)
    except trio.TooSlowError as error:
        opening.drop()
        raise HandshakeFailed(_TOO_LONG) from error
    except BaseException:
        opening.drop()
        raise
    return opening.link(opened, dial.settings, Peer(target.host, target.port))


async def _ask(wire: Wire, dial: Dial, target: Target) -> Opened:
    return await ask(
        wire,
        host=target.host_header,
        path=target.path,
        subprotocols=dial.subprotocols,
        headers=_authorization(dial),
        deflate=_deflate(dial),
    )


def _deflate(dial: Dial) -> Deflate | None:
    return Deflate(dial.settings.max_message_size) if dial.offers_compression else None


def _authorization(dial: Dial) -> list[tuple[bytes, bytes]]:
    if dial.password is None:
        return []
    username = dial.identity.encode() if dial.username is None else dial.username
    return [(b"Authorization", b"Basic " + base64.b64encode(username + b":" + dial.password))]


async def _stream(dial: Dial, target: Target) -> trio.abc.Stream:
    with trio.move_on_after(dial.connect_timeout):
        plain = await connected(dial, target)
        if not target.is_tls:
            return plain
        context = dial.ssl_context or client_context(ClientTls())
        return await _tls(plain, target.host, context, dial.certificate_time)
    raise _too_late(dial)


def _too_late(dial: Dial) -> DialTimedOut:
    return DialTimedOut(f"no connection within {dial.connect_timeout:g} s")


# ---- TLS


async def _tls(
    plain: trio.SocketStream, host: str, context: ssl.SSLContext, time: float | None
) -> trio.SSLStream[trio.SocketStream]:
    stream = trio.SSLStream(plain, context, server_hostname=host, https_compatible=True)
    try:
        await shake_hands(stream)
        if time is not None:
            _check_time(stream.getpeercert(), time)
    except (ssl.SSLError, trio.BrokenResourceError) as error:
        await trio.aclose_forcefully(plain)
        raise _tls_failure(error) from error
    except BaseException:
        await trio.aclose_forcefully(plain)
        raise
    return stream


def _check_time(certificate: dict[str, str], time: float) -> None:
    """Look at the end only: a clock that stood still is behind what has begun meanwhile."""
    if ssl.cert_time_to_seconds(certificate["notAfter"]) < time:
        raise TlsFailed("certificate", "the server's certificate: certificate has expired")


_ALERTS: tuple[tuple[str, TlsProblem], ...] = (
    ("PROTOCOL_VERSION", "version"),
    ("UNSUPPORTED_PROTOCOL", "version"),
    ("WRONG_VERSION", "version"),
    ("HANDSHAKE_FAILURE", "cipher"),
    ("NO_SHARED_CIPHER", "cipher"),
    ("NO_CIPHERS", "cipher"),
    ("CERTIFICATE_REQUIRED", "client_certificate"),
    ("BAD_CERTIFICATE", "client_certificate"),
    ("CERTIFICATE_EXPIRED", "client_certificate"),
    ("UNKNOWN_CA", "client_certificate"),
)
"""Parts of OpenSSL's reasons, and what they are about."""


def _tls_failure(error: Exception) -> TlsFailed:
    if isinstance(error, ssl.SSLCertVerificationError):
        return TlsFailed("certificate", f"the server's certificate: {error.verify_message}")
    if not isinstance(error, ssl.SSLError):
        return TlsFailed("other", "the connection ended in the TLS handshake")
    reason = error.reason or "unknown reason"
    kind: TlsProblem = next((kind for part, kind in _ALERTS if part in reason), "other")
    return TlsFailed(kind, f"the TLS handshake failed: {reason.replace('_', ' ').lower()}")
