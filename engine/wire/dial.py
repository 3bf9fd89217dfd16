"""Dial a CSMS: TCP, TLS, WebSocket, one after the other, so that each can say what went wrong."""

import base64
import errno
import ipaddress
import os
import socket
import ssl
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import msgspec
import trio

from .compression import Deflate
from .handshake import Opened, ask
from .identity import Target, connection_target
from .link import Link, LinkSettings, peer_of
from .link_errors import (
    ConnectionRefused,
    DialFailed,
    DialTimedOut,
    HandshakeFailed,
    HostNotFound,
    NoSubprotocol,
    TlsFailed,
    TlsProblem,
)
from .pump import Pump
from .reference_link import start_reference_link
from .stream_carrier import open_stream_link
from .tls import ClientTls, client_context, shake_hands
from .websocket import client


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
    stream = await _connected(dial, target)
    if pump is None:
        link = await _single_link(nursery, stream, dial, target)
    else:
        link = await _link_among_many(nursery, stream, dial, target, pump)
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


async def _link_among_many(
    nursery: trio.Nursery, stream: trio.abc.Stream, dial: Dial, target: Target, pump: Pump
) -> Link:
    try:
        opened = await _opened(stream, dial, target)
    except BaseException:
        await trio.aclose_forcefully(stream)
        raise
    link: Link
    if isinstance(stream, trio.SocketStream):
        link = pump.link(stream, opened, dial.settings, peer_of(stream), is_client=True)
    else:
        link = await open_stream_link(nursery, stream, opened, dial.settings, is_client=True)
    return link


async def _opened(stream: trio.abc.Stream, dial: Dial, target: Target) -> Opened:
    with trio.move_on_after(dial.settings.handshake_timeout):
        return await ask(
            stream,
            host=target.host_header,
            path=target.path,
            subprotocols=dial.subprotocols,
            headers=_authorization(dial),
            deflate=_deflate(dial),
        )
    raise HandshakeFailed("the WebSocket handshake took too long")


def _deflate(dial: Dial) -> Deflate | None:
    return Deflate(dial.settings.max_message_size) if dial.offers_compression else None


def _authorization(dial: Dial) -> list[tuple[bytes, bytes]]:
    if dial.password is None:
        return []
    username = dial.identity.encode() if dial.username is None else dial.username
    return [(b"Authorization", b"Basic " + base64.b64encode(username + b":" + dial.password))]


# ---- TCP and TLS


async def _connected(dial: Dial, target: Target) -> trio.abc.Stream:
    with trio.move_on_after(dial.connect_timeout):
        plain = await _tcp(dial, target)
        if not target.is_tls:
            return plain
        context = dial.ssl_context or client_context(ClientTls())
        return await _tls(plain, target.host, context, dial.certificate_time)
    raise DialTimedOut(f"no connection within {dial.connect_timeout:g} s")


async def _tcp(dial: Dial, target: Target) -> trio.SocketStream:
    _check_interface(dial)
    try:
        if (family := _family(target.host)) is not None:
            address = (family, socket.SOCK_STREAM, 0, "", (target.host, target.port))
            return await _first_of([address], dial)
        _check_local_address(dial)
        if dial.interface is None:
            return await trio.open_tcp_stream(
                target.host, target.port, local_address=dial.local_address
            )
        found = await trio.socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
        return await _first_of(found, dial)
    except socket.gaierror as error:
        raise HostNotFound(f"no address for the host {target.host}") from error
    except OSError as error:
        raise ConnectionRefused(f"no connection to {target.host}: {_cause(error)}") from error


def _family(host: str) -> socket.AddressFamily | None:
    """Give that of an IP address; None for a name."""
    try:
        return _FAMILIES[ipaddress.ip_address(host).version]
    except ValueError:
        return None


_FAMILIES = {4: socket.AF_INET, 6: socket.AF_INET6}


def _check_interface(dial: Dial) -> None:
    """Say plainly what is not there."""
    if dial.interface is None:
        return
    try:
        socket.if_nametoindex(dial.interface)
    except OSError as error:
        raise ConnectionRefused(f"this host has no network interface {dial.interface}") from error


def _check_local_address(dial: Dial) -> None:
    """The same; a bind that fails among several attempts to connect does not say it."""
    if dial.local_address is None:
        return
    family = socket.AF_INET6 if ":" in dial.local_address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        try:
            probe.bind((dial.local_address, 0))
        except OSError as error:
            raise _no_address(dial) from error


def _no_address(dial: Dial) -> ConnectionRefused:
    return ConnectionRefused(f"this host has no address {dial.local_address}")


_Address = tuple[int, int, int, str, Any]
"""As getaddrinfo gives it: family, type, protocol, name, and what `connect` wants (Any: that
differs by family).
"""


async def _first_of(found: Iterable[_Address], dial: Dial) -> trio.SocketStream:
    """Connect to the first that can be. trio.open_tcp_stream has no place for socket options, and
    costs much where there is one address to try. Raises OSError.
    """
    failure: OSError = OSError(errno.EHOSTUNREACH, "no address")
    for family, kind, protocol, _, address in found:
        plain = trio.socket.socket(family, kind, protocol)
        try:
            if dial.interface is not None:
                plain.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, dial.interface.encode())
            if dial.local_address is not None:
                await _bind(plain, dial)
            await plain.connect(address)
        except OSError as error:
            plain.close()
            failure = error
        except BaseException:
            plain.close()
            raise
        else:
            return trio.SocketStream(plain)
    raise failure


async def _bind(plain: trio.socket.SocketType, dial: Dial) -> None:
    """Bind to the local address, and leave the port to `connect`: it finds one where the other end
    differs.
    """
    if sys.platform == "linux":
        with suppress(OSError):  # an old kernel
            plain.setsockopt(socket.IPPROTO_IP, _IP_BIND_ADDRESS_NO_PORT, 1)
    try:
        await plain.bind((dial.local_address, 0))
    except OSError as error:
        raise _no_address(dial) from error


_IP_BIND_ADDRESS_NO_PORT = 24  # Python's socket module has no name for it


def _cause(error: OSError) -> str:
    """trio raises one error for all attempts; the last of what lies under it tells most."""
    below = error.__cause__
    if isinstance(below, BaseExceptionGroup):
        below = below.exceptions[-1]
    told = below if isinstance(below, OSError) else error
    return os.strerror(told.errno) if told.errno else "refused"


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
