"""A stream that takes whole text frames out of what passes, so that they go the short way.

Theory of operation. trio-websocket reads and writes this stream as it would the socket: the opening
handshake, pings, the closing handshake and every uncommon frame pass through. Once the head of the
handshake has passed, what comes in is cut into frames here. A whole, well-formed text frame, as
nearly all are, goes straight to the inbox. Any other frame is passed on, whole, so that wsproto
never waits in the middle of one. A text frame that is to be sent is built here and tried on the
socket at once; only when the socket is full, or in use, need the sender wait.
"""

import socket
from collections import deque

import trio

from .frames import FIN, TEXT, Head, head_of, payload_of, text_frame

QUEUED_MESSAGES = 32  # read ahead, so that pings are answered while a message is handled
RECEIVE_BYTES = 16 * 1024
_END_OF_HEAD = b"\r\n\r\n"
_LONGEST_HEAD = 32 * 1024  # then the HTTP parser may complain


class FramedStream(trio.abc.Stream):
    """The stream under a WebSocket."""

    def __init__(self, stream: trio.abc.Stream, *, is_client: bool, max_message_size: int) -> None:
        self._stream = stream
        self._socket = _plain_socket(stream)
        self._is_drained = False
        self._is_client = is_client
        self._max_message_size = max_message_size
        self._sending = trio.StrictFIFOLock()
        self._buffer = bytearray()
        self._is_handshake = True
        self._passes_all = False
        self._is_fragmented = False
        self._inbox: deque[str | bytes] = deque()
        self._is_over = False
        self._arrived = trio.lowlevel.ParkingLot()
        self._taken = trio.lowlevel.ParkingLot()

    # ---- messages in

    async def receive(self) -> str | bytes:
        """The next message; raises `trio.EndOfChannel` after the last."""
        inbox = self._inbox
        while not inbox:
            if self._is_over:
                raise trio.EndOfChannel
            await self._arrived.park()
        message = inbox.popleft()
        if self._taken:
            self._taken.unpark_all()
        return message

    async def put(self, message: str | bytes) -> None:
        """A message for the inbox, when there is room in it."""
        self._inbox.append(message)
        self._arrived.unpark_all()
        while len(self._inbox) >= QUEUED_MESSAGES:
            await self._taken.park()

    def end(self) -> None:
        """There will be no more messages."""
        self._is_over = True
        self._arrived.unpark_all()

    # ---- messages out

    def begin_text(self, payload: bytes) -> bytes:
        """Send one text frame as far as that can be done at once; gives what remains.

        What remains must be given to `finish_text` before anything is awaited, and `finish_text`
        not be cancelled, unless the stream is closed then.
        """
        frame = text_frame(payload, is_masked=self._is_client)
        if self._socket is None or self._sending.locked():
            return frame
        try:
            return frame[self._socket.send(frame) :]
        except OSError:  # full, or broken: `finish_text` finds out
            return frame

    async def finish_text(self, rest: bytes) -> None:
        await self.send_all(rest)

    # ---- what trio-websocket uses

    async def send_all(self, data: bytes | bytearray | memoryview) -> None:
        async with self._sending:
            await self._stream.send_all(data)

    async def wait_send_all_might_not_block(self) -> None:
        await self._stream.wait_send_all_might_not_block()

    async def receive_some(self, max_bytes: int | None = None) -> bytes:
        """What is no text frame: the handshake, then whole frames, and nothing at the end."""
        while True:
            if not self._is_handshake and (frame := await self._next_uncommon()):
                return frame
            data = await self._more()
            if not data or self._passes_all:
                return data
            self._buffer += data
            if self._is_handshake and (head := self._head_of_handshake()):
                return head

    async def aclose(self) -> None:
        self.end()
        await self._stream.aclose()

    # ---- cutting

    async def _more(self) -> bytes:
        if self._socket is None:
            return bytes(await self._stream.receive_some(RECEIVE_BYTES))
        while True:
            if self._is_drained:
                self._is_drained = False
                if self._socket.fileno() < 0:
                    raise trio.ClosedResourceError
                await trio.lowlevel.wait_readable(self._socket)
            try:
                data = self._socket.recv(RECEIVE_BYTES)
            except BlockingIOError:
                self._is_drained = True
            except OSError as error:
                raise trio.BrokenResourceError from error
            else:
                # A read that took less than it may has taken everything: the next would be in vain.
                self._is_drained = len(data) < RECEIVE_BYTES
                return data

    def _head_of_handshake(self) -> bytes:
        """The HTTP head, once it is whole. What follows a refusal is not frames, but its body."""
        buffer = self._buffer
        at = buffer.find(_END_OF_HEAD)
        if at < 0 and len(buffer) <= _LONGEST_HEAD:
            return b""
        self._is_handshake = False
        is_upgrade = not self._is_client or buffer.startswith(b"HTTP/1.1 101")
        if at < 0 or not is_upgrade:
            return self._pass_all_from(0)
        head = bytes(buffer[: at + len(_END_OF_HEAD)])
        del buffer[: len(head)]
        return head

    def _pass_all_from(self, at: int) -> bytes:
        self._passes_all = True
        rest = bytes(self._buffer[at:])
        self._buffer.clear()
        return rest

    async def _next_uncommon(self) -> bytes:
        """Put text frames into the inbox, up to the first other frame, which is given."""
        buffer = self._buffer
        while (head := head_of(buffer)) is not None:
            if head.end - head.payload_at > self._max_message_size:
                return self._pass_all_from(0)  # trio-websocket closes with 1009
            if head.end > len(buffer):
                break
            text = self._common_text(head)
            frame = b"" if text is not None else bytes(buffer[: head.end])
            del buffer[: head.end]
            if text is None:
                return frame
            await self.put(text)
        return b""

    def _common_text(self, head: Head) -> str | None:
        """The text of a frame as nearly all are; None for any other."""
        if head.first != TEXT or self._is_fragmented or head.is_masked is self._is_client:
            self._note_fragment(head.first)
            return None
        try:
            return payload_of(self._buffer, head).decode()
        except UnicodeDecodeError:
            return None  # wsproto closes with 1007

    def _note_fragment(self, first: int) -> None:
        """Whether a message in fragments is under way. Control frames may come in its middle."""
        opcode = first & 0x0F
        if opcode < 0x8:
            self._is_fragmented = first & FIN == 0


def _plain_socket(stream: trio.abc.Stream) -> socket.socket | None:
    """The socket that can be used at once, without Trio; none for TLS or memory."""
    if not isinstance(stream, trio.SocketStream):
        return None
    inner: socket.socket = stream.socket._sock  # type: ignore[attr-defined] # Trio has no name for it
    return inner
