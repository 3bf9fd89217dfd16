"""The seam to what people read at the station as a whole: a screen, a lamp, a voice.

What concerns one EVSE is told to its driver as well; a display sees all of it, and what is said at
the station's own reader.
"""

from collections.abc import Sequence
from typing import Protocol

import msgspec
import trio

from ..machines.effects import (
    AcceptToken,
    HideMasterPass,
    RefuseToken,
    ShowMasterPass,
    ShowMessages,
)
from .driver import Report

Tidings = AcceptToken | RefuseToken | ShowMessages | ShowMasterPass | HideMasterPass


class Notice(msgspec.Struct, frozen=True):
    """Something to tell, in this one of the display's languages."""

    about: Tidings
    language: str


class Display(Protocol):
    """A station's display."""

    @property
    def languages(self) -> Sequence[str]:
        """The languages that it has texts in (RFC 5646)."""
        ...

    @property
    def has_choice(self) -> bool:
        """Whether a person can choose at it which transactions a master pass ends."""
        ...

    async def run(self, notices: "trio.MemoryReceiveChannel[Notice]", report: Report) -> None:
        """Show `notices` until cancelled, and `report` TransactionsChosen, with their EVSEs, while
        a ShowMasterPass stands.

        When it raises or returns, it is logged, and run is called anew.
        """
        ...


def language_for(preferred: Sequence[str], available: Sequence[str]) -> str:
    """Choose for a person: the first that is there, else English, else what there is
    (C01.FR.08-09, C01.FR.13).
    """
    for wanted in (*preferred, "en"):
        for match in (_same, _same_primary):
            found = next((each for each in available if match(each, wanted)), None)
            if found is not None:
                return found
    return available[0] if available else "en"


def _same(one: str, other: str) -> bool:
    return one.lower() == other.lower()


def _same_primary(one: str, other: str) -> bool:
    """Say whether both are of one language, whatever its region."""
    return _same(one.partition("-")[0], other.partition("-")[0])
