"""The log of a virtual run: what every station said and heard, and what went wrong, in one file of
JSON lines, as in the message logs of stations.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import msgspec
import trio

from ..failure import Failure
from ..message_log.entries import EntryReader, Frame
from ..message_log.formats import LINK_CLOSED, LINK_OPENED, Objects, stamp
from ..station.station import OnMessage
from .plan import Member
from .settings import Fleet


class FleetLog:
    """An open log. Secrets are not written; tokens are, which are the fleet's own."""

    def __init__(self, file: TextIO, fleet: Fleet) -> None:
        self._file = file
        self._path = file.name
        self._format = Objects()
        self._offset = fleet.begins_at.timestamp() - trio.current_time()
        self._listeners: dict[int, OnMessage] = {}
        self._write(
            self._format.note(
                f"a virtual fleet: {fleet.stations} stations, seed {fleet.seed}, "
                f"from {stamp(fleet.begins_at.astimezone(UTC))}"
            )
        )

    @classmethod
    @contextmanager
    def open(cls, path: Path | None, fleet: Fleet) -> "Iterator[FleetLog | None]":
        """Write a new file while the block lasts; without a path, none. Raises Failure."""
        if path is None:
            yield None
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            file = path.open("w", encoding="ascii", newline="\n")
        except OSError as error:
            raise Failure(f"{path}: cannot be written: {error.strerror}") from error
        with file:
            yield cls(file, fleet)

    def of(self, member: Member) -> OnMessage:
        """Give what hears a station's messages; they stand there as the station saw them."""
        found = self._listeners.get(member.number)
        if found is None:
            found = self._listeners[member.number] = self._listener(member)
        return found

    def _listener(self, member: Member) -> OnMessage:
        evses = enumerate(member.group.evses, start=1)
        connectors = [number for number, evse in evses for _ in range(evse.connectors)]
        reader = EntryReader(connectors, shows_tokens=True)

        def hear(direction: str, text: str | bytes, at: float, /) -> None:
            entry = reader.read(Frame(direction, text, at, self._offset + at))
            entry = msgspec.structs.replace(entry, station=member.identity)
            self._write(self._format.row(entry, 0.0))

        return hear

    def link_changed(self, member: Member, *, is_open: bool) -> None:
        """Note that a station's link has opened or closed, as its own log would."""
        what = LINK_OPENED if is_open else LINK_CLOSED
        self._write(self._format.note(f"{what} {self._now()}", member.identity))

    def note(self, member: Member, text: str) -> None:
        """Write a remark about a station, with the time."""
        self._write(self._format.note(f"{text}, {self._now()}", member.identity))

    def _now(self) -> str:
        return stamp(datetime.fromtimestamp(self._offset + trio.current_time(), UTC))

    def _write(self, line: str) -> None:
        try:
            self._file.write(line)
        except OSError as error:
            raise Failure(f"{self._path}: cannot be written: {error.strerror}") from error
