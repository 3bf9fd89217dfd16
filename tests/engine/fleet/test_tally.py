"""What is counted adds up, and is judged."""

import random

import msgspec
import pytest
from hdrh.histogram import HdrHistogram
from hypothesis import given
from hypothesis import strategies as st

from pilotwire.engine.fleet.settings import Thresholds
from pilotwire.engine.fleet.tally import Latencies, Tally, Totals, summed
from pilotwire.engine.fleet.verdict import error_percent, judge


def measured() -> Tally:
    tally = Tally()
    tally.began_at = 100.0
    tally.stations, tally.ever_online = 10, 9
    for milliseconds in range(1, 101):
        tally.call_ended("Heartbeat", 103.5 - milliseconds / 1000, 103.5, "answered")
    tally.call_ended("Authorize", 74.0, 104.0, "timed out")
    tally.boots.add(1.5)
    tally.still_queued = 7
    tally.broken.update({"call-answered": 2, "seq-no-gap": 1})
    return tally


@given(st.lists(st.floats(1e-6, 3000), min_size=1, max_size=200))
def test_percentiles_are_right_within_a_hundredth(seconds: list[float]) -> None:
    latencies = Latencies()
    for each in seconds:
        latencies.add(each)
    found = latencies.percentile(100)
    assert found == pytest.approx(max(seconds), rel=0.01, abs=2e-6)
    assert latencies.total_seconds() == pytest.approx(sum(seconds), rel=0.02, abs=1e-5)


def test_two_workers_add_up_to_one() -> None:
    wire = msgspec.json.encode([measured().totals(), measured().totals()])
    both = summed(msgspec.json.decode(wire, type=list[Totals]))
    assert (both.stations, both.ever_online, both.still_queued) == (20, 18, 14)
    assert both.calls == 202
    assert both.failed == 2
    assert both.seconds[3].calls == 200
    assert both.seconds[4].failed == 2
    assert both.actions["Heartbeat"].latencies.percentile(50) == pytest.approx(0.05, rel=0.02)
    assert len(both.boots) == 2


def test_thresholds_that_are_not_set_are_not_judged() -> None:
    assert judge(measured(), Thresholds(never_connected=None)) == []


@pytest.mark.parametrize(
    ("thresholds", "is_met"),
    [
        (Thresholds(never_connected=1), True),
        (Thresholds(never_connected=0), False),
        (Thresholds(never_connected=None, error_percent=1.0), True),
        (Thresholds(never_connected=None, error_percent=0.5), False),
        (Thresholds(never_connected=None, still_queued=7), True),
        (Thresholds(never_connected=None, still_queued=6), False),
        (Thresholds(never_connected=None, broken_rules=3), True),
        (Thresholds(never_connected=None, broken_rules=2), False),
        (Thresholds(never_connected=None, boot_p99_seconds=2), True),
        (Thresholds(never_connected=None, boot_p99_seconds=1), False),
        (Thresholds(never_connected=None, p99_milliseconds={"Heartbeat": 120}), True),
        (Thresholds(never_connected=None, p99_milliseconds={"Heartbeat": 50}), False),
        (Thresholds(never_connected=None, p99_milliseconds={"MeterValues": 50}), False),
    ],
)
def test_a_threshold_is_met_or_not(thresholds: Thresholds, is_met: bool) -> None:
    (finding,) = judge(measured(), thresholds)
    assert finding.is_met is is_met


def test_the_star_is_for_every_action_that_has_no_limit_of_its_own() -> None:
    thresholds = Thresholds(never_connected=None, p99_milliseconds={"*": 150, "Heartbeat": 20})
    findings = {finding.what: finding.is_met for finding in judge(measured(), thresholds)}
    assert findings == {"Authorize, 99 of 100": False, "Heartbeat, 99 of 100": False}
    assert error_percent(Tally()) == 0


def test_latencies_are_those_of_a_histogram_that_was_told_each() -> None:
    chance = random.Random(1)
    durations = [10 ** chance.uniform(-7, 4) for _ in range(2000)]
    latencies, told_each = Latencies(), HdrHistogram(1, 3_600_000_000, 2)
    for number, seconds in enumerate(durations):
        latencies.add(seconds)
        told_each.record_value(min(max(int(seconds * 1e6), 1), 3_600_000_000))
        if number == 1000:
            assert len(latencies) == 1001
    assert len(latencies) == 2000
    for percent in (0.1, 50, 90, 99, 99.9, 100):
        assert latencies.percentile(percent) == told_each.get_value_at_percentile(percent) / 1e6
    assert latencies.total_seconds() == told_each.get_mean_value() * 2000 / 1e6
