"""A display that remembers what it was told, and whose person does as a test says."""

from collections.abc import Sequence
from typing import Any

import trio

from pilotwire.drivers.display import Notice
from pilotwire.drivers.driver import Report
from pilotwire.machines.events import TransactionsChosen


class Screen:
    def __init__(self, languages: Sequence[str] = ("en", "de"), *, has_choice: bool = True) -> None:
        self.languages = languages
        self.has_choice = has_choice
        self.notices: list[Notice] = []
        self.failures = 0  # that are still to come
        self._report: Report | None = None

    async def run(self, notices: "trio.MemoryReceiveChannel[Notice]", report: Report) -> None:
        self._report = report
        async for notice in notices:
            self.notices.append(notice)
            if self.failures:
                self.failures -= 1
                raise RuntimeError("the screen is broken")

    def choose(self, *evses: int) -> None:
        assert self._report is not None
        self._report(TransactionsChosen(evses))

    def shown(self, kind: type) -> list[Any]:
        return [each.about for each in self.notices if isinstance(each.about, kind)]
