"""trio-websocket's connection, put right where it does not do what RFC 6455 or OCPP-J asks.

This is the one place that touches its inner methods. Text frames do not come this way: see
`framed_stream`.
"""

from collections.abc import Sequence
from typing import Any

import h11
import trio
import wsproto.utilities
from trio_websocket import ConnectionRejected, WebSocketConnection, WebSocketRequest
from wsproto import ConnectionType, WSConnection
from wsproto.connection import ConnectionState
from wsproto.events import BytesMessage, CloseConnection, TextMessage

from .framed_stream import FramedStream
from .link_errors import HandshakeFailed, HttpRefused


class Connection(WebSocketConnection):
    """A connection whose reader task runs in a nursery of ours, and tells how it ended."""

    def __init__(
        self, stream: trio.abc.Stream, side: ConnectionType, max_message_size: int, **more: Any
    ) -> None:  # Any: handed on to trio-websocket as they are
        self.frames = FramedStream(
            stream, is_client=side is ConnectionType.CLIENT, max_message_size=max_message_size
        )
        super().__init__(self.frames, WSConnection(side), max_message_size=max_message_size, **more)
        self.ended = trio.Event()
        self._failure: Exception | None = None

    async def read(self) -> None:
        """The reader task."""
        try:
            await self._reader_task()
        except (ConnectionRejected, wsproto.utilities.ProtocolError) as failure:
            self._failure = failure
        except UnicodeError as failure:  # wsproto decodes the headers of the handshake as ASCII
            self._failure = failure
        except h11.ProtocolError as failure:  # a client that tried to reject the server's answer
            self._failure = failure
        finally:
            self.frames.end()
            self.ended.set()

    async def opened(self) -> None:
        """A client's handshake has been accepted. Waits for ever when it is not: see `ended`."""
        await self._open_handshake.wait()

    async def requested(self) -> WebSocketRequest:
        """A server's handshake has been asked for. Waits for ever when it is not: see `ended`."""
        return await self._get_request()

    def handshake_failure(self) -> HandshakeFailed:
        """Why the reader ended before the handshake did."""
        if self._reject_status:
            return HttpRefused(self._reject_status)
        if self._failure is not None:
            return HandshakeFailed("what answered is not a WebSocket as OCPP-J has it")
        return HandshakeFailed("the connection ended in the WebSocket handshake")

    async def _handle_close_connection_event(self, event: CloseConnection) -> None:
        # A close that wsproto thought of itself, for bad UTF-8 (1007) or a bad frame (1002):
        # trio-websocket would hang up without telling the peer.
        if self._wsproto.state is ConnectionState.OPEN:
            await self._send(CloseConnection(code=event.code, reason=event.reason))
        await super()._handle_close_connection_event(event)

    async def _handle_message_event(self, event: BytesMessage | TextMessage) -> None:
        # A message in fragments, or not of text. It joins the others in their order.
        await super()._handle_message_event(event)
        try:
            message = self._recv_channel.receive_nowait()
        except (trio.WouldBlock, trio.EndOfChannel, trio.ClosedResourceError):
            return  # not whole yet, or too big
        await self.frames.put(message)

    async def _close_web_socket(self, code: int, reason: str | None = None) -> None:
        await super()._close_web_socket(code, reason)
        self.frames.end()


def client(
    stream: trio.abc.Stream,
    *,
    host: str,
    path: str,
    subprotocols: Sequence[str],
    headers: list[tuple[bytes, bytes]],
    max_message_size: int,
) -> Connection:
    """The dialling end."""
    return Connection(
        stream,
        ConnectionType.CLIENT,
        max_message_size,
        host=host,
        path=path,
        client_subprotocols=subprotocols,
        client_extra_headers=headers,
    )


def server(stream: trio.abc.Stream, *, max_message_size: int) -> Connection:
    """The accepting end."""
    return Connection(stream, ConnectionType.SERVER, max_message_size)
