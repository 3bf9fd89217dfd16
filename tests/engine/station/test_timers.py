"""Timers of several owners in one task."""

import math
import random
from collections.abc import Callable

import pytest
import trio
from trio.testing import MockClock

from pilotwire.engine.station.timers import Timers


async def test_they_call_in_order_of_time_and_a_stopped_one_never(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    timers, seen = Timers(), list[tuple[str, float]]()
    nursery.start_soon(timers.run)
    mine = timers.part()

    def see(name: str) -> Callable[[], None]:
        return lambda: seen.append((name, trio.current_time()))

    mine.start("late", 5, see("late"))
    mine.start("early", 1, see("early"))
    mine.start("moved", 2, see("moved"))
    mine.start("moved", 7, see("moved"))  # anew
    mine.start("stopped", 3, see("stopped"))
    mine.stop("stopped")
    mine.stop("never set")
    await trio.sleep(10)
    assert [name for name, _ in seen] == ["early", "late", "moved"]
    assert [round(at) for _, at in seen] == [1, 5, 7]


async def test_an_owner_that_ends_takes_its_timers_along_and_leaves_the_others(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    timers, seen = Timers(), list[str]()
    nursery.start_soon(timers.run)
    one, other = timers.part(), timers.part()
    one.start("back off", 5, lambda: seen.append("one"))
    other.start("back off", 5, lambda: seen.append("other"))
    await trio.sleep(1)
    one.end()
    await trio.sleep(10)
    assert seen == ["other"]


async def test_thousands_that_are_set_anew_leave_nothing_behind(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    timers, seen = Timers(), list[int]()
    nursery.start_soon(timers.run)
    mine = timers.part()
    for number in range(5000):
        mine.start("heartbeat", 100, lambda number=number: seen.append(number))
    assert timers._kept < 100
    await trio.sleep(101)
    assert seen == [4999]


class Owner:
    """Sets timers at random, some of them anew or not after all, and notes those that call."""

    def __init__(self, timers: Timers, chance: random.Random) -> None:
        self.part = timers.part()
        self.chance = chance
        self.expected: dict[int, float] = {}
        self.late: list[float] = []

    def act(self) -> None:
        name = self.chance.randrange(20)
        if self.chance.random() < 0.3:
            self.part.stop(name)
            self.expected.pop(name, None)
            return
        seconds = self.chance.choice((0.0, 0.001, 0.03, 0.5, 7.0, 300.0)) * self.chance.random()
        due = self.expected[name] = trio.current_time() + seconds
        self.part.start_at(name, due, lambda: self.ring(name))

    def ring(self, name: int) -> None:
        self.late.append(trio.current_time() - self.expected.pop(name))
        self.act()


@pytest.mark.parametrize("seed", range(5))
async def test_each_calls_at_its_own_time_whatever_the_others_do(
    autojump_clock: MockClock, nursery: trio.Nursery, seed: int
) -> None:
    timers, chance = Timers(), random.Random(seed)
    nursery.start_soon(timers.run)
    owners = [Owner(timers, chance) for _ in range(10)]
    for _ in range(300):
        for owner in owners:
            owner.act()
        await trio.sleep(chance.random())
    for owner in owners:
        owner.part.end()
        assert len(owner.late) > 50
        assert max(map(abs, owner.late)) < 1e-6
    assert timers._running == 0


async def test_at_a_pace_what_is_due_is_called_together_and_nothing_too_soon(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    timers, seen = Timers(pace=0.01), list[tuple[str, float]]()
    nursery.start_soon(timers.run)
    mine, began_at = timers.part(), trio.current_time()

    def see(name: str) -> Callable[[], None]:
        return lambda: seen.append((name, round(trio.current_time() - began_at, 3)))

    mine.start("one", 1.0, see("one"))
    mine.start("two", 1.004, see("two"))
    mine.start("three", 1.009, see("three"))
    mine.start("four", 1.5, see("four"))
    await trio.sleep(1.001)
    mine.start("at once", 0, see("at once"))
    await trio.sleep(1)
    assert seen == [
        ("one", 1.0),
        ("at once", 1.01),
        ("two", 1.01),
        ("three", 1.01),
        ("four", 1.5),
    ]


async def test_a_timer_may_never_be_due(autojump_clock: MockClock, nursery: trio.Nursery) -> None:
    timers, seen = Timers(), list[str]()
    nursery.start_soon(timers.run)
    mine = timers.part()
    mine.start("never", math.inf, lambda: seen.append("never"))
    mine.start("soon", 1, lambda: seen.append("soon"))
    await trio.sleep(3600)
    assert seen == ["soon"]
