"""Every field of every struct says what the official schema says."""

from typing import Any, get_args

import msgspec
import pytest
from msgspec import inspect

from pilotwire.profiles.messages import actions
from pilotwire.profiles.messages.base import CustomData, Request

VERSIONS = {"v16": ("1.6", 39), "v201": ("2.0.1", 64), "v21": ("2.1", 91)}


def _number(value: Any) -> Any:
    return None if value is None else float(value)


def _official(official: Any, schema: dict[str, Any]) -> tuple[object, ...]:
    """What the schema demands of one value."""
    rules = official.resolve(schema)
    match rules.get("type"):
        case "string" if "enum" in rules:
            return "enum", frozenset(rules["enum"])
        case "string" if rules.get("format") == "date-time":
            return ("date-time",)
        case "string":
            return "string", rules.get("maxLength")
        case "integer" | "number" as name:
            return name, _number(rules.get("minimum")), _number(rules.get("maximum"))
        case "array":
            items = _official(official, rules["items"])
            return "array", rules.get("minItems"), rules.get("maxItems"), items
        case "object" if rules.get("additionalProperties") is False:
            return "object", frozenset(rules.get("properties", ()))
        case "object":
            return ("customData",)
        case None:
            return ("any",)
        case other:
            return (other,)


def _ours(kind: inspect.Type) -> tuple[object, ...]:
    """What the struct demands of one value, in the same words."""
    match kind:
        case inspect.LiteralType(values=values):
            return "enum", frozenset(values)
        case inspect.DateTimeType(tz=True):
            return ("date-time",)
        case inspect.StrType(max_length=most, min_length=None, pattern=None):
            return "string", most
        case inspect.IntType(ge=least, le=most):
            return "integer", _number(least), _number(most)
        case inspect.FloatType(ge=least, le=most):
            return "number", _number(least), _number(most)
        case inspect.VarTupleType(item_type=item, min_length=least, max_length=most):
            return "array", least, most, _ours(item)
        case inspect.StructType(fields=fields, forbid_unknown_fields=True):
            return "object", frozenset(field.encode_name for field in fields)
        case inspect.CustomType(cls=cls) if cls is CustomData:
            return ("customData",)
        case inspect.AnyType():
            return ("any",)
        case inspect.BoolType():
            return ("boolean",)
    raise AssertionError(f"unexpected in a message: {kind}")


def test_the_struct_says_what_the_schema_says(official_struct):
    info = inspect.type_info(official_struct.struct)
    assert isinstance(info, inspect.StructType)
    rules = official_struct.rules
    ours = {field.encode_name: _ours(field.type) for field in info.fields}
    official = {
        name: _official(official_struct, schema)
        for name, schema in rules.get("properties", {}).items()
    }
    assert ours == official
    required = {field.encode_name for field in info.fields if field.required}
    assert required == set(rules.get("required", ()))
    assert info.forbid_unknown_fields
    assert rules["additionalProperties"] is False
    # an absent field is UNSET; where there are multiples of 0.1 the struct has a check of its own
    defaults = official_struct.struct.__struct_defaults__
    assert defaults == (msgspec.UNSET,) * (len(ours) - len(required))
    has_tenths = any("multipleOf" in rule for rule in rules.get("properties", {}).values())
    assert hasattr(official_struct.struct, "__post_init__") is has_tenths


@pytest.mark.parametrize("module", VERSIONS)
def test_there_is_a_request_and_a_response_for_each_schema(module, official_messages):
    version, count = VERSIONS[module]
    table = actions(version)
    assert len(table) == count
    structs = set(table.values()) | {request.response for request in table.values()} - {None}
    assert structs == {message.struct for message in official_messages if message.module == module}


@pytest.mark.parametrize("module", VERSIONS)
def test_a_request_knows_its_action_and_its_response(module):
    for action, request in actions(VERSIONS[module][0]).items():
        assert request.action == action
        assert request.__name__ == f"{action}Request"
        assert issubclass(request, Request)
        # what a type checker infers for the answer is what the decoder makes
        (answer,) = get_args(request.__orig_bases__[0])
        if action == "NotifyPeriodicEventStream":  # a SEND
            assert request.response is None
            assert answer is type(None)
        else:
            assert request.response is answer
            assert answer.__name__ == f"{action}Response"
