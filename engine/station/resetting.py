"""How a reset is done: what is to be told before it, then the station's end or an EVSE's new start
(2.x B11, B12, 1.6 5.14).

When which of it happens, the reset charts decide.
"""

from functools import partial
from typing import TYPE_CHECKING

import structlog
import trio

from ...machines.effects import AwaitDelivery, ReportResetFailure, RestartEvse, RestartStation
from ...machines.events import ReportsDelivered

if TYPE_CHECKING:
    from .station import ChargingStation

log = structlog.get_logger()

ANSWER_PATIENCE = 0.1  # s; the answer to the reset itself leaves before the link ends
_LOOK_SECONDS = 0.05  # between two looks at what is still to be told


class Resetting:
    """The resets of a station and its EVSEs."""

    __slots__ = ("_due", "outcome", "station")

    def __init__(self, station: "ChargingStation") -> None:
        self.station = station
        self.outcome: RestartStation | None = None  # how the station's run ends
        self._due: trio.Event | None = None  # while somebody waits for the outcome

    def await_delivery(self, effect: AwaitDelivery) -> None:
        """Have it known when the CSMS has taken what is to be told; what it has not taken by then
        waits in the journal for the next start (B12.FR.05).
        """
        self._look_later(effect.evse, 0.0, trio.current_time() + effect.seconds)

    def _look_later(self, evse_id: int, seconds: float, until: float) -> None:
        look = partial(self._look, evse_id, until)
        self.station.timers.start(("delivery", evse_id), seconds, look)

    def _look(self, evse_id: int, until: float) -> None:
        left = until - trio.current_time()
        if left > 0 and self._has_to_tell():
            self._look_later(evse_id, min(left, _LOOK_SECONDS), until)
        else:
            self.station.deliver(evse_id, ReportsDelivered())

    def _has_to_tell(self) -> bool:
        if any(task.signer.is_busy for task in self.station.evses):
            return True  # a report waits for its signed reading
        return self.station.tree.is_heard and self.station.reports_waiting(None) > 0

    def restart_station(self, effect: RestartStation) -> None:
        log.info("station_resets", reason=effect.boot_reason)
        if self.outcome is None:
            self.station.timers.start("end", ANSWER_PATIENCE, self.end)
        self.outcome = effect
        if self._due is not None:
            self._due.set()

    async def until_due(self) -> None:
        """Wait until it is known how the station's run ends."""
        if self.outcome is None:
            self._due = self._due or trio.Event()
            await self._due.wait()

    def end(self, outcome: RestartStation | None = None) -> None:
        """Have the station's run end at once, if it is on; None: as is known already."""
        if self.station.network.is_on:
            self.outcome = outcome or self.outcome
            self.station.network.end()

    def restart_evse(self, effect: RestartEvse) -> None:
        log.info("evse_resets", evse=effect.evse)
        self.station.evses[effect.evse - 1].restart()

    def report_failure(self, effect: ReportResetFailure) -> None:
        log.error("evse_not_back", evse=effect.evse)
        self.station.evses[effect.evse - 1].fault("no answer after a reset")
