"""Long lists cut into parts of bounded size: some CSMS take no more than 16 KiB a message."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

PART_SIZE = 12_000  # bytes or characters of a part's data

Item = TypeVar("Item")


def cut(items: Iterable[Item], size_of: Callable[[Item], int]) -> Iterator[tuple[Item, ...]]:
    """Cut so that no part is larger than PART_SIZE, but for a single item that is."""
    part: list[Item] = []
    size = 0
    for item in items:
        item_size = size_of(item)
        if part and size + item_size > PART_SIZE:
            yield tuple(part)
            part, size = [], 0
        part.append(item)
        size += item_size
    if part:
        yield tuple(part)
