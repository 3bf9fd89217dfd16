"""What a whole central system costs under stations that work: Pilotwire beside PyPI `ocpp`.

    python bench/central.py [--messages 5500] [--runs 3] [--stations 100] [--idle 1000]

Stations (peers/chargers.py) boot, then each sends, one call after the other and over a loopback
WebSocket, heartbeats and whole transactions with eight readings (peers/dialogues.py). Pilotwire is
its whole central system: admission, registration, tokens, transactions, and its database, in a file
as usual or in memory. `ocpp` validates and answers, and keeps nothing. The echo answers the same
bytes by their count. CPU is that of the central system's process, after a round to warm up; the
programs take turns. Memory is what each of so many stations adds that have booted and are idle.
"""

import argparse
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from peers.programs import PER, Implementation, Program, allow_descriptors, running

SUBPROTOCOLS = ("ocpp1.6", "ocpp2.0.1")
SPARE_DESCRIPTORS = 64
IN_FILE = Implementation("pilotwire, file", "our_central.py", 1)
IN_MEMORY = Implementation("pilotwire, memory", "our_central.py", 1)
ECHO = Implementation("echo", "trio_echo.py", 1)
OCPP = Implementation("ocpp", "pypi_central.py", 15)
CHARGERS = Implementation("chargers", "chargers.py", 1)
ALL = (IN_FILE, IN_MEMORY, ECHO, OCPP)


class Options(NamedTuple):
    messages: int  # a run
    runs: int
    stations: int
    idle: int


@contextmanager
def central(implementation: Implementation, subprotocol: str) -> Iterator[tuple[Program, int]]:
    """The program, and the port that it listens on."""
    with TemporaryDirectory() as directory:
        arguments: dict[Implementation, list[object]] = {
            IN_FILE: [Path(directory) / "central.sqlite"],
            IN_MEMORY: ["memory"],
            ECHO: ["central", subprotocol],
            OCPP: [subprotocol],
        }
        with running(implementation, *arguments[implementation]) as program:
            yield program, program.hear()["port"]


@contextmanager
def working(
    implementation: Implementation, subprotocol: str, options: Options
) -> Iterator[Callable[[], float]]:
    """What makes a run, and gives the CPU seconds for PER messages."""
    count = max(options.messages // implementation.slowness, 1)
    with (
        central(implementation, subprotocol) as (program, port),
        running(CHARGERS, subprotocol, options.stations, port) as stations,
    ):
        stations.hear()
        stations.ask(max(count, options.stations))

        def run() -> float:
            began = program.ask()
            stations.ask(count)
            ended = program.ask()
            assert ended["answered"] - began["answered"] == count
            return float((ended["cpu"] - began["cpu"]) * PER / count)

        yield run


def kibibytes(implementation: Implementation, subprotocol: str, stations: int) -> float:
    """Resident memory that each station adds which has booted and is idle."""
    with central(implementation, subprotocol) as (program, port):
        with running(CHARGERS, subprotocol, 1, port) as first:  # what is made once is there now
            first.hear()
        before = program.ask()["rss"]
        with running(CHARGERS, subprotocol, stations, port) as idle:
            idle.hear()
            return float(program.ask()["rss"] - before) / 1024 / stations


def rows(subprotocol: str, options: Options) -> Iterator[str]:
    with ExitStack() as stack:
        runs = [stack.enter_context(working(each, subprotocol, options)) for each in ALL]
        rounds = [[run() for run in runs] for _ in range(options.runs)]
    for index, each in enumerate(ALL):
        seconds = median(round[index] for round in rounds)
        times = median(round[index] / round[0] for round in rounds)
        memory = kibibytes(each, subprotocol, options.idle)
        yield f"{subprotocol:10} {each.name:17} {seconds:8.2f} {times:6.2f} {memory:6.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--messages", type=int, default=5500, help="in a run")
    parser.add_argument("--runs", type=int, default=3, help="of which the median counts")
    parser.add_argument("--stations", type=int, default=100, help="that work")
    parser.add_argument("--idle", type=int, default=1000, help="stations, for the memory")
    options = Options(**vars(parser.parse_args()))
    allow_descriptors(max(options.stations, options.idle) + SPARE_DESCRIPTORS)
    print(
        f"{options.stations} stations: CPU seconds for {PER} messages, how many times ours;"
        f" and KiB an idle connection, of {options.idle}"
    )
    for subprotocol in SUBPROTOCOLS:
        for row in rows(subprotocol, options):
            print(row, flush=True)


if __name__ == "__main__":
    main()
