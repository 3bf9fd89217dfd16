"""Long reports: cut into parts of bounded size, one a message."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar

from ..context import SendRequests, StationContext
from ..messages.base import Payload, Request, encode, timestamp
from ..parts import cut

Item = TypeVar("Item", bound=Payload)
WritePart = Callable[[int, bool, datetime, tuple[Item, ...]], Request[Any]]
"""Makes a message of a part: its seqNo, whether more are to come (tbc), when it was generated, and
what is in it.
"""


def promise(context: StationContext, items: Iterable[Item], write: WritePart[Item]) -> None:
    """Leave a report behind, to be sent after the answer."""
    parts = [*cut(items, lambda item: len(encode(item)) + 1)]
    at = timestamp(context.now())
    requests = [
        write(number, number + 1 < len(parts), at, part) for number, part in enumerate(parts)
    ]
    context.do(SendRequests(tuple(requests)))
