"""One task for many sockets: an epoll of our own, which Trio sees as a single thing to wait for.

Trio's way from a readable socket to a task costs more than a message does. Here it is paid once for
all sockets that have become readable together. Only Linux has what this needs; elsewhere, and for
TLS, links go over streams (`stream_carrier`).
"""

import errno
import os
import select
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import trio

from .alarms import Alarm, Alarms
from .direct_link import DirectLink
from .handshake import Opened
from .link import READ_BYTES, LinkSettings, Peer

_AT_ONCE = 1024  # sockets, before other tasks get their turn
_READS, _WRITES = 1, 4  # EPOLLIN and EPOLLOUT: `select` has their names on Linux only
_BUT_WRITES = ~_WRITES  # something to read, or broken, which reading tells


class Pump:
    """Carries the bytes of the links whose sockets it has."""

    @staticmethod
    def is_possible() -> bool:
        return hasattr(select, "epoll")

    def __init__(self) -> None:
        self.alarms = Alarms()
        self._epoll = select.epoll()
        self._carriers: dict[int, _Socket | Opening] = {}

    def link(
        self,
        stream: trio.SocketStream,
        opened: Opened,
        settings: LinkSettings,
        peer: Peer,
        *,
        is_client: bool,
    ) -> DirectLink:
        """A link over the stream's socket, which is the pump's from now on."""
        inner = socket_of(stream)
        self._epoll.register(inner.fileno(), _READS)
        return self._link(inner, opened, settings, peer, is_client=is_client)

    def _link(
        self,
        inner: socket.socket,
        opened: Opened,
        settings: LinkSettings,
        peer: Peer,
        *,
        is_client: bool,
    ) -> DirectLink:
        carrier = _Socket(self, inner)
        carrier.link = link = DirectLink(carrier, opened, settings, peer, is_client=is_client)
        self._carriers[inner.fileno()] = carrier
        if opened.rest:
            link.received(opened.rest)
        return link

    def open(self, inner: socket.socket) -> "Opening":
        """Take a socket that is yet to be connected and to become a link."""
        opening = self._carriers[inner.fileno()] = Opening(self, inner)
        return opening

    async def run(self) -> None:
        """Carry until cancelled."""
        poll, carriers = self._epoll.poll, self._carriers
        number = self._epoll.fileno()
        while True:
            await trio.lowlevel.wait_readable(number)
            for each, events in poll(0, _AT_ONCE):
                if each in carriers:  # it may have been dropped for another's sake
                    carriers[each].serve(events)

    def watch(self, number: int, events: int, *, is_new: bool = False) -> None:
        (self._epoll.register if is_new else self._epoll.modify)(number, events)

    def forget(self, number: int) -> None:
        del self._carriers[number]

    def close(self) -> None:
        for carrier in tuple(self._carriers.values()):
            carrier.cut()
        self._epoll.close()


class Opening:
    """A socket on its way to a link. Trio's own waiting for a socket is made for those that it
    serves for long; here it would cost more than the dial, and so would a scope for its time.
    """

    __slots__ = ("_alarm", "_caller", "_events", "_is_late", "_pump", "_socket")

    def __init__(self, pump: Pump, inner: socket.socket) -> None:
        self._pump = pump
        self._socket = inner
        self._events = 0
        self._caller: trio.lowlevel.Task | None = None
        self._alarm: Alarm | None = None
        self._is_late = False

    def limit(self, seconds: float | None) -> None:
        """Have it wait for that long from now on, whatever limit there was (None: none any more);
        then what waits raises trio.TooSlowError.
        """
        if self._alarm is not None:
            self._alarm.off()
        alarms = self._pump.alarms
        self._alarm = None if seconds is None else alarms.after(seconds, self._be_late)

    def _be_late(self) -> None:
        self._is_late = True
        self.serve(0)

    async def _until(self, events: int) -> None:
        if events != self._events:
            is_new, self._events = not self._events, events
            self._pump.watch(self._socket.fileno(), events, is_new=is_new)
        self._caller = trio.lowlevel.current_task()
        await trio.lowlevel.wait_task_rescheduled(self._give_up)
        if self._is_late:
            raise trio.TooSlowError

    def _give_up(self, _: object) -> trio.lowlevel.Abort:
        self._caller = None
        return trio.lowlevel.Abort.SUCCEEDED

    def serve(self, _: int) -> None:
        """The socket is ready for what is waited for, or broken, which that finds out."""
        caller, self._caller = self._caller, None
        if caller is not None:
            trio.lowlevel.reschedule(caller)

    async def connect(self, address: tuple[str, int], seconds: float) -> None:
        """Connect to an IP address. Raises OSError, and trio.TooSlowError after so long."""
        error = self._socket.connect_ex(address)
        if error == errno.EINPROGRESS:
            if self._is_connected():  # as it is at once within a machine
                return
            self.limit(seconds)
            await self._until(_WRITES)
            error = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error:
            raise OSError(error, os.strerror(error))

    def _is_connected(self) -> bool:
        try:
            self._socket.getpeername()
        except OSError:
            return False
        return True

    async def send_all(self, data: bytes, /) -> None:
        """As a stream does (`handshake.Wire`)."""
        while data:
            try:
                data = data[self._socket.send(data) :]
            except BlockingIOError:
                await self._until(_WRITES)
            except OSError as error:
                raise trio.BrokenResourceError from error

    async def receive_some(self, max_bytes: int, /) -> bytes:
        """As a stream does (`handshake.Wire`)."""
        while True:
            await self._until(_READS)
            try:
                return self._socket.recv(max_bytes)
            except BlockingIOError:
                continue
            except OSError as error:
                raise trio.BrokenResourceError from error

    def link(self, opened: Opened, settings: LinkSettings, peer: Peer) -> DirectLink:
        """Give the client's link that it has become."""
        self.limit(None)
        return self._pump._link(self._socket, opened, settings, peer, is_client=True)

    def drop(self) -> None:
        """It becomes none."""
        self.limit(None)
        number = self._socket.fileno()
        if number >= 0:
            self._pump.forget(number)
            self._socket.close()

    def cut(self) -> None:
        self.drop()
        self.serve(0)


class _Socket:
    """A socket of the pump."""

    __slots__ = ("_events", "_pump", "_receive", "_socket", "link", "send")

    link: DirectLink

    def __init__(self, pump: Pump, inner: socket.socket) -> None:
        self._pump = pump
        self._socket = inner
        self._events = _READS
        self.send = inner.send
        self._receive = inner.recv

    @property
    def alarms(self) -> Alarms:
        return self._pump.alarms

    def cut(self) -> None:
        self.link.cut("the pump has stopped")

    def serve(self, events: int) -> None:
        """The socket is ready for something."""
        if events & _BUT_WRITES:
            try:
                data = self._receive(READ_BYTES)
            except BlockingIOError:
                pass
            except OSError:
                self.link.ended()
            else:
                if data:
                    self.link.received(data)
                else:
                    self.link.ended()
        if events & _WRITES and self._events & _WRITES:  # broken, it is no longer waited for
            self._write()

    def _write(self) -> None:
        try:
            sent = self._socket.send(self.link.unsent)
        except BlockingIOError:
            return
        except OSError:
            self.link.ended()
            return
        self.link.took(sent)

    # ---- what a link asks of it

    def watch(self, *, reads: bool, writes: bool) -> None:
        events = _READS * reads | _WRITES * writes
        if events != self._events:
            self._events = events
            self._pump.watch(self._socket.fileno(), events)

    def finish(self) -> None:
        try:
            self._socket.shutdown(socket.SHUT_WR)
        except OSError:
            self.link.ended()

    def drop(self) -> None:
        number = self._socket.fileno()
        if number < 0:
            return
        self._events = 0
        self._pump.forget(number)
        self._socket.close()  # which takes it out of the epoll too
        self.link.left()


def socket_of(stream: trio.SocketStream) -> socket.socket:
    """The socket itself, to be tried without Trio."""
    inner: socket.socket = stream.socket._sock  # type: ignore[attr-defined] # Trio has no name for it
    return inner


@asynccontextmanager
async def pumping() -> AsyncIterator[Pump | None]:
    """A pump while the block lasts, where there can be one.

    It outlives a cancel: within the block, links are closed in order.
    """
    if not Pump.is_possible():
        yield None
        return
    pump = Pump()
    scope = trio.CancelScope(shield=True)
    try:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_run, pump, scope)
            try:
                yield pump
            finally:
                scope.cancel()
    finally:
        pump.close()


async def _run(pump: Pump, scope: trio.CancelScope) -> None:
    with scope:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(pump.run)
            nursery.start_soon(pump.alarms.run)
