"""The notices that wait for their delivery: security events and what else has no transaction.

Over the limit the oldest that is not critical goes, the newcomer too where it is the only one; only
where all are critical the oldest of them. Nothing is spared because it may be on its way: then it
is delivered all the same.
"""

from collections import OrderedDict

from ...profiles.report import Notice
from .ordered import Ordered
from .store import Entry


class Notices(Ordered):
    """An ordered queue with a limit, in which critical ones never give way to others."""

    __slots__ = ("_limit", "_minor")

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit
        self._minor: OrderedDict[int, None] = OrderedDict()  # numbers of those not critical

    def add(self, entry: Entry) -> None:
        super().add(entry)
        if isinstance(entry.report, Notice) and not entry.report.is_critical:
            self._minor[entry.number] = None

    def discard(self, number: int) -> Entry | None:
        self._minor.pop(number, None)
        return self._entries.pop(number, None)

    def thin(self) -> list[Entry]:
        dropped: list[Entry] = []
        while len(self) > self._limit:
            dropped += self._without([next(iter(self._minor or self._entries))])
        return dropped
