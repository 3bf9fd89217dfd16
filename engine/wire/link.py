"""One WebSocket between a station and a CSMS: text frames in both directions, pings, and its end.

A link lives in its owner's nursery, as two tasks: one reads the socket and pings, the other waits
for the owner to be cancelled and then closes the link in order. No send is ever cancelled: a half
written frame would ruin the stream. A peer that does not read gets the link cut instead.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

import msgspec
import trio
import wsproto.utilities
from trio_websocket import ConnectionClosed

from .framed_stream import RECEIVE_BYTES
from .link_errors import HandshakeFailed, LinkClosed
from .websocket import Connection

NORMAL, GOING_AWAY, PROTOCOL_ERROR, UNSUPPORTED, ABNORMAL = 1000, 1001, 1002, 1003, 1006
POLICY_VIOLATION, TOO_BIG = 1008, 1009


class LinkSettings(msgspec.Struct, frozen=True):
    """What a link allows. Times are seconds."""

    max_message_size: int = 1 << 20  # characters
    ping_interval: float = 0.0  # 0: we send no pings (WebSocketPingInterval)
    pong_timeout: float = 10.0
    send_timeout: float = 30.0
    close_timeout: float = 3.0
    handshake_timeout: float = 10.0


class Peer(msgspec.Struct, frozen=True):
    """Who is at the other end."""

    address: str = ""
    port: int = 0
    is_tls: bool = False
    certificate: Mapping[str, Any] | None = None  # as ssl.SSLSocket.getpeercert gives it


class Link(Protocol):
    """What a session needs of its transport."""

    @property
    def subprotocol(self) -> str | None: ...

    @property
    def peer(self) -> Peer: ...

    @property
    def closed(self) -> LinkClosed | None:
        """Why the link ended, once it has."""

    async def send(self, text: bytes | str) -> None:
        """Send one text frame (bytes are its UTF-8). Not cancelled half-way; raises LinkClosed."""

    async def receive(self) -> str | bytes:
        """The next text frame; raises LinkClosed."""

    async def ping(self, timeout: float) -> bool:
        """Whether the peer answers a ping in time (s)."""

    async def close(self, code: int = NORMAL, reason: str = "") -> None:
        """Close in order, or cut the link when the peer does not play along. Idempotent."""


class WebSocketLink:
    """A link over trio-websocket."""

    def __init__(
        self,
        websocket: Connection,
        stream: trio.abc.Stream,
        settings: LinkSettings,
    ) -> None:
        self.subprotocol: str | None = None
        self.peer = Peer()
        self.settings = settings
        self.gone = trio.Event()  # set when it has ended
        self.life = trio.CancelScope()  # around its tasks
        self._websocket = websocket
        self._stream = stream
        self._ending: LinkClosed | None = None
        self._ping_interval = settings.ping_interval
        self._ping_interval_changed = trio.Event()

    def open(self, agreed: str | None, life: trio.CancelScope) -> None:
        """The handshake is done."""
        self.subprotocol = agreed or self._websocket.subprotocol
        self.peer = peer_of(self._stream)
        self.life = life

    @property
    def closed(self) -> LinkClosed | None:
        if self._ending is None and (reason := self._websocket.closed) is not None:
            self._ending = LinkClosed(reason.code, reason.reason or "")
        return self._ending

    async def send(self, text: bytes | str) -> None:
        if self.closed is not None:
            raise self._over()
        frames = self._websocket.frames
        rest = frames.begin_text(text.encode() if isinstance(text, str) else text)
        if not rest:
            return
        deadline = trio.current_time() + self.settings.send_timeout
        with trio.CancelScope(shield=True, deadline=deadline) as patience:
            try:
                await frames.finish_text(rest)
            except (trio.BrokenResourceError, trio.ClosedResourceError) as error:
                raise self._over() from error
        if patience.cancelled_caught:
            await self._cut("the peer does not read")
            raise self._over()

    async def receive(self) -> str | bytes:
        try:
            message = await self._websocket.frames.receive()
        except trio.EndOfChannel as error:
            raise self._over() from error
        if isinstance(message, bytes):
            await self.close(UNSUPPORTED, "binary frames are not OCPP-J")
            raise self._over()
        return message

    async def ping(self, timeout: float) -> bool:
        with trio.move_on_after(timeout):
            try:
                await self._websocket.ping()
            except (ConnectionClosed, wsproto.utilities.LocalProtocolError):
                return False
            return True
        return False

    async def close(self, code: int = NORMAL, reason: str = "") -> None:
        if self.closed is None:
            self._ending = LinkClosed(code, reason, by_us=True)
        deadline = trio.current_time() + self.settings.close_timeout
        with trio.CancelScope(shield=True, deadline=deadline):
            async with trio.open_nursery() as nursery:
                nursery.start_soon(self._say_goodbye, code, reason)
                await self.gone.wait()
                nursery.cancel_scope.cancel()
        self.life.cancel()
        with trio.CancelScope(shield=True):
            await self.gone.wait()

    async def _say_goodbye(self, code: int, reason: str) -> None:
        try:
            await self._websocket.aclose(code, reason)
        except wsproto.utilities.LocalProtocolError:
            await trio.aclose_forcefully(self._stream)  # it was closing already

    def set_ping_interval(self, seconds: float) -> None:
        """Ping this often from now on; 0 is never (WebSocketPingInterval)."""
        self._ping_interval = seconds
        self._ping_interval_changed.set()
        self._ping_interval_changed = trio.Event()

    async def ping_regularly(self) -> None:
        while True:
            changed = self._ping_interval_changed
            with trio.move_on_after(self._ping_interval or float("inf")) as interval:
                await changed.wait()
            if not interval.cancelled_caught:
                continue
            if not await self.ping(self.settings.pong_timeout):
                await self._cut("the peer does not answer pings")
                return

    async def _cut(self, reason: str) -> None:
        """Drop the connection without a closing handshake."""
        if self.closed is None:
            self._ending = LinkClosed(ABNORMAL, reason, by_us=True)
        self.life.cancel()  # the reader may be stuck where no closed socket wakes it
        await trio.aclose_forcefully(self._stream)

    def _over(self) -> LinkClosed:
        return self.closed or LinkClosed(ABNORMAL, "")


# ---- the life of a link


Handshake = Callable[[], Awaitable[str | None]]
"""Completes the handshake; gives the version agreed upon when the WebSocket does not say it."""


async def start_link(
    nursery: trio.Nursery,
    stream: trio.abc.Stream,
    connection: Connection,
    handshake: Handshake,
    settings: LinkSettings,
) -> WebSocketLink:
    """Shake hands on the stream, and run the link in the nursery until it ends.

    The stream is closed whatever happens. Raises `LinkError`.
    """
    link = WebSocketLink(connection, stream, settings)
    await nursery.start(_run, link, stream, connection, handshake)
    nursery.start_soon(_close_when_cancelled, link)
    return link


async def _run(
    link: WebSocketLink,
    stream: trio.abc.Stream,
    connection: Connection,
    handshake: Handshake,
    task_status: trio.TaskStatus[None],
) -> None:
    failure: Exception | None = None
    try:
        async with trio.open_nursery() as tasks:
            tasks.start_soon(connection.read)
            try:
                agreed = await _shake_hands(connection, handshake, link.settings)
            except Exception as error:  # carried out of the nursery unwrapped
                failure = error
                tasks.cancel_scope.cancel()
            else:
                link.open(agreed, tasks.cancel_scope)
                task_status.started()
                await trio.lowlevel.checkpoint_if_cancelled()
                # From here on only the link's end ends it: a cancelled owner closes it first.
                tasks.cancel_scope.shield = True
                tasks.start_soon(link.ping_regularly)
                await connection.ended.wait()
                await _linger(stream, link)
                tasks.cancel_scope.cancel()
    finally:
        link.gone.set()
        await trio.aclose_forcefully(stream)
    if failure is not None:
        raise failure


async def _shake_hands(
    connection: Connection, handshake: Handshake, settings: LinkSettings
) -> str | None:
    """What the handshake gives, unless the reader ends or time runs out before."""
    result: str | None = None
    failure: Exception | None = None
    is_done = False
    with trio.move_on_after(settings.handshake_timeout) as patience:
        async with trio.open_nursery() as race:
            race.start_soon(_cancel_at_end, connection, race.cancel_scope)
            try:
                result = await handshake()
                is_done = True
            except Exception as error:  # carried out of the nursery unwrapped
                failure = error
            race.cancel_scope.cancel()
    if failure is not None:
        raise failure
    if is_done:
        return result
    if patience.cancelled_caught:
        raise HandshakeFailed("the WebSocket handshake took too long")
    raise connection.handshake_failure()


async def _cancel_at_end(connection: Connection, scope: trio.CancelScope) -> None:
    await connection.ended.wait()
    scope.cancel()


async def _linger(stream: trio.abc.Stream, link: WebSocketLink) -> None:
    """Read a too large message on, so that the peer's kernel lets it see our close frame."""
    if link.closed is None or link.closed.code != TOO_BIG:
        return
    with trio.move_on_after(link.settings.close_timeout):
        try:
            while await stream.receive_some(RECEIVE_BYTES):
                pass
        except (trio.BrokenResourceError, trio.ClosedResourceError):
            return  # it was not to be


async def _close_when_cancelled(link: WebSocketLink) -> None:
    try:
        await link.gone.wait()
    except trio.Cancelled:
        await link.close(GOING_AWAY, "going away")
        raise


def peer_of(stream: trio.abc.Stream) -> Peer:
    """What is known of the other end of a stream; nothing of one in memory."""
    is_tls = isinstance(stream, trio.SSLStream)
    transport = stream.transport_stream if isinstance(stream, trio.SSLStream) else stream
    if not isinstance(transport, trio.SocketStream):
        return Peer(is_tls=is_tls)
    certificate = stream.getpeercert() if isinstance(stream, trio.SSLStream) else None
    try:
        name = transport.socket.getpeername()
    except OSError:  # it has gone already
        name = ""
    address, port = (name[0], name[1]) if isinstance(name, tuple) else ("", 0)
    return Peer(address=address, port=port, is_tls=is_tls, certificate=certificate or None)
