"""Measurands: which of them the station has, and their values out of a meter sample (1.6 7.31, 2.x
MeasurandEnumType).
"""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from ..machines.meter import MeterSample, SignedReading

ENERGY_REGISTER = "Energy.Active.Import.Register"
INTERVAL = ".Interval"  # what has flowed since the reading before ends so


class Reading(NamedTuple):
    """One value of a sample. `phase` is None for a value of all phases; `signed` is the same value
    as the meter has signed it.
    """

    measurand: str
    value: float
    unit: str | None
    phase: str | None = None
    signed: SignedReading | None = None


def _one(value: float | None) -> tuple[float, ...]:
    return () if value is None else (value,)


def _net(taken: float | None, given: float | None) -> tuple[float, ...]:
    return () if taken is None or given is None else (taken - given,)


class _Source(NamedTuple):
    unit: str | None
    values: Callable[[MeterSample], tuple[float, ...]]  # of all phases, or one a phase: see below
    phases: tuple[str, ...] = ()  # where the values are one a phase
    each: Callable[[MeterSample], tuple[float, ...]] | None = None  # one a phase, beside the sum


_LINE = ("L1", "L2", "L3")
_NEUTRAL = ("L1-N", "L2-N", "L3-N")
_SOURCES: dict[str, _Source] = {
    ENERGY_REGISTER: _Source(
        "Wh", lambda meter: (meter.energy_import,), _LINE, lambda meter: meter.energy_import_phases
    ),
    "Energy.Active.Export.Register": _Source("Wh", lambda meter: _one(meter.energy_export)),
    "Energy.Active.Net": _Source(
        "Wh", lambda meter: _net(meter.energy_import, meter.energy_export)
    ),
    "Energy.Reactive.Import.Register": _Source(
        "varh", lambda meter: _one(meter.energy_reactive_import)
    ),
    "Energy.Reactive.Export.Register": _Source(
        "varh", lambda meter: _one(meter.energy_reactive_export)
    ),
    "Energy.Reactive.Net": _Source(
        "varh", lambda meter: _net(meter.energy_reactive_import, meter.energy_reactive_export)
    ),
    "Energy.Apparent.Import": _Source("VAh", lambda meter: _one(meter.energy_apparent_import)),
    "Energy.Apparent.Export": _Source("VAh", lambda meter: _one(meter.energy_apparent_export)),
    "Energy.Apparent.Net": _Source(
        "VAh", lambda meter: _net(meter.energy_apparent_import, meter.energy_apparent_export)
    ),
    "Power.Active.Import": _Source(
        "W", lambda meter: _one(meter.power_import), _LINE, lambda meter: meter.power_import_phases
    ),
    "Power.Active.Export": _Source("W", lambda meter: _one(meter.power_export)),
    "Power.Reactive.Import": _Source("var", lambda meter: _one(meter.power_reactive_import)),
    "Power.Reactive.Export": _Source("var", lambda meter: _one(meter.power_reactive_export)),
    "Power.Factor": _Source(None, lambda meter: _one(meter.power_factor)),
    "Current.Import": _Source("A", lambda meter: meter.current_import, _LINE),
    "Current.Export": _Source("A", lambda meter: meter.current_export, _LINE),
    "Voltage": _Source("V", lambda meter: meter.voltage, _NEUTRAL),
    "Frequency": _Source("Hz", lambda meter: _one(meter.frequency)),
    "Power.Offered": _Source("W", lambda meter: _one(meter.power_offered)),
    "Current.Offered": _Source("A", lambda meter: _one(meter.current_offered)),
    "SoC": _Source("Percent", lambda meter: _one(meter.state_of_charge)),
    "Temperature": _Source("Celsius", lambda meter: _one(meter.temperature)),
}
_INTERVALS = {
    f"{register.removesuffix('.Register')}{INTERVAL}": register
    for register in _SOURCES
    if register.endswith(".Register")
}
"""What has flowed between two readings of a register."""

MEASURANDS = (*_SOURCES, *_INTERVALS)
"""Those that the station can report, each where the hardware knows it."""

MOST = 15  # in one list: their names fit in what 1.6's keys can carry

OF_A_PHASE = tuple(
    f"{measurand}.{phase}" for measurand, source in _SOURCES.items() for phase in source.phases
)
"""1.6 lets a list name a measurand of one phase: `Voltage.L1-N`."""


def readings(
    meter: MeterSample, measurands: Iterable[str], before: MeterSample | None = None
) -> Iterator[Reading]:
    """Give the sample's values for these measurands, every phase of each (1.6 3.16.3, 2.x J 2.3).

    `before` is the sample since which intervals count; without it they have no value.
    """
    for name in measurands:
        if name in _INTERVALS:
            yield from _interval(name, meter, before)
        else:
            yield from _values(name, meter)


def _values(name: str, meter: MeterSample) -> Iterator[Reading]:
    measurand, phase = _split(name)
    source = _SOURCES[measurand]
    values = source.values(meter)
    each = values if source.each is None else source.each(meter)
    if phase is None and (source.each is not None or not source.phases or len(values) == 1):
        signed = meter.signed if measurand == ENERGY_REGISTER else None
        yield from (Reading(measurand, value, source.unit, None, signed) for value in values)
        if source.each is None:
            return
    for value_phase, value in zip(source.phases, each, strict=False):
        if phase is None or phase == value_phase:
            yield Reading(measurand, value, source.unit, value_phase)


def _interval(name: str, meter: MeterSample, before: MeterSample | None) -> Iterator[Reading]:
    source = _SOURCES[_INTERVALS[name]]
    then = () if before is None else source.values(before)
    for value, last in zip(source.values(meter), then, strict=False):
        yield Reading(name, value - last, source.unit)


def _split(name: str) -> tuple[str, str | None]:
    if name in _SOURCES:
        return name, None
    measurand, _, phase = name.rpartition(".")
    return measurand, phase
