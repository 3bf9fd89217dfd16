"""One connector: its cable, its lock, its health and its own availability, side by side.

What OCPP calls its status is a projection of these and of its EVSE's regions; a fault or a change
of availability ends without forgetting the charge, because it never touched it.
"""

from typing import TYPE_CHECKING

from statemachine import State

from .availability import availability_region
from .chart import Chart
from .effects import LockConnector, UnlockConnector
from .events import Event, FaultRaised

if TYPE_CHECKING:
    from .evse import Evse


class ConnectorChart(Chart["Connector"]):
    """Cable, lock, health and availability of one connector, side by side.

    They do not know of each other, so that a fault in mid-charge ends where the others stand; what
    OCPP calls the connector's status is read from all of them.
    """

    __slots__ = ()

    class connector(State.Parallel):
        class cable(State.Compound):
            unplugged = State(initial=True)
            plugged = State()

            cable_plugged = unplugged.to(plugged)
            cable_unplugged = plugged.to(unplugged)

        class lock(State.Compound):
            unlocked = State(initial=True)
            locked = State()
            stuck = State()

            lock_needed = unlocked.to(locked) | stuck.to(locked)
            lock_released = locked.to(unlocked)
            lock_failed = locked.to(unlocked)
            connector_locked = locked.to(None)
            connector_unlocked = locked.to(unlocked) | stuck.to(unlocked) | unlocked.to(None)
            unlock_failed = unlocked.to(stuck) | stuck.to(None)

        class health(State.Compound):
            ok = State(initial=True)
            faulted = State()

            fault_raised = ok.to(faulted) | faulted.to(None)
            fault_cleared = faulted.to(ok)

        availability = availability_region()

    def is_in_use(self, fact: Event) -> bool:
        """Say whether a transaction runs here, so that a change of availability has to wait."""
        return self.host.is_in_use

    def on_lock_needed(self, fact: Event) -> None:
        self.emit(LockConnector(self.host.evse_id, self.host.number))

    def on_lock_released(self, fact: Event) -> None:
        self.emit(UnlockConnector(self.host.evse_id, self.host.number))


class Connector:
    """A connector of an EVSE, counted from 1 within it."""

    __slots__ = ("chart", "evse", "fault", "number")

    def __init__(self, evse: "Evse", number: int) -> None:
        self.evse = evse
        self.number = number
        self.chart = ConnectorChart(self)
        self.fault: FaultRaised | None = None  # the error at hand, for whoever reports it

    @property
    def evse_id(self) -> int:
        return self.evse.evse_id

    def seconds(self, setting: str) -> float:
        return self.evse.seconds(setting)

    @property
    def is_in_use(self) -> bool:
        """Say whether its EVSE is in use, and the cable is here or could still be put in here."""
        return self.evse.is_in_use and self.evse.connector in (self, None)

    @property
    def is_plugged(self) -> bool:
        return self.chart.is_in("plugged")

    @property
    def is_faulted(self) -> bool:
        return self.chart.is_in("faulted")

    @property
    def is_operative(self) -> bool:
        """Say whether it is in service, its EVSE's and the station's word included."""
        return self.evse.is_operative and not self.chart.is_in("inoperative")

    @property
    def is_usable(self) -> bool:
        """Say whether a session may begin here."""
        return self.is_operative and not self.is_faulted and not self.evse.is_held
