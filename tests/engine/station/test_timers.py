"""Timers of several owners in one task."""

from collections.abc import Callable

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
    assert len(timers._heap) < 100
    await trio.sleep(101)
    assert seen == [4999]
