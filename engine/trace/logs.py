"""Message logs of ours and of others, read as traces: the format is told by the content."""

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from ...profiles.family import Role
from ..failure import Failure
from . import html_logs, json_logs, text_logs
from .entries import Bad, Entry, Reader, Source

_LOOKED_AT = 2000  # lines, for what the format is
_LONGEST_LINE = 4_000_000  # characters; a longer one comes in parts, which are bad lines

_BY_PATTERN: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (re.compile(r'<ol id="log">'), html_logs.ours),
    (
        re.compile(r'<tr class="(ChargePoint|CentralSystem|SYS)">|<table class="log">'),
        html_logs.libocpp,
    ),
    (text_logs.OURS, text_logs.ours),
    (re.compile(r"# The (station|link) "), text_logs.ours),
    (text_logs.LIBOCPP, text_logs.libocpp),
    (text_logs.STEVE, text_logs.steve),
)


class UnreadableLog(Failure):
    """A file that cannot be read, or that is no log that we know."""

    exit_code = 2


def read(path: Path, sender: Role = "station") -> Iterator[Entry | Bad]:
    """Give what the log holds, in its order and never all at once. Raises UnreadableLog.

    `sender` says whose `sent` it is, where a log tells only sent from received.
    """
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            lines = _lines(file)
            first = list(itertools.islice(lines, _LOOKED_AT))
            reader = _reader(line for _, line in first)
            if reader is None:
                raise UnreadableLog(f"{path}: no message log that is known, or an empty one")
            yield from reader(Source(str(path), itertools.chain(first, lines), sender))
    except OSError as error:
        raise UnreadableLog(f"{path}: cannot be read: {error.strerror}") from error


def _lines(file: TextIO) -> Iterator[tuple[int, str]]:
    number = 0
    while line := file.readline(_LONGEST_LINE):
        number += 1
        yield number, line


def _reader(lines: Iterator[str]) -> Reader | None:
    for line in lines:
        told = json_logs.json_object(line) if line.startswith("{") else None
        if told is not None:
            return json_logs.ours if json_logs.is_ours(told) else json_logs.plain
        for pattern, reader in _BY_PATTERN:
            if pattern.search(line):
                return reader
    return None
