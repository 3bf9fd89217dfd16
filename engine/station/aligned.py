"""Clock-aligned meter readings of the whole station (1.6 3.16.2, 2.x J01)."""

from collections.abc import Callable, Hashable, Set
from typing import TYPE_CHECKING

from ...profiles.device_model import Key
from ...profiles.periods import next_aligned
from .readings import ALIGNED_INTERVAL, TakeReading, What

if TYPE_CHECKING:
    from .station import ChargingStation

_ALIGNED_WHEN_IDLE = Key("AlignedDataCtrlr", "SendDuringIdle")


class AlignedReadings:
    """Has every EVSE read its meter at the multiples of an interval from midnight (J01.FR.14): for
    what is told at once, and for what is told at a transaction's end.
    """

    __slots__ = ("station",)

    def __init__(self, station: "ChargingStation") -> None:
        self.station = station

    def start(self) -> None:
        """Count anew: at the start, when an interval changes, when the clock steps."""
        # There is a grid only while it calls: many stations have none.
        Grid(self.station, "aligned for end", self._interval_for_end, self._keep).start()
        Grid(self.station, "aligned", self._interval, self._tell).start()

    def _interval_for_end(self) -> int:
        return self.station.model.integer(self.station.network.ended_intervals[1])

    def _interval(self) -> int:
        return self.station.model.integer(ALIGNED_INTERVAL)

    def _keep(self, time: float) -> None:
        self._take("aligned for end", time)

    def _tell(self, time: float) -> None:
        model = self.station.model
        busy = {record.evse_id for record in self.station.records if record.is_running}
        if busy and model.boolean(_ALIGNED_WHEN_IDLE):
            return  # J01.FR.20
        silent = {n for n in busy if model.boolean(_ALIGNED_WHEN_IDLE._replace(evse=n))}
        self._take("aligned", time, silent)  # J01.FR.19

    def _take(self, what: What, time: float, silent: Set[int] = frozenset()) -> None:
        for evse in self.station.evses:
            if evse.evse_id not in silent:
                self.station.perform_in_turn(evse.evse_id, TakeReading(evse.evse_id, what, time))


class Grid:
    """Calls back at the multiples of an interval from midnight, with that moment."""

    def __init__(
        self,
        station: "ChargingStation",
        name: Hashable,
        interval: Callable[[], float],
        read: Callable[[float], None],
    ) -> None:
        """`interval` gives the seconds, asked anew each time; 0: never."""
        self.station = station
        self._timer = name
        self._interval = interval
        self._read = read

    def start(self, after: float | None = None) -> None:
        """Count anew. `after` (s since 1970) is a moment that was read already: a clock that lags
        by a hair must not bring it twice.
        """
        interval = self._interval()
        self.station.timers.stop(self._timer)
        if not interval:
            return
        now = self.station.clock.time()
        counted = now if after is None else max(now, after)
        next_time = next_aligned(counted, interval)
        self.station.timers.start(self._timer, next_time - now, lambda: self._due(next_time))

    def _due(self, time: float) -> None:
        self.start(time)
        self._read(time)
