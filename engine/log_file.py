"""One file of a log: lines appended whole, rotated by size, repaired where a power cut tore one.

A file is opened for each write, so that whoever moves or deletes it finds it made anew. What a full
disk refuses is counted, and said in the file once there is room again.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec

MODE = 0o640  # messages tell who charged where
_OPEN = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
_CHUNK = 65_536  # bytes that are looked at for the end of the last whole line


class Rotation(msgspec.Struct, frozen=True):
    """When a file gives way to a new one, and what becomes of the old."""

    max_bytes: int = 0  # 0: never
    max_files: int = 1  # old ones that are kept
    date_suffix: bool = False  # the moment in their names, in place of a number


class LogFile:
    """A file that grows. `head` gives what a new one begins with, `note` a line about the log, in
    which its lines are called `counted`.
    """

    def __init__(
        self,
        path: Path,
        rotation: Rotation,
        head: Callable[[], str],
        note: Callable[[str], str],
        resumed: str = "",
        counted: str = "messages",
    ) -> None:
        self.path = path
        self.missing = 0  # lines that could not be written
        self._rotation = rotation
        self._head = head
        self._note = note
        self._counted = counted
        self._resumed = resumed  # said when the file was there before

    def write(self, lines: list[str], now: datetime) -> None:
        """Append the lines, each one a message. Raises OSError; then none of those that the error
        hit stands in the file, and they count as missing.
        """
        left = [_bytes(line) for line in lines]
        try:
            self.path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
            while left:
                left = left[self._append(left) :]
                if left:
                    self._rotate(now)
        except OSError:
            self.missing += len(left)
            raise

    def _append(self, lines: list[bytes]) -> int:
        """Append as many as go into this file, and give how many; the first goes into a new one."""
        with _opened(self.path) as file:
            size = _repair(file)
            start, before = size, self._before(size)
            size += len(before)
            data, count = [before], 0
            for line in lines:
                is_full = 0 < self._rotation.max_bytes < size + len(line)
                if is_full and (count > 0 or start > 0):
                    break
                data.append(line)
                size += len(line)
                count += 1
            if count:
                _write(file, b"".join(data), start)
                self._resumed, self.missing = "", 0
        return count

    def _before(self, size: int) -> bytes:
        text = self._note(self._resumed) if size and self._resumed else ""
        if not size:
            text = self._head()
        if self.missing:
            missing = f"{self.missing} {self._counted} are missing here: they were not written"
            text += self._note(missing)
        return _bytes(text)

    def _rotate(self, now: datetime) -> None:
        """Move the full file aside; a power cut in the middle loses no file that is to be kept."""
        with _opened(self.path) as file:
            os.fsync(file)
        if self._rotation.date_suffix:
            self._move_to_date(now)
        else:
            self._shift()

    def _shift(self) -> None:
        numbers = sorted((int(old.suffixes[-2][1:]), old) for old in self._old(r"\d+"))
        for number, old in reversed(numbers):
            if number >= self._rotation.max_files:
                old.unlink()
            else:
                old.replace(self._named(str(number + 1)))
        self.path.replace(self._named("1"))

    def _move_to_date(self, now: datetime) -> None:
        stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        old = sorted(self._old(r"\d{8}T\d{6}Z(-\d{3})?"), key=lambda path: path.stem)
        repeated = sum(stamp in path.name for path in old)
        self.path.replace(self._named(f"{stamp}-{repeated:03}" if repeated else stamp))
        for path in old[: max(0, len(old) + 1 - self._rotation.max_files)]:
            path.unlink()

    def _named(self, mark: str) -> Path:
        return self.path.with_name(f"{self.path.stem}.{mark}{self.path.suffix}")

    def _old(self, mark: str) -> Iterator[Path]:
        stem, suffix = re.escape(self.path.stem), re.escape(self.path.suffix)
        for path in self.path.parent.iterdir():
            if re.fullmatch(rf"{stem}\.{mark}{suffix}", path.name):
                yield path


def _bytes(text: str) -> bytes:
    return text.encode(errors="backslashreplace")


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    file = os.open(path, _OPEN, MODE)
    try:
        mode = os.fstat(file).st_mode & 0o777
        if mode & ~MODE:
            os.fchmod(file, mode & MODE)
        yield file
    finally:
        os.close(file)


def _repair(file: int) -> int:
    """Cut off what follows the last whole line, and give the size in bytes."""
    size = end = os.fstat(file).st_size
    while end > 0:
        start = max(0, end - _CHUNK)
        at = os.pread(file, end - start, start).rfind(b"\n")
        if at >= 0:
            end = start + at + 1
            break
        end = start
    if end < size:
        os.ftruncate(file, end)
    return end


def _write(file: int, data: bytes, start: int) -> None:
    """Write all of it or, where there is no room, nothing."""
    left = memoryview(data)
    try:
        while left:
            left = left[os.write(file, left) :]
    except OSError:
        os.ftruncate(file, start)
        raise
