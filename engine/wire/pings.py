"""Pings of one link: at an interval (WebSocketPingInterval), and when somebody asks."""

from collections.abc import Callable
from itertools import count
from typing import NamedTuple, Protocol

import trio

from .alarms import Alarm, Alarms

_numbers = count()


class _Sent(NamedTuple):
    payload: bytes
    answered: trio.Event | None
    """Of whoever waits for the pong."""


class Pinging(Protocol):
    """What sends pings."""

    alarms: Alarms

    def send_ping(self, payload: bytes) -> None: ...

    def cut(self, reason: str) -> None: ...

    @property
    def is_reading(self) -> bool: ...


class Pings:
    """Those of a link that is open."""

    __slots__ = ("_alarm", "_interval", "_link", "_sent", "_timeout", "is_excused")

    def __init__(self, link: Pinging, timeout: float) -> None:
        """Wait so long (s) for a pong."""
        self._link = link
        self._timeout = timeout
        self._interval = 0.0
        self._sent: list[_Sent] = []
        self._alarm: Alarm | None = None
        self.is_excused = False
        """Whether the link has not read all the time: the pong may have come."""

    def set_interval(self, seconds: float) -> None:
        """Ping this often (s) from now on; 0 is never."""
        self._interval = seconds
        self._ring_after(seconds, self._ping)

    def _ring_after(self, seconds: float, ring: Callable[[], None]) -> None:
        if self._alarm is not None:
            self._alarm.off()
        self._alarm = self._link.alarms.after(seconds, ring) if self._interval else None

    def _send(self, answered: trio.Event | None) -> _Sent:
        sent = _Sent(next(_numbers).to_bytes(8, "big"), answered)
        self._sent.append(sent)
        self._link.send_ping(sent.payload)
        return sent

    def _ping(self) -> None:
        self.is_excused = not self._link.is_reading
        sent = self._send(None)
        self._ring_after(self._timeout, lambda: self._check(sent))

    def _check(self, sent: _Sent) -> None:
        if sent not in self._sent:
            self._ring_after(max(self._interval - self._timeout, 0.0), self._ping)
        elif self.is_excused:
            self.is_excused = not self._link.is_reading
            self._ring_after(self._timeout, lambda: self._check(sent))
        else:
            self._link.cut("the peer does not answer pings")

    async def ask(self, timeout: float) -> bool:
        """Whether the peer answers in time (s)."""
        sent = self._send(trio.Event())
        assert sent.answered is not None
        with trio.move_on_after(timeout):
            await sent.answered.wait()
        if sent in self._sent:
            self._sent.remove(sent)
            return False
        return True

    def answer(self, payload: bytes) -> None:
        """A pong answers its ping and those before, of which a peer may answer the last only."""
        found = [index for index, sent in enumerate(self._sent) if sent.payload == payload]
        if not found:
            return
        answered, self._sent = self._sent[: found[0] + 1], self._sent[found[0] + 1 :]
        for sent in answered:
            if sent.answered is not None:
                sent.answered.set()

    def end(self) -> None:
        """The link is no longer open: who waits for a pong gets none."""
        self._interval = 0.0
        self._ring_after(0.0, self._ping)
        for sent in self._sent:
            if sent.answered is not None:
                sent.answered.set()
