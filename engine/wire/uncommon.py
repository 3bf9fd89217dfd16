"""The frames that are not whole, uncompressed texts, read and written by wsproto.

What wsproto needs for them is made when such a frame comes, and kept only until its message is
whole: an idle connection has none.
"""

from collections.abc import Iterator

from wsproto.connection import Connection, ConnectionState, ConnectionType
from wsproto.events import Event, TextMessage

from .compression import Deflate
from .frames import FIN

_CONTROL = 0x08  # the bit that tells control frames by their opcode


class Uncommon:
    """A frame that the short way does not take, and the rest of its message."""

    __slots__ = ("_connection", "_largest", "_size", "_texts", "is_within_message", "to_come")

    def __init__(self, is_client: bool, deflate: Deflate | None, largest: int) -> None:
        self.to_come = 0
        """Bytes of the frame's payload that are still to be read."""
        self.is_within_message = False
        self._connection = _connection(is_client, deflate)
        self._largest = largest  # bytes, of all frames of a message
        self._size = 0
        self._texts: list[str] = []

    def begin(self, head: bytes, length: int) -> Iterator[Event]:
        """A frame whose payload is that long begins. A bad head is a CloseConnection."""
        is_data = not head[0] & _CONTROL
        self.to_come = length
        if is_data:
            self._size = self._size + length if self.is_within_message else length
            self.is_within_message = not head[0] & FIN
        return self._read(head)

    @property
    def is_done(self) -> bool:
        """Whether the frame is whole, and no more of its message is to come."""
        return not self.to_come and not self.is_within_message

    @property
    def has_closed(self) -> bool:
        """Whether a CloseConnection was the peer's, and not wsproto's own thought."""
        return self._connection.state is ConnectionState.REMOTE_CLOSING

    @property
    def is_too_big(self) -> bool:
        return self._size > self._largest

    def read(self, piece: bytes) -> Iterator[Event]:
        """The next piece of its payload."""
        self.to_come -= len(piece)
        return self._read(piece)

    def _read(self, data: bytes) -> Iterator[Event]:
        self._connection.receive_data(data)
        return self._connection.events()

    def text(self, event: TextMessage) -> str | None:
        """The whole text, when this was its last piece."""
        self._texts.append(event.data)
        if not event.message_finished:
            return None
        text = "".join(self._texts)
        self._texts.clear()
        return text


def frame_of(event: Event, is_client: bool, deflate: Deflate | None = None) -> bytes:
    """The frame that tells this."""
    return bytes(_connection(is_client, deflate).send(event))


def _connection(is_client: bool, deflate: Deflate | None) -> Connection:
    side = ConnectionType.CLIENT if is_client else ConnectionType.SERVER
    return Connection(side, [] if deflate is None else [deflate])
