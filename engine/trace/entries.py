"""What a reader of logs gives: entries and lines that it does not understand."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import msgspec

from ...profiles.family import VERSIONS, Role, Version
from ...profiles.trace import Item
from ..failure import Failure
from ..live.escaping import harmless

_MILLISECONDS_FROM = 1e11  # a number of seconds above it would lie beyond the year 5000


class Entry(msgspec.Struct, frozen=True):
    """What a log holds; `station` is None where the log does not say of whom it is."""

    item: Item
    station: str | None = None


class Bad(msgspec.Struct, frozen=True):
    """A line that is not understood. `why` quotes nothing of it."""

    place: str
    why: str


class Source(msgspec.Struct, frozen=True):
    """A file as a reader takes it: its lines one by one, numbered from 1."""

    name: str
    lines: Iterator[tuple[int, str]]
    sender: Role = "station"
    """Whose `sent` it is, in logs that tell only sent from received."""

    def place(self, number: int) -> str:
        return f"{self.name}:{number}"


class UnknownVersion(Failure):
    """A name that no version has."""

    exit_code = 2


Reader = Callable[[Source], Iterator[Entry | Bad]]


def moment(value: object) -> float | None:
    """Give a time as s since 1970: ISO 8601 (UTC where it says nothing), s or ms since 1970."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value / 1000 if value > _MILLISECONDS_FROM else float(value)
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value.strip().replace(",", "."))
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def version_named(name: str) -> Version:
    """Give the version that a command line calls 2.0.1 or ocpp2.0.1. Raises UnknownVersion."""
    known = {subprotocol.removeprefix("ocpp"): each for subprotocol, each in VERSIONS.items()}
    version = known.get(name.removeprefix("ocpp"))
    if version is None:
        there_are = ", ".join(known)
        raise UnknownVersion(f"no version is called {harmless(name, 40)}: there are {there_are}")
    return version
