"""Measurands: which of them the station has, and their values out of a meter sample (1.6 7.31, 2.x
MeasurandEnumType).
"""

from collections.abc import Callable
from functools import cache, lru_cache
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

MEASURANDS = (*_SOURCES, *_INTERVALS)
"""Those that the station can report, each where the hardware knows it."""

MOST = 15  # in one list: their names fit in what 1.6's keys can carry

OF_A_PHASE = tuple(
    f"{measurand}.{phase}" for measurand, source in _SOURCES.items() for phase in source.phases
)
"""1.6 lets a list name a measurand of one phase: `Voltage.L1-N`."""


class Meaning(msgspec.Struct, frozen=True, eq=False, gc=False):
    """What a number of a sample is; there is one of each. `phase` is None for all phases."""

    measurand: str
    unit: str | None
    phase: str | None = None


class _Place(NamedTuple):
    """Where the numbers of a name come from, and what they are."""

    total: _Total | None
    each: _Each | None
    of_all: Meaning  # or of a single one
    of_phases: tuple[Meaning, ...] = ()
    is_interval: bool = False


def readings(
    meter: MeterSample, measurands: tuple[str, ...], before: MeterSample | None = None
) -> list[Reading]:
    """Give the sample's values for these measurands, every phase of each (1.6 3.16.3, 2.x J 2.3).

    `before` is the sample since which intervals count; without it they have no value.
    """
    signed = meter.signed
    return [
        Reading(
            meaning.measurand,
            number,
            meaning.unit,
            meaning.phase,
            signed if meaning is _REGISTER else None,
        )
        for number, meaning in zip(*measured(meter, measurands, before), strict=True)
    ]


def measured(
    meter: MeterSample, measurands: tuple[str, ...], before: MeterSample | None = None
) -> tuple[list[float], list[Meaning]]:
    """Give the numbers of `readings`, and what they are, which mostly is the same as the last time.

    Raises KeyError for what is no measurand, ValueError for what is no phase of one.
    """
    numbers: list[float] = []
    meanings: list[Meaning] = []
    for total, each, of_all, of_phases, is_interval in _places_of(measurands):
        if total is not None:
            number = total(meter)
            if is_interval:
                number = _difference(number, None if before is None else total(before))
            if number is not None:
                numbers.append(number)
                meanings.append(of_all)
        if each is None:
            continue
        values = each(meter)
        if len(values) == 1 and total is None:
            numbers += values
            meanings.append(of_all)
        else:
            numbers += values[: len(of_phases)]
            meanings += of_phases[: len(values)]
    return numbers, meanings


def _difference(now: float | None, then: float | None) -> float | None:
    return None if now is None or then is None else now - then


@lru_cache(256)  # lists that are in use: stations share them
def _places_of(names: tuple[str, ...]) -> tuple[_Place, ...]:
    return tuple(map(_place_of, names))


@cache  # of few names: a meaning is one
def _place_of(name: str) -> _Place:
    if name in _INTERVALS:
        register = _SOURCES[_INTERVALS[name]]
        return _Place(register.total, None, Meaning(name, register.unit), is_interval=True)
    if name in _SOURCES:
        unit, total, each, phases = _SOURCES[name]
        of_phases = tuple(Meaning(name, unit, phase) for phase in phases)
        return _Place(total, each, Meaning(name, unit), of_phases)
    measurand, _, phase = name.rpartition(".")
    source = _SOURCES[measurand]
    return _Place(None, _one_of(source, phase), Meaning(measurand, source.unit, phase))


def _one_of(source: _Source, phase: str) -> _Each:
    """Give what reads this phase alone, where the meter has it."""
    each, at = source.each, source.phases.index(phase)
    assert each is not None  # else it had no phases
    return lambda meter: each(meter)[at : at + 1]


_REGISTER = _place_of(ENERGY_REGISTER).of_all
