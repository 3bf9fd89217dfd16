"""Faults of connectors, told to a CSMS of 2.x as events with their codes (N07, G05).

A fault is a hard-wired notification; what monitors find because of it names it as its cause.
"""

from collections.abc import Hashable
from typing import TYPE_CHECKING

import msgspec

from ...machines.events import FaultRaised
from ...profiles.device_model import Key
from ...profiles.report import ReportedEvent

if TYPE_CHECKING:
    from .monitors import Monitors
    from .station import ChargingStation

_FAULTS = "faults"  # in the journal: those that were told and stand; the key is the connector
_SEVERITY = 3  # Critical: somebody has to come
_LOCK = "ConnectorLockFailure"


class ToldFault(msgspec.Struct, frozen=True):
    """A fault that the CSMS was told of, and the event that told it."""

    event_id: int
    fault: FaultRaised


class Faults:
    """Which faults the CSMS was told of."""

    __slots__ = ("_told", "monitors", "station")

    def __init__(self, station: "ChargingStation", monitors: "Monitors") -> None:
        self.station = station
        self.monitors = monitors
        self._told: dict[tuple[int, int], ToldFault] = {}

    def restore(self) -> None:
        """Take back what was told before a restart: what has ended meanwhile is to be cleared."""
        kept = self.station.journal.items(_FAULTS)
        if not kept:
            return
        places = {f"{evse},{connector}": (evse, connector) for evse, connector in self._places()}
        for name, value in kept.items():
            try:
                told = msgspec.json.decode(value, type=ToldFault)
            except ValueError:  # msgspec's are such, too
                told = None
            if told is None or name not in places:
                self.station.journal.put(_FAULTS, name, None)
            else:
                self._told[places[name]] = told

    def _places(self) -> list[tuple[int, int]]:
        return [(each.evse_id, each.number) for each in self.station.tree.connectors]

    def look_everywhere(self) -> None:
        for evse, connector in self._places():
            self.look(evse, connector)

    def look(self, evse: int, connector: int) -> None:
        """Tell the fault of a connector that is not told yet, or that the told one has ended."""
        fault = self.station.tree.evse(evse).connectors[connector - 1].fault
        told = self._told.get((evse, connector))
        if fault == (None if told is None else told.fault):
            return
        if not self.monitors.may_tell(_SEVERITY):
            return
        events = []
        if told is not None and (fault is None or _component(fault) != _component(told.fault)):
            events.append(self._event(evse, connector, told.fault, told.event_id))
        if fault is not None:
            events.append(self._event(evse, connector, fault))
        self._keep(evse, connector, fault, events[-1].event_id)
        self.monitors.report(events)

    def _event(
        self, evse: int, connector: int, fault: FaultRaised, cleared: int | None = None
    ) -> ReportedEvent:
        """Tell of a fault; or that it is over, whose event was this one."""
        return ReportedEvent(
            event_id=self.monitors.new_event_id(),
            time=self.station.clock.time(),
            key=Key(_component(fault), "Problem", evse=evse, connector=connector),
            value="true" if cleared is None else "false",
            trigger="Delta" if fault.error_code == _LOCK else "Alerting",  # the first: TC_G_20
            origin="HardWiredNotification",
            severity=_SEVERITY,
            cause=cleared,
            cleared=cleared is not None,
            transaction_id=self.monitors.transaction_at(evse),
            tech_code=fault.vendor_error_code or fault.error_code,
            tech_info=_info(fault),
        )

    def _keep(self, evse: int, connector: int, fault: FaultRaised | None, event_id: int) -> None:
        kept = None
        if fault is None:
            self._told.pop((evse, connector), None)
        else:
            told = self._told[evse, connector] = ToldFault(event_id, fault)
            kept = msgspec.json.encode(told)
        self.station.journal.put(_FAULTS, f"{evse},{connector}", kept)

    def cause_of(self, key: Key, value: Hashable) -> int | None:
        """Give the event of the fault that has brought this value about, if one has (N07.FR.05)."""
        if value not in (True, "Faulted"):
            return None
        for (evse, connector), told in self._told.items():
            if key.evse in (0, evse) and key.connector in (0, connector):
                return told.event_id
        return None


def _component(fault: FaultRaised) -> str:
    """Give the component that has the problem (G05.FR.02)."""
    return "ConnectorPlugRetentionLock" if fault.error_code == _LOCK else "Connector"


def _info(fault: FaultRaised) -> str:
    code = fault.error_code if fault.vendor_error_code else ""
    return "; ".join(part for part in (code, fault.info, fault.vendor_id) if part)
