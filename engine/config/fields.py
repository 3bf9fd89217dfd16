"""What a settings struct says of its keys: their shape, their range in words, what they mean.

A field is written `name: Annotated[type, Meta(ge=…, description="…")] = default`. All that is said
about it elsewhere (error lines, docs/configuration.md, comments of config.toml) comes from it.
"""

import functools
import itertools
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, Union, get_args, get_origin
from typing import get_type_hints as read_annotations

import msgspec
from msgspec import inspect

from ..secrets import Secret

ENVIRONMENT_PREFIX = "PILOTWIRE_"

Struct = type[msgspec.Struct]
S = TypeVar("S", bound=msgspec.Struct)


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """A table of the configuration; a check across keys is a `__post_init__` raising `Invalid`."""


class Invalid(ValueError):
    """A value does not fit; `problem` says what was expected, `key` counts from that struct."""

    def __init__(self, key: str, problem: str) -> None:
        super().__init__(f"{key}: {problem}")
        self.key = key
        self.problem = problem


class Shape(NamedTuple):
    """How a key is laid out in TOML. Annotations have no common type, hence Any."""

    kind: Literal["table", "tables", "map", "value"]
    inner: (
        Any  # the struct of the table or tables, or the annotation of the value or the map's values
    )
    key_type: Any = str  # of a map


@functools.cache
def annotations(struct: Struct) -> dict[str, Any]:
    """Give the fields of a struct and their annotations, in order."""
    found = read_annotations(struct, include_extras=True)
    return {name: found[name] for name in struct.__struct_fields__}


def shape_of(annotation: Any) -> Shape:
    bare = _without_none(annotation)
    arguments = get_args(bare)
    if _is_struct(bare):
        return Shape("table", bare)
    if get_origin(bare) in (tuple, list) and _is_struct(arguments[0]):
        return Shape("tables", arguments[0])
    if get_origin(bare) is dict:
        return Shape("map", arguments[1], arguments[0])
    return Shape("value", annotation)


def _is_struct(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, msgspec.Struct)


def _without_none(annotation: Any) -> Any:
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, types.UnionType):
        others = [each for each in get_args(annotation) if each is not type(None)]
        if len(others) == 1:
            return _without_none(others[0])
    return annotation


# ---- in words


def describe(annotation: Any) -> str:
    """Say which values fit, so that "expected …" reads well."""
    return _words(inspect.type_info(annotation))


def _words(kind: inspect.Type) -> str:
    match kind:
        case inspect.Metadata(type=inner, extra_json_schema=extra):
            return str((extra or {}).get("title") or _words(inner))
        case inspect.UnionType(types=members):
            told = [_words(each) for each in members if not isinstance(each, inspect.NoneType)]
            return " or ".join(told)
        case inspect.LiteralType(values=values):
            told = [f'"{value}"' for value in values]
            return ("one of " if len(told) > 1 else "") + ", ".join(told)
        case inspect.BoolType():
            return "true or false"
        case inspect.IntType(ge=low, le=high, gt=above):
            return "an integer" + _range(low, high, above)
        case inspect.FloatType(ge=low, le=high, gt=above):
            return "a number" + _range(low, high, above)
        case inspect.StrType(min_length=low, max_length=high):
            return "text" + _count(low, high, "characters")
        case inspect.VarTupleType(item_type=item, min_length=low, max_length=high):
            return "a list" + _count(low, high, "entries") + ", each " + _words(item)
        case inspect.ListType(item_type=item, min_length=low, max_length=high):
            return "a list" + _count(low, high, "entries") + ", each " + _words(item)
        case inspect.DateTimeType():
            return "a date and time with its zone, like 2030-01-31T12:00:00Z"
        case inspect.CustomType(cls=cls) if cls is Path:
            return "a path"
        case inspect.CustomType(cls=cls) if cls is Secret:
            return "a secret"
        case inspect.StructType() | inspect.DictType():
            return "a table"
    raise TypeError(f"no words for settings of type {kind}")


def _range(low: float | None, high: float | None, above: float | None) -> str:
    low, high, above = (_whole(limit) for limit in (low, high, above))
    if low is not None and high is not None:
        return f" from {low} to {high}"
    if above is not None:
        return f" above {above}" + (f", up to {high}" if high is not None else "")
    if low is not None:
        return f" of at least {low}"
    return f" of at most {high}" if high is not None else ""


def _whole(limit: float | None) -> float | None:
    return int(limit) if limit is not None and limit == int(limit) else limit


def _count(low: int | None, high: int | None, what: str) -> str:
    if low and high is not None:
        return f" of {low} to {high} {what}"
    if low:
        return f" of at least {low} {what}" if low > 1 else " that is not empty"
    return f" of at most {high} {what}" if high is not None else ""


# ---- every key


class Key(NamedTuple):
    """One line of the reference: a key that holds a value or a map of values."""

    section: str  # "station.evses[]"
    name: str
    values: str  # which values fit, in words
    meaning: str
    default: object  # msgspec.NODEFAULT when it must be given
    example: object  # a value to show where the default is "absent"
    is_secret: bool
    is_map: bool

    @property
    def path(self) -> str:
        return f"{self.section}.{self.name}" if self.section else self.name

    @property
    def environment(self) -> str:
        """The variable that sets it; `1` stands for any place in a list."""
        return ENVIRONMENT_PREFIX + self.path.replace("[]", ".1").replace(".", "__").upper()


class Section(NamedTuple):
    """One table, or one table of a list of them (`[]`), and the keys that stand in it."""

    path: str
    meaning: str
    keys: list[Key]


def sections(struct: Struct, path: str = "") -> Iterator[Section]:
    """Go through the tables below a struct, each before those inside it."""
    own: list[Key] = []
    inner: list[tuple[str, Struct]] = []
    for field in msgspec.structs.fields(struct):
        shape = shape_of(annotations(struct)[field.name])
        below = f"{path}.{field.name}" if path else field.name
        if shape.kind in ("table", "tables"):
            inner.append((below + ("[]" if shape.kind == "tables" else ""), shape.inner))
        else:
            own.append(_key(struct, field, path))
    yield Section(path, (struct.__doc__ or "").strip(), own)
    for below, inside in inner:
        yield from sections(inside, below)


def keys(struct: Struct) -> Iterator[Key]:
    return itertools.chain.from_iterable(section.keys for section in sections(struct))


def _key(struct: Struct, field: msgspec.structs.FieldInfo, section: str) -> Key:
    annotation = annotations(struct)[field.name]
    shape = shape_of(annotation)
    extra = getattr(inspect.type_info(annotation), "extra_json_schema", None) or {}
    if not extra.get("description"):
        raise TypeError(f"{struct.__name__}.{field.name} has no description")
    is_map = shape.kind == "map"
    return Key(
        section=section,
        name=field.name,
        values=("a table, each value " if is_map else "") + describe(shape.inner),
        meaning=extra["description"],
        default=default_of(field),
        example=next(iter(extra.get("examples", ())), None),
        is_secret=_without_none(shape.inner) is Secret,
        is_map=is_map,
    )


def default_of(field: msgspec.structs.FieldInfo) -> object:
    if field.default_factory is not msgspec.NODEFAULT:
        return field.default_factory()
    return field.default
