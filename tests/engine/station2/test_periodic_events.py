"""Functional block N as dialogues: events that come by the clock (N08)."""

from pathlib import Path

import pytest
import trio
from trio.testing import MockClock

from pilotwire.machines.events import ResetRequested

from .conftest import Start
from .monitoring import clear, events, monitor, notices, set_level
from .world import START, World, journal_in

POWER, STATE = "EVSE(1).Power", "EVSE(1).AvailabilityState"
RESTART = ResetRequested(patience=1.0)


def moments(world: World, name: str = "") -> list[int]:
    """When the events were, in s since the start."""
    return [int(event.timestamp.timestamp() - START) for event in events(world, name)]


async def test_n08_fr_06_a_periodic_event_comes_at_every_interval(
    world: World, autojump_clock: MockClock
) -> None:
    await trio.sleep(9)
    number = await monitor(world, STATE, "Periodic", 7.0, 5)
    await trio.sleep(30)
    assert moments(world) == [17, 24, 31, 38]
    for event in events(world):
        assert event.trigger == "Periodic"  # N08.FR.05
        assert (event.actual_value, event.variable_monitoring_id) == ("Available", number)
    assert {request.seq_no for request in notices(world)} == {0}  # N08.FR.04


async def test_n08_fr_07_a_clock_aligned_event_comes_at_multiples_from_midnight(
    world: World, autojump_clock: MockClock
) -> None:
    await trio.sleep(400)
    await monitor(world, STATE, "PeriodicClockAligned", 900.0)
    await trio.sleep(3600)
    assert moments(world) == [900, 1800, 2700, 3600]  # the start is at a full hour


async def test_a_meter_is_read_when_its_value_is_due(
    world: World, autojump_clock: MockClock
) -> None:
    await monitor(world, POWER, "Periodic", 10.0)
    await world.charge()
    await trio.sleep(25)
    (first, second) = events(world, POWER)
    (begin, *_) = world.csms.events("Started")
    assert float(first.actual_value) > 3000
    assert second.transaction_id == begin.transaction_info.transaction_id


async def test_a_changed_interval_counts_from_the_change_on(
    world: World, autojump_clock: MockClock
) -> None:
    number = await monitor(world, STATE, "Periodic", 100.0)
    await trio.sleep(49)
    await monitor(world, STATE, "Periodic", 20.0, id=number)
    await trio.sleep(45)
    assert moments(world) == [70, 90]
    await clear(world, number)
    await trio.sleep(200)
    assert len(events(world)) == 2


async def test_other_monitors_do_not_move_the_interval(
    world: World, autojump_clock: MockClock
) -> None:
    await monitor(world, STATE, "Periodic", 10.0)
    await trio.sleep(5)
    await monitor(world, STATE, "Periodic", 100.0, 6)
    await trio.sleep(20)
    assert moments(world) == [11, 21]


@pytest.mark.parametrize("type_", ["Periodic", "PeriodicClockAligned"])
async def test_n08_fr_03_what_is_severe_enough_is_queued_while_offline(
    world: World, type_: str, autojump_clock: MockClock
) -> None:
    await world.set_variables(MonitoringCtrlr__OfflineQueuingSeverity=5)
    kept = await monitor(world, STATE, type_, 60.0, 5)
    await monitor(world, STATE, type_, 60.0, 6)
    await world.csms.drop()
    await trio.sleep(200)
    world.csms.come_back()
    await trio.sleep(200)
    of_absence = [event for event in events(world) if event.timestamp.timestamp() < START + 200]
    assert {event.variable_monitoring_id for event in of_absence} == {kept}
    first, *later = moments(world)[: len(of_absence)]
    assert later == [first + 60, first + 120]


async def test_what_is_not_severe_enough_is_not_told_by_the_clock_either(
    world: World, autojump_clock: MockClock
) -> None:
    await monitor(world, STATE, "Periodic", 10.0, 8)
    await set_level(world, 7)
    await trio.sleep(50)
    assert events(world) == []
    await set_level(world, 8)
    await trio.sleep(11)
    assert len(events(world)) == 1


async def test_a_periodic_monitor_of_transactions_sleeps_while_none_runs(
    world: World, autojump_clock: MockClock
) -> None:
    await monitor(world, POWER, "Periodic", 10.0, 5, transaction=True)
    await trio.sleep(60)
    assert events(world) == []
    await world.charge()
    await trio.sleep(15)
    assert events(world)


async def test_periodic_monitors_go_on_after_a_restart(
    start: Start, tmp_path: Path, autojump_clock: MockClock
) -> None:
    world = await start(journal=journal_in(tmp_path))
    await monitor(world, STATE, "Periodic", 10.0)
    world.station.deliver(0, RESTART)
    await trio.sleep(1)
    world.journal.close()
    again = await start(journal=journal_in(tmp_path))
    await trio.sleep(20)
    assert len(events(again)) == 2


async def test_when_the_clock_steps_aligned_moments_are_counted_anew(
    world: World, autojump_clock: MockClock
) -> None:
    await monitor(world, STATE, "PeriodicClockAligned", 900.0)
    world.csms.clock.set(START + 500)
    await trio.sleep(300)  # a heartbeat tells the time
    await trio.sleep(200)
    assert moments(world) == [900]
