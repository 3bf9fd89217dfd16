"""Timers by name: one task keeps the deadlines of many, and a stopped timer never arrives late."""

from collections.abc import Callable, Hashable
from heapq import heapify, heappop, heappush
from itertools import count
from math import inf

import trio


class Timers:
    """Calls back when time has come. Callbacks are synchronous and quick; one runs at a time."""

    def __init__(self) -> None:
        self._due: dict[Hashable, tuple[float, int, Callable[[], None]]] = {}
        self._heap: list[tuple[float, int, Hashable]] = []
        self._order = count()
        self._earliest = inf
        self._alarm: trio.CancelScope | None = None

    def start(self, name: Hashable, seconds: float, callback: Callable[[], None]) -> None:
        """Call back in that many seconds; a timer of this name that runs starts anew."""
        self.start_at(name, trio.current_time() + seconds, callback)

    def start_at(self, name: Hashable, deadline: float, callback: Callable[[], None]) -> None:
        """Call back at that time of Trio's clock."""
        order = next(self._order)
        self._due[name] = (deadline, order, callback)
        heappush(self._heap, (deadline, order, name))
        if len(self._heap) > 64 and len(self._heap) > 4 * len(self._due):
            self._forget_stopped()
        if self._alarm is not None and deadline < self._alarm.deadline:
            self._alarm.deadline = deadline

    def stop(self, name: Hashable) -> None:
        """Stop it, if it runs."""
        self._due.pop(name, None)

    async def run(self) -> None:
        """Keep the time, until cancelled."""
        while True:
            self._call_due()
            with trio.CancelScope(deadline=self._next()) as self._alarm:
                await trio.sleep_forever()
            self._alarm = None

    def _next(self) -> float:
        while self._heap and not self._is_current(self._heap[0]):
            heappop(self._heap)
        return self._heap[0][0] if self._heap else inf

    def _call_due(self) -> None:
        now = trio.current_time()
        while self._next() <= now:
            _, _, name = heappop(self._heap)
            _, _, callback = self._due.pop(name)
            callback()

    def _is_current(self, item: tuple[float, int, Hashable]) -> bool:
        _, order, name = item
        due = self._due.get(name)
        return due is not None and due[1] == order

    def _forget_stopped(self) -> None:
        self._heap = [item for item in self._heap if self._is_current(item)]
        heapify(self._heap)
