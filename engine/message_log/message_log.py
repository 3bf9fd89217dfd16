"""The message log of a station: gathers what goes over its link, and has it written.

The event loop only keeps what was said; reading, redacting, formatting and writing happen in a
thread, a batch at a time and in order. What the disk refuses costs a warning, never the station.
"""

import math
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import structlog
import trio

from ...machines.events import Event, LinkClosed, LinkOpened, TokenPresented
from ...machines.evse import Evse
from ..config.settings import MessageLog as Settings
from ..last_words import write_until_cancelled
from ..log_file import Rotation
from ..station.station import ChargingStation
from .entries import EntryReader, Frame
from .formats import FileFormat, Formats, line
from .recorder import Began, Item, Layout, LinkNoted, Missed, Outcome, Recorder
from .sessions import LEAD, KeepsSessionLogs, SessionBegan, SessionEnded

log = structlog.get_logger()

CLOSING_SECONDS = 1.0  # for the last batch
_MOST_CHARACTERS = 8_000_000  # that wait; a disk that hangs costs no more memory
_PRESENTED = 60.0  # s from the showing of a token to the session that it begins, at most
_AT_ONCE = 1_000_000  # characters, at which the next batch does not wait for its time

SessionDirectory = Callable[[int], Path | None]
"""Gives the directory for the log of the session that begins at an EVSE; None: the usual one."""


class MessageLog:
    """Looks on at a station and writes what it says and hears, in the formats that are wanted.

    `run` has to run, but `inline` writes each message at once, for virtual time. What
    `session_directory` gives places the logs of sessions where the driver does not; it must not
    raise.
    """

    def __init__(
        self,
        settings: Settings,
        identity: str,
        *,
        inline: bool = False,
        session_directory: SessionDirectory | None = None,
    ) -> None:
        layout = _layout(settings)
        self._directory = settings.directory
        self._identity = identity
        self._inline = inline
        self._session_directory = session_directory
        self._flush_seconds = settings.flush_seconds
        self._shows_tokens = settings.shows_tokens
        self._has_console = "console" in settings.formats
        self._has_files = bool(layout.formats) or layout.has_sessions
        self._has_sessions = layout.has_sessions
        self._recorder = Recorder(layout)
        self._console: EntryReader | None = None
        self._station: ChargingStation | None = None
        self._sessions: set[int] = set()  # EVSEs where one is on
        self._presented: dict[int, float] = {}  # when a token was last shown, on Trio's clock
        self._waiting: list[Item] = []
        self._characters = 0  # of the messages that wait
        self._missed = 0
        self._is_failing = False
        self._is_ending = False
        self._wake = trio.Event()
        self._is_due = trio.Event()
        self._limiter = trio.CapacityLimiter(1)

    # ---- what happens

    def watch_station(self, station: ChargingStation) -> None:
        """Log this station's messages from now on; a reboot makes a new one."""
        self._station = station
        evses = tuple(e.evse_id for e in station.tree.evses for _ in e.connectors)
        if self._has_console:
            self._console = EntryReader(evses, shows_tokens=self._shows_tokens)
        if self._has_files:
            at = trio.current_time()
            self._put(Began(self._identity, at, station.clock.time(), evses))

    def message(self, direction: str, text: str | bytes, at: float) -> None:
        """Take a frame of the station's link."""
        if self._station is None or not (self._has_files or self._console):
            return
        frame = Frame(direction, text, at, self._wall(at))
        if self._console is not None:
            log.info("ocpp", message=line(self._console.read(frame)))
        if not self._has_files:
            return
        if self._characters + len(text) > _MOST_CHARACTERS:
            self._missed += 1
            return
        self._characters += len(text)
        self._put(frame)

    def change(self, evse_id: int, fact: Event) -> None:
        """See whether a session has begun or ended."""
        if self._station is None:
            return
        if self._has_files and isinstance(fact, LinkOpened | LinkClosed):
            is_open = isinstance(fact, LinkOpened)
            self._put(LinkNoted(is_open, self._station.clock.time()))
        if not self._has_sessions:
            return
        if isinstance(fact, TokenPresented):
            self._presented[evse_id] = trio.current_time()
        for evse in self._station.tree.evses:
            self._follow(self._station, evse)

    def _follow(self, station: ChargingStation, evse: Evse) -> None:
        is_on = evse.session != "idle" or evse.transaction is not None
        if is_on == (evse.evse_id in self._sessions):
            return
        at = trio.current_time()
        if not is_on:
            self._sessions.remove(evse.evse_id)
            self._put(SessionEnded(evse.evse_id, at))
            return
        self._sessions.add(evse.evse_id)
        directory = self._place(station, evse.evse_id)
        since = self._sign_of(evse.evse_id, at) - LEAD
        self._put(SessionBegan(evse.evse_id, at, station.clock.time(), since, directory))

    def _place(self, station: ChargingStation, evse_id: int) -> Path | None:
        driver = station.evses[evse_id - 1].driver
        directory = None
        if isinstance(driver, KeepsSessionLogs):
            directory = driver.session_log_directory()
        if directory is None and self._session_directory is not None:
            directory = self._session_directory(evse_id)
        return directory

    def _sign_of(self, evse_id: int, at: float) -> float:
        """Give when the token was shown that began the session, at its EVSE or at the station's
        own reader; without one, when it began (s on Trio's clock).
        """
        shown = [self._presented.pop(each, -math.inf) for each in (evse_id, 0)]
        return max((each for each in shown if at - each < _PRESENTED), default=at)

    def _wall(self, at: float) -> float:
        assert self._station is not None
        return self._station.clock.time() + at - trio.current_time()

    # ---- writing

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Write until cancelled; then what is left, for at most CLOSING_SECONDS."""
        self._is_ending = False
        await write_until_cancelled(
            self._write_until_ended,
            self._end,
            closing_seconds=CLOSING_SECONDS,
            task_status=task_status,
        )

    def _end(self) -> None:
        self._is_ending = True
        self._wake.set()
        self._is_due.set()

    async def _write_until_ended(self, patience: trio.CancelScope) -> None:
        with patience:
            while not self._is_ending:
                await self._until_due()
                await self._write()
            await self._write()
        if patience.cancelled_caught:
            log.warning("message_log_cut_short", directory=str(self._directory))

    async def _until_due(self) -> None:
        await self._wake.wait()
        with trio.move_on_after(self._flush_seconds):
            await self._is_due.wait()

    async def _write(self) -> None:
        items = self._take()
        if items:
            self._tell(
                await trio.to_thread.run_sync(
                    self._recorder.record, items, abandon_on_cancel=True, limiter=self._limiter
                )
            )

    def _put(self, item: Item) -> None:
        self._waiting.append(item)
        if self._inline:
            self._tell(self._recorder.record(self._take()))
            return
        self._wake.set()
        if self._characters > _AT_ONCE:
            self._is_due.set()

    def _take(self) -> list[Item]:
        items, self._waiting = self._waiting, []
        if self._missed:
            items.append(Missed(self._missed))
        self._characters = self._missed = 0
        if not self._is_ending:
            self._wake, self._is_due = trio.Event(), trio.Event()
        return items

    def _tell(self, outcome: Outcome) -> None:
        """Warn once, until it works again."""
        if outcome.errors and not self._is_failing:
            self._is_failing = True
            reason = outcome.errors[0].strerror or str(outcome.errors[0])
            log.warning("message_log_failed", directory=str(self._directory), reason=reason)
        elif self._is_failing and outcome.written and not outcome.errors:
            self._is_failing = False
            log.info("message_log_works_again", directory=str(self._directory))


def _layout(settings: Settings) -> Layout:
    wanted = [name for name in get_args(FileFormat) if name in settings.formats]
    return Layout(
        directory=settings.directory,
        formats=tuple(Formats.ALL[name] for name in wanted),
        has_sessions="session" in settings.formats,
        rotation=Rotation(
            max_bytes=settings.max_file_bytes,
            max_files=settings.max_files,
            date_suffix=settings.date_suffix,
        ),
        max_sessions=settings.max_sessions,
        shows_tokens=settings.shows_tokens,
    )
