"""Variables of a station's device model as the central system reads, sets and hears them reported
(2.x B05 to B08), in neutral words.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal, NamedTuple

import msgspec

from ..device_model import AttributeType, DataType, Key, Mutability
from ..messages.base import Request, Response

AnyRequest = Request[Any]  # each version has its own
ReportBase = Literal["ConfigurationInventory", "FullInventory", "SummaryInventory"]
Criterion = Literal["Active", "Available", "Enabled", "Problem"]


class VariableAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a station said of one variable that was asked for or set. `value` is None where it told
    none; `reason` is a standard reason code, `info` says more, both "" where they are not given.
    """

    key: Key
    attribute: AttributeType
    status: str
    value: str | None = None
    reason: str = ""
    info: str = ""

    @property
    def is_accepted(self) -> bool:
        """Say whether it was told or set; if set, perhaps with the next boot only."""
        return self.status in ("Accepted", "RebootRequired")


class ReportedAttribute(msgspec.Struct, frozen=True, kw_only=True):
    """One attribute of a variable, as reported. `value` is None for what may only be written."""

    type: AttributeType
    value: str | None
    mutability: Mutability
    persistent: bool
    constant: bool


class ReportedVariable(msgspec.Struct, frozen=True, kw_only=True):
    """A variable as a station has reported it; the characteristics where it told them."""

    key: Key
    attributes: tuple[ReportedAttribute, ...]
    type: DataType | None = None
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    options: tuple[str, ...] = ()
    supports_monitoring: bool = False

    def value(self, kind: AttributeType = "Actual") -> str | None:
        """Give the value of an attribute, None where it has none or has not this attribute."""
        return next((each.value for each in self.attributes if each.type == kind), None)


class ReportPart(msgspec.Struct, frozen=True, kw_only=True):
    """One message of a report."""

    request_id: int
    number: int  # from 0
    is_last: bool
    variables: tuple[ReportedVariable, ...]


class Gathering:
    """The parts of a report, until all of them are there, in whatever order they come."""

    def __init__(self) -> None:
        self._parts: dict[int, ReportPart] = {}

    def add(self, part: ReportPart) -> None:
        """Take a part; the same one again changes nothing."""
        self._parts.setdefault(part.number, part)

    @property
    def is_complete(self) -> bool:
        last = next((part.number for part in self._parts.values() if part.is_last), None)
        return last is not None and all(number in self._parts for number in range(last + 1))

    @property
    def variables(self) -> list[ReportedVariable]:
        """What has been reported so far, in the order of the parts."""
        parts = (self._parts[number] for number in sorted(self._parts))
        return [variable for part in parts for variable in part.variables]


class Setting(NamedTuple):
    """A value that an attribute is to have."""

    key: Key
    attribute: AttributeType
    value: str


class VariableWords(NamedTuple):
    """How a version asks after variables, and sets them."""

    get: Callable[[Sequence[tuple[Key, AttributeType]]], AnyRequest]
    read_get: Callable[[Response], list[VariableAnswer]]
    set: Callable[[Sequence[Setting]], AnyRequest]
    read_set: Callable[[Response], list[VariableAnswer]]
    base_report: Callable[[int, ReportBase], AnyRequest]
    report: Callable[[int, Sequence[Key], Sequence[Criterion]], AnyRequest]
    """Takes names; one without a variable means all of the component."""
    read_status: Callable[[Response], str]
    """Whether a report will come: Accepted, EmptyResultSet, NotSupported or Rejected."""


def name_of(text: str) -> Key:
    """Read a variable's name, or a component's, like `EVSE(1)`. Raises ValueError."""
    try:
        return Key.parse(text)
    except ValueError:
        return Key.parse(f"{text}.any").of_component


def refuse_repeated(names: Iterable[tuple[Key, AttributeType]]) -> None:
    """Raise ValueError for a variable that one request names twice (B05.FR.13)."""
    seen: set[tuple[Key, AttributeType]] = set()
    for key, attribute in names:
        name = (key.lowered(), attribute)
        if name in seen:
            raise ValueError(f"{key}: named twice")
        seen.add(name)
