"""A monitor: which variable it watches, for what, and how grave that is (2.x N04)."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from ..device_model import Key, MonitorType

Origin = Literal["HardWiredMonitor", "PreconfiguredMonitor", "CustomMonitor"]
"""Who made it: the first two are the manufacturer's; only the last can be changed and cleared as
the CSMS likes.
"""

LEAST_SEVERE = 9  # Debug; 0 is Danger
THRESHOLDS: frozenset[MonitorType] = frozenset({"UpperThreshold", "LowerThreshold"})
OF_TARGET: frozenset[MonitorType] = frozenset({"TargetDelta", "TargetDeltaRelative"})
ALERTS: frozenset[MonitorType] = THRESHOLDS | OF_TARGET
"""Those that stay exceeded until they are cleared."""
PERIODIC: frozenset[MonitorType] = frozenset({"Periodic", "PeriodicClockAligned"})
CRITERIA: Mapping[str, frozenset[MonitorType]] = {
    "ThresholdMonitoring": THRESHOLDS,  # N02.FR.12
    "DeltaMonitoring": OF_TARGET | {"Delta"},  # N02.FR.13
    "PeriodicMonitoring": PERIODIC,  # N02.FR.14
}
"""What a MonitoringCriterionEnumType asks for."""


class Monitor(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Equal ids are never given to two at a time."""

    id: int
    key: Key
    type: MonitorType
    value: float  # of the variable; for the periodic ones the interval in s
    severity: int
    origin: Origin = "CustomMonitor"
    transaction: bool = False
    """Whether it only watches while a transaction runs at its component."""

    def is_like(self, other: "Monitor") -> bool:
        """Say whether there may not be both of them (N04.FR.10)."""
        mine = (self.key, self.type, self.severity)
        return mine == (other.key, other.type, other.severity)
