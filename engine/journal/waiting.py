"""The reports of transactions and meters that wait for their delivery: what may go of them.

Theory of operation of dropping. Over the limit, every other report that may go is dropped in one
pass (E04.FR.07-08, 1.6 errata on StopTransactionMaxMeterValues): readings outside a transaction
first, and when that is not enough, "Updated" reports, never the first or last of those that wait
for a transaction, nor one that tells of a limit (E12.FR.04). Halving what may go makes a pass rare.
When little may go, the next pass waits until a sixteenth more has come, so that a full queue is not
searched at each report.
"""

from collections.abc import Iterable, Iterator

from ...profiles.report import MeterReport, TransactionReport
from .ordered import Ordered
from .store import Entry

# Triggers of "Updated" reports that are never dropped (E12.FR.04 of 2.1).
_LASTING_TRIGGERS = frozenset(
    {
        "LimitSet",
        "CostLimitReached",
        "EnergyLimitReached",
        "SoCLimitReached",
        "TimeLimitReached",
    }
)


class Waiting(Ordered):
    """An ordered queue with a limit, which starts and ends of transactions may exceed."""

    __slots__ = ("_ceiling", "_limit", "_of_transaction")

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit
        self._ceiling = limit
        self._of_transaction: dict[str, int] = {}  # how many of its reports wait

    def of_transaction(self, transaction_id: str) -> int:
        return self._of_transaction.get(transaction_id, 0)

    def add(self, entry: Entry) -> None:
        self._entries[entry.number] = entry
        if isinstance(entry.report, TransactionReport):
            transaction_id, counts = entry.report.transaction_id, self._of_transaction
            counts[transaction_id] = counts.get(transaction_id, 0) + 1

    def discard(self, number: int) -> Entry | None:
        entry = self._entries.pop(number, None)
        if entry is not None and isinstance(entry.report, TransactionReport):
            transaction_id = entry.report.transaction_id
            left = self._of_transaction.pop(transaction_id) - 1
            if left:
                self._of_transaction[transaction_id] = left
        return entry

    def thin(self) -> list[Entry]:
        """Drop every other report that may go when there are too many; give those dropped."""
        if len(self._entries) <= self._ceiling:
            return []
        dropped = self._without(self._every_other(self._readings()))
        if len(self) > self._limit:
            dropped += self._without(self._every_other(self._updates()))
        self._ceiling = max(self._limit, len(self) + self._limit // 16)
        return dropped

    def _every_other(self, numbers: Iterable[int]) -> list[int]:
        """Give the 1st, 3rd, 5th…; never the one that may be on its way to the CSMS right now."""
        head = next(iter(self._entries))
        return [number for number in numbers if number != head][::2]

    def _readings(self) -> list[int]:
        """Give the readings outside a transaction but the newest."""
        entries = self._entries.items()
        return [number for number, entry in entries if isinstance(entry.report, MeterReport)][:-1]

    def _updates(self) -> Iterator[int]:
        """Give the "Updated" reports between others of their transaction."""
        seen: set[str] = set()
        still = self._of_transaction.copy()
        for number, entry in self._entries.items():
            report = entry.report
            if not isinstance(report, TransactionReport):
                continue
            still[report.transaction_id] -= 1
            is_between = report.transaction_id in seen and still[report.transaction_id] > 0
            seen.add(report.transaction_id)
            if is_between and report.kind == "Updated" and report.trigger not in _LASTING_TRIGGERS:
                yield number
