"""Accept stations' connections: who they are, whether they may, in which version (OCPP-J 3).

One task a connection. Whatever goes wrong with one, the others do not notice.
"""

import base64
import binascii
import hmac
import ssl
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Literal, cast

import msgspec
import structlog
import trio

from ...profiles.family import Version
from .compression import Deflate
from .duplicates import Seat, Seats
from .handshake import Asked, Opened, asked
from .identity import chosen_version, requested_identity, suits
from .link import GOING_AWAY, NORMAL, PROTOCOL_ERROR, Link, LinkSettings, Peer, peer_of
from .link_errors import LinkError
from .pump import Pump, pumping
from .stream_carrier import open_stream_link
from .tls import shake_hands

log = structlog.get_logger()

Admission = Literal["anonymous", "authenticated", "unauthorized", "unknown", "blocked"]
"""Let in without or with credentials; HTTP 401; HTTP 404; HTTP 429."""


class Applicant(msgspec.Struct, frozen=True, kw_only=True):
    """A station that asks to be let in."""

    identity: str
    version: Version | None
    """None when no subprotocol can be agreed upon."""
    peer: Peer
    username: bytes | None = None
    password: bytes | None = None

    def __repr__(self) -> str:
        return f"Applicant(identity={self.identity!r}, peer={self.peer.address!r})"  # no password


Admit = Callable[[Applicant], Awaitable[Admission]]
Handle = Callable[[Link, Applicant], Awaitable[None]]


class Acceptance(msgspec.Struct, frozen=True, kw_only=True):
    """What a listener accepts."""

    versions: tuple[Version, ...]
    """In our order of preference."""
    path_prefix: str = "/"
    version_when_none_offered: Version | None = None
    """For stations that send no Sec-WebSocket-Protocol at all; None closes them."""
    max_connections: int = 10_000
    max_connections_per_address: int = 1_000
    settings: LinkSettings = LinkSettings()


def is_same_secret(one: bytes, other: bytes) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(one, other)


async def serve_links(
    listeners: Sequence[trio.abc.Listener[trio.abc.Stream]],
    acceptance: Acceptance,
    admit: Admit,
    handle: Handle,
    *,
    seats: Seats | None = None,
    task_status: trio.TaskStatus[Sequence[trio.abc.Listener[trio.abc.Stream]]] = (
        trio.TASK_STATUS_IGNORED
    ),
) -> None:
    """Accept connections until cancelled; then close them with 1001.

    `handle` has the link until it returns. Make listeners with `trio.open_tcp_listeners` and
    `trio.SSLListener`.
    """
    async with pumping() as pump:
        acceptor = Acceptor(acceptance, admit, handle, seats or Seats(), pump)
        await trio.serve_listeners(
            acceptor.serve, list(listeners), task_status=cast("Any", task_status)
        )  # trio's own types cannot say that the listeners given come back


class Acceptor:
    """Takes one stream after the other from being open to being closed."""

    def __init__(
        self,
        acceptance: Acceptance,
        admit: Admit,
        handle: Handle,
        seats: Seats,
        pump: Pump | None = None,
    ) -> None:
        """The pump has the connections without TLS; without one, each has tasks of its own."""
        self.seats = seats
        self._acceptance = acceptance
        self._admit = admit
        self._handle = handle
        self._pump = pump
        self._per_address: Counter[str] = Counter()

    async def serve(self, stream: trio.abc.Stream) -> None:
        """The whole life of one connection. Nothing that happens in it comes out, but a cancel."""
        address = peer_of_transport(stream)
        if not self._has_room(address):
            log.warning("connection_refused", address=address, reason="too many connections")
            await trio.aclose_forcefully(stream)
            return
        self._per_address[address] += 1
        try:
            await self._serve(stream, address)
        except Exception:  # the supervisor of all connections: one's end is not the others'
            log.exception("connection_failed", address=address)
        finally:
            self._per_address[address] -= 1
            if not self._per_address[address]:
                del self._per_address[address]
            await trio.aclose_forcefully(stream)

    def _has_room(self, address: str) -> bool:
        limits = self._acceptance
        return (
            self._per_address.total() < limits.max_connections
            and self._per_address[address] < limits.max_connections_per_address
        )

    async def _serve(self, stream: trio.abc.Stream, address: str) -> None:
        if not await self._secured(stream, address):
            return
        entry = _Entry()
        try:
            opened = await self._opened(stream, address, entry)
            if opened is not None:
                await self._handed_over(stream, opened, entry)
        finally:
            if entry.seat is not None and entry.applicant is not None:
                self.seats.leave(entry.applicant.identity, entry.seat)

    async def _secured(self, stream: trio.abc.Stream, address: str) -> bool:
        """Whether the TLS handshake, if there is to be one, went well."""
        if not isinstance(stream, trio.SSLStream):
            return True
        with trio.move_on_after(self._acceptance.settings.handshake_timeout):
            try:
                await shake_hands(stream)
            except (ssl.SSLError, trio.BrokenResourceError) as error:
                log.info("tls_failed", address=address, reason=str(error) or "connection ended")
                return False
            return True
        log.info("tls_failed", address=address, reason="took too long")
        return False

    async def _opened(
        self, stream: trio.abc.Stream, address: str, entry: "_Entry"
    ) -> Opened | None:
        """What the WebSocket handshake brought; None when it failed."""
        reason = "the WebSocket handshake took too long"
        with trio.move_on_after(self._acceptance.settings.handshake_timeout):
            try:
                return await self._shake_hands(stream, entry)
            except LinkError as error:
                reason = str(error)
        log.info("handshake_failed", address=address, reason=reason)
        return None

    def _handed_over(
        self, stream: trio.abc.Stream, opened: Opened, entry: "_Entry"
    ) -> Awaitable[None]:
        if self._pump is None or not isinstance(stream, trio.SocketStream):
            return self._handled_on_stream(stream, opened, entry)
        assert entry.applicant is not None
        settings, peer = self._acceptance.settings, entry.applicant.peer
        return self._handled(
            self._pump.link(stream, opened, settings, peer, is_client=False), entry
        )

    async def _handled_on_stream(
        self, stream: trio.abc.Stream, opened: Opened, entry: "_Entry"
    ) -> None:
        settings = self._acceptance.settings
        async with trio.open_nursery() as nursery:
            link = await open_stream_link(nursery, stream, opened, settings, is_client=False)
            await self._handled(link, entry)

    async def _handled(self, link: Link, entry: "_Entry") -> None:
        """Let the link be handled, and close it when that has ended."""
        assert entry.applicant is not None
        if entry.applicant.version is None:
            # OCPP-J 3.2: complete the handshake without the header, then close.
            await link.close(PROTOCOL_ERROR, "no subprotocol agreed")
            return
        assert entry.seat is not None
        entry.seat.link = link
        code = GOING_AWAY
        try:
            with entry.seat.scope:
                await self._handle(link, entry.applicant)
            code = NORMAL
        finally:
            await link.close(code)

    # ---- the WebSocket handshake

    async def _shake_hands(self, stream: trio.abc.Stream, entry: "_Entry") -> Opened:
        request = await asked(stream)
        applicant = self._applicant(request, peer_of(stream))
        if applicant is None:
            raise await _rejected(request, 404, "no such station")
        await self._admitted(request, applicant, entry)
        entry.applicant = applicant
        version = applicant.version
        agreed = None if version is None else version.subprotocol
        # OCPP-J 2.x, Part 4, 3.4: a CSMS takes compression.
        return await request.accept(agreed, Deflate(self._acceptance.settings.max_message_size))

    def _applicant(self, request: Asked, peer: Peer) -> Applicant | None:
        """Who is asking; None when it is nobody that we could know."""
        acceptance = self._acceptance
        identity = requested_identity(request.path, acceptance.path_prefix)
        if identity is None:
            return None
        offered = [name for name in request.subprotocols if name]
        version = chosen_version(offered, acceptance.versions)
        if not offered:
            version = acceptance.version_when_none_offered
        if version is not None and not suits(identity, version):
            return None
        username, password = basic_credentials(request.headers)
        return Applicant(
            identity=identity, version=version, peer=peer, username=username, password=password
        )

    async def _admitted(self, request: Asked, applicant: Applicant, entry: "_Entry") -> None:
        admission = await self._admit(applicant)
        if admission == "unknown":
            raise await _rejected(request, 404, "no such station")
        if admission == "blocked":
            raise await _rejected(request, 429, "too many failed attempts")
        is_other = applicant.username not in (None, applicant.identity.encode())  # A00.FR.204
        if admission == "unauthorized" or is_other:
            raise await _rejected(request, 401, "not authorized")
        if applicant.version is None:
            return  # it is closed at once, and takes nobody's seat
        entry.applicant = applicant
        entry.seat = await self.seats.take(
            applicant.identity, is_authenticated=admission == "authenticated"
        )
        if entry.seat is None:
            raise await _rejected(request, 409, "already connected")


class _Entry:
    """What the handshake finds out, for the connection's task."""

    __slots__ = ("applicant", "seat")

    def __init__(self) -> None:
        self.applicant: Applicant | None = None
        self.seat: Seat | None = None


class Rejected(LinkError):
    """The station was not let in."""


async def _rejected(request: Asked, status: int, reason: str) -> Rejected:
    headers = [(b"Connection", b"close")]
    if status == 401:
        headers.append((b"WWW-Authenticate", b'Basic realm="OCPP", charset="UTF-8"'))
    await request.reject(status, headers)
    return Rejected(f"answered with {status}: {reason}")


def basic_credentials(headers: Mapping[bytes, bytes]) -> tuple[bytes | None, bytes | None]:
    """Username and password of an Authorization header: bytes, as they need not be text."""
    scheme, _, encoded = headers.get(b"authorization", b"").strip().partition(b" ")
    if scheme.lower() != b"basic":
        return None, None
    try:
        username, colon, password = base64.b64decode(encoded.strip(), validate=True).partition(b":")
    except binascii.Error:
        return None, None
    return (username, password) if colon else (None, None)


def peer_of_transport(stream: trio.abc.Stream) -> str:
    """The address at the other end, before any handshake."""
    transport = stream.transport_stream if isinstance(stream, trio.SSLStream) else stream
    return peer_of(transport).address
