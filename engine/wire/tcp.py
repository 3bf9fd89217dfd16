"""TCP to a CSMS: from which of our addresses, to which of its, and what went wrong in words."""

import errno
import ipaddress
import os
import socket
import sys
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import trio

from .link_errors import ConnectionRefused, HostNotFound

if TYPE_CHECKING:
    from .dial import Dial
    from .identity import Target
    from .pump import Opening, Pump

_IP_BIND_ADDRESS_NO_PORT = 24  # Python's socket module has no name for it
_UNSENT_BYTES = 2**14  # that the system takes at a time: what waits here can still be told to wait
_HOSTS = 64  # whose kind is remembered

_Address = tuple[int, int, int, str, Any]
"""As getaddrinfo gives it: family, type, protocol, name, and what `connect` wants (Any: that
differs by family).
"""


async def connected(dial: "Dial", target: "Target") -> trio.SocketStream:
    """Connect. Raises ConnectionRefused and HostNotFound."""
    _check_interface(dial)
    try:
        if (family := family_of(target.host)) is not None:
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
        raise _refused(target, error) from error


async def connected_among_many(dial: "Dial", target: "Target", pump: "Pump") -> "Opening":
    """Connect to an IP address with a socket of the pump's, which costs less. Raises
    ConnectionRefused, and trio.TooSlowError.
    """
    family = family_of(target.host)
    assert family is not None
    try:
        inner = _bound(family, socket.SOCK_STREAM, 0, dial)
        inner.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # these two as Trio has them
        inner.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, _UNSENT_BYTES)
        opening = pump.open(inner)
        try:
            await opening.connect((target.host, target.port), dial.connect_timeout)
        except BaseException:
            opening.drop()
            raise
    except OSError as error:
        raise _refused(target, error) from error
    return opening


@lru_cache(_HOSTS)
def family_of(host: str) -> socket.AddressFamily | None:
    """Give that of an IP address; None for a name."""
    try:
        return _FAMILIES[ipaddress.ip_address(host).version]
    except ValueError:
        return None


_FAMILIES = {4: socket.AF_INET, 6: socket.AF_INET6}


def _check_interface(dial: "Dial") -> None:
    """Say plainly what is not there."""
    if dial.interface is None:
        return
    try:
        socket.if_nametoindex(dial.interface)
    except OSError as error:
        raise ConnectionRefused(f"this host has no network interface {dial.interface}") from error


def _check_local_address(dial: "Dial") -> None:
    """The same; a bind that fails among several attempts to connect does not say it."""
    if dial.local_address is None:
        return
    family = socket.AF_INET6 if ":" in dial.local_address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        try:
            probe.bind((dial.local_address, 0))
        except OSError as error:
            raise _no_address(dial) from error


def _no_address(dial: "Dial") -> ConnectionRefused:
    return ConnectionRefused(f"this host has no address {dial.local_address}")


async def _first_of(found: Iterable[_Address], dial: "Dial") -> trio.SocketStream:
    """Connect to the first that can be. trio.open_tcp_stream has no place for socket options, and
    costs much where there is one address to try. Raises OSError.
    """
    failure: OSError = OSError(errno.EHOSTUNREACH, "no address")
    for family, kind, protocol, _, address in found:
        plain = trio.socket.from_stdlib_socket(_bound(family, kind, protocol, dial))
        try:
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


def _bound(family: int, kind: int, protocol: int, dial: "Dial") -> socket.socket:
    """Give a socket that does not block, and goes out by the dial's interface and local address.
    Raises OSError, and ConnectionRefused for an address that is none of ours.
    """
    plain = socket.socket(family, kind, protocol)
    try:
        plain.setblocking(False)
        if dial.interface is not None:
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, dial.interface.encode())
        if dial.local_address is not None:
            _bind(plain, dial)
    except BaseException:
        plain.close()
        raise
    return plain


def _bind(plain: socket.socket, dial: "Dial") -> None:
    """Bind to the local address, and leave the port to `connect`: it finds one where the other end
    differs.
    """
    if sys.platform == "linux":
        with suppress(OSError):  # an old kernel
            plain.setsockopt(socket.IPPROTO_IP, _IP_BIND_ADDRESS_NO_PORT, 1)
    try:
        plain.bind((dial.local_address, 0))
    except OSError as error:
        raise _no_address(dial) from error


def _refused(target: "Target", error: OSError) -> ConnectionRefused:
    return ConnectionRefused(f"no connection to {target.host}: {_cause(error)}")


def _cause(error: OSError) -> str:
    """trio raises one error for all attempts; the last of what lies under it tells most."""
    below = error.__cause__
    if isinstance(below, BaseExceptionGroup):
        below = below.exceptions[-1]
    told = below if isinstance(below, OSError) else error
    return os.strerror(told.errno) if told.errno else "refused"
