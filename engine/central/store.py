"""What the central system keeps: one SQLite file, one writer, group commit.

Theory of operation. `submit` queues records in the order in which they were told; `run` commits
whatever has gathered, in a thread, and wakes those who wait for it. Lazy records wait for company.
In line (under virtual time, which threads do not share, and in memory) a submission is a commit.
Questions are answered by a second connection in the caller's thread: they are look-ups by index.
What is queued and not yet committed is known to the questions that decide about transactions.
"""

import os
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path

import structlog
import trio

from ...profiles.csms import (
    MeterReading,
    Place,
    Record,
    Transaction,
    TransactionEnded,
    TransactionEvent,
    TransactionStarted,
    TransactionTold,
)
from . import tables
from .database import StoreError, connect, lock, named, prepare
from .tables import ConnectorRow, StationRow

LAZY_SECONDS = 1.0  # for which a lazy record waits for company

log = structlog.get_logger()


class Submission:
    """Records that were queued together."""

    __slots__ = ("_error", "_is_settled", "_then", "is_lazy", "records")

    def __init__(self, records: Sequence[Record]) -> None:
        self.records = records
        self.is_lazy = all(record.is_lazy for record in records)
        self._is_settled = False
        self._error: StoreError | None = None
        self._then: Callable[[], None] | None = None

    def settle(self, error: StoreError | None = None) -> None:
        """They are on disk, or cannot be written."""
        self._is_settled = True
        self._error = error
        then, self._then = self._then, None
        if then is not None:
            then()

    @property
    def is_safe(self) -> bool:
        """Whether nobody need wait: on disk, or lazy."""
        return self.is_lazy or (self._is_settled and self._error is None)

    def when_settled(self, then: Callable[[], None]) -> None:
        """Have it called when nobody need wait any more, in the Trio thread; `check` tells how.

        There may be one who waits.
        """
        if self.is_lazy or self._is_settled:
            then()
        else:
            assert self._then is None
            self._then = then

    def check(self) -> None:
        """Raise StoreError when they could not be written."""
        if self._error is not None and not self.is_lazy:
            raise StoreError(str(self._error)) from self._error

    async def saved(self) -> None:
        """Wait until they are on disk; lazy ones are not waited for. Raises StoreError."""
        is_over = trio.Event()
        self.when_settled(is_over.set)
        await is_over.wait()
        self.check()


class Store:
    """An open database."""

    def __init__(self, path: Path | None, *, is_inline: bool) -> None:
        self.path = path
        self.is_inline = is_inline or path is None
        self.commits = 0
        self._lock = None if path is None else lock(path)
        self._writing = connect(path)
        self._reading = self._writing if path is None else connect(path)
        self._queue: list[Submission] = []
        self._wake = trio.Event()
        self._limiter = trio.CapacityLimiter(1)
        self._unsaved: dict[str, dict[str, Transaction]] = {}  # by station and id
        self._unsaved_ids: Counter[str] = Counter()
        self._unsaved_events: Counter[tuple[str, str, int]] = Counter()

    @classmethod
    def open(cls, path: Path | None, *, is_inline: bool = False) -> "Store":
        """Open or begin the file; None keeps everything in memory. Raises StoreError."""
        with named("cannot open", path):
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
            store = cls(path, is_inline=is_inline)
            try:
                prepare(store._writing, path)
            except BaseException:
                store.close()
                raise
        return store

    def close(self) -> None:
        """Commit what is queued, and let the file go."""
        if self._queue:
            self._commit_queue_here()
        self._writing.close()
        self._reading.close()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    # ---- writing

    def submit(self, records: Sequence[Record]) -> Submission:
        """Have the records written, all or none."""
        submission = Submission(records)
        if not records:
            submission.settle()
            return submission
        self._queue.append(submission)
        if self.is_inline:
            self._commit_queue_here()
            return submission
        self._note(submission)
        if not submission.is_lazy:
            self._wake.set()
        return submission

    async def run(self, *, task_status: "trio.TaskStatus[None]" = trio.TASK_STATUS_IGNORED) -> None:
        """Write until cancelled; then write what is left."""
        task_status.started()
        try:
            while True:
                with trio.move_on_after(LAZY_SECONDS):
                    await self._wake.wait()
                self._wake = trio.Event()
                await self._commit_queue()
        finally:
            if self._queue:
                self._commit_queue_here()

    async def _commit_queue(self) -> None:
        queue, self._queue = self._queue, []
        if not queue:
            return
        # Not abandoned when cancelled: the thread ends soon, and it has the connection.
        errors = await trio.to_thread.run_sync(self._commit_all, queue, limiter=self._limiter)
        self._settle(queue, errors)

    def _commit_queue_here(self) -> None:
        queue, self._queue = self._queue, []
        self._settle(queue, self._commit_all(queue))

    def _commit_all(self, queue: Sequence[Submission]) -> list[StoreError | None]:
        """One commit for all; if it fails, one for each: none fails for another's sake."""
        error = self._commit([record for each in queue for record in each.records])
        if error is None or len(queue) == 1:
            return [error] * len(queue)
        return [self._commit(each.records) for each in queue]

    def _commit(self, records: Iterable[Record]) -> StoreError | None:
        try:
            with named("cannot write", self.path), self._writing as db:
                db.execute("BEGIN IMMEDIATE")
                for record in records:
                    tables.write(db, record)
        except StoreError as error:
            return error
        self.commits += 1
        return None

    def _settle(self, queue: Sequence[Submission], errors: Sequence[StoreError | None]) -> None:
        for submission, error in zip(queue, errors, strict=True):
            if error is not None:
                log.error("store_failed", reason=str(error), records=len(submission.records))
            if not self.is_inline:
                self._forget(submission)
            submission.settle(error)

    # ---- what is queued

    def _note(self, submission: Submission) -> None:
        for transaction in _transactions(submission):
            of_station = self._unsaved.setdefault(transaction.station_id, {})
            of_station[transaction.transaction_id] = transaction
            self._unsaved_ids[transaction.transaction_id] += 1
        for event in _events(submission):
            self._unsaved_events[event] += 1

    def _forget(self, submission: Submission) -> None:
        for transaction in _transactions(submission):
            transaction_id = transaction.transaction_id
            of_station = self._unsaved.get(transaction.station_id, {})
            if of_station.get(transaction_id) is transaction:
                del of_station[transaction_id]
                if not of_station:
                    del self._unsaved[transaction.station_id]
            self._unsaved_ids[transaction_id] -= 1
            if not self._unsaved_ids[transaction_id]:
                del self._unsaved_ids[transaction_id]
        for event in _events(submission):
            self._unsaved_events[event] -= 1
            if not self._unsaved_events[event]:
                del self._unsaved_events[event]

    # ---- the archive that transactions are looked up in

    def transaction(self, station_id: str, transaction_id: str) -> Transaction | None:
        unsaved = self._unsaved.get(station_id, {}).get(transaction_id)
        if unsaved is not None:
            return unsaved
        with named("cannot read", self.path):
            return tables.read_transaction(self._reading, station_id, transaction_id)

    def started_alike(
        self, station_id: str, place: Place, started_at: datetime
    ) -> list[Transaction]:
        found = {
            transaction.transaction_id: transaction
            for transaction in self._unsaved.get(station_id, {}).values()
            if transaction.place == place and transaction.started_at == started_at
        }
        with named("cannot read", self.path):
            for transaction in tables.read_started_at(self._reading, station_id, place, started_at):
                found.setdefault(transaction.transaction_id, transaction)
        return list(found.values())

    def is_taken(self, transaction_id: str) -> bool:
        if transaction_id in self._unsaved_ids:
            return True
        with named("cannot read", self.path):
            return tables.is_id_taken(self._reading, transaction_id)

    def is_told(self, station_id: str, transaction_id: str, seq_no: int) -> bool:
        if (station_id, transaction_id, seq_no) in self._unsaved_events:
            return True
        with named("cannot read", self.path):
            return tables.is_event_told(self._reading, station_id, transaction_id, seq_no)

    # ---- questions about what is committed

    def stations(self) -> list[StationRow]:
        with named("cannot read", self.path):
            return tables.read_stations(self._reading, None)

    def station(self, station_id: str) -> StationRow | None:
        with named("cannot read", self.path):
            return next(iter(tables.read_stations(self._reading, station_id)), None)

    def connectors(self, station_id: str) -> list[ConnectorRow]:
        with named("cannot read", self.path):
            return tables.read_connectors(self._reading, station_id)

    def transactions(
        self, station_id: str | None = None, *, is_running: bool | None = None, limit: int = 100
    ) -> list[Transaction]:
        """The last recorded first; a negative limit gives all."""
        with named("cannot read", self.path):
            return tables.read_transactions(self._reading, station_id, is_running, limit)

    def transaction_events(self, transaction: Transaction) -> list[TransactionEvent]:
        """What was told of a 2.x transaction, in the order of the seqNo."""
        with named("cannot read", self.path):
            return tables.read_events(
                self._reading, transaction.station_id, transaction.transaction_id
            )

    def meter_values(self, transaction: Transaction) -> list[MeterReading]:
        """What was metered in the transaction, in the order of its time."""
        with named("cannot read", self.path):
            return tables.read_meter_values(
                self._reading, transaction.station_id, transaction.transaction_id
            )

    def reports(
        self, station_id: str, kind: type[Record] | None = None, *, limit: int = 100
    ) -> list[Record]:
        """What else was told (unmatched stops, security events, progress, certificate requests,
        messages of 2.x that only inform), the last first.
        """
        with named("cannot read", self.path):
            return tables.read_reports(self._reading, station_id, kind, limit)


def _transactions(submission: Submission) -> list[Transaction]:
    records = submission.records
    return [
        record.transaction
        for record in records
        if isinstance(record, (TransactionStarted, TransactionEnded, TransactionTold))
    ]


def _events(submission: Submission) -> list[tuple[str, str, int]]:
    return [
        (record.station_id, record.event.transaction_id, record.event.seq_no)
        for record in submission.records
        if isinstance(record, TransactionTold)
    ]


def draw_transaction_id() -> int:
    """A random number from 1 to 2**31 - 1: positive for every station, and not to be guessed."""
    return secrets.randbelow(2**31 - 1) + 1
