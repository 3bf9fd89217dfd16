"""What a value means to a monitor: is it to be told (2.x N07)?"""

import math
from datetime import datetime
from typing import Literal, NamedTuple

import msgspec

from ..device_model import Value
from .monitor import ALERTS, PERIODIC, Monitor

Trigger = Literal["Alerting", "Delta", "Periodic"]


class Watch(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a monitor knows of the values before."""

    is_exceeded: bool = False
    """Whether its threshold was, when it was last looked at."""
    is_renewed: bool = False
    """Whether it was changed since, so that an excess is to be told again (N07.FR.11)."""
    told: Value | None = None
    """The value of a Delta monitor when it was set, or when it last told of one."""


class Finding(NamedTuple):
    """Something to tell."""

    trigger: Trigger
    cleared: bool = False


def judge(
    monitor: Monitor, watch: Watch, value: Value, target: Value | None = None
) -> tuple[Watch, Finding | None]:
    """Give what the monitor knows from now on, and what is to be told of this value, if anything.

    Periodic monitors tell by the clock, not by the value.
    """
    if monitor.type in PERIODIC:
        return watch, None
    if monitor.type == "Delta":
        return _judge_delta(monitor, watch, value)
    is_exceeded = _exceeds(monitor, value, target)
    after = Watch(is_exceeded=is_exceeded)
    if is_exceeded and (watch.is_renewed or not watch.is_exceeded):
        return after, Finding("Alerting")  # N07.FR.16-17, N07.FR.22-23
    if watch.is_exceeded and not is_exceeded:
        return after, Finding("Alerting", cleared=True)  # N07.FR.02
    return after, None


def _judge_delta(monitor: Monitor, watch: Watch, value: Value) -> tuple[Watch, Finding | None]:
    if watch.told is None:
        return Watch(told=value), None
    if not _has_changed(watch.told, value, monitor.value):
        return watch, None
    return Watch(told=value), Finding("Delta")


def _has_changed(told: Value, value: Value, most: float) -> bool:
    before, now = _number(told), _number(value)
    if before is None or now is None:
        return told != value  # N07.FR.19
    return _is_more(abs(now - before), most)  # N07.FR.18


def _exceeds(monitor: Monitor, value: Value, target: Value | None) -> bool:
    number = _number(value)
    if number is None:
        return False
    match monitor.type:
        case "UpperThreshold":
            return number > monitor.value  # not on the threshold
        case "LowerThreshold":
            return number < monitor.value
        case _:
            aim = None if target is None else _number(target)
            if aim is None:
                return False
            is_relative = monitor.type == "TargetDeltaRelative"
            most = monitor.value * abs(aim) if is_relative else monitor.value
            return _is_more(abs(number - aim), most)


def _is_more(difference: float, most: float) -> bool:
    """Compare without taking the rounding of decimal fractions for a difference."""
    return difference > most and not math.isclose(difference, most, rel_tol=1e-9)


def _number(value: Value) -> float | None:
    """Give a number, of a date-time s since 1970; None for what has no distance to another."""
    if isinstance(value, datetime):
        return value.timestamp()
    return None if isinstance(value, bool | str | tuple) else float(value)


def renewed(before: Monitor, watch: Watch, after: Monitor) -> Watch:
    """Give what a monitor knows that takes the place of another."""
    if before.type in ALERTS and after.type in ALERTS:
        return Watch(is_exceeded=watch.is_exceeded, is_renewed=True)  # N07.FR.11
    return Watch()
