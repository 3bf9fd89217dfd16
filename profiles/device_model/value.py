"""Values of variables: Python's own types, and their text."""

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Literal

Value = str | int | float | bool | tuple[str, ...] | datetime
DataType = Literal[
    "string",
    "integer",
    "decimal",
    "boolean",
    "dateTime",
    "OptionList",
    "MemberList",
    "SequenceList",
]

LIST_TYPES = ("OptionList", "MemberList", "SequenceList")


class Unfit(ValueError):
    """A value that a variable may not hold; the message says what was expected.

    `reason` is of the appendix "Standardized reason codes".
    """

    def __init__(self, problem: str, reason: str = "InvalidValue") -> None:
        super().__init__(problem)
        self.reason = reason


def read(kind: DataType, text: str) -> Value:
    """Turn a value's text into the value. Raises Unfit."""
    return _READ[kind](text if kind == "string" else text.strip())


def text_of(value: Value | None) -> str:
    """Write a value as attributeValue and 1.6 write it; one that is not there as "" (B06.FR.13)."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ",".join(value)
    if isinstance(value, float):  # as plain digits, and so that reading gives the same number
        return format(Decimal(repr(value)), "f").removesuffix(".0")
    if isinstance(value, datetime):
        precision = "milliseconds" if value.microsecond else "seconds"
        return value.astimezone(UTC).isoformat(timespec=precision).replace("+00:00", "Z")
    return str(value)


def check_type(kind: DataType, value: Value) -> None:
    """Raise Unfit for a value of another type, or one whose text would not come back as it."""
    if not isinstance(value, _PYTHON[kind]) or (isinstance(value, bool) and kind != "boolean"):
        raise Unfit(f"expected {WORDS[kind]}")
    if isinstance(value, float) and not math.isfinite(value):
        raise Unfit(f"expected {WORDS[kind]}")
    if isinstance(value, int) and abs(value) >= _TOO_MUCH:
        raise Unfit(f"expected {WORDS[kind]}")
    if isinstance(value, datetime) and (value.tzinfo is None or value.microsecond % 1000):
        raise Unfit(f"expected {WORDS[kind]}")


def _boolean(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise Unfit("expected true or false")
    return text.lower() == "true"


def _integer(text: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", text):
        raise Unfit("expected a whole number")
    return int(text)


def _decimal(text: str) -> float:
    if not re.fullmatch(r"[+-]?[0-9]{1,400}(\.[0-9]{0,400})?(e[+-]?[0-9]{1,3})?", text, re.I):
        raise Unfit("expected a number")
    return float(text)


def _date_time(text: str) -> datetime:
    """Read an RFC 3339 time in UTC; what is finer than a millisecond is cut off (part 2 2.1.1)."""
    if not re.fullmatch(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"
        r"(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})",
        text,
        re.I,
    ):
        raise Unfit(f"expected {WORDS['dateTime']}")
    try:
        moment = datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError) as error:  # the 31st of February; before the year 1
        raise Unfit(f"expected {WORDS['dateTime']}") from error
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _members(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


_READ: dict[DataType, Callable[[str], Value]] = {
    "string": str,
    "integer": _integer,
    "decimal": _decimal,
    "boolean": _boolean,
    "dateTime": _date_time,
    "OptionList": str,
    "MemberList": _members,
    "SequenceList": _members,
}
_TOO_MUCH = 10**18  # for an integer: more digits than `read` takes
WORDS: dict[DataType, str] = {
    "string": "text",
    "integer": "a whole number",
    "decimal": "a number",
    "boolean": "true or false",
    "dateTime": "a date and time with its zone, like 2030-01-31T12:00:00Z",
    "OptionList": "a word without commas",
    "MemberList": "a list of words without commas",
    "SequenceList": "a list of words without commas",
}
_PYTHON: dict[DataType, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "decimal": (int, float),
    "boolean": bool,
    "dateTime": datetime,
    "OptionList": str,
    "MemberList": tuple,
    "SequenceList": tuple,
}
