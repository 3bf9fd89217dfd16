"""Short forms for defining variables: one a data type, with the limits that most of them share."""

from collections.abc import Iterator

from ..device_model import Definition, Key, Value
from ..v16.configuration_keys import LONGEST_VALUE

DAY = 86_400  # s
YEAR = 31_536_000  # s


def boolean(name: str, default: bool, meaning: str, **more: object) -> Definition:
    return _define(name, "boolean", default, meaning, more)


def integer(name: str, default: int, meaning: str, **more: object) -> Definition:
    return _define(name, "integer", default, meaning, {"minimum": 0, **more})


def seconds(name: str, default: int, meaning: str, **more: object) -> Definition:
    return _define(
        name, "integer", default, meaning, {"unit": "s", "minimum": 0, "maximum": YEAR, **more}
    )


def members(name: str, default: tuple[str, ...], meaning: str, **more: object) -> Definition:
    return _define(name, "MemberList", default, meaning, more)


def option(name: str, default: str, meaning: str, **more: object) -> Definition:
    return _define(name, "OptionList", default, meaning, more)


def string(name: str, default: str, meaning: str, **more: object) -> Definition:
    return _define(name, "string", default, meaning, {"maximum": LONGEST_VALUE, **more})


def request_limits(controller: str, *actions: str) -> Iterator[Definition]:
    """Define how much one request of each action may carry."""
    limits = (("ItemsPerMessage", 50, "items"), ("BytesPerMessage", 65_536, "bytes"))
    for name, most, what in limits:
        for action in actions:
            yield integer(
                f"{controller}.{name}[{action}]",
                most,
                f"The most {what} in a {action} request",
                mutability="ReadOnly",
            )


def _define(
    name: str, kind: str, default: Value, meaning: str, more: dict[str, object]
) -> Definition:
    fields = {"key": Key.parse(name), "type": kind, "default": default, "meaning": meaning, **more}
    return Definition(**fields)  # type: ignore[arg-type]  # each field is checked by the callers above
