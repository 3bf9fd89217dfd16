"""What follows for the station when its journal cannot write.

The rule is that no contactor closes upon a start that a power cut could forget. A start that is
not on the disk faults its EVSE, until the journal writes again: what was not written is then. What
began before charges on, and its readings wait in memory.
"""

from typing import TYPE_CHECKING

import structlog

from ...machines.effects import ReportTransaction
from ...machines.events import FaultCleared, FaultRaised

if TYPE_CHECKING:
    from .station import ChargingStation

log = structlog.get_logger()

_INFO = "storage failed"  # by which our own fault is known among those of the hardware
_NONE: frozenset[int] = frozenset()  # shared: a set is large


class Storage:
    """Knows the starts that are not on the disk."""

    __slots__ = ("_asked", "_refused", "station")

    def __init__(self, station: "ChargingStation") -> None:
        self.station = station
        self._asked = _NONE  # EVSEs whose start is on its way to the disk
        self._refused = _NONE  # those where it did not come there
        station.journal.on_recovery = self._recovered

    def asked(self, effect: ReportTransaction) -> None:
        """A report is about to be journalled."""
        if effect.kind == "Started":
            self._asked |= {effect.evse}

    def answered(self, effect: ReportTransaction, is_kept: bool) -> None:
        """The journal has said what became of it."""
        if effect.kind != "Started":
            return
        self._asked = self._asked - {effect.evse} or _NONE
        if not is_kept:
            self._refused |= {effect.evse}
            log.error("start_not_kept", evse=effect.evse, transaction=effect.transaction_id)
            self._fault(effect.evse)

    def may_close(self, evse_id: int) -> bool:
        """Say whether the EVSE may close its contactor; one that had to is faulted for it."""
        if evse_id in self._refused:
            self._fault(evse_id)  # again: the hardware has cleared it with a fault of its own
        return evse_id not in self._asked and evse_id not in self._refused

    def _fault(self, evse_id: int) -> None:
        connector = self.station.tree.evse(evse_id).connector
        number = connector.number if connector is not None else 1
        self.station.deliver(evse_id, FaultRaised(number, "InternalError", _INFO))

    def _recovered(self) -> None:
        log.info("journal_writes_again")
        self._refused = _NONE
        for connector in self.station.tree.connectors:
            if connector.fault is not None and connector.fault.info == _INFO:
                self.station.deliver(connector.evse_id, FaultCleared(connector.number))
