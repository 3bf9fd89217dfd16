"""Who is in a fleet and what happens when, by seed."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotwire.engine.fleet.plan import course, members, shard, share_at
from pilotwire.engine.fleet.settings import Fleet, Group, Phase

TWO_GROUPS = (
    Group(name="a", weight=3, identity="A-{number}"),
    Group(name="b", identity="B-{number}"),
)


def test_groups_have_their_shares_and_every_station_its_own_identity() -> None:
    found = members(Fleet(stations=1000, groups=TWO_GROUPS))
    assert Counter(each.group.name for each in found) == {"a": 750, "b": 250}
    assert len({each.identity for each in found}) == 1000
    first_half = Counter(each.group.name for each in found[:500])
    assert 340 < first_half["a"] < 410  # mixed


def test_the_same_seed_gives_the_same_fleet_and_another_one_does_not() -> None:
    fleet = Fleet(stations=50, groups=TWO_GROUPS)
    assert members(fleet) == members(Fleet(stations=50, groups=TWO_GROUPS))
    assert course(fleet) == course(Fleet(stations=50, groups=TWO_GROUPS))
    other = Fleet(stations=50, groups=TWO_GROUPS, seed=2)
    assert members(fleet) != members(other)
    assert course(fleet) != course(other)


def test_phases_follow_each_other() -> None:
    phases = (
        Phase(kind="ramp", per_second=10),
        Phase(kind="steady", seconds=30),
        Phase(kind="blackout", share=0.5, seconds=5),
        Phase(kind="firmware", per_second=2, share=0.2, seconds=4, firmware_version="2"),
    )
    laid_out = course(Fleet(stations=100, phases=phases))
    assert [at for at, _ in laid_out.phases] == [0, 10, 40, 45]
    assert laid_out.seconds == pytest.approx(45 + 10 + 4)
    kinds = Counter(deed.kind for deed in laid_out.deeds)
    assert kinds == {"ramp": 100, "blackout": 50, "firmware": 20}
    assert [deed.at for deed in laid_out.deeds] == sorted(deed.at for deed in laid_out.deeds)
    assert {deed.at for deed in laid_out.deeds if deed.kind == "blackout"} == {40}


def test_a_ramp_may_bring_up_a_part_and_a_second_one_the_rest() -> None:
    phases = (
        Phase(kind="ramp", share=0.3),
        Phase(kind="storm"),
        Phase(kind="ramp"),
        Phase(kind="storm"),
    )
    deeds = course(Fleet(stations=10, phases=phases)).deeds
    assert Counter(deed.kind for deed in deeds) == {"ramp": 10, "storm": 3 + 10}


@given(st.integers(1, 300), st.integers(1, 9))
def test_workers_share_the_stations_and_nothing_is_done_twice(stations: int, workers: int) -> None:
    whole = course(Fleet(stations=stations))
    parts = [shard(whole, place, workers) for place in range(workers)]
    every = [deed for part in parts for deed in part.deeds]
    assert sorted(d.station for d in every) == sorted(d.station for d in whole.deeds)
    for place, part in enumerate(parts):
        assert all(deed.station % workers == place for deed in part.deeds)


def test_arrivals_go_from_hour_to_hour_without_a_jump() -> None:
    home = Group(arrivals="home")
    assert share_at(home, 18.0 * 3600) == 1.0
    assert 0.9 < share_at(home, 17.5 * 3600) < 1.0
    assert share_at(home, 3 * 3600) == pytest.approx(0.1)
    assert share_at(home, 24 * 3600) == share_at(home, 0)
    quiet = Group(arrivals="custom", hourly=(1.0, *(0.0,) * 23))
    assert share_at(quiet, 12 * 3600) > 0  # a gap between cars ends at last
