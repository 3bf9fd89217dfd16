"""Carries a link's bytes over a Trio stream, with tasks of its own: TLS, memory, other systems."""

import trio

from .alarms import Alarms
from .direct_link import DirectLink
from .handshake import Opened
from .link import READ_BYTES, LinkSettings, Peer, peer_of
from .pump import socket_of

_WRITE_BYTES = 64 * 1024  # at a time, so that it shows when the peer takes something


class StreamCarrier:
    """A reader, a writer and the alarms."""

    def __init__(self, stream: trio.abc.Stream) -> None:
        self.alarms = Alarms()
        self._stream = stream
        self.send = (
            socket_of(stream).send if isinstance(stream, trio.SocketStream) else _send_nothing
        )
        self._reads = True
        self._writes = False
        self._is_finishing = False
        self._changed = trio.Event()  # of what is to be done
        self._life = trio.CancelScope(shield=True)  # only the link's end ends it

    def link(
        self, opened: Opened, settings: LinkSettings, peer: Peer, *, is_client: bool
    ) -> DirectLink:
        self._link = DirectLink(self, opened, settings, peer, is_client=is_client)
        self._rest = opened.rest
        return self._link

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Carry until the link drops the connection. The stream is closed whatever happens."""
        try:
            with self._life:
                task_status.started()
                async with trio.open_nursery() as nursery:
                    nursery.start_soon(self._write)
                    nursery.start_soon(self.alarms.run)
                    await self._read()
        finally:
            self._link.left()
            with trio.CancelScope(shield=True):
                await trio.aclose_forcefully(self._stream)

    async def _read(self) -> None:
        if self._rest:
            self._link.received(self._rest)
        while True:
            while not self._reads:
                await self._changed.wait()
            try:
                data = await self._stream.receive_some(READ_BYTES)
            except (trio.BrokenResourceError, trio.ClosedResourceError):
                data = b""
            if not data:
                self._link.ended()
                await trio.sleep_forever()
            self._link.received(bytes(data))

    async def _write(self) -> None:
        try:
            while True:
                while self._writes:
                    data = bytes(self._link.unsent[:_WRITE_BYTES])
                    await self._stream.send_all(data)
                    self._link.took(len(data))
                if self._is_finishing:
                    break
                await self._changed.wait()
            if isinstance(self._stream, trio.abc.HalfCloseableStream):
                await self._stream.send_eof()
        except (trio.BrokenResourceError, trio.ClosedResourceError):
            self._link.ended()

    def _change(self) -> None:
        self._changed.set()
        self._changed = trio.Event()

    # ---- what a link asks of it

    def watch(self, *, reads: bool, writes: bool) -> None:
        self._reads, self._writes = reads, writes
        self._change()

    def finish(self) -> None:
        self._is_finishing = True
        self._change()

    def drop(self) -> None:
        self._life.cancel()


def _send_nothing(data: bytes, /) -> int:
    """Only a plain socket takes something without waiting."""
    return 0


async def open_stream_link(
    nursery: trio.Nursery,
    stream: trio.abc.Stream,
    opened: Opened,
    settings: LinkSettings,
    *,
    is_client: bool,
) -> DirectLink:
    """A link over the stream, whose tasks run in the nursery until it ends.

    It outlives a cancel: whoever has it closes it.
    """
    carrier = StreamCarrier(stream)
    link = carrier.link(opened, settings, peer_of(stream), is_client=is_client)
    await nursery.start(carrier.run)
    return link
