"""The one that writes: gathers what changes, commits it, and tells in order who waits for that.

With a thread, what comes while a commit runs goes into the next one (group commit). In line, each
change is a commit in the caller's thread: for virtual time, which threads do not share.
"""

import math
from collections.abc import Callable

import trio

from ..last_words import write_until_cancelled
from .batch import Batch, Then
from .store import JournalError, Store

RETRY_SECONDS = 5.0  # after a commit that failed
CLOSING_SECONDS = 3.0  # for the last commit


class Writer:
    """Owns the store.

    `on_committed` is called in the Trio thread before anybody is told of the commit; `on_failure`
    when commits begin to fail, not again until one has succeeded; `on_recovery` when one has, after
    everybody was told: what had failed to be written then is.
    """

    __slots__ = (
        "_batch",
        "_inline",
        "_is_ending",
        "_is_woken",
        "_is_writing",
        "_limiter",
        "_on_committed",
        "_on_failure",
        "_on_recovery",
        "_outcomes",
        "_store",
        "_wake",
        "commits",
        "failure",
        "is_closed",
    )

    def __init__(
        self,
        store: Store,
        inline: bool,
        on_committed: Callable[[Batch], None],
        on_failure: Callable[[JournalError], None],
        on_recovery: Callable[[], None],
    ) -> None:
        self.failure: JournalError | None = None  # why the last commit did not succeed
        self.commits = 0
        self.is_closed = False
        self._store = store
        self._inline = inline
        self._on_committed = on_committed
        self._on_failure = on_failure
        self._on_recovery = on_recovery
        self._outcomes: list[tuple[Then, bool]] = []
        self._batch: Batch | None = None
        self._wake: trio.Event | None = None  # while `run` waits for it
        self._is_woken = False
        self._limiter: trio.CapacityLimiter | None = None  # nobody else's threads delay a commit
        self._is_writing = False
        self._is_ending = False

    @property
    def batch(self) -> Batch:
        """What the next commit writes. Made when something changes: mostly there is nothing."""
        if self._batch is None:
            self._batch = Batch()
        return self._batch

    def submit(self, then: Then | None = None) -> None:
        """Have `batch`, which was just changed, committed."""
        if then is not None:
            self.batch.thens.append(then)
        if not self._inline:
            self._wake_up()
            return
        self._write_here()
        if self.failure is not None:
            self._wake_up()

    def _wake_up(self) -> None:
        self._is_woken = True
        if self._wake is not None:
            self._wake.set()

    async def run(self, *, task_status: "trio.TaskStatus[None]" = trio.TASK_STATUS_IGNORED) -> None:
        """Write until cancelled; then write what is left, for at most CLOSING_SECONDS."""
        self._is_ending = False
        await write_until_cancelled(
            self._write_until_ended,
            self._end,
            closing_seconds=CLOSING_SECONDS,
            task_status=task_status,
        )

    def _end(self) -> None:
        self._is_ending = True
        self._wake_up()

    def close(self) -> None:
        """Write what is left and close the store. Not while `run` runs."""
        if self.is_closed:
            return
        self.is_closed = True
        if self._is_writing:
            return  # when a thread hangs in a commit, the connection is its own to the end
        self._write_here()
        self._store.close()

    # ---- writing

    async def _write_until_ended(self, patience: trio.CancelScope) -> None:
        with patience:
            while not self._is_ending:
                await self._until_due()
                await self._write()
            while self._batch:
                await self._write()
                if self.failure is not None:
                    break
        if patience.cancelled_caught:
            hanging = f"the last commit took longer than {CLOSING_SECONDS:g} s"
            self._on_failure(JournalError(f"cannot write journal {self._store.path}: {hanging}"))

    async def _until_due(self) -> None:
        with trio.move_on_after(math.inf if self.failure is None else RETRY_SECONDS):
            if self._is_woken:
                await trio.lowlevel.checkpoint()
            else:
                self._wake = trio.Event()
                await self._wake.wait()
        self._wake, self._is_woken = None, False

    async def _write(self) -> None:
        if self._inline:
            self._write_here()
            return
        if not self._batch:
            return
        batch = self._take()
        self._limiter = self._limiter or trio.CapacityLimiter(1)
        self._is_writing = True  # and stays so when a commit that hangs is left alone
        error = await trio.to_thread.run_sync(
            self._attempt, batch, abandon_on_cancel=True, limiter=self._limiter
        )
        self._is_writing = False
        self._settle(batch, error)

    def _write_here(self) -> None:
        if self._is_writing:
            return  # asked by one who was just told of a commit: the loop below comes to it
        self._is_writing = True
        try:
            while self._batch:
                batch = self._take()
                error = self._attempt(batch)
                self._settle(batch, error)
                if error is not None:
                    return
        finally:
            self._is_writing = False

    def _take(self) -> Batch:
        batch, self._batch = self.batch, None
        return batch

    def _attempt(self, batch: Batch) -> JournalError | None:
        try:
            self._store.write(batch)
        except JournalError as error:
            return error
        return None

    def _settle(self, batch: Batch, error: JournalError | None) -> None:
        if batch.thens:
            thens, batch.thens = batch.thens, []
            self._outcomes.extend((then, error is None) for then in thens)
        had_failed = self.failure is not None
        if error is None:
            self.commits += batch.has_changes
            self.failure = None
            self._on_committed(batch)
        else:
            if self._batch is not None:
                batch.absorb(self._batch)
            self._batch = batch
            self.failure = error
            if not had_failed:
                self._on_failure(error)
        while self._outcomes:
            then, is_committed = self._outcomes.pop(0)
            then(is_committed)
        if had_failed and error is None:
            self._on_recovery()
