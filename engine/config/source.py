"""Where settings come from: TOML files, the environment, `--set`; each value keeps its origin.

Places in lists count from 1, as EVSEs do: `station.evses[1]` is EVSE 1.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from pathlib import Path

import msgspec
import tomli

from ..failure import Failure
from .fields import ENVIRONMENT_PREFIX, Struct, annotations, shape_of


class ConfigError(Failure):
    """The configuration is not usable: the line names the source, the key and what was expected."""

    exit_code = 2

    def __init__(self, origin: str, key: str, problem: str) -> None:
        super().__init__(": ".join(part for part in (origin, key, problem) if part))
        self.origin = origin
        self.key = key
        self.problem = problem


class Origin(msgspec.Struct, frozen=True):
    """The file, variable or option that gave a value."""

    name: str
    is_private: bool = False  # secrets may stand there
    below: str = ""  # the part of the key that the file itself leaves out


class Given(msgspec.Struct, frozen=True):
    """A value as it was given. An override also keeps its text, which may be meant as it stands."""

    value: object
    origin: Origin
    text: str | None = None


Node = Given | dict[str, "Node"] | list["Node"]
Way = Sequence[str | int]  # way to a key: names and places in lists


def wrap(value: object, origin: Origin, text: str | None = None) -> Node:
    """Give every scalar, empty list and empty table below `value` its origin."""
    match value:
        case dict() if value:
            return {key: wrap(below, origin) for key, below in value.items()}
        case list() if value:
            return [wrap(below, origin) for below in value]
    return Given(value, origin, text)


def opened(node: Node) -> Node:
    """See an empty list or table as the container that it is."""
    if isinstance(node, Given):
        if node.value == {}:
            return {}
        if node.value == []:
            return []
    return node


def unwrap(node: Node) -> object:
    match node:
        case Given():
            return node.value
        case dict():
            return {key: unwrap(below) for key, below in node.items()}
    return [unwrap(below) for below in node]


def origin_of(node: Node | None) -> Origin | None:
    """Give the origin of the first value at or below a node."""
    if isinstance(node, Given):
        return node.origin
    below = node.values() if isinstance(node, dict) else node or ()
    return next((origin for each in below if (origin := origin_of(each))), None)


# ---- files


def read_toml(content: bytes, origin: Origin) -> Node:
    try:
        return wrap(tomli.loads(content.decode()), origin)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{origin.name}:{line}", "", "not UTF-8 text") from error
    except tomli.TOMLDecodeError as error:
        place = f"{origin.name}:{error.lineno}:{error.colno}"
        raise ConfigError(place, "", f"not TOML: {error.msg}") from error


def read_file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(str(path), "", f"cannot be read: {error.strerror}") from error


# ---- overrides


def override_from_option(text: str) -> tuple[Way, Node]:
    """Read one `--set station.evses[1].phases=1`."""
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise ConfigError("--set", text, "expected key=value, like station.identity=CS-1")
    origin = Origin("--set")
    return _steps(key.strip()), _parse(value.strip(), origin)


def overrides_from_environment(
    environment: Mapping[str, str], root: Struct
) -> Iterable[tuple[Way, Node]]:
    """Read every PILOTWIRE_… variable; a whole list comes before a single entry of it."""
    found: list[tuple[Way, Node]] = []
    for name, text in environment.items():
        if name.startswith(ENVIRONMENT_PREFIX):
            way = _spelled(name.removeprefix(ENVIRONMENT_PREFIX).split("__"), root)
            found.append((way, _parse(text, Origin(name, is_private=True))))
    return sorted(found, key=lambda each: [str(step).zfill(6) for step in each[0]])


def placed(node: Node | None, way: Way, leaf: Node) -> Node:
    """Give a copy of the tree in which `leaf` stands at the end of `way`."""
    if not way:
        return leaf
    head, rest = way[0], way[1:]
    if isinstance(head, str):
        table = dict(node) if isinstance(node, dict) else {}
        table[head] = placed(table.get(head), rest, leaf)
        return table
    entries = list(node) if isinstance(node, list) else []
    if not 1 <= head <= len(entries) + 1:
        origin = origin_of(leaf) or Origin("")
        last = len(entries) + 1
        raise ConfigError(
            origin.name, f"[{head}]", f"places count from 1, the last new one is {last}"
        )
    old = entries[head - 1] if head <= len(entries) else None
    entries[head - 1 : head] = [placed(old, rest, leaf)]
    return entries


def _parse(text: str, origin: Origin) -> Node:
    """Read a TOML value; what is none stands for itself, so a name needs no quotes in a shell."""
    try:
        parsed = tomli.loads(f"value = {text}")
    except tomli.TOMLDecodeError:
        return Given(text, origin, text)
    if parsed.keys() != {"value"}:  # text with a line end could hold more than one key
        return Given(text, origin, text)
    return wrap(parsed["value"], origin, text)


def _steps(key: str) -> Way:
    steps: list[str | int] = []
    for quoted, bare in re.findall(r'"([^"]*)"|([^."]+)', key):
        name, places = re.fullmatch(r"(.*?)((?:\[\d+\])*)", bare, re.DOTALL).groups()  # type: ignore[union-attr]  # matches any text
        steps.append(quoted or name)
        steps.extend(int(place) for place in re.findall(r"\d+", places))
    return steps


def _spelled(parts: list[str], root: Struct) -> Way:
    """Spell a variable's parts as the keys are: case counts only in the keys of maps."""
    way: list[str | int] = []
    here: Struct | None = root
    kind = "table"
    for part in parts:
        if kind in ("tables", "value") and part.isdigit():
            way.append(int(part))
            kind = "table"
            continue
        known = annotations(here).get(part.lower()) if here and kind == "table" else None
        way.append(part if kind == "map" else part.lower())
        if known is not None:
            shape = shape_of(known)
            kind, here = shape.kind, shape.inner if shape.kind in ("table", "tables") else None
    return way


def shown(value: object) -> str:
    """Show a value in an error line: short, and without anything that a terminal would obey."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float() | date() | time():
            return str(value)
        case str():
            return msgspec.json.encode(value if len(value) <= 40 else value[:39] + "…").decode()
        case list():
            inside = ", ".join(shown(each) for each in value)
            return f"[{inside}]" if len(inside) <= 60 else f"[{inside[:59]}…]"
    return "a table"
