"""Calls back at set times: one task and one heap serve any number of links.

A scope or a task for each deadline would cost more than a message does.
"""

import heapq
from collections.abc import Callable
from itertools import count

import trio

_NEVER = float("inf")


class Alarm:
    """Rings once, unless it is switched off before."""

    __slots__ = ("ring",)

    def __init__(self, ring: Callable[[], None]) -> None:
        self.ring: Callable[[], None] | None = ring

    def off(self) -> None:
        self.ring = None  # its place in the heap stays for a while, what it would have told not


class Alarms:
    """Deadlines by Trio's clock."""

    __slots__ = ("_heap", "_numbers", "_sleep")

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Alarm]] = []
        self._numbers = count()  # of two alarms at one time the first set rings first
        self._sleep: trio.CancelScope | None = None

    def at(self, time: float, ring: Callable[[], None]) -> Alarm:
        """Have it called at that time, in the task that runs the alarms; it must be quick."""
        alarm = Alarm(ring)
        heapq.heappush(self._heap, (time, next(self._numbers), alarm))
        if self._sleep is not None and time < self._sleep.deadline:
            self._sleep.deadline = time
        return alarm

    def after(self, seconds: float, ring: Callable[[], None]) -> Alarm:
        return self.at(trio.current_time() + seconds, ring)

    async def run(self) -> None:
        """Ring until cancelled."""
        heap = self._heap
        while True:
            while heap and heap[0][2].ring is None:
                heapq.heappop(heap)
            self._sleep = trio.CancelScope(deadline=heap[0][0] if heap else _NEVER)
            with self._sleep:
                await trio.sleep_forever()
            self._sleep = None
            now = trio.current_time()
            while heap and heap[0][0] <= now:
                ring = heapq.heappop(heap)[2].ring
                if ring is not None:
                    ring()
