"""What a variable is: its type, its limits, its attributes."""

from collections.abc import Iterable
from typing import Literal

import msgspec

from .key import Key
from .value import LIST_TYPES, WORDS, DataType, Unfit, Value, check_type, read, text_of

Mutability = Literal["ReadOnly", "ReadWrite", "WriteOnly"]
AttributeType = Literal["Actual", "Target", "MinSet", "MaxSet"]
MonitorType = Literal[
    "UpperThreshold",
    "LowerThreshold",
    "Delta",
    "Periodic",
    "PeriodicClockAligned",
    "TargetDelta",
    "TargetDeltaRelative",
]

_NUMBERS = ("integer", "decimal")


class Attribute(msgspec.Struct, frozen=True, kw_only=True):
    """One value of a variable: what it is (Actual), what it is to become (Target), or between what
    it may be set (MinSet, MaxSet). `default` None is a value that is not there.
    """

    type: AttributeType = "Actual"
    mutability: Mutability = "ReadWrite"
    default: Value | None = None
    persistent: bool = True
    constant: bool = False  # it never changes while the station runs


class PresetMonitor(msgspec.Struct, frozen=True, kw_only=True):
    """A monitor that a variable has from the start (2.x block N)."""

    type: MonitorType
    value: float
    severity: int
    transaction: bool = False
    is_hard_wired: bool = False


class Definition(msgspec.Struct, frozen=True, kw_only=True):
    """What a variable may hold. Limits are of the value, or for lists and strings of the length.

    `default` is of the Actual attribute, as are `mutability`, `persistent` and `constant`; None is
    a value that is not there. `more` are the other attributes.
    """

    key: Key
    type: DataType
    default: Value | None
    meaning: str
    unit: str = ""
    mutability: Mutability = "ReadWrite"
    persistent: bool = True
    constant: bool = False
    more: tuple[Attribute, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    longest: float | None = None  # characters of a list's text
    options: tuple[str, ...] = ()  # the members of a list type
    also: tuple[str, ...] = ()  # members that only another version has a word for
    reboot_required: bool = False
    supports_monitoring: bool = True
    monitors: tuple[PresetMonitor, ...] = ()

    @property
    def most(self) -> float:
        return float("inf") if self.maximum is None else self.maximum

    @property
    def is_reading(self) -> bool:
        """Say whether it tells how something stands: nobody sets it, and nothing keeps it."""
        return self.mutability == "ReadOnly" and not self.persistent

    @property
    def attributes(self) -> tuple[Attribute, ...]:
        """All attributes, Actual first."""
        actual = Attribute(
            mutability=self.mutability,
            default=self.default,
            persistent=self.persistent,
            constant=self.constant,
        )
        return (actual, *self.more)

    def attribute(self, kind: AttributeType) -> Attribute | None:
        """Give an attribute, None where the variable does not have it."""
        return next((each for each in self.attributes if each.type == kind), None)

    @property
    def limits(self) -> tuple[float | None, float | None]:
        """Give minLimit and maxLimit: of a number its range, of text and lists the longest text."""
        if self.type in _NUMBERS or self.type == "string":
            return self.minimum, self.maximum
        if self.longest is not None or not self.options:
            return None, self.longest
        lengths = sorted((len(option) for option in self.options), reverse=True)
        if self.type == "OptionList":
            return None, lengths[0]
        most = len(lengths) if self.maximum is None else int(self.maximum)
        return None, len(",".join("x" * length for length in lengths[:most]))

    def read(self, text: str) -> Value:
        """Turn a value's text into the value. Raises Unfit saying what was expected."""
        value = read(self.type, text)
        self.check(value)
        return value

    def check(self, value: Value) -> None:
        """Raise Unfit, saying what was expected, for a value that it may not hold."""
        check_type(self.type, value)
        if isinstance(value, tuple):
            self._check_members(value)
        elif self.type == "OptionList":
            self._check_members([value])
        self._check_size(value)

    def _check_members(self, members: Iterable[object]) -> None:
        seen: set[object] = set()
        for member in members:
            # What a comma-separated list cannot carry would come back as something else.
            if not isinstance(member, str) or not is_word(member):
                raise Unfit(f"expected {WORDS[self.type]}")
            if self.options and member not in self.options and member not in self.also:
                which = "one" if self.type == "OptionList" else "members"
                raise Unfit(f"expected {which} of {', '.join(self.options)}")
            if member in seen:
                raise Unfit("expected each member once")
            seen.add(member)

    def _check_size(self, value: Value) -> None:
        of_what = ""
        if isinstance(value, tuple | str):
            of_what = " members" if isinstance(value, tuple) else " characters"
            size: float = len(value)
        elif isinstance(value, int | float):
            size = value
        else:
            return
        reason = "InvalidValue" if of_what else "ValueOutOfRange"
        if self.minimum is not None and size < self.minimum:
            raise Unfit(f"expected at least {text_of(self.minimum)}{of_what}", reason)
        if self.maximum is not None and size > self.maximum:
            raise Unfit(f"expected at most {text_of(self.maximum)}{of_what}", reason)
        if self.longest is not None and len(text_of(value)) > self.longest:
            raise Unfit(f"expected at most {text_of(self.longest)} characters")


def is_word(member: str) -> bool:
    """Say whether a comma-separated list can carry this member."""
    return bool(member) and member == member.strip() and "," not in member


def is_list(kind: DataType) -> bool:
    return kind in LIST_TYPES
