"""Whether the station's clock can be believed, and what follows when the CSMS sets it.

Theory of operation. A host without a clock of its own starts in 1970. Such a clock goes on from the
last time that the journal knows, so that it never runs back over a restart; what is reported by it
is counted, and takes the same step as the clock when the CSMS first tells the time (B01.FR.06).
Until there is a time that can be, nothing with a timestamp is sent. Where the clock could be
believed all along, a step changes no report: what runs keeps its order by itself (record.py).
"""

from typing import TYPE_CHECKING

import structlog

from ...profiles.device_model import Key, Value
from .keepsake import keepsakes

if TYPE_CHECKING:
    from .station import ChargingStation

log = structlog.get_logger()

EARLIEST = 1_577_836_800.0  # 2020-01-01: no clock says less, and is right
_TOLERANCE = 2.0  # s; the CSMS tells whole seconds: setting would only make the clock jitter
_KEEP_SECONDS = 600.0  # between two times that are kept
SOURCES = Key("ClockCtrlr", "TimeSource")
_SPACE = "clock"  # in the journal
_TIME = "time"  # s since 1970: the last that is known
_DOUBTED = "doubted from"  # number of the first report whose time came from a clock not believed


class Timekeeping:
    """The station's clock, and what the journal knows of it."""

    __slots__ = ("_is_believed", "station")

    def __init__(self, station: "ChargingStation") -> None:
        self.station = station
        self._is_believed = True
        station.model.on_change(self._sources_changed, SOURCES)

    @property
    def is_plausible(self) -> bool:
        """Say whether what the clock says may be told."""
        return self.station.clock.time() >= EARLIEST

    # ---- at the start

    def go_on(self) -> None:
        """Let the clock not start before what is known to have been."""
        kept = max((known.time for known in keepsakes(self.station.journal).values()), default=0.0)
        last = max(kept, self._number(_TIME) or 0.0)
        now = self.station.clock.time()
        self._is_believed = now >= max(EARLIEST, last)
        if now < last:
            self.station.clock.set(last)
            log.warning("clock_behind", step_seconds=round(last - now, 3))

    def begin(self) -> None:
        """Begin to count reports where the clock is not believed; and to keep the time."""
        if not self._is_believed:
            first = min(self.station.journal.next_number, int(self._number(_DOUBTED) or 2**62))
            self._keep(_DOUBTED, str(first))
        self._keep_time()

    def _keep_time(self) -> None:
        self._follow_host()
        self._keep(_TIME, f"{self.station.clock.time():.3f}")
        name = "clock"
        self.station.timers.start(name, _KEEP_SECONDS, self._keep_time)

    # ---- when the CSMS tells the time

    def set(self, wall: float) -> None:
        """Take the CSMS's time (s since 1970), unless it cannot be."""
        if wall < EARLIEST:
            log.warning("time_refused", time=wall)
            return
        if not self._takes_time_from_csms:
            return
        was_plausible = self.is_plausible
        doubted = self._number(_DOUBTED)
        if abs(wall - self.station.clock.time()) >= _TOLERANCE:
            self._step(wall, doubted)
        if doubted is not None:
            self.station.journal.put(_SPACE, _DOUBTED, None)
        if not was_plausible:
            self.station.network.registering.tell_what_waits()

    @property
    def _takes_time_from_csms(self) -> bool:
        """Say whether the CSMS's time counts. The host's comes first where it is the first source,
        and can be believed.
        """
        sources = self.station.model.members(SOURCES)
        if sources[0] == "Heartbeat" or not self.is_plausible:
            return True
        return "Heartbeat" in sources and not self._is_believed

    def _sources_changed(self, key: Key, old: Value | None, new: Value | None) -> None:
        self._follow_host()

    def _follow_host(self) -> None:
        """Go by the host's clock where it is the first source: others keep it right."""
        if self._takes_time_from_csms:
            return
        wall, now = self.station.clock.host_time(), self.station.clock.time()
        if wall < EARLIEST or (wall < now and not self._is_believed):
            return
        if abs(wall - now) >= _TOLERANCE:
            self._step(wall, None)

    def _step(self, wall: float, doubted: float | None) -> None:
        step = self.station.clock.set(wall)
        log.info("clock_set", step_seconds=round(step, 3))
        if doubted is not None:
            count = self.station.journal.restamp(int(doubted), step)
            log.warning("reports_restamped", reports=count, step_seconds=round(step, 3))
        for record in self.station.records:
            record.clock_stepped(step, is_restamped=doubted is not None)
        self._keep_time()
        self.station.aligned.start()
        self.station.monitors.clock_stepped()
        self.station.security.clock_stepped(step)  # has the new time, and is not moved to it

    # ---- what is kept

    def _number(self, key: str) -> float | None:
        kept = self.station.journal.get(_SPACE, key)
        try:
            return None if kept is None else float(kept)
        except ValueError:  # damaged
            return None

    def _keep(self, key: str, value: str) -> None:
        self.station.journal.put(_SPACE, key, value.encode())
