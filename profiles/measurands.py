"""Measurands: which of them the station has, and their values out of a meter sample (1.6 7.31, 2.x
MeasurandEnumType).
"""

from collections.abc import Callable, Iterable
from functools import cache
from operator import attrgetter
from typing import NamedTuple

import msgspec

from ..machines.meter import MeterSample, SignedReading

ENERGY_REGISTER = "Energy.Active.Import.Register"
INTERVAL = ".Interval"  # what has flowed since the reading before ends so


class Reading(msgspec.Struct, frozen=True, gc=False):
    """One value of a sample. `phase` is None for a value of all phases; `signed` is the same value
    as the meter has signed it.
    """

    measurand: str
    value: float
    unit: str | None
    phase: str | None = None
    signed: SignedReading | None = None


_Total = Callable[[MeterSample], float | None]
_Each = Callable[[MeterSample], tuple[float, ...]]


class _Source(NamedTuple):
    unit: str | None
    total: _Total | None  # the value of all phases; None: there is no such
    each: _Each | None = None  # one a phase, or of direct current a single one
    phases: tuple[str, ...] = ()  # what they are called


def _net(taken: str, given: str) -> _Total:
    def difference(meter: MeterSample) -> float | None:
        values = getattr(meter, taken), getattr(meter, given)
        return None if None in values else values[0] - values[1]

    return difference


_LINE = ("L1", "L2", "L3")
_NEUTRAL = ("L1-N", "L2-N", "L3-N")
_SOURCES: dict[str, _Source] = {
    ENERGY_REGISTER: _Source(
        "Wh", attrgetter("energy_import"), attrgetter("energy_import_phases"), _LINE
    ),
    "Energy.Active.Export.Register": _Source("Wh", attrgetter("energy_export")),
    "Energy.Active.Net": _Source("Wh", _net("energy_import", "energy_export")),
    "Energy.Reactive.Import.Register": _Source("varh", attrgetter("energy_reactive_import")),
    "Energy.Reactive.Export.Register": _Source("varh", attrgetter("energy_reactive_export")),
    "Energy.Reactive.Net": _Source(
        "varh", _net("energy_reactive_import", "energy_reactive_export")
    ),
    "Energy.Apparent.Import": _Source("VAh", attrgetter("energy_apparent_import")),
    "Energy.Apparent.Export": _Source("VAh", attrgetter("energy_apparent_export")),
    "Energy.Apparent.Net": _Source("VAh", _net("energy_apparent_import", "energy_apparent_export")),
    "Power.Active.Import": _Source(
        "W", attrgetter("power_import"), attrgetter("power_import_phases"), _LINE
    ),
    "Power.Active.Export": _Source("W", attrgetter("power_export")),
    "Power.Reactive.Import": _Source("var", attrgetter("power_reactive_import")),
    "Power.Reactive.Export": _Source("var", attrgetter("power_reactive_export")),
    "Power.Factor": _Source(None, attrgetter("power_factor")),
    "Current.Import": _Source("A", None, attrgetter("current_import"), _LINE),
    "Current.Export": _Source("A", None, attrgetter("current_export"), _LINE),
    "Voltage": _Source("V", None, attrgetter("voltage"), _NEUTRAL),
    "Frequency": _Source("Hz", attrgetter("frequency")),
    "Power.Offered": _Source("W", attrgetter("power_offered")),
    "Current.Offered": _Source("A", attrgetter("current_offered")),
    "SoC": _Source("Percent", attrgetter("state_of_charge")),
    "Temperature": _Source("Celsius", attrgetter("temperature")),
}
_INTERVALS = {
    f"{register.removesuffix('.Register')}{INTERVAL}": register
    for register in _SOURCES
    if register.endswith(".Register")
}
"""What has flowed between two readings of a register."""

UNITS = frozenset(source.unit for source in _SOURCES.values())
"""Of all values; None for one that is a mere number."""

MEASURANDS = (*_SOURCES, *_INTERVALS)
"""Those that the station can report, each where the hardware knows it."""

MOST = 15  # in one list: their names fit in what 1.6's keys can carry

OF_A_PHASE = tuple(
    f"{measurand}.{phase}" for measurand, source in _SOURCES.items() for phase in source.phases
)
"""1.6 lets a list name a measurand of one phase: `Voltage.L1-N`."""


def readings(
    meter: MeterSample, measurands: Iterable[str], before: MeterSample | None = None
) -> list[Reading]:
    """Give the sample's values for these measurands, every phase of each (1.6 3.16.3, 2.x J 2.3).

    `before` is the sample since which intervals count; without it they have no value.
    """
    found: list[Reading] = []
    for name in measurands:
        if name in _INTERVALS:
            _add_interval(found, name, meter, before)
        else:
            _add_values(found, name, meter)
    return found


def _add_values(found: list[Reading], name: str, meter: MeterSample) -> None:
    measurand, wanted = _split(name)
    unit, total, each, phases = _SOURCES[measurand]
    if total is not None and wanted is None:
        value = total(meter)
        if value is not None:
            signed = meter.signed if measurand == ENERGY_REGISTER else None
            found.append(Reading(measurand, value, unit, None, signed))
    if each is None:
        return
    values = each(meter)
    if len(values) == 1 and wanted is None and total is None:
        found.append(Reading(measurand, values[0], unit))
        return
    for phase, value in zip(phases, values, strict=False):
        if wanted is None or wanted == phase:
            found.append(Reading(measurand, value, unit, phase))


def _add_interval(
    found: list[Reading], name: str, meter: MeterSample, before: MeterSample | None
) -> None:
    register = _SOURCES[_INTERVALS[name]]
    assert register.total is not None
    now = register.total(meter)
    then = None if before is None else register.total(before)
    if now is not None and then is not None:
        found.append(Reading(name, now - then, register.unit))


@cache  # of few names
def _split(name: str) -> tuple[str, str | None]:
    if name in _SOURCES:
        return name, None
    measurand, _, phase = name.rpartition(".")
    return measurand, phase
