"""The reference of 1.6's configuration keys: each key in words, as a table, Markdown or data."""

from collections.abc import Iterable
from typing import NamedTuple

from ..device_model import DataType, DeviceModel, Key, Value, text_of
from .configuration_keys import ConfigurationKey, Fact, Limit, Password

COMMAND = "pilotwire keys --format md --output docs/keys16.md"


class Description(NamedTuple):
    """A key in words, for people."""

    key: str
    type: DataType
    default: str  # "" where the station's build decides
    access: str  # R, RW or W
    unit: str
    limits: str
    meaning: str
    variable: str
    needs: str


def describe(model: DeviceModel, key: ConfigurationKey) -> Description:
    """Say what there is to say of a key, whether or not a station has it."""
    match key.source:
        case Fact() as fact:
            return Description(key.name, fact.type, "", "R", "", "", fact.meaning, "", key.needs)
        case Password():
            meaning = "The password of HTTP Basic authentication, in hexadecimal digits"
            limits = "16 to 20 bytes"
            return Description(key.name, "string", "", "W", "", limits, meaning, "", key.needs)
        case Limit(variable):
            return _describe_limit(model, key, variable)
        case Key() as variable:
            return _describe_variable(model, key, variable)


def _describe_limit(model: DeviceModel, key: ConfigurationKey, variable: Key) -> Description:
    definition = model.definition(variable)
    default = "" if definition.maximum is None else text_of(definition.maximum)
    meaning = f"The most of: {definition.meaning}"
    behind = f"{variable} (maxLimit)"
    return Description(key.name, "integer", default, "R", "", "", meaning, behind, key.needs)


_ACCESS = {"ReadOnly": "R", "ReadWrite": "RW", "WriteOnly": "W"}


def _describe_variable(model: DeviceModel, key: ConfigurationKey, variable: Key) -> Description:
    definition = model.definition(variable)
    default: Value | None = definition.default
    options = (*definition.options, *definition.also)
    if isinstance(default, tuple):
        default = tuple(key.words.get(member, member) for member in default)
        options = tuple(key.words.get(member, member) for member in options)
    limits = _limits(definition.minimum, definition.maximum, definition.type)
    if options:
        limits = "; ".join(part for part in (limits, "of " + ", ".join(options)) if part)
    if definition.reboot_required:
        limits = "; ".join(part for part in (limits, "after a reboot") if part)
    return Description(
        key.name,
        definition.type,
        text_of(default),
        "RW" if key.is_writable else _ACCESS[definition.mutability],
        definition.unit,
        limits,
        definition.meaning,
        str(variable),
        key.needs,
    )


def _limits(minimum: float | None, maximum: float | None, type_: DataType) -> str:
    counted = {"string": " characters", "MemberList": " members", "SequenceList": " members"}
    what = counted.get(type_, "")
    if minimum is not None and maximum is not None:
        return f"{text_of(minimum)} to {text_of(maximum)}{what}"
    if minimum is not None:
        return f"at least {text_of(minimum)}{what}"
    return "" if maximum is None else f"at most {text_of(maximum)}{what}"


# ---- as text

_COLUMNS = {
    "key": "Key",
    "type": "Type",
    "default": "Default",
    "access": "Access",
    "unit": "Unit",
    "limits": "Limits",
    "meaning": "Meaning",
    "variable": "Variable",
    "needs": "Needs",
}
_WIDEST = 44  # characters of a cell on a terminal


def table(descriptions: Iterable[Description]) -> str:
    """Lay the keys out for a terminal; what is long is cut."""
    rows = [list(_COLUMNS.values())]
    rows += [[name, *map(_cut, rest)] for name, *rest in descriptions]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(map(_padded, row, widths)).rstrip() for row in rows)
    return "\n".join(lines) + "\n"


def _padded(cell: str, width: int) -> str:
    return cell.ljust(width)


def _cut(text: str) -> str:
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"


_INTRODUCTION = f"""\
# OCPP 1.6 configuration keys

<!-- Written by `{COMMAND}`: do not edit. -->

Every key is a view of a variable of the device model, or of a fact about the station. *Needs* names
the feature profile or extension without which the station does not have the key: GetConfiguration
then names it as unknown, ChangeConfiguration answers NotSupported. Keys are compared without regard
to case. Access: R read, RW read and write, W write. `[station.variables]` in config.toml sets the
variable before the first start; `[[station.custom_keys]]` adds keys of one's own.
"""


def markdown(descriptions: Iterable[Description]) -> str:
    """Write the reference page."""
    lines = [_INTRODUCTION, "| " + " | ".join(_COLUMNS.values()) + " |", "| --- " * 9 + "|"]
    for each in descriptions:
        cells = each._replace(
            key=f"`{each.key}`",
            default=f"`{each.default}`" if each.default else "",
            variable=f"`{each.variable}`" if each.variable else "",
        )
        lines.append("| " + " | ".join(cells).replace("  ", " ") + " |")
    return "\n".join(lines) + "\n"
