"""Hands at the simulated EVSEs of an embedded station: what people and cars did when the dialogue
was recorded is done again.
"""

from collections.abc import Sequence

from ...drivers.ev import Ev
from ...drivers.hardware import FAULT_CODES
from ...drivers.simulator import SimulatedEvse
from ...profiles.trace.doings import (
    Doing,
    EvResumed,
    EvSuspended,
    FaultCleared,
    Faulted,
    PluggedIn,
    TokenShown,
    Unplugged,
    doings,
)
from .recording import Recording

_OTHER_FAULT = "OtherError"


class Hands:
    """Does at a station of ours what was done at the recorded one."""

    def __init__(self, recording: Recording, drivers: Sequence[SimulatedEvse]) -> None:
        self._drivers = drivers
        told = iter(doings(recording.items))
        self._doings: list[list[Doing]] = []  # of each step
        for step in recording.steps:
            self._doings.append(next(told))
            if step.answer is not None:
                next(told)

    def has_part_in(self, step: int) -> bool:
        """Say whether something was done for that step to be said."""
        return bool(self._doings[step])

    def do(self, step: int) -> None:
        for doing in self._doings[step]:
            if 1 <= doing.evse <= len(self._drivers):
                _do(doing, self._drivers[doing.evse - 1])


def _do(doing: Doing, evse: SimulatedEvse) -> None:
    """Do it where it is not done yet."""
    match doing:
        case PluggedIn(connector=connector) if evse.plugged_connector is None:
            evse.plug_in(_car(), min(connector, evse.hardware.connectors))
        case Unplugged() if evse.plugged_connector is not None:
            evse.unplug(at_car=evse.is_locked(evse.plugged_connector))
        case TokenShown(token=token):
            evse.present_token(token.value, token.type)
        case EvSuspended() if evse.plugged_connector is not None:
            evse.suspend_ev()
        case EvResumed() if evse.plugged_connector is not None:
            evse.resume_ev()
        case Faulted(connector=connector, error_code=code):
            known = code if code in FAULT_CODES else _OTHER_FAULT
            evse.fault(known, connector=min(connector, evse.hardware.connectors))
        case FaultCleared() if evse.is_faulted:
            evse.clear_fault()


def _car() -> Ev:
    """Give a car that never ends a charge by itself: the recording says when it does."""
    return Ev(name="Replay", battery_wh=1e7, state_of_charge=1.0)
