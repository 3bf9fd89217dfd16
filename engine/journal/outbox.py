"""The outbox: delivers a lane's reports in order, repeats what was not accepted, gives up what
never is.

1.6 section 3.7, 2.x use case E13.
"""

from collections.abc import Awaitable, Callable

import structlog
import trio

from ...profiles.report import Lane, MeterReport, Report, TransactionReport
from .journal import Entry, Journal


class Outbox:
    """One lane's of a station; it outlives the links, and so do the waits before a retransmission.

    `failures` are what `send` raises when the CSMS did not accept a report: a CALLERROR, or no
    answer in time. Anything else, a lost link above all, passes through and is no attempt.
    """

    __slots__ = ("_failures", "_journal", "_lane", "_not_before", "_waits_for", "is_at_work")

    def __init__(
        self,
        journal: Journal,
        failures: tuple[type[Exception], ...],
        lane: Lane = "transactions",
    ) -> None:
        self._journal = journal
        self._lane: Lane = lane
        self._failures = failures
        self.is_at_work = False
        """Whether somebody delivers it, which is for them to say: one at a time."""
        self._waits_for = 0  # number of the report that is not to be sent before…
        self._not_before = 0.0  # …this moment of Trio's clock

    async def deliver(
        self,
        send: Callable[[Entry], Awaitable[None]],
        attempts: Callable[[Report], int],
        interval: Callable[[Report], float],
    ) -> None:
        """Send what waits, until nothing does, it is cancelled or the link is lost.

        `send` returns when the report needs no more care. `attempts` is how often a report may be
        transmitted (at least once), `interval` the seconds to wait, times the transmissions before
        (E13.FR.03). One `deliver` at a time.
        """
        while (entry := self.head) is not None:
            if entry.attempts >= max(1, attempts(entry.report)):
                self._give_up(entry)
            elif self._seconds_to_wait(entry, interval) > 0:
                await trio.sleep_until(self._not_before)
            else:
                await self._try(entry, send)
                await trio.lowlevel.checkpoint()  # `send` need not have one

    @property
    def head(self) -> Entry | None:
        """The report that is to be sent next."""
        return self._journal.head(self._lane)

    def _seconds_to_wait(self, entry: Entry, interval: Callable[[Report], float]) -> float:
        if entry.attempts == 0:
            return 0.0
        if self._waits_for != entry.number:
            # It has just failed, or failed before a restart: how long ago that was, nobody knows.
            self._waits_for = entry.number
            self._not_before = trio.current_time() + interval(entry.report) * entry.attempts
        return self._not_before - trio.current_time()

    async def _try(self, entry: Entry, send: Callable[[Entry], Awaitable[None]]) -> None:
        try:
            await send(entry)
        except self._failures as failure:
            self.refused(entry, failure)
        else:
            self.delivered(entry)

    # ---- what came of sending it, where no task waits for that

    def delivered(self, entry: Entry) -> None:
        """It needs no more care."""
        self._journal.remove(entry)

    def refused(self, entry: Entry, failure: Exception) -> None:
        """The CSMS did not accept it, for one of the reasons that count as an attempt."""
        self._waits_for = 0
        self._journal.attempted(entry)
        _log("report not accepted", entry, attempt=entry.attempts + 1, failure=str(failure))

    def _give_up(self, entry: Entry) -> None:
        # E13.FR.04; 1.6 3.7.1: only because the CSMS reported its failure again and again.
        _log("report given up", entry, attempts=entry.attempts)
        self._journal.remove(entry)


def _log(event: str, entry: Entry, **fields: object) -> None:
    match entry.report:
        case TransactionReport() as report:
            fields |= {"transaction_id": report.transaction_id, "seq_no": report.seq_no}
            fields |= {"evse": report.evse}
        case MeterReport() as report:
            fields |= {"evse": report.evse}
        case notice:
            fields |= {"notice": type(notice).__name__}
    structlog.get_logger().warning(event, **fields)
