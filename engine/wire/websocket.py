"""trio-websocket's connection, put right where it does not do what RFC 6455 or OCPP-J asks.

This is the one place that touches its inner methods.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import h11
import trio
import wsproto.utilities
from trio_websocket import ConnectionRejected, WebSocketConnection, WebSocketRequest
from wsproto import ConnectionType, WSConnection
from wsproto.connection import ConnectionState
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Request,
    TextMessage,
)

from .compression import Deflate
from .link import READ_AHEAD, READ_BYTES
from .link_errors import HandshakeFailed, HttpRefused


class Connection(WebSocketConnection):
    """A connection whose reader task runs in a nursery of ours, and tells how it ended."""

    def __init__(
        self,
        stream: trio.abc.Stream,
        side: ConnectionType,
        max_message_size: int,
        deflate: Deflate | None,
        **more: Any,
    ) -> None:  # Any: handed on to trio-websocket as they are
        super().__init__(
            stream,
            WSConnection(side),
            max_message_size=max_message_size,
            message_queue_size=READ_AHEAD,
            receive_buffer_size=READ_BYTES,
            **more,
        )
        self.shut = trio.Event()  # no message will come any more
        self.ended = trio.Event()
        self._deflate = deflate
        self._failure: Exception | None = None
        if deflate is not None and self._initial_request is not None:
            self._initial_request = replace(self._initial_request, extensions=[deflate])

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
            self.shut.set()
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

    async def _accept(
        self, request: Request, subprotocol: str | None, extra_headers: list[tuple[bytes, bytes]]
    ) -> None:
        # As trio-websocket does, but with the extension.
        self._subprotocol = subprotocol
        self._path = request.target
        extensions = [] if self._deflate is None else [self._deflate]
        await self._send(
            AcceptConnection(
                subprotocol=subprotocol, extra_headers=extra_headers, extensions=list(extensions)
            )
        )
        self._open_handshake.set()

    async def _handle_close_connection_event(self, event: CloseConnection) -> None:
        # A close that wsproto thought of itself, for bad UTF-8 (1007) or a bad frame (1002):
        # trio-websocket would hang up without telling the peer.
        if self._wsproto.state is ConnectionState.OPEN:
            await self._send(CloseConnection(code=event.code, reason=event.reason))
        await super()._handle_close_connection_event(event)

    async def _handle_message_event(self, event: BytesMessage | TextMessage) -> None:
        await super()._handle_message_event(event)
        if self.closed is not None:  # it was too big; trio-websocket would wait for more
            self.shut.set()

    async def _close_web_socket(self, code: int, reason: str | None = None) -> None:
        await super()._close_web_socket(code, reason)
        self.shut.set()


def client(
    stream: trio.abc.Stream,
    *,
    host: str,
    path: str,
    subprotocols: Sequence[str],
    headers: list[tuple[bytes, bytes]],
    max_message_size: int,
    deflate: Deflate | None = None,
) -> Connection:
    """The dialling end."""
    return Connection(
        stream,
        ConnectionType.CLIENT,
        max_message_size,
        deflate,
        host=host,
        path=path,
        client_subprotocols=subprotocols,
        client_extra_headers=headers,
    )


def server(
    stream: trio.abc.Stream, *, max_message_size: int, deflate: Deflate | None = None
) -> Connection:
    """The accepting end."""
    return Connection(stream, ConnectionType.SERVER, max_message_size, deflate)
