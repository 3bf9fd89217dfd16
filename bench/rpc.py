"""What a round trip costs: Pilotwire beside PyPI `ocpp` (validating) and npm `ocpp-rpc` (strict).

    python bench/rpc.py [--messages 3000] [--runs 9] [--connections 1 100 1000] [--only MeterValues]

Two processes over a loopback WebSocket, one call outstanding on each connection. Every client is
measured against the same fast server, and every server against the same fast client
(peers/fast.py), so that no implementation waits for another. CPU is that of the measured process
between two marks, after one run to warm up; the implementations take turns.
"""

import argparse
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from statistics import median
from typing import NamedTuple

from peers.marks import WORKLOADS
from peers.programs import NODE_MODULES, PER, Implementation, allow_descriptors, running

SPARE_DESCRIPTORS = 64
ENOUGH = 1000  # connections, for their memory to stand out from the program's own
OURS = Implementation("pilotwire", "ours.py", 1)
OCPP = Implementation("ocpp", "pypi_ocpp.py", 15)
OCPP_RPC = Implementation("ocpp-rpc", "npm_ocpp_rpc.js", 1)
ECHO = Implementation("echo", "trio_echo.py", 1)
FAST = Implementation("fast", "fast.py", 1)


class Cell(NamedTuple):
    """What is measured: of every implementation in turn, again and again."""

    workload: str
    connections: int
    messages: int  # a run
    runs: int


class Measured(NamedTuple):
    """One implementation in one role, warm."""

    cpu: Callable[[], float]
    """Makes a run; gives the CPU seconds for PER messages."""
    kibibytes: float  # resident, a connection


@contextmanager
def client(implementation: Implementation, cell: Cell) -> Iterator[Measured]:
    count = max(cell.messages // implementation.slowness, 1)
    with (
        running(FAST, "server", cell.workload) as server,
        running(
            implementation, "client", cell.workload, cell.connections, server.hear()["port"]
        ) as program,
    ):

        def run() -> float:
            told = program.ask(count)
            return float(told["cpu"] * PER / told["calls"])

        before = program.hear()["rss"]
        grown = program.ask(max(count, cell.connections))["rss"] - before
        yield Measured(run, grown / 1024 / cell.connections)


@contextmanager
def server(implementation: Implementation, cell: Cell) -> Iterator[Measured]:
    count = max(cell.messages // implementation.slowness, 1)
    with running(implementation, "server", cell.workload) as program:
        port = program.hear()["port"]
        before = program.ask()["rss"]
        with running(FAST, "client", cell.workload, cell.connections, port) as asking:
            asking.hear()
            asking.ask(max(count, cell.connections))

            def run() -> float:
                began = program.ask()
                asking.ask(count)
                ended = program.ask()
                assert ended["answered"] - began["answered"] == count
                return float((ended["cpu"] - began["cpu"]) * PER / count)

            yield Measured(run, (program.ask()["rss"] - before) / 1024 / cell.connections)


Role = Callable[[Implementation, Cell], AbstractContextManager[Measured]]


# ---- the table


class Figure(NamedTuple):
    seconds: float  # CPU, for PER messages
    times_ours: float
    kibibytes: float | None

    def __str__(self) -> str:
        memory = "" if self.kibibytes is None else f"{self.kibibytes:.0f}"
        return f"{self.seconds:8.2f} {self.times_ours:6.1f} {memory:>6}"


def figures(role: Role, implementations: list[Implementation], cell: Cell) -> list[Figure]:
    """Medians of runs that take turns, so that whatever else the machine does hits all alike."""
    with ExitStack() as stack:
        measured = [stack.enter_context(role(each, cell)) for each in implementations]
        rounds = [[each.cpu() for each in measured] for _ in range(cell.runs)]
    return [
        Figure(
            median(round[index] for round in rounds),
            median(round[index] / round[0] for round in rounds),
            each.kibibytes if cell.connections >= ENOUGH else None,
        )
        for index, each in enumerate(measured)
    ]


def implementations() -> list[Implementation]:
    if shutil.which("node") is None or not NODE_MODULES.is_dir():
        print("node or ocpp-rpc is not installed (make test does it): without ocpp-rpc")
        return [OURS, ECHO, OCPP]
    return [OURS, ECHO, OCPP, OCPP_RPC]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--messages", type=int, default=3000, help="in a run")
    parser.add_argument("--runs", type=int, default=9, help="of which the median counts")
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 100, 1000])
    parser.add_argument("--only", nargs="+", choices=list(WORKLOADS), default=list(WORKLOADS))
    options = parser.parse_args()
    allow_descriptors(max(options.connections) + SPARE_DESCRIPTORS)
    names = implementations()
    print(f"for {PER} round trips: CPU seconds, how many times ours; and KiB a connection")
    print(f"{'':34}{'---- client ----------':>24}  {'---- server ----------':>24}")
    for workload in options.only:
        for connections in options.connections:
            cell = Cell(workload, connections, options.messages, options.runs)
            clients, servers = figures(client, names, cell), figures(server, names, cell)
            for each, asking, answering in zip(names, clients, servers, strict=True):
                label = f"{workload:16} {connections:6d}  {each.name:9}"
                print(f"{label}{asking}  {answering}", flush=True)


if __name__ == "__main__":
    main()
