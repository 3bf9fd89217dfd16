"""What goes wrong, by rule and seed."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pilotwire.engine.config.fields import Invalid
from pilotwire.engine.config.load import load
from pilotwire.engine.failure import Failure
from pilotwire.engine.fleet.fault_settings import Fault
from pilotwire.engine.fleet.faults import LineFaults, times
from pilotwire.engine.fleet.line import UNTOUCHED
from pilotwire.engine.fleet.plan import course
from pilotwire.engine.fleet.settings import Fleet, Group, Phase

DAY = 86_400.0


def line_faults(*faults: Fault, at: Callable[[], float] = lambda: 0.0) -> LineFaults:
    return LineFaults(faults, random.Random(1), at, lambda what: None)


def test_what_happens_by_time_happens_so_often_in_the_mean_within_its_time() -> None:
    fault = Fault(kind="loss", every_seconds=600, from_seconds=DAY, until_seconds=3 * DAY)
    found = list(times(fault, 10 * DAY, random.Random(1)))
    assert 250 < len(found) < 330
    assert found == sorted(found)
    assert found[0] >= DAY
    assert found[-1] < 3 * DAY
    assert list(times(fault, 10 * DAY, random.Random(1))) == found


def test_the_course_has_what_goes_wrong_at_stations_of_the_groups() -> None:
    fleet = Fleet(
        stations=20,
        duration_seconds=DAY,
        groups=(Group(name="a", identity="A-{number}"), Group(name="b", identity="B-{number}")),
        phases=(Phase(kind="ramp"),),
        faults=(
            Fault(kind="power_cut", every_seconds=3600, seconds=(5, 10), groups=("a",)),
            Fault(kind="clock_jump", every_seconds=3600, seconds=(-30, -20)),
        ),
    )
    found = course(fleet)
    assert found == course(fleet)
    cuts = [deed for deed in found.deeds if deed.kind == "power_cut"]
    jumps = [deed for deed in found.deeds if deed.kind == "clock_jump"]
    assert len({deed.station for deed in cuts}) == 10
    assert len({deed.station for deed in jumps}) == 20
    assert all(5 <= deed.away_seconds <= 10 for deed in cuts)
    assert all(-30 <= deed.step_seconds <= -20 for deed in jumps)
    assert list(found.deeds) == sorted(found.deeds, key=lambda deed: deed.at)
    assert found.deeds[-1].at <= DAY


def test_messages_are_late_or_lost_by_chance() -> None:
    faults = line_faults(
        Fault(kind="latency", probability=0.5, seconds=(1, 2)),
        Fault(kind="loss", probability=0.1),
        Fault(kind="half_open", probability=0.1),
    )
    fates = [faults.of_message() for _ in range(2000)]
    late = [fate.delay for fate in fates if fate.delay]
    assert 900 < len(late) < 1100
    assert all(1 <= delay <= 2 for delay in late)
    assert 150 < sum(fate.breaks for fate in fates) < 250
    assert 120 < sum(fate.silences for fate in fates) < 240
    assert not any(fate.breaks and fate.silences for fate in fates)


def test_out_of_its_time_a_fault_does_not_happen() -> None:
    now = [0.0]
    fault = Fault(kind="loss", probability=1, from_seconds=10, until_seconds=20)
    faults = line_faults(fault, at=lambda: now[0])
    assert not faults.of_message().breaks
    now[0] = 15.0
    assert faults.of_message().breaks
    now[0] = 20.0
    assert not faults.of_message().breaks


def test_without_faults_nothing_befalls() -> None:
    assert line_faults().of_message() is UNTOUCHED
    assert line_faults().of_end() == 0


def test_ends_are_heard_of_late_and_told_to_the_log() -> None:
    told: list[str] = []
    fault = Fault(kind="reorder", probability=1, seconds=(3, 3))
    faults = LineFaults([fault], random.Random(1), lambda: 0.0, told.append)
    assert faults.of_end() == 3
    assert told == ["reorder 3.000 s"]


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ({"kind": "latency", "seconds": (0, 1)}, "probability: missing"),
        ({"kind": "latency", "probability": 1}, "seconds: missing"),
        ({"kind": "latency", "probability": 1, "seconds": (2, 1)}, "seconds: expected a range"),
        ({"kind": "latency", "probability": 1, "seconds": (-1, 1)}, "seconds: expected a range"),
        ({"kind": "reorder", "every_seconds": 1, "seconds": (0, 1)}, "every_seconds: reorder has"),
        ({"kind": "power_cut", "probability": 1, "seconds": (0, 1)}, "probability: power_cut has"),
        ({"kind": "clock_jump", "seconds": (0, 1)}, "every_seconds: missing"),
        ({"kind": "loss"}, "every_seconds: expected either"),
        ({"kind": "loss", "every_seconds": 1, "probability": 1}, "every_seconds: expected either"),
        ({"kind": "half_open", "probability": 1, "seconds": (0, 1)}, "seconds: half_open has none"),
        (
            {"kind": "loss", "every_seconds": 1, "from_seconds": 5, "until_seconds": 5},
            "until_seconds: expected more than from_seconds",
        ),
    ],
)
def test_a_rule_that_does_not_fit_is_refused(keys: dict[str, Any], problem: str) -> None:
    with pytest.raises(Invalid, match=problem):
        Fault(**keys)


def test_the_file_is_named_where_it_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "fleet.toml"
    file.write_text('[[faults]]\nkind = "loss"\nevery_seconds = 5\ngroups = ["nobody"]\n')
    with pytest.raises(Failure, match=r"faults.*groups.*no group is called nobody"):
        load(Fleet, file, environment={})
