"""The one clock: monotonic time from Trio, wall time as monotonic time and an offset that the CSMS
or the host sets.
"""

import time
from datetime import UTC, datetime

import trio


class Clock:
    """Wall and monotonic time of one program. Under a virtual Trio clock both run with it.

    `start` is the wall time at the making of the clock, in s since 1970; by default the host's.
    """

    __slots__ = ("_made", "_offset", "_start", "_trio")

    def __init__(self, start: float | None = None) -> None:
        self._start = start
        self._trio = trio.lowlevel.current_clock()  # asked itself: the way to it costs more
        self._made = trio.current_time()
        self._offset = self.host_time() - self._made

    def monotonic(self) -> float:
        """Seconds on Trio's clock, for deadlines and intervals."""
        return trio.current_time()

    def time(self) -> float:
        """Seconds since 1970, UTC."""
        return self._trio.current_time() + self._offset

    def host_time(self) -> float:
        """Say what the host's own clock says (s since 1970); one that was given runs on from it."""
        if self._start is None:
            return time.time()
        return self._start + trio.current_time() - self._made

    def now(self) -> datetime:
        """The present moment in UTC."""
        return datetime.fromtimestamp(self.time(), UTC)

    def set(self, wall: float) -> float:
        """Set the wall time (s since 1970) and give by how many seconds it stepped."""
        step = wall - self.time()
        self._offset += step
        return step
