"""Timers by name: one task keeps the deadlines of many, and a stopped timer never arrives late."""

from collections.abc import Callable, Hashable
from heapq import heapify, heappop, heappush
from itertools import count
from math import inf

import trio

_AT_ONCE = 128  # callbacks, before other tasks get their turn

_Due = tuple[float, int, Callable[[], None]]  # when, which of all that were ever set, what then


class Timers:
    """The deadlines of many owners, each with a part of its own. Callbacks are synchronous and
    quick; one runs at a time.
    """

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Hashable, Part]] = []
        self._order = count()
        self._running = 0
        self._alarm: trio.CancelScope | None = None

    def part(self) -> "Part":
        """Give an owner its timers."""
        return Part(self)

    async def run(self) -> None:
        """Keep the time, until cancelled."""
        while True:
            while self._call_due():
                await trio.lowlevel.checkpoint()
            with trio.CancelScope(deadline=self._next()) as self._alarm:
                await trio.sleep_forever()
            self._alarm = None

    def _push(self, deadline: float, order: int, name: Hashable, part: "Part") -> None:
        heappush(self._heap, (deadline, order, name, part))
        if len(self._heap) > 64 and len(self._heap) > 4 * self._running:
            self._heap = [item for item in self._heap if _is_current(item)]
            heapify(self._heap)
        if self._alarm is not None and deadline < self._alarm.deadline:
            self._alarm.deadline = deadline

    def _next(self) -> float:
        while self._heap and not _is_current(self._heap[0]):
            heappop(self._heap)
        return self._heap[0][0] if self._heap else inf

    def _call_due(self) -> bool:
        """Call back what is due, so much of it as goes at once; say whether there may be more."""
        now = trio.current_time()
        for _ in range(_AT_ONCE):
            if self._next() > now:
                return False
            _, _, name, part = heappop(self._heap)
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


def _is_current(item: tuple[float, int, Hashable, Part]) -> bool:
    _, order, name, part = item
    due = part._due.get(name)
    return due is not None and due[1] == order
