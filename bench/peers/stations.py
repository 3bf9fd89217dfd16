"""A fleet's process, measured: its stations are made, boot, idle, charge, and charge with many
readings.

    python stations.py PORT STATIONS PER_SECOND SECONDS

PER_SECOND stations are to boot each second; each later stage takes SECONDS. It tells what a stage
took, a line each.
"""

import random
import sys
from collections.abc import Callable
from functools import partial

import trio
from marks import tell, usage

from pilotwire.drivers.ev import Ev
from pilotwire.drivers.simulator import SimulatedEvse
from pilotwire.engine.config import Log
from pilotwire.engine.config.simulator import Simulator
from pilotwire.engine.fleet.loopback import make_room
from pilotwire.engine.fleet.plan import course
from pilotwire.engine.fleet.settings import Fleet, Group, Phase
from pilotwire.engine.fleet.tally import Latencies
from pilotwire.engine.fleet.worker import Worker
from pilotwire.engine.log import set_up
from pilotwire.engine.station.timers import Timers
from pilotwire.profiles.device_model import Key

SAMPLED_INTERVAL = Key("SampledDataCtrlr", "TxUpdatedInterval")
USUAL, BUSY = 10, 2  # s between two readings; each station has two EVSEs
PROBED = 0.02  # s between two looks at how late timers are
SETTLING = 3.0  # s between two stages
ARRIVALS = 500.0  # cars a second
CAR = Ev(state_of_charge=10.0, battery_wh=500_000)  # charges for longer than this takes


def fleet(stations: int, per_second: float) -> Fleet:
    group = Group(visitors=Simulator(visitors=False), variables={str(SAMPLED_INTERVAL): USUAL})
    phases = (Phase(kind="ramp", per_second=per_second), Phase(kind="steady", seconds=86_400.0))
    return Fleet(stations=stations, groups=(group,), phases=phases)


class Probe:
    """A timer among those of the stations that says how late they are."""

    def __init__(self, timers: Timers) -> None:
        self.late = Latencies()
        self._timers = timers.part()
        self._deadline = 0.0
        self._start()

    def _start(self) -> None:
        self._deadline = trio.current_time() + PROBED
        self._timers.start_at("probe", self._deadline, self._ring)

    def _ring(self) -> None:
        self.late.add(trio.current_time() - self._deadline)
        self._start()

    def end(self) -> None:
        self._timers.end()


class Stage:
    """A part of the run."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._probe = Probe(worker.timers)
        self._calls = worker.tally.calls
        self._began_at = trio.current_time()
        self._cpu = usage()["cpu"]

    def tell(self, stage: str) -> None:
        now = usage()
        self._probe.end()
        tell(
            stage=stage,
            seconds=trio.current_time() - self._began_at,
            cpu=now["cpu"] - self._cpu,
            rss=now["rss"],
            calls=self._worker.tally.calls - self._calls,
            failed=self._worker.tally.failed,
            late=self._probe.late.percentile(99),
        )


async def measure(port: int, stations: int, per_second: float, seconds: float) -> None:
    settings = fleet(stations, per_second)
    worker = Worker(settings, f"ws://127.0.0.1:{port}", course(settings))
    async with trio.open_nursery() as nursery:
        stage = Stage(worker)
        await nursery.start(worker.run)
        stage.tell("make")
        stage = Stage(worker)
        await until(lambda: len(worker.tally.boots) >= stations)
        stage.tell("boot")
        await trio.sleep(SETTLING)
        await go_on(worker, "idle", seconds)
        let_cars_come(worker)
        await until(lambda: worker.charging == 2 * stations)
        await trio.sleep(SETTLING)
        await go_on(worker, "charge", seconds)
        have_interval(worker, BUSY)
        await trio.sleep(SETTLING)
        await go_on(worker, "busy", seconds)
        nursery.cancel_scope.cancel()


async def go_on(worker: Worker, stage: str, seconds: float) -> None:
    measured = Stage(worker)
    await trio.sleep(seconds)
    measured.tell(stage)


async def until(holds: Callable[[], bool]) -> None:
    while not holds():  # noqa: ASYNC110  # what is measured shall not know of it
        await trio.sleep(0.25)


def let_cars_come(worker: Worker) -> None:
    timers = worker.timers.part()
    evses = [driver for station in worker.stations.values() for driver in station.drivers]
    random.shuffle(evses)
    for number, driver in enumerate(evses):
        timers.start(number, number / ARRIVALS, partial(arrive, driver))


def arrive(driver: SimulatedEvse) -> None:
    driver.plug_in(CAR)
    driver.present_token("DEADBEEF")


def have_interval(worker: Worker, seconds: int) -> None:
    """Read meters this often from now on, not all at once."""
    timers = worker.timers.part()
    for number, station in enumerate(worker.stations.values()):
        if station.station is not None:
            station.station.model.configure(SAMPLED_INTERVAL, seconds)
            delay = seconds * number / len(worker.stations)
            timers.start(number, delay, station.station.intervals_changed)


if __name__ == "__main__":
    set_up(Log(level="critical"), sys.stderr, for_good=True)
    before = usage()["rss"]
    tell(rss=before)
    port, stations, per_second, seconds = sys.argv[1:]
    make_room(int(stations))
    trio.run(measure, int(port), int(stations), float(per_second), float(seconds))
