"""Components defined in files: the JSON of libocpp's device model, one component a file (see
docs/device-model.md).

A variable that the station has of its own stays as it is, and takes the file's value as its
default; any other becomes a variable of the station. Members that mean nothing here are ignored, as
those of the JSON schema that the format has grown from.
"""

from collections.abc import Iterable, Iterator
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import UNSET, Meta, UnsetType

from .device_model import (
    Attribute,
    AttributeType,
    DataType,
    Definition,
    Key,
    MonitorType,
    Mutability,
    PresetMonitor,
    Unfit,
    Value,
    is_list,
    text_of,
)

PLACES = ("EVSE", "Connector")  # components of which the station's build says how many there are
_LONGEST_VALUES = 1000  # characters, of the message that reports them

Name = Annotated[str, Meta(min_length=1, max_length=50)]
Instance = Annotated[str, Meta(max_length=50)]
Number = Annotated[int, Meta(ge=1, le=999_999_999)]
Json = str | bool | int | float | list[str] | None


class Unreadable(ValueError):
    """A file that defines no component; `str()` is one line naming the file and the field."""


class ComponentFile(NamedTuple):
    """A file, by the name that a person knows it by."""

    name: str
    content: bytes


class _Characteristics(msgspec.Struct, rename="camel"):
    data_type: DataType
    unit: Annotated[str, Meta(max_length=16)] = ""
    supports_monitoring: bool = True
    values_list: str = ""
    min_limit: float | None = None
    max_limit: float | None = None


class _Attribute(msgspec.Struct):
    type: AttributeType = "Actual"
    mutability: Mutability = "ReadWrite"
    value: Json = None
    persistent: bool = True
    constant: bool = False


class _Monitor(msgspec.Struct):
    type: MonitorType
    value: float
    severity: Annotated[int, Meta(ge=0, le=9)]
    transaction: bool = False


class _Property(msgspec.Struct, rename={"min_length": "minLength", "max_length": "maxLength"}):
    variable_name: Name
    characteristics: _Characteristics
    attributes: Annotated[list[_Attribute], Meta(min_length=1, max_length=4)]
    instance: Instance = ""
    default: Json = None
    description: str = ""
    monitors: list[_Monitor] = []
    minimum: float | None = None
    maximum: float | None = None
    min_length: float | None = None
    max_length: float | None = None


class _Component(msgspec.Struct):
    name: Name
    properties: dict[str, msgspec.Raw]
    instance: Instance = ""
    evse_id: Number | UnsetType = UNSET
    connector_id: Number | UnsetType = UNSET
    required: list[str] = []

    def key(self, said: _Property) -> Key:
        """Name a variable. Raises Unfit."""
        evse, connector = self.evse_id or 0, self.connector_id or 0
        key = Key(self.name, said.variable_name, said.instance, self.instance, evse, connector)
        try:
            is_name = Key.parse(str(key)) == key
        except ValueError:
            is_name = False
        if not is_name:
            raise Unfit("names may hold neither brackets nor, of components, dots")
        return key


class _Named(msgspec.Struct):
    name: str
    instance: str = ""
    evse_id: int = 0
    connector_id: int = 0


def components_in(files: Iterable[ComponentFile]) -> Iterator[Key]:
    """Give the components that files define; what is wrong with a file tells `with_components`."""
    for file in files:
        try:
            named = msgspec.json.decode(file.content, type=_Named)
        except msgspec.DecodeError:
            continue
        yield Key(named.name, "", "", named.instance, named.evse_id, named.connector_id)


def with_components(
    definitions: Iterable[Definition],
    files: Iterable[ComponentFile],
    own: Iterable[Key] = (),
    absent: Iterable[Key] = (),
) -> tuple[Definition, ...]:
    """Give the station's definitions with what the files say. Raises Unreadable.

    `own` are variables whose values the station alone decides, `absent` those that it would have if
    its hardware were another: of them nothing is taken.
    """
    gathering = _Gathering(definitions, own, absent)
    for file in files:
        gathering.add(file)
    return tuple(gathering.found.values())


class _Gathering:
    """The definitions as file after file changes them."""

    def __init__(
        self, definitions: Iterable[Definition], own: Iterable[Key], absent: Iterable[Key]
    ) -> None:
        self.found = {definition.key.lowered(): definition for definition in definitions}
        self._standing = frozenset(self.found)
        self._places = {key.of_component for key in self.found}
        self._own = {key.lowered() for key in own}
        self._absent = {key.lowered() for key in absent}
        self._said: dict[Key, str] = {}  # the file that has spoken of a variable

    def add(self, file: ComponentFile) -> None:
        component = _component(file)
        for field in component.required:
            if field not in component.properties:
                raise Unreadable(f"{file.name}: required: there is no property {field}")
        for field, raw in component.properties.items():
            where = f"{file.name}: properties.{field}"
            said = _decoded(raw, _Property, where)
            try:
                self._add(file.name, component.key(said), said, field in component.required)
            except Unfit as error:
                raise Unreadable(f"{where}: {error}") from error

    def _add(self, file: str, key: Key, said: "_Property", is_required: bool) -> None:
        name = key.lowered()
        if name in self._said:
            raise Unfit(f"{self._said[name]} defines {key} too")
        self._said[name] = file
        if name in self._standing:
            takes_value = name not in self._own
            self.found[name] = _told(self.found[name], said, takes_value=takes_value)
            return
        if name in self._absent:
            return
        if key.component in PLACES and name.of_component not in self._places:
            raise Unfit(f"the station has no {_place(key)}")
        definition = _defined(key, said)
        if is_required and definition.default is None:
            raise Unfit("required, and has neither a value nor a default")
        self.found[name] = definition


def _place(key: Key) -> str:
    if key.connector:
        return f"connector {key.connector} of EVSE {key.evse}"
    return f"EVSE {key.evse}" if key.evse else f"{key.component} without evse_id"


# ---- reading


def _component(file: ComponentFile) -> _Component:
    component: _Component = _decoded(file.content, _Component, file.name)
    if component.connector_id is not UNSET and component.evse_id is UNSET:
        raise Unreadable(f"{file.name}: connector_id: evse_id is missing")
    return component


def _decoded(content: bytes | msgspec.Raw, kind: type[Any], where: str) -> Any:
    """Read JSON into a struct; what does not fit is told with its place."""
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.ValidationError as error:
        problem, _, path = str(error).partition(" - at `$")
        place = path.rstrip("`").lstrip(".")
        problem = problem[:1].lower() + problem[1:]
        raise Unreadable(f"{where}{_joined(where, place)}: {problem}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Unreadable(f"{where}: not JSON: {error}") from error


def _joined(where: str, place: str) -> str:
    if not place:
        return ""
    is_within = ": " in where
    return ("" if place.startswith("[") else ".") + place if is_within else f": {place}"


# ---- a variable of a file


def _defined(key: Key, said: _Property) -> Definition:
    """Define a variable of the station's integrator. Raises Unfit."""
    characteristics = said.characteristics
    kind = characteristics.data_type
    attributes = {attribute.type: attribute for attribute in said.attributes}
    if len(attributes) < len(said.attributes):
        raise Unfit("attributes: each type once")
    actual = attributes.get("Actual")
    if actual is None:
        raise Unfit("attributes: Actual is missing")
    minimum, maximum = _limits(said)
    definition = Definition(
        key=key,
        type=kind,
        default=None,
        meaning=said.description,
        unit=characteristics.unit,
        mutability=actual.mutability,
        persistent=actual.persistent,
        constant=actual.constant,
        minimum=None if is_list(kind) else minimum,
        maximum=None if is_list(kind) else maximum,
        longest=maximum if is_list(kind) else None,
        options=_options(characteristics),
        supports_monitoring=characteristics.supports_monitoring,
        monitors=_monitors(said),
    )
    more = tuple(
        Attribute(
            type=each.type,
            mutability=each.mutability,
            default=_value(definition, each.value, f"value of {each.type}"),
            persistent=each.persistent,
            constant=each.constant,
        )
        for each in said.attributes
        if each.type != "Actual"
    )
    return msgspec.structs.replace(definition, default=_actual_value(definition, said), more=more)


def _told(definition: Definition, said: _Property, *, takes_value: bool) -> Definition:
    """Give a variable of the station's own the file's value, and its monitors. Raises Unfit."""
    value = _actual_value(definition, said) if takes_value else None
    return msgspec.structs.replace(
        definition,
        default=definition.default if value is None else value,
        monitors=(*definition.monitors, *_monitors(said)),
    )


def _limits(said: _Property) -> tuple[float | None, float | None]:
    """Give the limits: those of the characteristics, or of the JSON schema beside them."""
    is_text = said.characteristics.data_type == "string" or is_list(said.characteristics.data_type)
    low = said.min_length if is_text else said.minimum
    high = said.max_length if is_text else said.maximum
    given = said.characteristics
    minimum = low if given.min_limit is None else given.min_limit
    maximum = high if given.max_limit is None else given.max_limit
    if minimum is not None and maximum is not None and minimum > maximum:
        raise Unfit("characteristics.maxLimit: expected at least minLimit")
    return minimum, maximum


def _options(characteristics: _Characteristics) -> tuple[str, ...]:
    if not is_list(characteristics.data_type):
        return ()
    if len(characteristics.values_list) > _LONGEST_VALUES:
        raise Unfit(f"characteristics.valuesList: expected at most {_LONGEST_VALUES} characters")
    return tuple(word.strip() for word in characteristics.values_list.split(",") if word.strip())


def _monitors(said: _Property) -> tuple[PresetMonitor, ...]:
    return tuple(
        PresetMonitor(
            type=each.type,
            value=each.value,
            severity=each.severity,
            transaction=each.transaction,
        )
        for each in said.monitors
    )


def _actual_value(definition: Definition, said: _Property) -> Value | None:
    """Give the value of the Actual attribute, else the default. Raises Unfit."""
    for attribute in said.attributes:
        if attribute.type == "Actual" and attribute.value is not None:
            return _value(definition, attribute.value, "value")
    return _value(definition, said.default, "default")


def _value(definition: Definition, given: Json, what: str) -> Value | None:
    """Turn a JSON value into the variable's, by its text: some files have "1800" for a number, and
    a number for a list of one. An empty text is no value where it does not fit. Raises Unfit.
    """
    if given is None:
        return None
    try:
        if not isinstance(given, list):
            return definition.read(text_of(given))
        value = tuple(given)
        definition.check(value)
    except Unfit as error:
        if given == "":
            return None
        raise Unfit(f"{what}: {error}", error.reason) from error
    return value
