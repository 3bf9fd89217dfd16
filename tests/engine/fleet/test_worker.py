"""A process's share of a fleet: its stations are made before its course begins."""

from pathlib import Path

import pytest
import trio
from trio.testing import MockClock

from pilotwire.engine.fleet.plan import course
from pilotwire.engine.fleet.process import Child, WorkerOrders
from pilotwire.engine.fleet.run import Run
from pilotwire.engine.fleet.settings import Fleet
from pilotwire.engine.fleet.worker import Worker

from .runs import STREET, read

NOBODY = "ws://127.0.0.1:1"


@pytest.fixture
def fleet(tmp_path: Path) -> Fleet:
    text = STREET.replace("per_second = 0.1", "per_second = 1000")
    return read(tmp_path, text, stations=300, duration_seconds=3600.0)


async def test_stations_are_made_without_power_and_boot_as_they_were_made(fleet: Fleet) -> None:
    worker = Worker(fleet, NOBODY, course(fleet))
    async with trio.open_nursery() as nursery:
        await nursery.start(worker.run)
        made = {n: each._prepared or each.station for n, each in worker.stations.items()}
        assert all(made.values())
        assert sum(each._prepared is not None for each in worker.stations.values()) > 250
        with trio.fail_after(30):
            while len(worker.tally.failures) == 0 or not all(  # noqa: ASYNC110  # nobody there sets an event for a test
                each.station is made[number] for number, each in worker.stations.items()
            ):
                await trio.sleep(0.01)
        nursery.cancel_scope.cancel()


async def test_who_does_not_want_it_to_go_on_need_not_wait(fleet: Fleet) -> None:
    worker = Worker(fleet, NOBODY, course(fleet))
    with trio.move_on_after(0) as scope:
        await worker.run()
    assert scope.cancelled_caught
    assert not all(each._prepared for each in worker.stations.values())


async def test_a_run_counts_its_time_from_when_stations_can_begin(
    fleet: Fleet, autojump_clock: MockClock
) -> None:
    run = Run(fleet)
    children = [Child(WorkerOrders(fleet, NOBODY, place, 2)) for place in range(2)]
    run._workers = children
    await trio.sleep(5)
    assert run.elapsed == 0
    children[1].began_at = trio.current_time()
    await trio.sleep(3)
    children[0].began_at = trio.current_time()
    assert run.elapsed == 3
