"""The station's journal: reports on their way to the CSMS, and what else must outlive a restart.

What must not be lost is committed here before it is acted on or said. Reading is from memory, the
file is read at the start only. Everything is called in the Trio thread.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
import structlog
import trio

from ...profiles.device_model import AttributeType
from ...profiles.report import Lane, MeterReport, Report, TransactionReport
from .batch import Batch, Numbering, Then
from .memory_writer import MemoryWriter
from .notices import Notices
from .ordered import Ordered
from .restamping import restamped
from .store import Contents, Damaged, Entry, JournalError, Store, encode, move_aside
from .waiting import Waiting
from .writer import Writer

__all__ = ["EVSE_MEMORY", "Entry", "Journal", "JournalError"]

EVSE_MEMORY = "evse"  # the space of EVSEs' memories; the key is the EVSE's number
VARIABLES: dict[AttributeType, str] = {
    "Actual": "variables",
    "Target": "variable targets",
    "MinSet": "variable minimums",
    "MaxSet": "variable maximums",
}
"""The spaces of variables' attributes; the key is the variable's name."""
Writing = Callable[[], bytes]  # gives what is to be kept; always the same
CSMS_IDS = "csms_transactions"  # the space of the CSMS's ids; the key is the transaction's
NOTICES = 1000  # that may wait


class Journal:
    """One station's. Make it with `open`, and let `run` run as long as it is used."""

    __slots__ = (
        "_lanes",
        "_last_committed",
        "_last_number",
        "_notices",
        "_numberings",
        "_values",
        "_waiting",
        "_writer",
        "dropped",
        "on_failure",
        "on_recovery",
        "on_waiting",
        "recovered_from",
        "unreadable",
    )

    def __init__(
        self, store: Store | None, contents: Contents, *, inline: bool, limit: int
    ) -> None:
        self.on_failure: Callable[[JournalError], None] = _log_failure
        self.on_recovery: Callable[[], None] = _log_recovery
        self.on_waiting: Callable[[], None] | None = None  # `head` may have more to give
        self.recovered_from: Path | None = None  # where a damaged file was moved at opening
        self.unreadable = tuple(
            contents.unreadable
        )  # numbers of reports that the file keeps unread
        self.dropped = 0  # reports, because too many waited
        self._waiting = Waiting(limit)
        self._notices = Notices(NOTICES)
        self._lanes: dict[Lane, Ordered] = {
            "transactions": self._waiting,
            "notices": self._notices,
        }
        for entry in contents.entries:
            self._lane(entry).add(entry)
        self._numberings = contents.numberings
        self._values: dict[str, dict[str, bytes | Writing]] = {}
        for space, key, value in contents.values:
            self._values.setdefault(space, {})[key] = value
        self._last_number = self._last_committed = contents.last_number
        self._writer = (
            MemoryWriter(self._committed_all)
            if store is None
            else Writer(
                store,
                inline,
                self._committed,
                lambda error: self.on_failure(error),
                lambda: self.on_recovery(),
            )
        )
        for transaction_id in [*self._numberings]:
            self._forget_if_over(transaction_id)

    @classmethod
    def open(cls, path: Path | None, *, inline: bool = False, limit: int = 10_000) -> "Journal":
        """Open or begin a journal; without a path it lives in memory only. Raises JournalError.

        `inline` commits in the caller's thread, at each change: for virtual time. `limit` is a
        number of reports in the lane of transactions. A damaged file is moved aside and a new one
        begun.
        """
        if path is None:
            return cls(None, Contents([], {}, [], 0, []), inline=True, limit=limit)
        moved = None
        try:
            store, contents = _opened(path)
        except Damaged as damage:
            moved = move_aside(path)
            structlog.get_logger().error("journal begun anew", moved=str(moved), reason=str(damage))
            store, contents = _opened(path)
        journal = cls(store, contents, inline=inline, limit=limit)
        journal.recovered_from = moved
        if journal.unreadable:
            structlog.get_logger().error("reports cannot be read", numbers=journal.unreadable)
        return journal

    async def run(self, *, task_status: "trio.TaskStatus[None]" = trio.TASK_STATUS_IGNORED) -> None:
        """Write until cancelled; then write what is left, for at most 3 s."""
        await self._writer.run(task_status=task_status)

    def close(self) -> None:
        """Write what is left and let the file go. Not while `run` runs."""
        self._writer.close()

    @property
    def failure(self) -> JournalError | None:
        """Why commits fail at present, if they do."""
        return self._writer.failure

    @property
    def commits(self) -> int:
        """Commits to the file since it was opened."""
        return self._writer.commits

    # ---- reports

    def append(
        self, report: Report, memory: bytes | Writing | None = None, then: Then | None = None
    ) -> None:
        """Keep a report, numbered in its transaction, and the memory of its EVSE (None: as it was).

        `then` is called once, in the order of the calls, with whether the commit succeeded. A
        report whose commit failed stays and is tried again, but `then` does not hear of that. In
        line, `then` is called before this returns, unless this was called by a `then`. Without it
        nothing waits for the commit.
        """
        self._check_open()
        numbering = None
        if isinstance(report, TransactionReport):
            report, numbering = self._numbered(report)
        batch = self._writer.batch
        body = b"" if batch is None else encode(report)
        if numbering is not None and isinstance(report, TransactionReport):
            self._number(report.transaction_id, numbering)
        self._last_number += 1
        lane = self._lanes[report.lane]
        lane.add(Entry(self._last_number, report))
        if batch is not None:
            batch.reports[self._last_number] = body
        if memory is not None and isinstance(report, TransactionReport | MeterReport):
            if batch is not None and callable(memory):
                memory = memory()
            self._keep(EVSE_MEMORY, str(report.evse), memory)
        dropped = lane.thin()
        if dropped:
            self._dropped(lane, dropped)
        self._writer.submit(then)

    def head(self, lane: Lane = "transactions") -> Entry | None:
        """Give the oldest report that waits in this lane, once it is committed."""
        entry = self._lanes[lane].first()
        return entry if entry is not None and entry.number <= self._last_committed else None

    def attempted(self, entry: Entry) -> Entry:
        """Count one more transmission of it."""
        self._check_open()
        entry = msgspec.structs.replace(entry, attempts=entry.attempts + 1)
        if entry.number in self._lane(entry):
            self._lane(entry).replace(entry)
            batch = self._writer.batch
            if batch is not None:
                batch.attempts[entry.number] = entry.attempts
            self._writer.submit()
        return entry

    @property
    def next_number(self) -> int:
        """The number of the next report."""
        return self._last_number + 1

    def restamp(self, first: int, seconds: float) -> int:
        """Move the times of what waits from this number on, and give how many reports that are."""
        self._check_open()
        entries = [entry for lane in self._lanes.values() for entry in lane.since(first)]
        batch = self._writer.batch
        for entry in entries:
            report = restamped(entry.report, seconds)
            self._lane(entry).replace(msgspec.structs.replace(entry, report=report))
            if batch is not None:
                batch.change(entry.number, encode(report))
        if entries:
            self._writer.submit()
        return len(entries)

    def remove(self, entry: Entry) -> None:
        """Have it no more: it was delivered or given up."""
        self._check_open()
        removed = self._lane(entry).discard(entry.number)
        if removed is not None:
            self._drop(removed)
            self._writer.submit()

    def __len__(self) -> int:
        """Reports that wait in all lanes, committed or not."""
        return len(self._waiting) + len(self._notices)

    def __bool__(self) -> bool:
        return True  # an empty journal is one, too

    def waiting_in(self, lane: Lane) -> int:
        """Count the reports of this lane that wait."""
        return len(self._lanes[lane])

    def waiting_for(self, transaction_id: str) -> int:
        """Count the reports of this transaction that wait."""
        return self._waiting.of_transaction(transaction_id)

    # ---- values

    def put(self, space: str, key: str, value: bytes | None, then: Then | None = None) -> None:
        """Keep a value, or with None have it no more. `then` as with `append`."""
        self._check_open()
        if self.get(space, key) != value:
            self._keep(space, key, value)
        elif then is None:
            return
        self._writer.submit(then)

    def put_all(
        self, values: Mapping[tuple[str, str], bytes | None], then: Then | None = None
    ) -> None:
        """Keep values, by space and key, in one commit; otherwise as `put`."""
        self._check_open()
        for place, value in values.items():
            self._keep(*place, value)
        self._writer.submit(then)

    async def keep(
        self, values: Mapping[tuple[str, str], bytes | None], apply: Callable[[], None]
    ) -> bool:
        """Keep values, by space and key, all of them or none; call `apply` once they are committed,
        even when nobody waits any more, and say whether they are.
        """
        self._check_open()
        before = {place: self.get(*place) for place in values}
        outcome = _Outcome()

        def then(is_committed: bool) -> None:
            if is_committed:
                apply()
            else:  # the next attempt shall write what still holds
                self.put_all(before)
            outcome.come(is_committed)

        self.put_all(values, then)
        return await outcome.wait()

    async def committed(self) -> bool:
        """Wait for the commit of what was changed until now, and say whether it succeeded."""
        self._check_open()
        outcome = _Outcome()
        self._writer.submit(outcome.come)
        return await outcome.wait()

    def get(self, space: str, key: str) -> bytes | None:
        """Give a value, be it committed or not yet."""
        value = self._values.get(space, {}).get(key)
        return value() if callable(value) else value

    def items(self, space: str) -> dict[str, bytes]:
        """Give all values of a space, be they committed or not yet."""
        values = self._values.get(space)
        if not values:
            return {}
        return {key: value() if callable(value) else value for key, value in values.items()}

    # ---- what the next commit writes

    def _numbered(self, report: TransactionReport) -> tuple[TransactionReport, Numbering]:
        numbering = self._numberings.get(report.transaction_id, Numbering())
        seq_no = numbering.next_seq_no
        has_ended = numbering.has_ended or report.kind == "Ended"
        return msgspec.structs.replace(report, seq_no=seq_no), Numbering(seq_no + 1, has_ended)

    def _number(self, transaction_id: str, numbering: Numbering) -> None:
        self._numberings[transaction_id] = numbering
        if self._writer.batch is not None:
            self._writer.batch.numberings[transaction_id] = numbering

    def _keep(self, space: str, key: str, value: bytes | Writing | None) -> None:
        values = self._values.get(space)
        if values is None:
            values = self._values[space] = {}
        if value is None:
            values.pop(key, None)
        else:
            values[key] = value
        batch = self._writer.batch
        if batch is not None and not callable(value):
            batch.values[space, key] = value

    def _lane(self, entry: Entry) -> Ordered:
        return self._lanes[entry.report.lane]

    def _dropped(self, lane: Ordered, dropped: list[Entry]) -> None:
        for entry in dropped:
            self._drop(entry)
        self.dropped += len(dropped)
        structlog.get_logger().warning(
            "too many reports wait", dropped=len(dropped), waiting=len(lane)
        )

    def _drop(self, entry: Entry) -> None:
        if self._writer.batch is not None:
            self._writer.batch.forget(entry.number)
        if isinstance(entry.report, TransactionReport):
            self._forget_if_over(entry.report.transaction_id)

    def _forget_if_over(self, transaction_id: str) -> None:
        """Have the numbering and the CSMS's id of a transaction no more when all of it is told."""
        if self._waiting.of_transaction(transaction_id):
            return
        numbering = self._numberings.get(transaction_id)
        if numbering is not None and numbering.has_ended:
            del self._numberings[transaction_id]
            if self._writer.batch is not None:
                self._writer.batch.numberings[transaction_id] = None
            if self.get(CSMS_IDS, transaction_id) is not None:
                self._keep(CSMS_IDS, transaction_id, None)

    def _committed(self, batch: Batch) -> None:
        if batch.reports:
            self._committed_to(max(self._last_committed, *batch.reports))

    def _committed_all(self) -> None:
        if self._last_number > self._last_committed:
            self._committed_to(self._last_number)

    def _committed_to(self, number: int) -> None:
        self._last_committed = number
        if self.on_waiting is not None:
            self.on_waiting()

    def _check_open(self) -> None:
        if self._writer.is_closed:
            raise trio.ClosedResourceError("the journal is closed")


class _Outcome:
    """Whether a commit succeeded, for whoever waits for that."""

    def __init__(self) -> None:
        self._is_over = trio.Event()
        self._is_committed = False

    def come(self, is_committed: bool) -> None:
        self._is_committed = is_committed
        self._is_over.set()

    async def wait(self) -> bool:
        await self._is_over.wait()
        return self._is_committed


def _opened(path: Path) -> tuple[Store, Contents]:
    store = Store.open(path)
    try:
        return store, store.load()
    except BaseException:
        store.close()
        raise


def _log_recovery() -> None:
    structlog.get_logger().info("journal writes again")


def _log_failure(error: JournalError) -> None:
    structlog.get_logger().error("journal does not write", error=str(error))
