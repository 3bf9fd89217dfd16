"""Times that take a step, in memory and in the file, committed already or not."""

from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from pathlib import Path

import msgspec

from pilotwire.engine.journal.batch import Batch
from pilotwire.engine.journal.journal import Journal
from pilotwire.machines.meter import MeterSample
from pilotwire.profiles.device_model import Key
from pilotwire.profiles.report import (
    EventReport,
    MeterReport,
    ReportedEvent,
    Sample,
    TransactionReport,
)

Disk = Callable[[], AbstractContextManager[None]]


def nothing(is_kept: bool) -> None:
    """Nobody waits."""


def times(journal: Journal) -> list[float]:
    return [entry.report.time for entry in journal._waiting._entries.values()]


def test_reports_from_a_number_on_and_their_samples_take_the_step(
    path: Path, meter_report: Callable[..., MeterReport]
) -> None:
    sample = Sample(5.0, "Sample.Clock", MeterSample(energy_import=1.0), ())
    with closing(Journal.open(path, inline=True)) as journal:
        for time in (1.0, 2.0, 3.0):
            report = msgspec.structs.replace(meter_report(), time=time, samples=(sample,))
            journal.append(report, None, nothing)
        assert journal.next_number == 4
        assert journal.restamp(2, 100.0) == 2
        assert times(journal) == [1.0, 102.0, 103.0]
    with closing(Journal.open(path, inline=True)) as journal:
        assert times(journal) == [1.0, 102.0, 103.0]
        entries = journal._waiting._entries.values()
        assert [entry.report.samples[0].time for entry in entries] == [5.0, 105.0, 105.0]


def test_what_is_not_in_the_file_yet_comes_there_with_its_new_time(
    path: Path, transaction_report: Callable[..., TransactionReport], full_disk: Disk
) -> None:
    with closing(Journal.open(path, inline=True)) as journal:
        with full_disk():
            journal.on_failure = lambda error: None
            journal.append(transaction_report(), None, nothing)
            journal.restamp(1, 100.0)
        journal.on_recovery = lambda: None
        journal.put("some", "key", b"value")
        assert journal.failure is None
    with closing(Journal.open(path, inline=True)) as journal:
        assert times(journal) == [1.75e9 + 100.0]


def test_nothing_to_restamp_costs_no_commit(path: Path) -> None:
    with closing(Journal.open(path, inline=True)) as journal:
        assert journal.restamp(1, 100.0) == 0
        assert journal.commits == 0


def test_a_report_that_goes_takes_its_change_with_it() -> None:
    batch = Batch()
    batch.change(1, b"new words")
    batch.forget(1)
    assert (batch.bodies, batch.gone) == ({}, {1})


def test_a_change_that_comes_after_a_commit_that_failed_is_of_the_new_report() -> None:
    batch, later = Batch(reports={1: b"old"}), Batch()
    later.change(1, b"new")
    later.change(2, b"of one in the file")
    batch.absorb(later)
    assert (batch.reports, batch.bodies) == ({1: b"new"}, {2: b"of one in the file"})


def test_events_take_the_step_of_their_report(path: Path) -> None:
    event = ReportedEvent(
        event_id=1,
        time=4.0,
        key=Key("EVSE", "Power", evse=1),
        value="1",
        trigger="Delta",
        origin="CustomMonitor",
        severity=3,
    )
    with closing(Journal.open(path, inline=True)) as journal:
        journal.append(EventReport(time=5.0, events=(event,)), None, nothing)
        assert journal.restamp(1, 100.0) == 1
    with closing(Journal.open(path, inline=True)) as journal:
        entry = journal.head("notices")
        assert entry is not None
        assert isinstance(entry.report, EventReport)
        assert entry.report.time == 105.0
        assert entry.report.events == (msgspec.structs.replace(event, time=104.0),)
