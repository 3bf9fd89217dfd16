"""What a trace is made of: who said what and when, and how the link stood."""

from collections import OrderedDict
from typing import Generic, Literal, TypeVar

import msgspec

from ..family import Role

Kind = Literal["CALL", "CALLRESULT", "CALLERROR", "CALLRESULTERROR", "SEND", "unreadable"]
K = TypeVar("K")
V = TypeVar("V")


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """A frame."""

    by: Role
    kind: Kind
    message_id: str = ""
    action: str = ""  # of a CALL or SEND
    payload: object = None  # as JSON decodes it
    error: str = ""  # the word of a CALLERROR
    description: str = ""
    at: float | None = None  # s since 1970; None: not told
    place: str = ""  # where it stands: file and line

    @property
    def is_request(self) -> bool:
        return self.kind in ("CALL", "SEND")


class LinkChanged(msgspec.Struct, frozen=True, kw_only=True):
    """The link opened or closed."""

    is_open: bool
    at: float | None = None  # s since 1970
    place: str = ""


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """Messages are missing here: nothing that came before tells of what comes after."""


Item = Said | LinkChanged | Gap


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """A broken rule, and where. The text holds nothing secret; ids in it are the peers' own."""

    rule: str
    station: str
    by: Role | None
    """Who is to blame; None where the link showed it."""
    message_id: str
    at: float | None
    place: str
    text: str


class Recent(OrderedDict[K, V], Generic[K, V]):
    """The last few of many: what is kept last stays longest, so that memory has a bound."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def keep(self, key: K, value: V) -> None:
        self[key] = value
        self.move_to_end(key)
        if len(self) > self._most:
            self.popitem(last=False)


def within(payload: object, *names: str) -> object:
    """Give what the payload holds at this path; None where it holds nothing."""
    found = payload
    for name in names:
        if not isinstance(found, dict):
            return None
        found = found.get(name)
    return found


def objects(payload: object, *names: str) -> list[dict[str, object]]:
    """Give the objects of the list at this path."""
    found = within(payload, *names)
    if not isinstance(found, list):
        return []
    return [each for each in found if isinstance(each, dict)]


def digest(said: Said) -> int:
    """Give what two frames of equal action and content have in common, in this process. What waited
    while the station was offline says so when it is sent once more (E11.FR.07): that is left out.
    """
    content = said.payload
    if isinstance(content, dict) and "offline" in content:
        content = {key: value for key, value in content.items() if key != "offline"}
    return hash((said.action, msgspec.json.encode(content, order="deterministic")))
