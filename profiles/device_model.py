"""The device model: components and their variables, the station's configuration for every version
(2.x part 1 chapter 4).

1.6's keys are a view of it. Values live here as Python's own types; their text is what 2.x's
attributeValue and 1.6's value carry.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Literal, NamedTuple

import msgspec

Value = str | int | float | bool | tuple[str, ...]
DataType = Literal[
    "string", "integer", "decimal", "boolean", "OptionList", "MemberList", "SequenceList"
]
Mutability = Literal["ReadOnly", "ReadWrite", "WriteOnly"]
SetStatus = Literal["Accepted", "RebootRequired", "Rejected", "UnknownComponent", "UnknownVariable"]


class Key(NamedTuple):
    """A variable's name: `Component.Variable`, or `Component.Variable[Instance]`."""

    component: str
    variable: str
    instance: str = ""

    def __str__(self) -> str:
        instance = f"[{self.instance}]" if self.instance else ""
        return f"{self.component}.{self.variable}{instance}"

    @classmethod
    def parse(cls, text: str) -> "Key":
        """Read it back. Raises ValueError."""
        component, dot, rest = text.partition(".")
        variable, bracket, instance = rest.partition("[")
        if not (component and dot and variable) or (bracket and not instance.endswith("]")):
            raise ValueError(
                f"expected Component.Variable or Component.Variable[Instance], got {text!r}"
            )
        return cls(component, variable, instance[:-1] if bracket else "")


class Definition(msgspec.Struct, frozen=True, kw_only=True):
    """What a variable may hold. Limits are of the value, or for lists and strings of the length."""

    key: Key
    type: DataType
    default: Value
    meaning: str
    unit: str = ""
    mutability: Mutability = "ReadWrite"
    minimum: float | None = None
    maximum: float | None = None
    options: tuple[str, ...] = ()  # the members of a list type
    reboot_required: bool = False

    def read(self, text: str) -> Value:
        """Turn a value's text into the value. Raises ValueError saying what was expected."""
        value = self._parse(text.strip() if self.type != "string" else text)
        self.check(value)
        return value

    def check(self, value: Value) -> None:
        """Raise ValueError, saying what was expected, for a value that it may not hold."""
        if not isinstance(value, _PYTHON[self.type]) or (
            isinstance(value, bool) and self.type != "boolean"
        ):
            raise ValueError(f"expected {_WORDS[self.type]}")
        if isinstance(value, tuple):
            for member in value:
                self._check_member(member)
            if len(set(value)) != len(value):
                raise ValueError("expected each member once")
        elif self.type == "OptionList":
            self._check_member(value)
        self._check_size(value)

    def _check_member(self, member: object) -> None:
        # What a comma-separated list cannot carry would come back as something else.
        if not isinstance(member, str) or not member or member != member.strip() or "," in member:
            raise ValueError(f"expected {_WORDS[self.type]}")
        if self.options and member not in self.options:
            which = "one" if self.type == "OptionList" else "members"
            raise ValueError(f"expected {which} of {', '.join(self.options)}")

    def _check_size(self, value: Value) -> None:
        size = len(value) if isinstance(value, tuple | str) else value
        if not (math.isfinite(size) if isinstance(size, float) else abs(size) < _TOO_MUCH):
            raise ValueError(f"expected {_WORDS[self.type]}")
        of_what = ""
        if isinstance(value, tuple | str):
            of_what = " members" if isinstance(value, tuple) else " characters"
        if self.minimum is not None and size < self.minimum:
            raise ValueError(f"expected at least {text_of(self.minimum)}{of_what}")
        if self.maximum is not None and size > self.maximum:
            raise ValueError(f"expected at most {text_of(self.maximum)}{of_what}")

    def _parse(self, text: str) -> Value:
        match self.type:
            case "boolean":
                if text.lower() not in ("true", "false"):
                    raise ValueError("expected true or false")
                return text.lower() == "true"
            case "integer":
                if not re.fullmatch(r"[+-]?[0-9]{1,18}", text):
                    raise ValueError("expected a whole number")
                return int(text)
            case "decimal":
                if not re.fullmatch(
                    r"[+-]?[0-9]{1,400}(\.[0-9]{0,400})?(e[+-]?[0-9]{1,3})?", text, re.I
                ):
                    raise ValueError("expected a number")
                return float(text)
            case "MemberList" | "SequenceList":
                return tuple(part.strip() for part in text.split(",") if part.strip())
            case "OptionList" | "string":
                return text


_TOO_MUCH = 10**18  # for an integer: more digits than `read` takes
_WORDS: dict[str, str] = {
    "string": "text",
    "integer": "a whole number",
    "decimal": "a number",
    "boolean": "true or false",
    "OptionList": "a word without commas",
    "MemberList": "a list of words without commas",
    "SequenceList": "a list of words without commas",
}
_PYTHON: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "decimal": (int, float),
    "boolean": bool,
    "OptionList": str,
    "MemberList": tuple,
    "SequenceList": tuple,
}


def text_of(value: Value) -> str:
    """Write a value as attributeValue and 1.6 write it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ",".join(value)
    if isinstance(value, float):  # as plain digits, and so that reading gives the same number
        return format(Decimal(repr(value)), "f").removesuffix(".0")
    return str(value)


class Variable:
    """A variable of the model: its definition, the value in effect, and the one that is told.

    They differ where the CSMS has set a variable that takes effect with the next boot.
    """

    __slots__ = ("definition", "told", "value")

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.value: Value = definition.default
        self.told: Value = definition.default

    def hold(self, value: Value) -> None:
        """Hold a value at once."""
        self.value = self.told = value


class DeviceModel:
    """All variables of a station. Reading is direct; `set` is for the CSMS, `configure` for files
    and the station itself.
    """

    def __init__(self, definitions: Iterable[Definition]) -> None:
        self.variables = {definition.key: Variable(definition) for definition in definitions}
        self._components = {key.component for key in self.variables}

    def __contains__(self, key: Key) -> bool:
        return key in self.variables

    def __iter__(self) -> Iterator[Key]:
        return iter(self.variables)

    def definition(self, key: Key) -> Definition:
        return self.variables[key].definition

    def value(self, key: Key) -> Value:
        """Give the value in effect. Raises KeyError."""
        return self.variables[key].value

    def told(self, key: Key) -> Value:
        """Give the value that the CSMS is told: the one it has set. Raises KeyError."""
        return self.variables[key].told

    def integer(self, key: Key) -> int:
        value = self.variables[key].value
        assert isinstance(value, int)
        return value

    def boolean(self, key: Key) -> bool:
        value = self.variables[key].value
        assert isinstance(value, bool)
        return value

    def members(self, key: Key) -> tuple[str, ...]:
        value = self.variables[key].value
        assert isinstance(value, tuple)
        return value

    def string(self, key: Key) -> str:
        value = self.variables[key].value
        assert isinstance(value, str)
        return value

    def set(self, key: Key, text: str) -> SetStatus:
        """Take a value from the CSMS (B05, 1.6 5.3). With RebootRequired it is told at once, and
        in effect after `boot`.
        """
        if key.component not in self._components:
            return "UnknownComponent"
        if key not in self.variables:
            return "UnknownVariable"
        variable = self.variables[key]
        if variable.definition.mutability == "ReadOnly":
            return "Rejected"
        try:
            value = variable.definition.read(text)
        except ValueError:
            return "Rejected"
        variable.told = value
        if variable.definition.reboot_required and value != variable.value:
            return "RebootRequired"
        variable.value = value
        return "Accepted"

    def boot(self) -> None:
        """Put into effect what waited for the boot."""
        for variable in self.variables.values():
            variable.value = variable.told

    def configure(self, key: Key, value: Value) -> None:
        """Hold a value of the station's own or of its files. Raises KeyError, or ValueError saying
        what was expected.
        """
        variable = self.variables[key]
        variable.definition.check(value)
        variable.hold(value)


def configure_from(model: DeviceModel, values: Mapping[str, Value | list[str]]) -> None:
    """Hold the values of a configuration file's table. Raises ValueError naming the entry and what
    was expected.
    """
    for name, value in values.items():
        key = Key.parse(name)
        if key not in model:
            raise ValueError(f"{name}: no such variable")
        try:
            model.configure(key, tuple(value) if isinstance(value, list) else value)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from error
