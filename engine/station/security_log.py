"""The security log: every security event of the station, in files that roll over (A04.FR.04).

One JSON object a line. Files are written in a thread; what the disk refuses costs a warning, never
the station.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec
import structlog
import trio

from ..last_words import write_until_cancelled
from ..log_file import LogFile, Rotation

log = structlog.get_logger()

CLOSING_SECONDS = 1.0  # for the last lines
MOST = 10_000  # lines that wait; a disk that hangs costs no more memory


class SecurityLog:
    """The files. `run` has to run, but `inline` writes each line at once, for virtual time.

    `on_vanished` is called when the file that was written to before is gone, or empty: somebody has
    cleared it.
    """

    def __init__(self, path: Path, *, max_bytes: int, max_files: int, inline: bool = False) -> None:
        self.path = path
        self.on_vanished: Callable[[], None] | None = None
        self._inline = inline
        rotation = Rotation(max_bytes=max_bytes, max_files=max_files)
        self._file = LogFile(path, rotation, head=str, note=_note, counted="events")
        self._waiting: list[tuple[datetime, str]] = []
        self._was_written = False
        self._is_failing = False
        self._is_ending = False
        self._wake = trio.Event()
        self._limiter = trio.CapacityLimiter(1)

    def expect(self) -> None:
        """An earlier run has written to it: say so if it is gone."""
        self._was_written = True
        self._look()

    def write(self, time: datetime, event: str, tech_info: str, *, is_critical: bool) -> None:
        """Add a line."""
        self._look()
        line = _Line(timestamp=time, type=event, critical=is_critical, tech_info=tech_info or None)
        if len(self._waiting) >= MOST:
            self._file.missing += 1
            return
        self._waiting.append((time, msgspec.json.encode(line).decode() + "\n"))
        self._wake.set()
        if self._inline:
            self._tell(self._record(self._take()))

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

    async def _write_until_ended(self, patience: trio.CancelScope) -> None:
        with patience:
            while not self._is_ending:
                await self._wake.wait()
                await self._write()
            await self._write()

    async def _write(self) -> None:
        lines = self._take()
        if lines:
            self._tell(
                await trio.to_thread.run_sync(
                    self._record, lines, abandon_on_cancel=True, limiter=self._limiter
                )
            )

    def _take(self) -> list[tuple[datetime, str]]:
        lines, self._waiting = self._waiting, []
        if not self._is_ending:
            self._wake = trio.Event()
        return lines

    def _record(self, lines: list[tuple[datetime, str]]) -> OSError | None:
        try:
            self._file.write([line for _, line in lines], lines[-1][0])
        except OSError as error:
            return error
        return None

    def _tell(self, error: OSError | None) -> None:
        """Warn once, until it works again."""
        if error is None:
            self._was_written = True
        if error is not None and not self._is_failing:
            log.warning("security_log_failed", path=str(self.path), reason=error.strerror)
        self._is_failing = error is not None

    def _look(self) -> None:
        """Say once that the file is gone; the next line makes it anew."""
        if self._was_written and not self._waiting and self._is_gone():
            self._was_written = False
            if self.on_vanished is not None:
                self.on_vanished()

    def _is_gone(self) -> bool:
        try:
            return self.path.stat().st_size == 0
        except OSError:
            return True


class _Line(msgspec.Struct, omit_defaults=True, rename="camel"):
    timestamp: datetime
    type: str
    critical: bool
    tech_info: str | None = None


def _note(text: str) -> str:
    return msgspec.json.encode({"note": text}).decode() + "\n"
