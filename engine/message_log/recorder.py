"""Turns what waits into lines and writes them, in whichever thread it is called; no Trio here."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from ..log_file import LogFile, Rotation
from .entries import EntryReader, Frame
from .formats import LINK_CLOSED, LINK_OPENED, Format, stamp
from .sessions import SessionBegan, SessionEnded, SessionLogs


class Began(msgspec.Struct, frozen=True):
    """A station begins, or begins again after a reboot."""

    identity: str
    at: float  # s on Trio's clock
    wall: float  # s since 1970, UTC
    evse_of_connector: tuple[int, ...]


class Missed(msgspec.Struct, frozen=True):
    """Messages were not kept, because too many waited."""

    count: int


class LinkNoted(msgspec.Struct, frozen=True):
    """The link opened or closed."""

    is_open: bool
    wall: float  # s since 1970, UTC


Item = Began | LinkNoted | Frame | SessionBegan | SessionEnded | Missed


class Layout(msgspec.Struct, frozen=True):
    """What is written, and where."""

    directory: Path
    formats: tuple[Format, ...]
    has_sessions: bool
    rotation: Rotation
    max_sessions: int
    shows_tokens: bool


class Outcome(msgspec.Struct):
    """What has become of a batch."""

    written: int = 0  # files
    errors: list[OSError] = msgspec.field(default_factory=list)


class _Journal:
    """The file of one format, and what waits for it."""

    def __init__(self, format_: Format, file: LogFile) -> None:
        self.format = format_
        self.file = file
        self.rows: list[str] = []


class Recorder:
    """Writes the messages of one station at a time."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._began: Began | None = None
        self._reader = EntryReader(())
        self._journals: list[_Journal] = []
        self._sessions: SessionLogs | None = None
        self._now = datetime.fromtimestamp(0, UTC)
        self._does: dict[type[Item], Callable[..., None]] = {
            Began: self._begin,
            LinkNoted: self._note_link,
            Frame: self._take,
            SessionBegan: self._begin_session,
            SessionEnded: self._end_session,
            Missed: self._miss,
        }

    def record(self, items: Iterable[Item]) -> Outcome:
        """Write what happened, as far as the disk takes it."""
        outcome = Outcome()
        for item in items:
            try:
                self._does[type(item)](item)
            except OSError as error:
                outcome.errors.append(error)
        for file, rows in self._waiting():
            try:
                file.write(rows, self._now)
                outcome.written += 1
            except OSError as error:
                outcome.errors.append(error)
        return outcome

    def _waiting(self) -> Iterable[tuple[LogFile, list[str]]]:
        for journal in self._journals:
            if journal.rows:
                rows, journal.rows = journal.rows, []
                yield journal.file, rows
        if self._sessions is not None:
            yield from self._sessions.waiting()

    # ---- what happens

    def _begin(self, began: Began) -> None:
        is_first, self._began = self._began is None, began
        if is_first:
            self._open(began)
            return
        for journal in self._journals:
            journal.rows.append(journal.format.note(_started(began)))

    def _open(self, began: Began) -> None:
        layout = self._layout
        self._reader = EntryReader(began.evse_of_connector, shows_tokens=layout.shows_tokens)
        self._journals = [_Journal(each, self._file(each, began)) for each in layout.formats]
        if layout.has_sessions:
            directory = layout.directory / "sessions"
            self._sessions = SessionLogs(directory, began.identity, layout.max_sessions)

    def _file(self, format_: Format, first: Began) -> LogFile:
        def head() -> str:
            began = self._began or first
            return format_.head(f"Messages of {began.identity}", _moment(began))

        return LogFile(
            self._layout.directory / f"messages{format_.suffix}",
            self._layout.rotation,
            head,
            format_.note,
            resumed=_started(first),
        )

    def _note_link(self, link: LinkNoted) -> None:
        what = LINK_OPENED if link.is_open else LINK_CLOSED
        text = f"{what} {stamp(datetime.fromtimestamp(link.wall, UTC))}"
        for journal in self._journals:
            journal.rows.append(journal.format.note(text))

    def _take(self, frame: Frame) -> None:
        entry = self._reader.read(frame)
        self._now = entry.time
        since = frame.at - (self._began.at if self._began is not None else frame.at)
        for journal in self._journals:
            journal.rows.append(journal.format.row(entry, since))
        if self._sessions is not None:
            self._sessions.add(entry)

    def _begin_session(self, began: SessionBegan) -> None:
        if self._sessions is not None:
            self._sessions.begin(began)

    def _end_session(self, ended: SessionEnded) -> None:
        if self._sessions is not None:
            self._sessions.end(ended)

    def _miss(self, missed: Missed) -> None:
        text = f"{missed.count} messages are missing here: too many waited to be written"
        for journal in self._journals:
            journal.rows.append(journal.format.note(text))
        if self._sessions is not None:
            self._sessions.note(text)


def _moment(began: Began) -> datetime:
    return datetime.fromtimestamp(began.wall, UTC)


def _started(began: Began) -> str:
    return f"The station started: + counts from {_moment(began):%Y-%m-%d %H:%M:%S} UTC"
