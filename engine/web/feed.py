"""News for those who listen (server-sent events): a bounded queue for each, and whoever does not
keep up is dropped.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
import trio

MOST_READERS = 32
MOST_WAITING = 256  # events for one reader
News = trio.MemoryReceiveChannel[bytes]


def event_text(name: str, data: object) -> bytes:
    """Write a server-sent event; JSON has no line ends, so it is one line of data."""
    return b"event: %s\ndata: %s\n\n" % (name.encode(), msgspec.json.encode(data))


class Feed:
    """Gives every reader the news from its coming on."""

    def __init__(self) -> None:
        self._readers: set[trio.MemorySendChannel[bytes]] = set()
        self._is_closed = False

    @property
    def has_readers(self) -> bool:
        return bool(self._readers)

    @property
    def has_room(self) -> bool:
        return len(self._readers) < MOST_READERS and not self._is_closed

    @contextmanager
    def subscribed(self) -> Iterator[News]:
        """Give a channel of news; it ends when the reader falls behind, or the feed closes."""
        send, receive = trio.open_memory_channel[bytes](MOST_WAITING)
        if self._is_closed:
            send.close()
        else:
            self._readers.add(send)
        with send, receive:
            try:
                yield receive
            finally:
                self._readers.discard(send)

    def publish(self, name: str, data: object) -> None:
        """Tell every reader."""
        if not self._readers:
            return
        text = event_text(name, data)
        for reader in list(self._readers):
            try:
                reader.send_nowait(text)
            except trio.WouldBlock:
                self._drop(reader)

    def close(self) -> None:
        """Let every reader come to its end."""
        self._is_closed = True
        for reader in list(self._readers):
            self._drop(reader)

    def _drop(self, reader: trio.MemorySendChannel[bytes]) -> None:
        self._readers.discard(reader)
        reader.close()
