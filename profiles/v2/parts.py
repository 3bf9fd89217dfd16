"""Long reports: cut into parts of bounded size, one a message."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from ..messages.base import Payload, encode
from ..parts import cut

Item = TypeVar("Item", bound=Payload)


def parts(items: Iterable[Item]) -> Iterator[tuple[Item, ...]]:
    """Cut them by the bytes that they take in a message."""
    return cut(items, lambda item: len(encode(item)) + 1)
