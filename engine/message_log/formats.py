"""How the log is written: each format turns a message into one line, whatever the message holds."""

import json
from datetime import datetime
from typing import ClassVar, Literal, Protocol

from ..live.escaping import harmless
from .entries import Entry
from .page import Page

LINK_OPENED, LINK_CLOSED = "The link opened at", "The link closed at"
_LONGEST = 1_000_000  # characters of a payload; the reader of frames takes less

FileFormat = Literal["log", "html", "json"]


class Format(Protocol):
    """Every text that it gives is whole lines, or empty."""

    suffix: str

    def head(self, title: str, began: datetime) -> str:
        """Give what a new file begins with; `began` is the moment that `since` counts from."""
        ...

    def row(self, entry: Entry, since: float) -> str:
        """Give a message, `since` seconds after the log began."""
        ...

    def note(self, text: str) -> str:
        """Give a remark about the log itself."""
        ...


class Lines:
    """Text: one line a message."""

    suffix = ".log"

    def head(self, title: str, began: datetime) -> str:
        return ""

    def row(self, entry: Entry, since: float) -> str:
        return line(entry) + "\n"

    def note(self, text: str) -> str:
        return f"# {harmless(text)}\n"


class Objects:
    """JSON: one object a line, in ASCII, for tools."""

    suffix = ".jsonl"

    def head(self, title: str, began: datetime) -> str:
        return ""

    def row(self, entry: Entry, since: float) -> str:
        message = entry.message
        told: dict[str, object] = {"time": stamp(entry.time)}
        if entry.station is not None:
            told["station"] = entry.station
        told |= {
            "direction": message.direction,
            "type": message.kind,
            "message_id": message.message_id,
            "action": message.action,
        }
        if entry.evse is not None:
            told["evse"] = entry.evse
        if message.latency is not None:
            told["latency_ms"] = milliseconds(message.latency)
        if message.error:
            told["error"] = message.error
        else:
            told["payload"] = message.payload
        return json.dumps(told, ensure_ascii=True) + "\n"

    def note(self, text: str, station: str | None = None) -> str:
        whose = {} if station is None else {"station": station}
        return json.dumps({"note": text, **whose}, ensure_ascii=True) + "\n"


class Formats:
    """The formats that go to files."""

    ALL: ClassVar[dict[FileFormat, Format]] = {"log": Lines(), "html": Page(), "json": Objects()}


def line(entry: Entry) -> str:
    """Give a message on one line that is harmless for a terminal."""
    message = entry.message
    words = [stamp(entry.time), "->" if message.direction == "sent" else "<-", message.kind]
    words += [word for word in (message.action, message.message_id) if word]
    if entry.evse is not None:
        words.append(f"EVSE {entry.evse}")
    if message.latency is not None:
        words.append(f"{milliseconds(message.latency):g} ms")
    words.append(message.error or harmless(compact(message.payload), _LONGEST))
    return " ".join(words)


def compact(payload: object) -> str:
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":"))


def stamp(time: datetime) -> str:
    """Give a moment in UTC, to the millisecond."""
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 1)
