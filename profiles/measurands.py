"""Measurands: which of them the station has, and their values out of a meter sample (1.6 7.31, 2.x
MeasurandEnumType).
"""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from ..machines.meter import MeterSample

ENERGY_REGISTER = "Energy.Active.Import.Register"


class Reading(NamedTuple):
    """One value of a sample. `phase` is None for a value of all phases."""

    measurand: str
    value: float
    unit: str
    phase: str | None = None


def _one(value: float | None) -> tuple[float, ...]:
    return () if value is None else (value,)


class _Source(NamedTuple):
    unit: str
    values: Callable[[MeterSample], tuple[float, ...]]
    phases: tuple[str, ...] = ()  # where the values are one a phase


_CURRENT = ("L1", "L2", "L3")
_VOLTAGE = ("L1-N", "L2-N", "L3-N")
_SOURCES: dict[str, _Source] = {
    ENERGY_REGISTER: _Source("Wh", lambda meter: (meter.energy_import,)),
    "Energy.Active.Export.Register": _Source("Wh", lambda meter: _one(meter.energy_export)),
    "Power.Active.Import": _Source("W", lambda meter: _one(meter.power_import)),
    "Power.Active.Export": _Source("W", lambda meter: _one(meter.power_export)),
    "Current.Import": _Source("A", lambda meter: meter.current_import, _CURRENT),
    "Voltage": _Source("V", lambda meter: meter.voltage, _VOLTAGE),
    "Frequency": _Source("Hz", lambda meter: _one(meter.frequency)),
    "Power.Offered": _Source("W", lambda meter: _one(meter.power_offered)),
    "Current.Offered": _Source("A", lambda meter: _one(meter.current_offered)),
    "SoC": _Source("Percent", lambda meter: _one(meter.state_of_charge)),
    "Temperature": _Source("Celsius", lambda meter: _one(meter.temperature)),
}
MEASURANDS = tuple(_SOURCES)
"""Those that the station can report. SoC and Temperature come where the hardware knows them."""

WITH_PHASES = MEASURANDS + tuple(
    f"{measurand}.{phase}" for measurand, source in _SOURCES.items() for phase in source.phases
)
"""1.6 lets a list name a measurand of one phase: `Voltage.L1-N`."""


def readings(meter: MeterSample, measurands: Iterable[str]) -> Iterator[Reading]:
    """Give the sample's values for these measurands, every phase of each (1.6 3.16.3)."""
    for name in measurands:
        measurand, phase = _split(name)
        source = _SOURCES[measurand]
        values = source.values(meter)
        if not source.phases or (len(values) == 1 and phase is None):
            yield from (Reading(measurand, value, source.unit) for value in values)
            continue
        for value_phase, value in zip(source.phases, values, strict=False):
            if phase is None or phase == value_phase:
                yield Reading(measurand, value, source.unit, value_phase)


def _split(name: str) -> tuple[str, str | None]:
    if name in _SOURCES:
        return name, None
    measurand, _, phase = name.rpartition(".")
    return measurand, phase
