"""Events of a moment on their way into reports."""

from typing import Any

from pilotwire.profiles.device_model import Key
from pilotwire.profiles.monitoring.reporting import reports
from pilotwire.profiles.report import ReportedEvent


def event(number: int = 1, value: str = "1", severity: int = 5, **more: Any) -> ReportedEvent:
    return ReportedEvent(
        event_id=number,
        time=1.8e9,
        key=Key("Thing", "Level"),
        value=value,
        trigger="Delta",
        origin="CustomMonitor",
        severity=severity,
        **more,
    )


def test_what_belongs_to_a_moment_is_one_report() -> None:
    events = [event(1), event(2)]
    (report,) = reports(events, 1.8e9, 4)
    assert (report.events, report.seq_no, report.is_last) == (tuple(events), 0, True)
    assert [*reports([], 1.8e9, 4)] == []


def test_many_long_values_come_in_numbered_parts() -> None:
    events = [event(number, "x" * 2500) for number in range(10)]
    parts = [*reports(events, 1.8e9, 4)]
    assert [part.seq_no for part in parts] == [0, 1, 2]
    assert [part.is_last for part in parts] == [False, False, True]
    assert [each for part in parts for each in part.events] == events


def test_what_is_severe_enough_to_be_queued_may_not_give_way() -> None:
    for severities, is_critical in (((5, 9), False), ((9, 4), True), ((0,), True)):
        (report,) = reports([event(1, severity=each) for each in severities], 1.8e9, 4)
        assert report.is_critical is is_critical
