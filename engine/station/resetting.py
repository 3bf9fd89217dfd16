"""How a reset is done: what is to be told before it, then the station's end or an EVSE's new start
(2.x B11, B12, 1.6 5.14).

When which of it happens, the reset charts decide.
"""

from typing import TYPE_CHECKING

import structlog
import trio

from ...machines.effects import AwaitDelivery, ReportResetFailure, RestartEvse, RestartStation
from ...machines.events import ReportsDelivered

if TYPE_CHECKING:
    from .station import ChargingStation

log = structlog.get_logger()

ANSWER_PATIENCE = 0.1  # s; the answer to the reset itself leaves before the link ends
_LOOK_SECONDS = 0.5


class Resetting:
    """The resets of a station and its EVSEs."""

    __slots__ = ("_due", "nursery", "outcome", "station")

    def __init__(self, station: "ChargingStation") -> None:
        self.station = station
        self.nursery: trio.Nursery | None = None  # while the station runs
        self.outcome: RestartStation | None = None  # how the station's run ends
        self._due: trio.Event | None = None  # while somebody waits for the outcome

    def await_delivery(self, effect: AwaitDelivery) -> None:
        assert self.nursery is not None
        self.nursery.start_soon(self._await, effect)

    async def _await(self, effect: AwaitDelivery) -> None:
        # B12.FR.05: what the CSMS has not taken by then waits in the journal for the next start.
        with trio.move_on_after(effect.seconds):
            while self._has_to_tell():
                with trio.move_on_after(_LOOK_SECONDS):  # the link may end meanwhile
                    await self.station.journal.changed()
        self.station.deliver(effect.evse, ReportsDelivered())

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
        if self.nursery is not None:
            self.outcome = outcome or self.outcome
            self.nursery.cancel_scope.cancel()

    def restart_evse(self, effect: RestartEvse) -> None:
        log.info("evse_resets", evse=effect.evse)
        self.station.evses[effect.evse - 1].restart()

    def report_failure(self, effect: ReportResetFailure) -> None:
        log.error("evse_not_back", evse=effect.evse)
        self.station.evses[effect.evse - 1].fault("no answer after a reset")
