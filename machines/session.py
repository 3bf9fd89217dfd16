"""The regions of an EVSE: who is there, what flows, is a car in the bay, has its meter signed, is
it in service.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from statemachine import State

from .availability import availability_region
from .chart import Chart, Timeout
from .effects import AskSignature, CloseContactor, OpenContactor, StartTimer, StopTimer
from .events import ConnectionTimedOut, Event

if TYPE_CHECKING:
    from .evse import Evse  # noqa: F401  # ruff does not see the quoted type argument below


class EvseChart(Chart["Evse"]):
    """Session, energy, bay, signature and availability of one EVSE, side by side.

    The session is a person's and a car's way through the EVSE, whichever comes first; where it and
    the energy stand decides when a transaction starts and ends.
    """

    __slots__ = ()

    class evse(State.Parallel):
        class session(State.Compound):
            idle = State(initial=True)
            plugged_first = State()
            token_first = State()
            active = State()
            interrupted = State()
            finishing = State()

            cable_plugged = idle.to(plugged_first) | token_first.to(active) | interrupted.to(active)
            cable_unplugged = (
                plugged_first.to(idle)
                | finishing.to(idle)
                | active.to(idle, cond="stops_on_disconnect")
                | active.to(interrupted)
            )
            authorized = idle.to(token_first) | plugged_first.to(active) | finishing.to(active)
            stop_requested = (
                active.to(finishing)
                | interrupted.to(idle)
                | token_first.to(idle)
                # A transaction that outlives its authorization is told of it all the same.
                | finishing.to(None, cond="has_transaction")
                | plugged_first.to(None, cond="has_transaction")
                | idle.to(None, cond="has_transaction")
            )
            connection_timed_out = token_first.to(idle) | interrupted.to(idle)

        class energy(State.Compound):
            off = State(initial=True)
            ready = State()
            charging = State()
            suspended_ev = State()
            suspended_evse = State()

            energy_allowed = off.to(ready)
            energy_denied = off.from_(ready, charging, suspended_ev, suspended_evse)
            energy_flowing = charging.from_(ready, suspended_ev, suspended_evse)
            suspended_by_ev = suspended_ev.from_(ready, charging, suspended_evse)
            suspended_by_evse = suspended_evse.from_(ready, charging, suspended_ev)

        class bay(State.Compound):
            vacant = State(initial=True)
            occupied = State()

            bay_occupied = vacant.to(occupied)
            bay_vacated = occupied.to(vacant)

        class signature(State.Compound):
            unasked = State(initial=True)
            asked = State()
            received = State()

            signature_needed = unasked.to(asked)
            signed_data_received = asked.to(received)
            signature_dropped = unasked.from_(asked, received)

        availability = availability_region()

    timeouts: ClassVar[Mapping[str, Timeout]] = {
        "token_first": Timeout(ConnectionTimedOut(), "ev_connection_timeout")
    }

    def on_enter_interrupted(self, fact: Event) -> None:
        # E10.FR.02: nobody comes to fetch a cable that stays here (E10.FR.01: else it is locked).
        if self.host.has_fixed_cable:
            seconds = self.host.seconds("ev_connection_timeout")
            self.emit(StartTimer(self.host.evse_id, ConnectionTimedOut(), seconds))

    def on_exit_interrupted(self, fact: Event) -> None:
        if self.host.has_fixed_cable:
            self.emit(StopTimer(self.host.evse_id, ConnectionTimedOut()))

    def stops_on_disconnect(self, fact: Event) -> bool:
        return self.host.settings.stop_on_ev_side_disconnect

    def has_transaction(self, fact: Event) -> bool:
        return self.host.transaction is not None

    def is_in_use(self, fact: Event) -> bool:
        return self.host.is_in_use

    def on_signature_needed(self, fact: Event) -> None:
        self.emit(AskSignature(self.host.evse_id))

    def on_energy_allowed(self, fact: Event) -> None:
        self.emit(CloseContactor(self.host.evse_id))

    def on_energy_denied(self, fact: Event) -> None:
        self.emit(OpenContactor(self.host.evse_id))
