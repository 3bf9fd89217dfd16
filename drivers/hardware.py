"""What a simulated EVSE is made of: its rating, its offer under a limit, the faults it can have."""

import math
from typing import Literal, get_args

import msgspec

from ..machines.effects import SetLimit
from .ev import Supply

# 1.6 7.6, without NoError and EVCommunicationError: the latter "is not a real error" but a warning,
# not to be used with the status Faulted (1.6 4.9), and FaultRaised means just that.
FaultCode = Literal[
    "ConnectorLockFailure",
    "GroundFailure",
    "HighTemperature",
    "InternalError",
    "LocalListConflict",
    "OtherError",
    "OverCurrentFailure",
    "OverVoltage",
    "PowerMeterFailure",
    "PowerSwitchFailure",
    "ReaderFailure",
    "ResetFailure",
    "UnderVoltage",
    "WeakSignal",
]
FAULT_CODES: tuple[str, ...] = get_args(FaultCode)


class EvseHardware(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rating. An AC EVSE is bounded by `max_amperes`, a DC one by `max_watts`."""

    is_dc: bool = False
    connectors: int = 1  # one of them in use at a time
    phases: Literal[1, 3] = 3  # of an AC EVSE
    voltage: float = 230.0  # V, phase to neutral; DC: plus to minus
    frequency: float = 50.0  # Hz
    max_amperes: float = 32.0  # A a phase
    max_watts: float = 150_000.0  # W
    has_bay_sensor: bool = False
    tells_state_of_charge: bool = False  # on AC too; DC always does

    def __post_init__(self) -> None:
        for name in ("connectors", "voltage", "frequency", "max_amperes", "max_watts"):
            if not 0 < getattr(self, name) < math.inf:
                raise ValueError(f"{name} of a simulated EVSE must be above 0")

    def supply(self, limit: SetLimit) -> Supply:
        """Give what it offers to a car under that limit."""
        phases = 1 if self.is_dc else self.phases
        amperes = self.max_watts / self.voltage if self.is_dc else self.max_amperes
        if limit.amperes is not None:
            amperes = min(amperes, limit.amperes)
        if limit.watts is not None:
            # The pilot says amperes; how many of the phases the car uses is not known to the EVSE.
            amperes = min(amperes, limit.watts / (self.voltage * phases))
        return Supply(self.voltage, max(0.0, amperes), phases, self.is_dc)
