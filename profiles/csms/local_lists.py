"""Local authorization lists as the central system sends them, in any version (2.x D01 and D02,
1.6 5.10 and 5.15).
"""

from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple

from ...machines.events import IdToken
from ..messages.base import Request, Response
from ..tokens import TokenInfo

AnyRequest = Request[Any]  # each version has its own
UpdateKind = Literal["Full", "Differential"]
UpdateStatus = Literal["Accepted", "Failed", "NotSupported", "VersionMismatch"]
Entry = tuple[IdToken, TokenInfo | None]
"""A token and what is said of it; None removes it from the list."""


class LocalListWords(NamedTuple):
    """How a version asks after a station's list and changes it."""

    ask_version: Callable[[], AnyRequest]
    read_version: Callable[[Response], int]
    """0: it has no list, or an empty one; -1: it takes none."""
    update: Callable[[UpdateKind, int, Sequence[Entry]], AnyRequest]
    read_status: Callable[[Response], UpdateStatus]
