"""The logs of charging sessions: a page each, in a directory of its own.

A session begins with the cable or with the authorization that came before it, and ends when the
EVSE is idle again. Its log also holds what led to it, and what follows it at once (StopTransaction,
the status); what a station that was offline sends later stands in the log of the messages only.
"""

import re
import shutil
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, runtime_checkable

import msgspec

from ..log_file import LogFile, Rotation
from .entries import Entry
from .page import Page

LEAD = 2.0  # s before the first sign of the session: a remote start, the token
LINGER = 10.0  # s after its end
_RECENT = 64  # messages among which the lead is looked for
_NAME = re.compile(r"\d{8}T\d{6}Z-evse-\d+(-\d+)?")


@runtime_checkable
class KeepsSessionLogs(Protocol):
    """A driver that says where the log of a session at its EVSE belongs."""

    def session_log_directory(self) -> Path | None:
        """Give a directory for the session that begins; None leaves it to the configuration."""
        ...


class SessionBegan(msgspec.Struct, frozen=True):
    evse: int
    at: float  # s on Trio's clock
    wall: float  # s since 1970, UTC
    since: float  # on Trio's clock: messages from here on belong to it
    directory: Path | None  # None: a new one below that of the log


class SessionEnded(msgspec.Struct, frozen=True):
    evse: int
    at: float  # s on Trio's clock


class _Session:
    def __init__(self, began: SessionBegan, file: LogFile) -> None:
        self.began = began
        self.file = file
        self.ended: float | None = None
        self.rows: list[str] = []

    def holds(self, entry: Entry) -> bool:
        if self.ended is None:
            return entry.evse in (None, self.began.evse)
        return entry.evse == self.began.evse and entry.message.at <= self.ended + LINGER


class SessionLogs:
    """The sessions that are on, one an EVSE; `most` logs are kept in `directory` (0: all)."""

    def __init__(self, directory: Path, identity: str, most: int) -> None:
        self._directory = directory
        self._identity = identity
        self._most = most
        self._page = Page()
        self._open: dict[int, _Session] = {}
        self._closed: list[_Session] = []  # whose last rows wait to be written
        self._recent: deque[Entry] = deque(maxlen=_RECENT)

    def begin(self, began: SessionBegan) -> None:
        self._close(began.evse)
        session = self._open[began.evse] = _Session(began, self._file(began))
        for entry in self._recent:
            if entry.message.at >= began.since:
                self._add(session, entry)
        self._prune()

    def end(self, ended: SessionEnded) -> None:
        session = self._open.get(ended.evse)
        if session is not None:
            session.ended = ended.at

    def add(self, entry: Entry) -> None:
        """Take a message into the sessions that it belongs to."""
        self._recent.append(entry)
        for session in list(self._open.values()):
            self._add(session, entry)
            if session.ended is not None and entry.message.at > session.ended + LINGER:
                self._close(session.began.evse)

    def note(self, text: str) -> None:
        for session in self._open.values():
            session.rows.append(self._page.note(text))

    def waiting(self) -> Iterator[tuple[LogFile, list[str]]]:
        """Give what is to be written, and forget it."""
        for session in (*self._closed, *self._open.values()):
            if session.rows:
                yield session.file, session.rows
                session.rows = []
        self._closed.clear()

    def _add(self, session: _Session, entry: Entry) -> None:
        if session.holds(entry):
            since = entry.message.at - session.began.at
            session.rows.append(self._page.row(entry, since))

    def _close(self, evse: int) -> None:
        session = self._open.pop(evse, None)
        if session is not None:
            self._closed.append(session)

    def _file(self, began: SessionBegan) -> LogFile:
        moment = datetime.fromtimestamp(began.wall, UTC)
        directory = began.directory or self._new_directory(moment, began.evse)
        title = f"Session at EVSE {began.evse} of {self._identity}"
        return LogFile(
            directory / "messages.html",
            Rotation(),
            lambda: self._page.head(title, moment),
            self._page.note,
        )

    def _new_directory(self, moment: datetime, evse: int) -> Path:
        name = f"{moment:%Y%m%dT%H%M%SZ}-evse-{evse}"
        taken = 1
        while (directory := self._directory / (name if taken == 1 else f"{name}-{taken}")).exists():
            taken += 1
        return directory

    def _prune(self) -> None:
        """Delete the oldest of those that were named here, where there are too many."""
        if not self._most or not self._directory.is_dir():
            return
        named = [path for path in self._directory.iterdir() if _NAME.fullmatch(path.name)]
        places = {session.file.path.parent for session in self._open.values()}
        in_use = {place for place in places if place.parent == self._directory}
        old = sorted(path for path in named if path not in in_use)
        for path in old[: max(0, len(old) + len(in_use) - self._most)]:
            shutil.rmtree(path)
