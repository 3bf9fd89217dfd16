"""Long reports: cut into parts of bounded size, one a message."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from ..messages.base import Payload, encode

PART_BYTES = 12_000  # of a part's data; some CSMS take no more than 16 KiB a message

Item = TypeVar("Item", bound=Payload)


def parts(items: Iterable[Item]) -> Iterator[tuple[Item, ...]]:
    """Cut so that no part is larger than PART_BYTES, but for a single item that is."""
    part: list[Item] = []
    size = 0
    for item in items:
        item_size = len(encode(item)) + 1
        if part and size + item_size > PART_BYTES:
            yield tuple(part)
            part, size = [], 0
        part.append(item)
        size += item_size
    if part:
        yield tuple(part)
