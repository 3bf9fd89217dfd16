"""A link as simulations have it: two ends in one process, messages in place of bytes.

It obeys what befalls it: messages come late, the line drops, or falls silent so that both ends go
on believing in it until a ping, or the kernel's patience with what nobody acknowledges, tells them.
Pings of a line that works are not played out, only what follows from those that fail.
"""

import math
from collections import deque
from collections.abc import Callable
from typing import Protocol

import msgspec
import trio

from ..wire.alarms import Alarm, Alarms
from ..wire.inbox import Inbox
from ..wire.link import ABNORMAL, NORMAL, Peer, Receiver, Unwanted
from ..wire.link_errors import LinkClosed

UNACKNOWLEDGED = 924.6  # s that Linux sends anew what nobody acknowledges (tcp_retries2 = 15)
_PONG_TIMEOUT = 10.0  # s


class Fate(msgspec.Struct, frozen=True):
    """What becomes of a message, and of the line with it."""

    delay: float = 0.0  # s
    breaks: bool = False
    silences: bool = False


UNTOUCHED = Fate()


class Faults(Protocol):
    """What befalls a line."""

    def of_message(self) -> Fate: ...

    def of_end(self) -> float:
        """Give how much later than the station the central system hears of the end (s)."""


class Carriage:
    """Carries what goes over lines: one task for all of them, in the order of the sending."""

    def __init__(self) -> None:
        self.alarms = Alarms()
        self._queue: deque[Callable[[], None]] = deque()
        self._lot = trio.lowlevel.ParkingLot()

    def soon(self, deliver: Callable[[], None]) -> None:
        self._queue.append(deliver)
        self._lot.unpark_all()

    async def run(self) -> None:
        """Carry until cancelled."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self.alarms.run)
            while True:
                while self._queue:
                    self._queue.popleft()()
                await self._lot.park()


class Line:
    """What lies between two ends."""

    def __init__(self, subprotocol: str, carriage: Carriage, faults: Faults) -> None:
        self.carriage = carriage
        self.faults = faults
        self.is_silent = False
        self.station = SimulatedLink(self, subprotocol)
        self.central = SimulatedLink(self, subprotocol)

    def other(self, end: "SimulatedLink") -> "SimulatedLink":
        return self.central if end is self.station else self.station

    def drop(self, last: bytes | None = None) -> None:
        """Break. The station notices at once, the central system when it may: until then what the
        station said last is on its way.
        """
        late = self.faults.of_end()
        if late and last is not None:
            self.central.expect(last, late)
        self.central.expect(LinkClosed(ABNORMAL, "the line broke"), late)
        self.station.expect(LinkClosed(ABNORMAL, "the line broke"))

    def fall_silent(self) -> None:
        """Carry nothing from now on, with nothing told."""
        self.is_silent = True
        for end in (self.station, self.central):
            end.wait_for_ping()

    def cut_power(self) -> None:
        """The station is gone without a word."""
        self.fall_silent()
        self.station.end(LinkClosed(ABNORMAL, "no power"))


class SimulatedLink:
    """One end of a line: a `Link`."""

    def __init__(self, line: Line, subprotocol: str) -> None:
        self.line = line
        self.alarms = line.carriage.alarms
        self.subprotocol: str | None = subprotocol
        self.peer = Peer(address="memory")
        self.closed: LinkClosed | None = None
        self.gone = trio.Event()
        self.on_end: Callable[[], None] | None = None
        self._receiver: Receiver | None = None
        self._inbox: Inbox | None = None
        self._has_told_end = False  # to the receiver
        self._is_paused = False
        self._held: deque[bytes] = deque()
        self._due = 0.0  # when the last of what is under way to this end arrives
        self._pinged_since = trio.current_time()
        self._ping_interval = 0.0
        self._pong_timeout = _PONG_TIMEOUT
        self._ping: Alarm | None = None
        self._is_unacknowledged = False

    # ---- as a session uses it

    def attach(self, receiver: Receiver | None) -> None:
        inbox, self._inbox = self._inbox, None
        self._receiver = receiver
        if receiver is None:
            return
        if inbox is not None:
            inbox.empty_into(receiver)
        self._has_told_end = False
        if self.closed is not None:
            self._tell_end()

    def pause(self) -> None:
        self._is_paused = True

    def resume(self) -> None:
        self._is_paused = False
        while self._held and not self._is_paused:
            self._hand_over(self._held.popleft())

    def post(self, text: bytes) -> None:
        if self.closed is not None:
            raise self._over()
        line = self.line
        fate = line.faults.of_message()
        if fate.silences and not line.is_silent:
            line.fall_silent()
        if line.is_silent:
            self._doubt()
        elif fate.breaks:
            line.drop(text if self is line.station else None)
        else:
            line.other(self).expect(text, fate.delay)

    async def send(self, text: bytes | str) -> None:
        self.post(text.encode() if isinstance(text, str) else text)
        await trio.lowlevel.checkpoint()

    async def receive(self) -> str:
        if self._inbox is None:
            self._receiver = self._inbox = Inbox(self)
        message = await self._inbox.next(lambda: self.closed is not None)
        if message is None:
            raise self._over()
        return message

    async def ping(self, timeout: float) -> bool:
        if self.line.is_silent:
            await trio.sleep(timeout)
        else:
            await trio.lowlevel.checkpoint()
        return self.closed is None and not self.line.is_silent

    async def close(self, code: int = NORMAL, reason: str = "") -> None:
        self.hang_up(code, reason)
        await trio.lowlevel.checkpoint()

    def set_ping_interval(self, seconds: float, pong_timeout: float = _PONG_TIMEOUT) -> None:
        """Ping this often (s) from now on; 0 is never (WebSocketPingInterval)."""
        self._ping_interval, self._pong_timeout = seconds, pong_timeout
        self._pinged_since = trio.current_time()
        if self.line.is_silent:
            self.wait_for_ping()

    # ---- what comes over the line

    def expect(self, what: bytes | LinkClosed, delay: float = 0.0) -> None:
        """Have it arrive behind what is under way already."""
        now = trio.current_time()
        self._due = max(now + delay, self._due)
        if self._due > now:
            self.alarms.at(self._due, lambda: self._take(what))
        else:
            self.line.carriage.soon(lambda: self._take(what))

    def _take(self, what: bytes | LinkClosed) -> None:
        if self.closed is not None or self.line.is_silent:
            return
        if isinstance(what, LinkClosed):
            self.end(what)
        elif self._is_paused:
            self._held.append(what)
        else:
            self._hand_over(what)

    def _hand_over(self, text: bytes) -> None:
        if self._receiver is None:
            self._receiver = self._inbox = Inbox(self)
        try:
            self._receiver.receive(text if text.isascii() else text.decode())
        except Unwanted as unwanted:
            self.hang_up(unwanted.code, unwanted.reason)

    # ---- its end

    def hang_up(self, code: int, reason: str) -> None:
        """Close in order."""
        if self.closed is not None:
            return
        self.end(LinkClosed(code, reason, by_us=True))
        if not self.line.is_silent:
            other = self.line.other(self)
            late = self.line.faults.of_end() if other is self.line.central else 0.0
            other.expect(LinkClosed(code, reason), late)

    def end(self, closed: LinkClosed) -> None:
        if self.closed is not None:
            return
        self.closed = closed
        if self._ping is not None:
            self._ping.off()
        self.gone.set()
        if self.on_end is not None:
            self.on_end()
        self._tell_end()

    def _tell_end(self) -> None:
        if not self._has_told_end and self._receiver is not None:
            self._has_told_end = True
            self._receiver.end(None)

    def _over(self) -> LinkClosed:
        closed = self.closed
        assert closed is not None
        return LinkClosed(closed.code, closed.reason, by_us=closed.by_us)

    def wait_for_ping(self) -> None:
        """End when the next ping has had no answer."""
        if self._ping is not None:
            self._ping.off()
            self._ping = None
        if self._ping_interval and self.closed is None:
            passed = trio.current_time() - self._pinged_since
            pings = math.floor(passed / self._ping_interval) + 1
            at = self._pinged_since + pings * self._ping_interval + self._pong_timeout
            self._ping = self.alarms.at(at, lambda: self._give_up("the peer answers no pings"))

    def _doubt(self) -> None:
        """Give up when the kernel does: what is sent is never acknowledged."""
        if not self._is_unacknowledged:
            self._is_unacknowledged = True
            self.alarms.after(UNACKNOWLEDGED, lambda: self._give_up("nothing is acknowledged"))

    def _give_up(self, reason: str) -> None:
        self.end(LinkClosed(ABNORMAL, reason, by_us=True))
