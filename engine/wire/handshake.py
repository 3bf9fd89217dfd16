"""The opening handshake of RFC 6455 (chapter 4) over a stream, from either end: by wsproto, or by
the short way where there is one.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Protocol

import h11
import msgspec
import trio
from wsproto.connection import ConnectionType
from wsproto.events import AcceptConnection, Event, RejectConnection, Request
from wsproto.handshake import H11Handshake
from wsproto.utilities import LocalProtocolError, RemoteProtocolError

from .compression import Deflate
from .link_errors import HandshakeFailed, HttpRefused
from .short_handshake import consent, new_key, request

Headers = list[tuple[bytes, bytes]]
_READ_BYTES = 4096
_END_OF_HEAD = re.compile(rb"\n\r?\n")
_LONGEST_END = 3  # bytes
_ENDED = "the connection ended in the WebSocket handshake"


class Opened(msgspec.Struct, frozen=True):
    """What the two ends agreed upon, and what the peer has sent since."""

    subprotocol: str | None = None
    deflate: Deflate | None = None
    rest: bytes = b""


class Wire(Protocol):
    """What a handshake needs of a stream. Both raise trio.BrokenResourceError when it broke, and
    trio.ClosedResourceError when it was closed.
    """

    async def send_all(self, data: bytes, /) -> None: ...

    async def receive_some(self, max_bytes: int, /) -> bytes | bytearray:
        """Nothing at its end."""


class _Head:
    """Reads an HTTP head off a stream, and not a byte more."""

    def __init__(self, wire: Wire, handshake: H11Handshake) -> None:
        self.handshake = handshake
        self.rest = b""
        self._wire = wire
        self._last = b""  # bytes, in which its end may have begun

    async def read(self, begin: bytes | None = None) -> Event:
        """What the head says, of which the beginning may have been received. Raises
        `HandshakeFailed`, or the parser's own error.
        """
        data = begin
        while True:
            if data is None:
                data = await _receive(self._wire)
            if not data:
                raise HandshakeFailed(_ENDED)
            end = self._end_in(data)
            head, self.rest = data[:end], data[end:]
            try:
                self.handshake.receive_data(head)
            except h11.ProtocolError as error:
                raise RemoteProtocolError("bad HTTP", RejectConnection()) from error
            for event in self.handshake.events():
                return event
            data = None

    def _end_in(self, data: bytes) -> int:
        known = self._last
        found = _END_OF_HEAD.search(known + data)
        self._last = (known + data)[-_LONGEST_END:]
        return len(data) if found is None else found.end() - len(known)

    async def send(self, event: Event) -> None:
        await _send(self._wire, self.handshake.send(event))


async def _send(wire: Wire, data: bytes) -> None:
    try:
        await wire.send_all(data)
    except (trio.BrokenResourceError, trio.ClosedResourceError) as error:
        raise HandshakeFailed(_ENDED) from error


async def _receive(wire: Wire) -> bytes:
    try:
        return bytes(await wire.receive_some(_READ_BYTES))
    except (trio.BrokenResourceError, trio.ClosedResourceError) as error:
        raise HandshakeFailed(_ENDED) from error


# ---- the dialling end


class _Client(H11Handshake):
    """Asks, perhaps with a key of ours."""

    def __init__(self, request: Request, key: bytes | None) -> None:
        super().__init__(ConnectionType.CLIENT)
        self.asked = self.send(request)
        if key is not None:
            self._nonce = key


async def ask(
    wire: Wire,
    *,
    host: str,
    path: str,
    subprotocols: Sequence[str],
    headers: Headers,
    deflate: Deflate | None = None,
) -> Opened:
    """Ask for a WebSocket. Raises `HandshakeFailed`, `HttpRefused` for another status than 101."""
    key = new_key()
    plain = request(host, path, subprotocols, headers, key) if deflate is None else None
    begin = None
    if plain is not None:
        await _send(wire, plain)
        begin = await _receive(wire)
        found = consent(begin, subprotocols, key)
        if found is not None:
            return Opened(found.subprotocol, None, found.rest)
    asks_for = Request(
        host=host,
        target=path,
        subprotocols=list(subprotocols),
        extra_headers=headers,
        extensions=[] if deflate is None else [deflate],
    )
    client = _Client(asks_for, None if plain is None else key)
    if plain is None:
        await _send(wire, client.asked)
    head = _Head(wire, client)
    try:
        event = await head.read(begin)
    except (RemoteProtocolError, UnicodeError) as error:
        raise HandshakeFailed("what answered is not a WebSocket as OCPP-J has it") from error
    if isinstance(event, RejectConnection):
        raise HttpRefused(event.status_code)
    assert isinstance(event, AcceptConnection)
    agreed = deflate if deflate is not None and deflate.enabled() else None
    return Opened(event.subprotocol, agreed, head.rest)


# ---- the accepting end


class Asked:
    """A client's request for a WebSocket."""

    def __init__(self, head: _Head, request: Request) -> None:
        self._head = head
        self._request = request

    @property
    def path(self) -> str:
        return self._request.target

    @property
    def subprotocols(self) -> tuple[str, ...]:
        """Those that it offers, in its order."""
        return tuple(self._request.subprotocols)

    @property
    def headers(self) -> Mapping[bytes, bytes]:
        """By their names in lower case."""
        return dict(self._request.extra_headers)

    async def accept(self, subprotocol: str | None, deflate: Deflate | None) -> Opened:
        """Answer with 101, and with what it offers of that."""
        supported = [] if deflate is None else [deflate]
        agreed = subprotocol if subprotocol in self.subprotocols else None
        await self._head.send(AcceptConnection(subprotocol=agreed, extensions=list(supported)))
        is_agreed = deflate is not None and deflate.enabled()
        return Opened(subprotocol, deflate if is_agreed else None, self._head.rest)

    async def reject(self, status: int, headers: Headers) -> None:
        await self._head.send(RejectConnection(status_code=status, headers=headers))


async def asked(wire: Wire) -> Asked:
    """A client's request. What is none is answered with its HTTP status; raises HandshakeFailed."""
    head = _Head(wire, H11Handshake(ConnectionType.SERVER))
    try:
        event = await head.read()
    except (RemoteProtocolError, UnicodeError) as error:
        refusal = getattr(error, "event_hint", None) or RejectConnection()
        await _refuse(head, refusal)
        raise HandshakeFailed("it was not asked for a WebSocket as OCPP-J has it") from error
    assert isinstance(event, Request)
    return Asked(head, event)


async def _refuse(head: _Head, refusal: RejectConnection) -> None:
    try:
        await head.send(refusal)
    except (LocalProtocolError, h11.LocalProtocolError):
        return  # the HTTP is too broken to be answered
