"""Which monitors a variable can have (2.x part 1 chapter 4.4, N04)."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from ..device_model import DataType, Definition, MonitorType
from .monitor import LEAST_SEVERE, OF_TARGET, PERIODIC, THRESHOLDS, Monitor

_NUMBERS: frozenset[DataType] = frozenset({"integer", "decimal"})
_DELTA: frozenset[MonitorType] = frozenset({"Delta"})
_OF_TYPE: Mapping[DataType, frozenset[MonitorType]] = {
    "integer": THRESHOLDS | _DELTA | PERIODIC,
    "decimal": THRESHOLDS | _DELTA | PERIODIC,
    "dateTime": _DELTA,
}
_LEAST_INTERVAL = 1.0  # s


class Refusal(NamedTuple):
    """Why there cannot be such a monitor. `reason` is a standard reason code."""

    status: Literal["UnsupportedMonitorType", "Rejected"]
    reason: str


def supported(definition: Definition) -> frozenset[MonitorType]:
    """Give the types of monitors that a variable can have."""
    if not definition.supports_monitoring:
        return frozenset()
    if definition.mutability == "WriteOnly":  # a threshold would tell the value by and by
        return _DELTA
    types = _OF_TYPE.get(definition.type, _DELTA | PERIODIC)
    if definition.type in _NUMBERS and definition.attribute("Target") is not None:
        types |= OF_TARGET
    return types


def refusal(monitor: Monitor, definition: Definition) -> Refusal | None:
    """Say why this variable cannot have this monitor, or None where it can."""
    if monitor.type not in supported(definition):
        return Refusal("UnsupportedMonitorType", "UnsupportedParam")  # N04.FR.05
    if not 0 <= monitor.severity <= LEAST_SEVERE:
        return Refusal("Rejected", "ValueOutOfRange")
    if monitor.type in PERIODIC:
        return Refusal("Rejected", "ValueTooLow") if monitor.value < _LEAST_INTERVAL else None
    if monitor.type in THRESHOLDS:
        return None if _is_in_range(monitor.value, definition) else _OUT_OF_RANGE  # N04.FR.06
    return Refusal("Rejected", "ValuePositiveOnly") if monitor.value < 0 else None  # N04.FR.14


_OUT_OF_RANGE = Refusal("Rejected", "ValueOutOfRange")


def _is_in_range(value: float, definition: Definition) -> bool:
    least, most = definition.minimum, definition.maximum
    return (least is None or value >= least) and (most is None or value <= most)
