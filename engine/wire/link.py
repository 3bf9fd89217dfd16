"""What a session needs of its transport: one WebSocket between a station and a CSMS.

There are two: `direct_link`, where many connections share a process, and `reference_link` over
trio-websocket. One test of RFC 6455 holds them equal.
"""

from collections.abc import Mapping
from typing import Any, Protocol

import msgspec
import trio

from .alarms import Alarms
from .link_errors import LinkClosed

NORMAL, GOING_AWAY, PROTOCOL_ERROR, UNSUPPORTED, ABNORMAL = 1000, 1001, 1002, 1003, 1006
BAD_DATA, POLICY_VIOLATION, TOO_BIG, INTERNAL_ERROR = 1007, 1008, 1009, 1011

READ_AHEAD = 32  # messages that may wait for whoever reads them, or for a peer that does not read
READ_BYTES = 16 * 1024


class LinkSettings(msgspec.Struct, frozen=True):
    """What a link allows. Times are seconds."""

    max_message_size: int = 1 << 20  # bytes, as they are when they are inflated
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


class Receiver(Protocol):
    """Takes the messages of a link."""

    def receive(self, text: str | bytes, /) -> None:
        """One message, as bytes when it is ASCII. Raises `Unwanted` to have the link closed."""

    def end(self, failure: Exception | None, /) -> None:
        """No message will come any more; if `receive` raised something else, because of that."""


class Unwanted(Exception):
    """What came, or something in it, ends the link."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Link(Protocol):
    """One WebSocket. Text frames in both directions, pings, and its end."""

    alarms: Alarms
    """Ring as long as the link lives."""

    @property
    def gone(self) -> trio.Event:
        """Set when it has ended, and nothing of it is left."""

    @property
    def subprotocol(self) -> str | None: ...

    @property
    def peer(self) -> Peer: ...

    @property
    def closed(self) -> LinkClosed | None:
        """Why the link ended, once it has."""

    def attach(self, receiver: Receiver | None) -> None:
        """Hand every message to the receiver from now on; None: keep them for `receive`."""

    def pause(self) -> None:
        """Hand over no more messages, and soon read no more, until `resume`."""

    def resume(self) -> None: ...

    def post(self, text: bytes) -> None:
        """Send one text frame, in its turn; nothing need be waited for. Raises LinkClosed.

        A peer that takes nothing for as long as `send_timeout` gets the link cut.
        """

    async def send(self, text: bytes | str) -> None:
        """Post, and wait until it has left. Raises LinkClosed. A cancel does not undo it."""

    async def receive(self) -> str:
        """The next message, where no receiver is attached; raises LinkClosed after the last."""

    async def ping(self, timeout: float) -> bool:
        """Whether the peer answers a ping in time (s)."""

    def set_ping_interval(self, seconds: float) -> None:
        """Ping this often from now on; 0 is never."""

    async def close(self, code: int = NORMAL, reason: str = "") -> None:
        """Close in order, or cut the link when the peer does not play along. Idempotent."""


async def close_when_cancelled(link: Link) -> None:
    """A task in the nursery of the link's owner: a cancelled owner closes it in order."""
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
