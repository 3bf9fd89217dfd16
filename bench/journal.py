"""What it costs to keep a report: the journal's commits, and bare `sqlite3` beside them.

    python bench/journal.py [--seconds 1] [--runs 3] [--evses 1 16 256] [--directory DIR]

EVSEs report readings of their transactions, each one the next when the last is committed; a report
that is committed is delivered at once, and its removal goes with a later commit. So each EVSE waits
as a contactor does, and what they report meanwhile shares a commit. Beside that, `sqlite3` as the
journal sets it up (WAL, synchronous=FULL), with one INSERT of the same bytes a commit. A commit is
one fsync, and now and then SQLite's checkpoint takes two more. Written is what the process has
handed to the kernel. All take turns; CPU is of all threads.
"""

import argparse
import sqlite3
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

import msgspec
import trio
from peers.programs import PER

from pilotwire.engine.journal.journal import Journal
from pilotwire.engine.station.keepsake import Keepsake
from pilotwire.machines.events import (
    AuthorizationDecided,
    CablePlugged,
    EnergyFlowing,
    IdToken,
    TokenPresented,
)
from pilotwire.machines.evse import EvseMemory
from pilotwire.machines.meter import MeterSample
from pilotwire.machines.settings import Settings
from pilotwire.machines.station import Station
from pilotwire.profiles.report import Sample, TransactionReport

BEGAN = 1_795_000_000.0  # s since 1970
SECONDS = 10.0  # between two readings
MEASURANDS = ("Energy.Active.Import.Register", "Power.Active.Import", "Current.Import", "Voltage")


class Measured(NamedTuple):
    """What a number of reports took."""

    reports: int
    commits: int
    seconds: float
    cpu: float
    written: int  # bytes


class Counted:
    """From its making to `done`: what the process has taken."""

    def __init__(self) -> None:
        self._began_at, self._cpu, self._written = (
            time.perf_counter(),
            time.process_time(),
            written(),
        )

    def done(self, reports: int, commits: int) -> Measured:
        return Measured(
            reports,
            commits,
            time.perf_counter() - self._began_at,
            time.process_time() - self._cpu,
            written() - self._written,
        )


def written() -> int:
    """Bytes that this process has written so far, to whatever."""
    lines = Path("/proc/self/io").read_text().splitlines()
    return int(dict(line.split(": ") for line in lines)["wchar"])


def report_of(evse: int, number: int) -> TransactionReport:
    time_of_it = BEGAN + SECONDS * number
    meter = MeterSample(
        energy_import=1_528_345.5 + number,
        power_import=10_954.2,
        current_import=(15.9, 15.8, 15.9),
        voltage=(229.8, 230.1, 230.4),
    )
    return TransactionReport(
        transaction_id=f"0c5a2c3e-6b1f-4f0e-9d3e-{evse:012d}",
        kind="Updated",
        trigger="MeterValuePeriodic",
        time=time_of_it,
        evse=evse,
        connector=1,
        charging_state="Charging",
        samples=(Sample(time_of_it, "Sample.Periodic", meter, MEASURANDS),),
        meter=meter.energy_import,
        seconds_charging=SECONDS * number,
    )


def charging() -> EvseMemory:
    """What is kept of the charts of an EVSE that charges."""
    station = Station(Settings(), [1], lambda: "0c5a2c3e-6b1f-4f0e-9d3e-000000000001")
    token = IdToken("DEADBEEF")
    decided = AuthorizationDecided(token, "Accepted")
    for fact in (CablePlugged(), TokenPresented(token), decided, EnergyFlowing()):
        station.handle(1, fact)
    return station.evse(1).remember()


def memory_of(evse: EvseMemory, report: TransactionReport) -> bytes:
    assert report.meter is not None
    return msgspec.json.encode(Keepsake(evse, report.meter, report.time))


# ---- the journal


class Evses:
    """Report until their time is over."""

    def __init__(self, journal: Journal, seconds: float) -> None:
        self.reports = 0  # that are kept
        self._journal = journal
        self._charts = charging()
        self._until = trio.current_time() + seconds

    async def run(self, evse: int) -> None:
        """Let one report, each report when the one before is kept."""
        number = 0
        while trio.current_time() < self._until:
            number += 1
            report = report_of(evse, number)
            is_over = trio.Event()
            then = partial(self._kept, is_over)
            self._journal.append(report, memory_of(self._charts, report), then)
            await is_over.wait()
            entry = self._journal.head()
            assert entry is not None
            self._journal.remove(entry)  # it is delivered

    def _kept(self, is_over: trio.Event, is_kept: bool) -> None:
        assert is_kept
        self.reports += 1
        is_over.set()


async def journalled(path: Path | None, evses: int, seconds: float) -> Measured:
    journal = Journal.open(path)
    async with trio.open_nursery() as nursery:
        await nursery.start(journal.run)
        reporting = Evses(journal, seconds)
        before = journal.commits
        counted = Counted()
        async with trio.open_nursery() as reporters:
            for number in range(1, evses + 1):
                reporters.start_soon(reporting.run, number)
        commits = 0 if path is None else journal.commits - before
        measured = counted.done(reporting.reports, commits)
        nursery.cancel_scope.cancel()
    journal.close()
    return measured


# ---- bare sqlite3


def bare(path: Path | None, seconds: float) -> Measured:
    db = sqlite3.connect(path or ":memory:", isolation_level=None)
    for pragma in ("locking_mode = EXCLUSIVE", "journal_mode = WAL", "synchronous = FULL"):
        db.execute(f"PRAGMA {pragma}")
    db.execute("CREATE TABLE reports (number INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT")
    counted = Counted()
    until = time.perf_counter() + seconds
    count = 0
    while time.perf_counter() < until:
        count += 1
        body = msgspec.json.encode(report_of(1, count))
        db.execute("INSERT INTO reports VALUES (?, ?)", (count, body))
    measured = counted.done(count, 0 if path is None else count)
    db.close()
    return measured


# ---- the table


class Way(NamedTuple):
    name: str
    measure: Callable[[Path, float], Measured]  # in this directory, for so many seconds


def ways(evses: list[int]) -> list[Way]:
    def in_file(count: int, directory: Path, seconds: float) -> Measured:
        return trio.run(journalled, directory / f"{count}.sqlite", count, seconds)

    return [
        Way("sqlite3, file", lambda directory, seconds: bare(directory / "bare.sqlite", seconds)),
        *(Way(f"journal, file, EVSEs: {count}", partial(in_file, count)) for count in evses),
        Way("sqlite3, memory", lambda directory, seconds: bare(None, seconds)),
        Way("journal, memory", lambda directory, seconds: trio.run(journalled, None, 1, seconds)),
    ]


def row(name: str, runs: list[Measured], floor: list[Measured]) -> str:
    """Medians; the ratio is of reports a second, to those of the floor in the same round."""
    speeds = [run.reports / run.seconds for run in runs]
    times = [speed * run.seconds / run.reports for speed, run in zip(speeds, floor, strict=True)]
    cpu = median(run.cpu * PER / run.reports for run in runs)
    commits = median(run.commits / run.reports for run in runs)
    size = len(msgspec.json.encode(report_of(1, 1)))
    amplified = median(run.written / run.reports / size for run in runs)
    return (
        f"{name:25} {median(speeds):9.0f} {median(times):7.2f} {cpu:9.1f} {commits:8.3f}"
        f" {amplified:9.1f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=1.0, help="for each figure")
    parser.add_argument("--runs", type=int, default=3, help="of which the median counts")
    parser.add_argument("--evses", type=int, nargs="+", default=[1, 16, 256])
    parser.add_argument("--directory", type=Path, help="on the disk that is to be measured")
    options = parser.parse_args()
    rounds: list[list[Measured]] = []
    measured_ways = ways(options.evses)
    for _ in range(options.runs):
        with TemporaryDirectory(dir=options.directory) as directory:
            rounds.append([way.measure(Path(directory), options.seconds) for way in measured_ways])
    print(
        f"{'':25} {'reports':>9} {'times':>7} {'CPU s':>9} {'commits':>8} {'bytes':>9}\n"
        f"{'':25} {'a second':>9} {'sqlite3':>7} {'for 100k':>9} {'a report':>8} {'written':>9}"
    )
    for index, way in enumerate(measured_ways):
        runs = [round[index] for round in rounds]
        print(row(way.name, runs, [round[0] for round in rounds]), flush=True)


if __name__ == "__main__":
    main()
