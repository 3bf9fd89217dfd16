import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Literal

import pytest
import trio
import trio.testing
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from structlog.testing import capture_logs

from pilotwire.engine.journal.batch import Batch, Numbering
from pilotwire.engine.journal.journal import EVSE_MEMORY, Entry, Journal, JournalError
from pilotwire.engine.journal.store import Store
from pilotwire.machines.meter import MeterSample
from pilotwire.profiles.report import MeterReport, Report, Sample, TransactionReport

MakeReport = Callable[..., TransactionReport]
MakeReading = Callable[..., MeterReport]
Disk = Callable[[], AbstractContextManager[None]]


def ignore(_is_committed: bool) -> None:
    pass


def head_of(journal: Journal) -> Entry:
    entry = journal.head()
    assert entry is not None
    return entry


def drain(journal: Journal) -> list[Report]:
    reports = []
    while (entry := journal.head()) is not None:
        reports.append(entry.report)
        journal.remove(entry)
    return reports


def seq_nos(journal: Journal) -> list[tuple[str, int]]:
    reports = drain(journal)
    return [(r.transaction_id, r.seq_no) for r in reports if isinstance(r, TransactionReport)]


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    with closing(Journal.open(path, inline=True)) as journal:
        yield journal


# ---- reports


def test_e01_fr_07_reports_are_numbered_in_their_transaction(
    journal: Journal, transaction_report: MakeReport, meter_report: MakeReading
) -> None:
    for name in ("a", "b", "a", "a", "b"):
        journal.append(transaction_report(name), None, ignore)
        journal.append(meter_report(), None, ignore)
    assert seq_nos(journal) == [("a", 0), ("b", 0), ("a", 1), ("a", 2), ("b", 1)]


@pytest.mark.parametrize("is_delivered", [True, False])
def test_the_numbering_goes_on_after_a_restart(
    path: Path, transaction_report: MakeReport, is_delivered: bool
) -> None:
    for seq_no in range(3):
        with closing(Journal.open(path, inline=True)) as journal:
            journal.append(transaction_report(), None, ignore)
            assert len(journal) == (1 if is_delivered else seq_no + 1)
            if is_delivered:
                assert seq_nos(journal) == [("tx", seq_no)]
    with closing(Journal.open(path, inline=True)) as journal:
        assert seq_nos(journal) == ([] if is_delivered else [("tx", n) for n in range(3)])


def test_the_numbering_of_a_transaction_that_is_told_to_its_end_is_forgotten(
    path: Path, transaction_report: MakeReport
) -> None:
    with closing(Journal.open(path, inline=True)) as journal:
        for kind in ("Started", "Updated", "Ended"):
            journal.append(transaction_report("over", kind), None, ignore)
        journal.append(transaction_report("open", "Started"), None, ignore)
        drain(journal)
        assert set(journal._numberings) == {"open"}
    with closing(Store.open(path)) as store:
        assert store.load().numberings == {"open": Numbering(1)}


def test_a_numbering_that_is_over_is_forgotten_at_opening(path: Path) -> None:
    with closing(Store.open(path)) as store:
        store.write(Batch(numberings={"over": Numbering(3, True), "open": Numbering(3)}))
    with closing(Journal.open(path, inline=True)) as journal:
        journal.put("any", "write", b"takes it along")
    with closing(Store.open(path)) as store:
        assert store.load().numberings == {"open": Numbering(3)}


def test_a_report_comes_back_as_it_was(path: Path, transaction_report: MakeReport) -> None:
    meter = MeterSample(energy_import=1234.5678, current_import=(15.9, 16.0, 16.1))
    sample = Sample(1.75e9 + 0.123456, "Sample.Periodic", meter, ("Voltage",))
    reading = MeterReport(evse=0, connector=0, time=1.75e9, samples=(sample, sample), offline=True)
    with closing(Journal.open(path, inline=True)) as journal:
        journal.append(reading, None, ignore)
        journal.append(transaction_report(), None, ignore)
        first = head_of(journal)
    with closing(Journal.open(path, inline=True)) as journal:
        assert head_of(journal) == first
        assert drain(journal)[0] == reading


def test_the_memory_of_the_evse_is_kept_with_its_report(
    path: Path, transaction_report: MakeReport, meter_report: MakeReading
) -> None:
    with closing(Journal.open(path, inline=True)) as journal:
        journal.append(transaction_report(), b'{"first":1}', ignore)
        assert journal.commits == 1
        journal.append(meter_report(evse=2), b'{"second":2}', ignore)
        journal.append(transaction_report(), None, ignore)  # the memory stays as it was
    with closing(Journal.open(path, inline=True)) as journal:
        assert journal.items(EVSE_MEMORY) == {"1": b'{"first":1}', "2": b'{"second":2}'}


def test_attempts_outlive_a_restart(path: Path, transaction_report: MakeReport) -> None:
    with closing(Journal.open(path, inline=True)) as journal:
        journal.append(transaction_report(), None, ignore)
        journal.append(transaction_report(), None, ignore)
        assert journal.attempted(journal.attempted(head_of(journal))).attempts == 2
        assert head_of(journal).attempts == 2
    with closing(Journal.open(path, inline=True)) as journal:
        assert head_of(journal).attempts == 2
        journal.remove(head_of(journal))
        assert head_of(journal).attempts == 0


def test_removing_a_report_twice_removes_no_other(
    journal: Journal, transaction_report: MakeReport
) -> None:
    journal.append(transaction_report(), None, ignore)
    journal.append(transaction_report(), None, ignore)
    first = head_of(journal)
    journal.remove(first)
    journal.remove(first)
    journal.attempted(first)
    assert len(journal) == 1
    assert head_of(journal).attempts == 0


def test_reports_that_wait_are_counted_by_transaction(
    path: Path, transaction_report: MakeReport, meter_report: MakeReading
) -> None:
    with closing(Journal.open(path, inline=True)) as journal:
        for report in (transaction_report("a"), transaction_report("b"), meter_report()):
            journal.append(report, None, ignore)
    with closing(Journal.open(path, inline=True)) as journal:
        assert (len(journal), journal.waiting_for("a"), journal.waiting_for("c")) == (3, 1, 0)
        journal.remove(head_of(journal))
        assert (len(journal), journal.waiting_for("a")) == (2, 0)


def test_a_report_that_cannot_be_written_takes_no_number(
    journal: Journal, transaction_report: MakeReport
) -> None:
    with pytest.raises(UnicodeEncodeError):
        journal.append(transaction_report(trigger="\ud800"), b"memory", ignore)
    journal.append(transaction_report(), None, ignore)
    assert seq_nos(journal) == [("tx", 0)]
    assert journal.get(EVSE_MEMORY, "1") is None


def test_an_empty_journal_is_true(journal: Journal) -> None:
    assert len(journal) == 0
    assert journal


def test_a_closed_journal_takes_nothing(path: Path, transaction_report: MakeReport) -> None:
    journal = Journal.open(path, inline=True)
    journal.close()
    journal.close()
    with pytest.raises(trio.ClosedResourceError):
        journal.append(transaction_report(), None, ignore)
    with pytest.raises(trio.ClosedResourceError):
        journal.put("s", "k", b"v")


# ---- values


def test_values_are_kept_by_space_and_key(path: Path) -> None:
    with closing(Journal.open(path, inline=True)) as journal:
        journal.put("variables", "x", b"1")
        journal.put("variables", "x", b"2")
        journal.put("variables", "y", b"3")
        journal.put("availability", "x", b"4")
        journal.put("variables", "y", None)
        journal.items("variables")["x"] = b"not the journal's own"
    with closing(Journal.open(path, inline=True)) as journal:
        assert journal.items("variables") == {"x": b"2"}
        assert journal.get("availability", "x") == b"4"
        assert (journal.get("nowhere", "x"), journal.items("nowhere")) == (None, {})


def test_a_value_that_is_kept_already_costs_no_commit(journal: Journal) -> None:
    told: list[bool] = []
    journal.put("s", "k", b"v")
    journal.put("s", "k", b"v", told.append)
    journal.put("s", "never", None)
    assert (told, journal.commits) == ([True], 1)


# ---- in memory only


async def test_without_a_path_it_behaves_alike(
    transaction_report: MakeReport, autojump_clock: trio.testing.MockClock
) -> None:
    told: list[bool] = []
    journal = Journal.open(None)
    async with trio.open_nursery() as nursery:
        await nursery.start(journal.run)
        journal.append(transaction_report(), b"memory", told.append)
        journal.put("s", "k", b"v", told.append)
        assert told == [True, True]
        assert journal.attempted(head_of(journal)).attempts == 1
        assert journal.items(EVSE_MEMORY) == {"1": b"memory"}
        assert seq_nos(journal) == [("tx", 0)]
        nursery.cancel_scope.cancel()
    journal.close()


# ---- while it runs


async def test_a_report_is_not_to_be_sent_before_its_commit(
    path: Path, transaction_report: MakeReport
) -> None:
    async with trio.open_nursery() as nursery:
        with closing(Journal.open(path)) as journal:
            heads: list[Entry | None] = []
            journal.append(transaction_report(), None, lambda _: heads.append(journal.head()))
            assert (journal.head(), len(journal)) == (None, 1)
            is_waiting = trio.Event()
            journal.on_waiting = is_waiting.set
            run = await nursery.start(run_cancellable, journal)
            with trio.fail_after(10):
                await is_waiting.wait()
            assert journal.head() is not None
            await trio.testing.wait_all_tasks_blocked()
            assert heads == [journal.head()]
            run.cancel()
            await trio.testing.wait_all_tasks_blocked()


async def run_cancellable(
    journal: Journal, task_status: "trio.TaskStatus[trio.CancelScope]"
) -> None:
    with trio.CancelScope() as scope:
        async with trio.open_nursery() as nursery:
            await nursery.start(journal.run)
            task_status.started(scope)


def test_on_a_full_disk_a_report_waits_unsent_and_is_numbered_on(
    path: Path, full_disk: Disk, transaction_report: MakeReport
) -> None:
    told: list[bool] = []
    failures: list[JournalError] = []
    with closing(Journal.open(path, inline=True)) as journal:
        journal.on_failure = failures.append
        with full_disk():
            journal.append(transaction_report(), b"1", told.append)
            journal.append(transaction_report(), b"2", told.append)
            assert (journal.head(), len(journal), told) == (None, 2, [False, False])
            assert [str(journal.failure)] == [str(failure) for failure in failures]
        journal.append(transaction_report(), b"3", told.append)
        assert told == [False, False, True]
        assert journal.failure is None
    with closing(Journal.open(path, inline=True)) as journal:
        assert journal.get(EVSE_MEMORY, "1") == b"3"
        assert seq_nos(journal) == [("tx", 0), ("tx", 1), ("tx", 2)]


def test_a_failure_is_logged_when_nobody_asked_for_it(
    journal: Journal, full_disk: Disk, path: Path
) -> None:
    with capture_logs() as logs, full_disk():
        journal.put("s", "k", b"v")
    assert [(line["log_level"], line["event"]) for line in logs] == [
        ("error", "journal does not write")
    ]
    assert str(path) in logs[0]["error"]


def test_when_too_many_wait_those_between_go_from_the_file_too(
    path: Path, transaction_report: MakeReport
) -> None:
    with closing(Journal.open(path, inline=True, limit=8)) as journal, capture_logs() as logs:
        journal.append(transaction_report(kind="Started"), None, ignore)
        for _ in range(8):
            journal.append(transaction_report(), None, ignore)
        assert journal.dropped == 4
        assert logs == [
            {
                "event": "too many reports wait",
                "log_level": "warning",
                "dropped": 4,
                "waiting": 5,
            }
        ]
        journal.append(transaction_report(kind="Ended"), None, ignore)
    with closing(Journal.open(path, inline=True)) as journal:
        assert [seq_no for _, seq_no in seq_nos(journal)] == [0, 2, 4, 6, 8, 9]


# ---- damage


def test_a_damaged_journal_is_moved_aside_and_a_new_one_begun(path: Path) -> None:
    path.write_bytes(b"damaged " * 1000)
    with capture_logs() as logs, closing(Journal.open(path, inline=True)) as journal:
        assert journal.recovered_from == path.with_name("journal.db.damaged-1")
        assert journal.recovered_from.read_bytes() == b"damaged " * 1000
        journal.put("s", "k", b"v")
    assert [line["event"] for line in logs] == ["journal begun anew"]
    with closing(Journal.open(path, inline=True)) as journal:
        assert journal.recovered_from is None
        assert journal.get("s", "k") == b"v"


# ---- against a model

NAMES = ("a", "b", "c")
KEYS = ("x", "y")


class JournalMachine(RuleBasedStateMachine):
    """A journal in line, beside what it ought to know; power may fail at any moment."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.path = self.folder / "journal.db"
        self.journal = Journal.open(self.path, inline=True)
        self.waiting: list[tuple[str, int, int]] = []  # transaction, seq_no, attempts
        self.next_seq_no: Counter[str] = Counter()
        self.ended: set[str] = set()
        self.values: dict[tuple[str, str], bytes] = {}
        self.told: list[bool] = []

    def teardown(self) -> None:
        self.journal.close()
        shutil.rmtree(self.folder)

    @rule(name=st.sampled_from(NAMES), kind=st.sampled_from(("Started", "Updated", "Ended")))
    def append(self, name: str, kind: Literal["Started", "Updated", "Ended"]) -> None:
        report = TransactionReport(transaction_id=name, kind=kind, trigger="", time=0.0, evse=1)
        memory = f"{name}{len(self.told)}".encode()
        self.journal.append(report, memory, self.told.append)
        self.waiting.append((name, self.next_seq_no[name], 0))
        self.next_seq_no[name] += 1
        self.ended |= {name} if kind == "Ended" else set()
        self.values[EVSE_MEMORY, "1"] = memory

    @rule(key=st.sampled_from(KEYS), value=st.none() | st.binary(max_size=3))
    def put(self, key: str, value: bytes | None) -> None:
        self.journal.put("s", key, value, self.told.append)
        self.values.pop(("s", key), None)
        if value is not None:
            self.values["s", key] = value

    @precondition(lambda self: self.waiting)
    @rule()
    def fail_to_deliver(self) -> None:
        self.journal.attempted(head_of(self.journal))
        name, seq_no, attempts = self.waiting[0]
        self.waiting[0] = (name, seq_no, attempts + 1)

    @precondition(lambda self: self.waiting)
    @rule()
    def deliver(self) -> None:
        self.journal.remove(head_of(self.journal))
        name, _, _ = self.waiting.pop(0)
        if name in self.ended and not self.journal.waiting_for(name):
            self.ended.remove(name)
            del self.next_seq_no[name]

    @rule()
    def restart(self) -> None:
        self.journal.close()
        self.journal = Journal.open(self.path, inline=True)

    @rule()
    def fail_power(self) -> None:
        """Go on with the files as they are at this moment, nothing closed."""
        copy = Path(tempfile.mkdtemp(dir=self.folder))
        for file in self.folder.glob("journal.db*"):
            shutil.copy(file, copy)
        self.journal.close()
        for file in copy.iterdir():
            shutil.move(file, self.folder / file.name)
        self.journal = Journal.open(self.path, inline=True)

    @invariant()
    def knows_what_waits(self) -> None:
        entries = [*self.journal._waiting._entries.values()]
        assert [
            (entry.report.transaction_id, entry.report.seq_no, entry.attempts)
            for entry in entries
            if isinstance(entry.report, TransactionReport)
        ] == self.waiting
        assert self.journal.head() == (entries[0] if entries else None)
        counts = Counter(name for name, _, _ in self.waiting)
        assert all(self.journal.waiting_for(name) == counts[name] for name in NAMES)

    @invariant()
    def knows_the_values(self) -> None:
        for space in ("s", EVSE_MEMORY):
            expected = {key: value for (s, key), value in self.values.items() if s == space}
            assert self.journal.items(space) == expected

    @invariant()
    def has_committed_all(self) -> None:
        assert all(self.told)
        assert self.journal.recovered_from is None


TestJournalAgainstItsModel = JournalMachine.TestCase
TestJournalAgainstItsModel.settings = settings(
    max_examples=30,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
