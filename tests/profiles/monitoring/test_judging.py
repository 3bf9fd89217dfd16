"""What a value means to a monitor."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotwire.profiles.device_model import Key, MonitorType, Value
from pilotwire.profiles.monitoring.judging import Finding, Watch, judge, renewed
from pilotwire.profiles.monitoring.monitor import ALERTS, Monitor

ALERT, CLEARED, DELTA = Finding("Alerting"), Finding("Alerting", cleared=True), Finding("Delta")
KEY = Key("Thing", "Level")


def monitor(type_: MonitorType, value: float = 10.0, **more: Any) -> Monitor:
    return Monitor(id=1, key=KEY, type=type_, value=value, severity=5, **more)


def findings(which: Monitor, *values: Value, target: Value | None = None) -> list[Finding | None]:
    """Give what is told of these values, one after the other."""
    watch, told = Watch(), []
    for value in values:
        watch, finding = judge(which, watch, value, target)
        told.append(finding)
    return told


def test_n07_fr_16_what_rises_above_the_threshold_alerts_and_what_reaches_it_does_not() -> None:
    told = findings(monitor("UpperThreshold"), 9, 10, 10.1, 11, 10, 9, 12)
    assert told == [None, None, ALERT, None, CLEARED, None, ALERT]  # N07.FR.02


def test_n07_fr_17_what_drops_below_the_threshold_alerts() -> None:
    told = findings(monitor("LowerThreshold"), 11, 10, 9.9, 1, 10)
    assert told == [None, None, ALERT, None, CLEARED]


def test_n07_fr_22_what_is_too_far_from_its_target_alerts() -> None:
    told = findings(monitor("TargetDelta"), 100, 110, 111, 90, 89, 95, target=100)
    assert told == [None, None, ALERT, CLEARED, ALERT, CLEARED]


def test_n07_fr_23_the_distance_may_be_a_part_of_the_target() -> None:
    told = findings(monitor("TargetDeltaRelative", 0.1), 110, 111, 90, 89, target=100)
    assert told == [None, ALERT, CLEARED, ALERT]


@pytest.mark.parametrize("target", [None, "full", True])
def test_what_has_no_target_is_not_off_it(target: Value | None) -> None:
    assert findings(monitor("TargetDelta"), 0, 1000, target=target) == [None, None]


def test_n07_fr_18_a_number_has_changed_when_it_is_further_off_than_the_value() -> None:
    """Reaching it is not yet more than it."""
    told = findings(monitor("Delta", 1), 60, 61, 62, 61, 60.5)
    assert told == [None, None, DELTA, None, DELTA]


@pytest.mark.parametrize(
    "values",
    [("Available", "Occupied"), (False, True), ((), ("A",)), (("A", "B"), ("B", "A"))],
)
def test_n07_fr_19_whatever_is_no_number_has_changed_when_it_is_another(
    values: tuple[Value, Value],
) -> None:
    before, after = values
    told = findings(monitor("Delta", 1000), before, before, after, after, before)
    assert told == [None, None, DELTA, None, DELTA]


def test_a_time_changes_by_seconds() -> None:
    noon = datetime(2027, 1, 15, 12, tzinfo=UTC)
    told = findings(monitor("Delta", 60), *(noon + timedelta(seconds=s) for s in (0, 60, 61)))
    assert told == [None, None, DELTA]


def test_decimal_fractions_do_not_change_by_their_rounding() -> None:
    assert findings(monitor("Delta", 0.3), 22.0, 22.3) == [None, None]
    assert findings(monitor("TargetDelta", 0.3), 22.3, target=22.0) == [None]


@pytest.mark.parametrize("type_", ["Periodic", "PeriodicClockAligned"])
def test_periodic_monitors_do_not_mind_the_value(type_: MonitorType) -> None:
    assert findings(monitor(type_), 1, 1000, 1) == [None, None, None]


@pytest.mark.parametrize("type_", sorted(ALERTS))
def test_what_is_no_number_exceeds_no_threshold(type_: MonitorType) -> None:
    assert findings(monitor(type_), "a", True, (), target=1) == [None, None, None]


# ---- N07.FR.11: a threshold that is changed


def change(before: float, after: float, value: Value) -> list[Finding | None]:
    """Look at a value with one threshold, then with another, twice."""
    old, new = monitor("UpperThreshold", before), monitor("UpperThreshold", after)
    watch, first = judge(old, Watch(), value)
    watch, second = judge(new, renewed(old, watch, new), value)
    _, third = judge(new, watch, value)
    return [first, second, third]


def test_n07_fr_11_a_new_threshold_clears_the_old_one() -> None:
    assert change(10, 20, 15) == [ALERT, CLEARED, None]


def test_n07_fr_11_a_new_threshold_is_exceeded() -> None:
    assert change(20, 10, 15) == [None, ALERT, None]


def test_n07_fr_11_an_excess_of_the_new_threshold_is_told_again() -> None:
    assert change(10, 12, 15) == [ALERT, ALERT, None]


def test_n07_fr_11_nothing_is_told_of_a_value_within_both() -> None:
    assert change(20, 30, 15) == [None, None, None]


def test_a_monitor_of_another_kind_knows_nothing_of_the_one_before() -> None:
    old, new = monitor("UpperThreshold"), monitor("Delta")
    assert renewed(old, Watch(is_exceeded=True), new) == Watch()
    assert renewed(new, Watch(told=5), new) == Watch()


# ---- properties

NUMBERS = st.lists(st.integers(-50, 50), min_size=1, max_size=40)


@given(st.sampled_from(sorted(ALERTS)), NUMBERS)
def test_no_excess_is_told_twice_without_being_cleared(
    type_: MonitorType, values: list[int]
) -> None:
    told = [finding for finding in findings(monitor(type_), *values, target=20) if finding]
    assert told[::2] == [ALERT] * len(told[::2])
    assert told[1::2] == [CLEARED] * len(told[1::2])


@given(st.sampled_from(sorted(ALERTS)), NUMBERS)
def test_an_excess_is_told_as_long_as_it_lasts(type_: MonitorType, values: list[int]) -> None:
    """After each value, what was told last says how things stand."""
    which = monitor(type_)
    standing = Finding("Alerting", cleared=True)
    watch = Watch()
    for value in values:
        watch, finding = judge(which, watch, value, 20)
        standing = finding or standing
        _, alone = judge(which, Watch(), value, 20)
        assert standing == (alone or CLEARED)


@given(st.integers(0, 10), NUMBERS)
def test_a_delta_is_told_exactly_when_it_is_more_than_that_since_the_last(
    delta: int, values: list[int]
) -> None:
    told = findings(monitor("Delta", delta), *values)
    assert told[0] is None
    last = values[0]
    for value, finding in itertools.islice(zip(values, told, strict=True), 1, None):
        assert (finding is not None) == (abs(value - last) > delta)
        if finding is not None:
            last = value
