"""Alarms by Trio's clock, under virtual time."""

import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from pilotwire.engine.wire.alarms import Alarms


@pytest.fixture
async def alarms(nursery: trio.Nursery) -> Alarms:
    found = Alarms()
    nursery.start_soon(found.run)
    await wait_all_tasks_blocked()
    return found


class Bell:
    def __init__(self) -> None:
        self.rung: list[tuple[str, float]] = []

    def __call__(self, name: str):
        return lambda: self.rung.append((name, trio.current_time()))


async def test_each_rings_at_its_time_whatever_the_order_in_which_they_were_set(
    alarms: Alarms, autojump_clock: MockClock
):
    bell = Bell()
    for seconds in (30, 10, 20, 10.5):
        alarms.after(seconds, bell(f"after {seconds}"))
    alarms.at(15, bell("at 15"))
    await trio.sleep(60)
    assert bell.rung == [
        ("after 10", 10),
        ("after 10.5", 10.5),
        ("at 15", 15),
        ("after 20", 20),
        ("after 30", 30),
    ]


async def test_of_two_at_one_time_the_first_set_rings_first(
    alarms: Alarms, autojump_clock: MockClock
):
    bell = Bell()
    for name in "abc":
        alarms.at(5, bell(name))
    await trio.sleep(6)
    assert [name for name, _ in bell.rung] == ["a", "b", "c"]


async def test_one_that_is_off_does_not_ring_nor_hold_what_it_would_have_told(
    alarms: Alarms, autojump_clock: MockClock
):
    bell = Bell()
    alarm = alarms.after(5, bell("never"))
    alarm.off()
    assert alarm.ring is None
    alarms.after(6, bell("rings"))
    await trio.sleep(10)
    assert bell.rung == [("rings", 6)]


async def test_one_may_set_another_and_a_past_one_rings_at_once(
    alarms: Alarms, autojump_clock: MockClock
):
    bell = Bell()
    alarms.after(5, lambda: alarms.after(5, bell("second")))
    alarms.at(-1, bell("past"))
    await trio.sleep(20)
    assert bell.rung == [("past", 0), ("second", 10)]


async def test_those_set_before_it_runs_ring_too(nursery: trio.Nursery, autojump_clock: MockClock):
    alarms, bell = Alarms(), Bell()
    alarms.at(5, bell("early"))
    nursery.start_soon(alarms.run)
    await trio.sleep(10)
    assert bell.rung == [("early", 5)]
