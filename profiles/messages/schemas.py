"""The official JSON schemas of one OCPP version, read into a model of structs and enumerations.

They come from the package `ocpp`, which only development needs: the structs made of them do not.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from keyword import iskeyword
from pathlib import Path
from typing import Any

from .names import CLASSES, ENUMS, FIELDS, WIDENED

Schema = dict[str, Any]  # any JSON schema; this module is where they are taken apart

# what the generated classes call something else by, in annotations or as class variables
TAKEN = frozenset({"tuple", "str", "int", "float", "bool", "field", "action", "response"})
UNANSWERED = frozenset({"NotifyPeriodicEventStream"})  # sent as SEND (2.1 part 4)


@dataclass(frozen=True)
class Field:
    wire_name: str
    name: str
    type: str
    is_required: bool
    is_tenths: bool = False  # a multiple of 0.1


@dataclass(frozen=True)
class Struct:
    name: str
    fields: tuple[Field, ...]


@dataclass
class Version:
    """Everything that the messages of one version are made of."""

    # types with limits get names (`Str20`, `IntFrom0To100`): name -> definition
    bounded: dict[str, str] = field(default_factory=dict)
    enums: dict[str, tuple[str, ...]] = field(default_factory=dict)
    types: dict[str, Struct] = field(default_factory=dict)
    requests: dict[str, Struct] = field(default_factory=dict)  # by action
    responses: dict[str, Struct] = field(default_factory=dict)

    def structs(self) -> Iterator[Struct]:
        yield from self.types.values()
        yield from self.requests.values()
        yield from self.responses.values()


def schema_files(package: str) -> Mapping[str, Schema]:
    """The schemas in `ocpp.<package>` by struct name: HeartbeatRequest, HeartbeatResponse."""
    spec = find_spec("ocpp")
    if spec is None or spec.origin is None:
        raise SystemExit("the schemas are in the package ocpp: pip install 'pilotwire[dev]'")
    folder = Path(spec.origin).parent / package / "schemas"
    return {
        path.stem if path.stem.endswith(("Request", "Response")) else f"{path.stem}Request": (
            json.loads(path.read_text("utf-8-sig"))
        )
        for path in sorted(folder.glob("*.json"))
    }


def read(package: str) -> Version:
    version = Version()
    for name, schema in schema_files(package).items():
        _SchemaFile(version, schema).read(name)
    return version


class _SchemaFile:
    """One schema file, on its way into the version."""

    def __init__(self, version: Version, schema: Schema) -> None:
        self.version = version
        self.schema = schema

    def read(self, name: str) -> None:
        struct = self.struct(name, self.schema)
        if name.endswith("Request"):
            self.version.requests[name.removesuffix("Request")] = struct
        else:
            self.version.responses[name.removesuffix("Response")] = struct

    def struct(self, name: str, schema: Schema) -> Struct:
        if schema.get("additionalProperties") is not False:
            raise ValueError(f"{name} is open to any field")
        required = schema.get("required", ())
        properties: Schema = schema.get("properties", {})
        fields = (self.field(name, *item, item[0] in required) for item in properties.items())
        return Struct(name, tuple(sorted(fields, key=_reading_order)))

    def field(self, owner: str, wire_name: str, schema: Schema, is_required: bool) -> Field:
        name = FIELDS.get(f"{owner}.{wire_name}", snake_case(wire_name))
        if name in TAKEN or iskeyword(name):
            raise ValueError(f"{owner}.{wire_name} needs another name in names.FIELDS")
        return Field(
            wire_name,
            name,
            self.type(owner, wire_name, schema),
            is_required,
            is_tenths=schema.get("multipleOf") == 0.1,
        )

    def type(self, owner: str, wire_name: str, schema: Schema) -> str:
        """The annotation for a field's schema; what it refers to goes into the version."""
        if "$ref" in schema:
            return self.definition(schema["$ref"].removeprefix("#/definitions/"))
        if "enum" in schema:
            name = ENUMS.get(f"{owner}.{wire_name}") or ENUMS[wire_name]
            return self.enum(name, schema)
        match schema.get("type"):
            case None:
                return "Any"
            case "boolean":
                return "bool"
            case "string":
                return self.string(schema)
            case "integer" | "number" as json_type:
                return self.number("int" if json_type == "integer" else "float", schema)
            case "array":
                return self.array(self.type(owner, wire_name, schema["items"]), schema)
            case "object":
                return self.register(self.struct(CLASSES[wire_name], schema))
        raise ValueError(f"{owner}.{wire_name} is of an unknown type")

    def definition(self, name: str) -> str:
        schema: Schema = self.schema["definitions"][name]
        if name == "CustomDataType":
            return self.custom_data(schema)
        if "enum" in schema:
            return self.enum(name, schema)
        return self.register(self.struct(name, schema))

    def custom_data(self, schema: Schema) -> str:
        rules = {name: rule for name, rule in schema.items() if name in ("properties", "required")}
        vendor_id = rules["properties"]["vendorId"]
        if rules["required"] != ["vendorId"] or len(rules["properties"]) != 1:
            raise ValueError("base.CustomData does not say what the schema says")
        if (vendor_id["type"], vendor_id["maxLength"]) != ("string", 255):
            raise ValueError("base.CustomData does not say what the schema says")
        return "CustomData"

    def register(self, struct: Struct) -> str:
        known = self.version.types.setdefault(struct.name, struct)
        if known != struct:
            if struct.name not in WIDENED:
                raise ValueError(f"{struct.name} is defined in two ways")
            pairs = zip(known.fields, struct.fields, strict=True)
            fields = tuple(min(pair, key=_is_never_empty) for pair in pairs)
            self.version.types[struct.name] = Struct(struct.name, fields)
        return struct.name

    def enum(self, name: str, schema: Schema) -> str:
        values = tuple(schema["enum"])
        known = self.version.enums.setdefault(name, values)
        if set(known) != set(values):
            if name not in WIDENED:
                raise ValueError(f"{name} is defined in two ways")
            self.version.enums[name] = max(known, values, key=len)
        return name

    def string(self, schema: Schema) -> str:
        if schema.get("format") == "date-time":
            return "Timestamp"
        if "maxLength" not in schema:
            return "str"
        length = schema["maxLength"]
        return self.bound(f"Str{length}", f"Annotated[str, Meta(max_length={length})]")

    def number(self, python_type: str, schema: Schema) -> str:
        limits = {
            word: int(schema[key])
            for key, word in (("minimum", "ge"), ("maximum", "le"))
            if key in schema
        }
        if not limits:
            return python_type
        suffix = "".join(
            {"ge": "From", "le": "To"}[word] + str(limit) for word, limit in limits.items()
        )
        rules = ", ".join(f"{word}={limit}" for word, limit in limits.items())
        name = python_type.capitalize() + suffix
        return self.bound(name, f"Annotated[{python_type}, Meta({rules})]")

    def array(self, item: str, schema: Schema) -> str:
        least, most = schema.get("minItems"), schema.get("maxItems")
        if least is None and most is None:
            return f"tuple[{item}, ...]"
        if least != 1:
            raise ValueError("an array with other limits than NonEmpty and UpTo can name")
        if most is None:
            array = self.bound("NonEmpty", "Annotated[tuple[T, ...], Meta(min_length=1)]")
        else:
            rules = f"Meta(min_length=1, max_length={most})"
            array = self.bound(f"OneTo{most}", f"Annotated[tuple[T, ...], {rules}]")
        return f"{array}[{item}]"

    def bound(self, name: str, definition: str) -> str:
        self.version.bounded[name] = definition
        return name


def _reading_order(field: Field) -> int:
    """Required fields first, the vendor's last; otherwise as in the schema."""
    return 2 if field.wire_name == "customData" else int(not field.is_required)


def _is_never_empty(field: Field) -> bool:
    return field.type.startswith("NonEmpty[")


def snake_case(wire_name: str) -> str:
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", wire_name)
    return words.replace("__", "_").lower()
