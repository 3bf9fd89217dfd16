"""Timers by name: one task keeps the deadlines of many, and a stopped timer never arrives late.

Theory of operation. Stations have tens of thousands, and in one heap each costs a walk through
memory that was long forgotten. So only those of the nearest moments are in a heap; the others lie
in no order with those that are due in the same hundredths of a second.
"""

from collections.abc import Callable, Hashable
from heapq import heapify, heappop, heappush
from itertools import count
from math import inf

import trio

_AT_ONCE = 128  # callbacks, before other tasks get their turn

_GRAIN = 0.02  # s: timers due within so long lie together
_NEVER, _LAST = 1e15, 2**60  # s from which on nothing is told apart, and where it lies

_Due = tuple[float, int, Callable[[], None]]  # when, which of all that were ever set, what then


class Timers:
    """The deadlines of many owners, each with a part of its own. Callbacks are synchronous and
    quick; one runs at a time.
    """

    def __init__(self, pace: float = 0.0) -> None:
        """`pace`: wait at least that long (s) between two looks, and call what is due together.
        Waking costs as much as a callback does.
        """
        self._pace = pace
        self._rests_until = -inf  # on Trio's clock
        self._near: list[_Item] = []  # a heap
        self._near_grain = -_LAST  # the last whose timers are in it
        self._far: dict[int, list[_Item]] = {}  # by grain
        self._grains: list[int] = []  # a heap of those that there are
        self._kept = 0  # in all of these, those included that were stopped
        self._order = count()
        self._running = 0
        self._alarm: trio.CancelScope | None = None
        self._alarm_at = -inf

    def part(self) -> "Part":
        """Give an owner its timers."""
        return Part(self)

    async def run(self) -> None:
        """Keep the time, until cancelled."""
        while True:
            while self._call_due():
                await trio.lowlevel.checkpoint()
            self._rests_until = trio.current_time() + self._pace
            self._alarm_at = max(self._next(), self._rests_until)
            with trio.CancelScope(deadline=self._alarm_at) as self._alarm:
                await trio.sleep_forever()
            self._alarm = None

    def _push(self, deadline: float, order: int, name: Hashable, part: "Part") -> None:
        self._keep((deadline, order, name, part))
        if self._kept > 64 and self._kept > 4 * self._running:
            self._sweep()
        if self._alarm is not None and deadline < self._alarm_at > self._rests_until:
            self._alarm.deadline = self._alarm_at = max(deadline, self._rests_until)

    def _keep(self, item: "_Item") -> None:
        self._kept += 1
        deadline = item[0]
        grain = int(deadline / _GRAIN) if deadline < _NEVER else _LAST
        if grain <= self._near_grain:
            heappush(self._near, item)
            return
        far = self._far.get(grain)
        if far is None:
            self._far[grain] = [item]
            heappush(self._grains, grain)
        else:
            far.append(item)

    def _sweep(self) -> None:
        """Have no stopped ones any more."""
        items = [item for far in (self._near, *self._far.values()) for item in far]
        self._near, self._far, self._grains, self._kept = [], {}, [], 0
        for item in items:
            if _is_current(item):
                self._keep(item)

    def _next(self) -> float:
        while True:
            near = self._near
            while near and not _is_current(near[0]):
                heappop(near)
                self._kept -= 1
            if near:
                return near[0][0]
            if not self._grains:
                return inf
            self._near_grain = heappop(self._grains)
            self._near = self._far.pop(self._near_grain)
            heapify(self._near)

    def _call_due(self) -> bool:
        """Call back what is due, so much of it as goes at once; say whether there may be more."""
        now = trio.current_time()
        for _ in range(_AT_ONCE):
            if self._next() > now:
                return False
            _, _, name, part = heappop(self._near)
            self._kept -= 1
            part._take(name)()
        return True


class Part:
    """The timers of one owner."""

    __slots__ = ("_all", "_due")

    def __init__(self, timers: Timers) -> None:
        self._all = timers
        self._due: dict[Hashable, _Due] = {}

    def start(self, name: Hashable, seconds: float, callback: Callable[[], None]) -> None:
        """Call back in that many seconds; a timer of this name that runs starts anew."""
        self.start_at(name, trio.current_time() + seconds, callback)

    def start_at(self, name: Hashable, deadline: float, callback: Callable[[], None]) -> None:
        """Call back at that time of Trio's clock."""
        self._all._running += name not in self._due
        order = next(self._all._order)
        self._due[name] = (deadline, order, callback)
        self._all._push(deadline, order, name, self)

    def stop(self, name: Hashable) -> None:
        """Stop it, if it runs."""
        if self._due.pop(name, None) is not None:
            self._all._running -= 1

    def end(self) -> None:
        """Stop all of them: the owner is no more."""
        self._all._running -= len(self._due)
        self._due.clear()

    def _take(self, name: Hashable) -> Callable[[], None]:
        _, _, callback = self._due.pop(name)
        self._all._running -= 1
        return callback


_Item = tuple[float, int, Hashable, Part]  # when, which of all that were ever set, whose


def _is_current(item: _Item) -> bool:
    _, order, name, part = item
    due = part._due.get(name)
    return due is not None and due[1] == order
