"""A run of a fleet from beginning to end: its processes, what is shown, what was counted.

It ends when its course is over or when it is told to stop; either way in order, within five
seconds, and with all that was counted.
"""

import os
import socket
from typing import Protocol

import trio

from ..config import Central
from ..failure import Failure
from .loopback import check_ports, make_room
from .metrics import serve_metrics
from .plan import Course, course
from .process import CentralOrders, Child, Failed, WorkerOrders
from .settings import Fleet
from .tally import Tally, Totals, summed
from .worker import Worker

_FILES_A_STATION = {"memory": 1, "disk": 4}  # sockets and SQLite's files


class FleetFailed(Failure):
    """The fleet could not run."""


class FleetUnusable(FleetFailed):
    """It is not meant to: something that was asked for cannot be."""

    exit_code = 2


class Show(Protocol):
    """Shows how a run gets on, until cancelled."""

    async def __call__(self, run: "Run") -> None: ...


class Run:
    """A run: what it is, and how it stands."""

    def __init__(self, fleet: Fleet, cluster: str | None = None) -> None:
        """`cluster` is the address of a Dask scheduler, whose workers shall do it."""
        self.fleet = fleet
        self._cluster = cluster
        self.course: Course = course(fleet)
        self.target = fleet.target
        self._workers: list[Child] | list[Totals] | Worker = []
        self._began_at = 0.0

    @property
    def elapsed(self) -> float:
        """Give the time since the first stations could begin, in s."""
        began = (each.began_at for each in self._workers_here)
        return max(0.0, trio.current_time() - min(began, default=self._began_at))

    @property
    def _workers_here(self) -> list[Child]:
        """Give the processes of this machine that work."""
        workers = [] if isinstance(self._workers, Worker) else self._workers
        return [each for each in workers if isinstance(each, Child)]

    def tally(self) -> Tally:
        """Add up what all workers have counted so far."""
        if isinstance(self._workers, Worker):
            return self._workers.tally
        return summed(
            worker.totals if isinstance(worker, Child) else worker for worker in self._workers
        )

    # ---- the course of it

    async def go(self, show: Show, stopping: trio.Event) -> Tally:
        """Run until the course is over or `stopping`; give what was counted. Raises Failure."""
        _check(self.fleet)
        if self._cluster is None:
            make_room(self.fleet.stations, files_each=_FILES_A_STATION[self.fleet.journal])
            if self.fleet.target != "embedded":
                check_ports(self.fleet.target, self.fleet.stations)
        self._began_at = trio.current_time()
        async with trio.open_nursery() as beside:
            with trio.CancelScope() as scope:
                if self._cluster is None:
                    beside.start_soon(cancel_when, stopping, scope)
                await self._begin(beside, show)
                if self._cluster is None:
                    await self._work()
                else:
                    from .cluster import work_on_cluster  # here: Dask is an extra

                    self._workers = await work_on_cluster(
                        self._cluster, self.fleet, self.target, stopping
                    )
            beside.cancel_scope.cancel()
        return self.tally()

    async def _begin(self, beside: trio.Nursery, show: Show) -> None:
        """Start what runs beside the stations."""
        if self.fleet.target == "embedded":
            self.target = await self._start_central(beside)
        await serve_metrics(beside, self.fleet.metrics, self)
        beside.start_soon(show, self)
        self._began_at = trio.current_time()

    async def _start_central(self, nursery: trio.Nursery) -> str:
        most = 2 * self.fleet.stations  # a station may dial anew before its last link is gone
        settings = Central(
            port=_free_port(),
            database=self.fleet.directory / "central.sqlite",
            heartbeat_seconds=self.fleet.heartbeat_seconds,
            max_connections=most,
            max_connections_per_address=most,
        )
        central = Child(CentralOrders(settings))
        await nursery.start(central.run)
        _raise(central.failure)
        return f"ws://127.0.0.1:{central.port}"

    async def _work(self) -> None:
        workers = self.fleet.workers or os.cpu_count() or 1
        self._workers = [
            Child(WorkerOrders(self.fleet, self.target, place, workers)) for place in range(workers)
        ]
        async with trio.open_nursery() as nursery:
            for worker in self._workers:
                nursery.start_soon(worker.run)
        for worker in self._workers:
            _raise(worker.failure)


def _check(fleet: Fleet) -> None:
    """Raise FleetUnusable for faults that real links do not have on demand."""
    for number, fault in enumerate(fleet.faults, start=1):
        if not fault.happens_on_real_links:
            how = "by probability " if fault.kind == "loss" else ""
            raise FleetUnusable(f"faults[{number}]: {fault.kind} {how}needs --virtual")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def cancel_when(stopping: trio.Event, scope: trio.CancelScope) -> None:
    await stopping.wait()
    scope.cancel()


def _raise(failure: Failed | None) -> None:
    if failure is not None:
        raise (FleetUnusable if failure.exit_code == 2 else FleetFailed)(failure.reason)
