"""Which monitors a variable can have."""

from typing import Any

import pytest

from pilotwire.profiles.device_model import Attribute, DataType, Definition, Key, MonitorType, Value
from pilotwire.profiles.monitoring.checks import refusal, supported
from pilotwire.profiles.monitoring.monitor import Monitor

KEY = Key("Thing", "Level")
DELTA = {"Delta"}
PERIODIC = {"Periodic", "PeriodicClockAligned"}
THRESHOLDS = {"UpperThreshold", "LowerThreshold"}
TARGETS = {"TargetDelta", "TargetDeltaRelative"}


def define(type_: DataType = "decimal", default: Value = 0.0, **more: Any) -> Definition:
    return Definition(key=KEY, type=type_, default=default, meaning="", **more)


def monitor(type_: MonitorType, value: float, severity: int = 5) -> Monitor:
    return Monitor(id=1, key=KEY, type=type_, value=value, severity=severity)


@pytest.mark.parametrize(
    ("definition", "types"),
    [
        (define("decimal"), THRESHOLDS | DELTA | PERIODIC),
        (define("integer", 0), THRESHOLDS | DELTA | PERIODIC),
        (define("boolean", False), DELTA | PERIODIC),
        (define("string", ""), DELTA | PERIODIC),
        (define("OptionList", "a"), DELTA | PERIODIC),
        (define("MemberList", ()), DELTA | PERIODIC),
        (define("SequenceList", ()), DELTA | PERIODIC),
        (Definition(key=KEY, type="dateTime", default=None, meaning=""), DELTA),
        (define(more=(Attribute(type="Target"),)), THRESHOLDS | DELTA | PERIODIC | TARGETS),
        (define("string", "", more=(Attribute(type="Target"),)), DELTA | PERIODIC),
        (define(mutability="WriteOnly"), DELTA),
        (define(supports_monitoring=False), set()),
    ],
)
def test_the_data_type_decides(definition: Definition, types: set[str]) -> None:
    assert supported(definition) == types


def status_and_reason(which: Monitor, definition: Definition) -> str:
    found = refusal(which, definition)
    return "Accepted" if found is None else " ".join(found)


@pytest.mark.parametrize(
    ("type_", "value", "answer"),
    [
        ("UpperThreshold", 0.0, "Accepted"),  # the limits themselves are no use, but allowed
        ("UpperThreshold", 100.0, "Accepted"),
        ("UpperThreshold", 100.1, "Rejected ValueOutOfRange"),  # N04.FR.06
        ("UpperThreshold", -0.1, "Rejected ValueOutOfRange"),
        ("LowerThreshold", 100.1, "Rejected ValueOutOfRange"),
        ("LowerThreshold", -0.1, "Rejected ValueOutOfRange"),
        ("Delta", 0.0, "Accepted"),
        ("Delta", -0.1, "Rejected ValuePositiveOnly"),  # N04.FR.14
        ("Delta", 1000.0, "Accepted"),
        ("Periodic", 1.0, "Accepted"),
        ("Periodic", 0.5, "Rejected ValueTooLow"),
        ("PeriodicClockAligned", -900.0, "Rejected ValueTooLow"),
    ],
)
def test_the_value_must_make_sense(type_: MonitorType, value: float, answer: str) -> None:
    definition = define(minimum=0, maximum=100)
    assert status_and_reason(monitor(type_, value), definition) == answer


def test_without_limits_any_threshold_will_do() -> None:
    assert status_and_reason(monitor("UpperThreshold", -1e9), define()) == "Accepted"


@pytest.mark.parametrize(
    ("severity", "answer"),
    [
        (-1, "Rejected ValueOutOfRange"),
        (0, "Accepted"),
        (9, "Accepted"),
        (10, "Rejected ValueOutOfRange"),
    ],
)
def test_there_are_ten_severities(severity: int, answer: str) -> None:
    assert status_and_reason(monitor("Delta", 1.0, severity), define()) == answer


def test_what_cannot_be_monitored_has_no_type_that_fits() -> None:
    found = refusal(monitor("Delta", 1.0), define(supports_monitoring=False))
    assert found == ("UnsupportedMonitorType", "UnsupportedParam")  # N04.FR.05
