"""Reports that wait for their delivery, in memory and in order."""

from collections import OrderedDict

from .store import Entry


class Ordered:
    """What one lane's reports have in common: the oldest is told first."""

    __slots__ = ("_entries",)

    def __init__(self) -> None:
        # Ordered, because finding a dict's first item passes over all that was removed before it.
        self._entries: OrderedDict[int, Entry] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, number: int) -> bool:
        return number in self._entries

    def first(self) -> Entry | None:
        return next(iter(self._entries.values())) if self._entries else None

    def add(self, entry: Entry) -> None:
        """Add at the end."""
        self._entries[entry.number] = entry

    def since(self, number: int) -> list[Entry]:
        """Give those that have this number or a later one."""
        return [entry for entry in self._entries.values() if entry.number >= number]

    def replace(self, entry: Entry) -> None:
        """Put it where the one of its number is."""
        self._entries[entry.number] = entry

    def discard(self, number: int) -> Entry | None:
        """Have it no more, and give it, if it is there."""
        return self._entries.pop(number, None)

    def _without(self, numbers: list[int]) -> list[Entry]:
        """Have these no more, and give those that are there."""
        return [entry for number in numbers if (entry := self.discard(number)) is not None]

    def thin(self) -> list[Entry]:
        """Drop what may go when there are too many; give those dropped."""
        raise NotImplementedError
