"""The official schemas, read independently of the generator, beside the structs made from them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec
import pytest
from jsonschema import Draft4Validator, Draft6Validator, FormatChecker, validators

from pilotwire.profiles.messages.base import InvalidPayload, Payload, Request, decode

MODULES = ("v16", "v201", "v21")


def _is_integer(_checker: object, value: object) -> bool:
    """As draft 6 has it, 1.0 is one, if a double can be sure of it. Floats come as decimals."""
    if isinstance(value, Decimal):
        return value == value.to_integral_value() and abs(value) < 2**53
    return isinstance(value, int) and not isinstance(value, bool)


def _validator(draft: Any) -> Any:
    types = draft.TYPE_CHECKER.redefine("integer", _is_integer)
    return validators.extend(draft, type_checker=types)


VALIDATORS = {
    "http://json-schema.org/draft-04/schema#": _validator(Draft4Validator),
    "http://json-schema.org/draft-06/schema#": _validator(Draft6Validator),
}


_verdicts: dict[tuple[str, str, bytes], bool] = {}


@dataclass(frozen=True)
class Official:
    """A struct and the schema, complete in itself, that it stands for."""

    module: str
    struct: type[Payload]
    schema: dict[str, Any] = field(hash=False)  # any JSON schema

    def __str__(self) -> str:
        return f"{self.module}-{self.struct.__name__}"

    @property
    def is_request(self) -> bool:
        return issubclass(self.struct, Request)

    @cached_property
    def validator(self) -> Any:
        validator = VALIDATORS[self.schema["$schema"]]
        return validator(self.schema, format_checker=FormatChecker(["date-time"]))

    @cached_property
    def rules(self) -> dict[str, Any]:
        """The schema of the object itself."""
        return self.resolve(self.schema)

    def resolve(self, schema: dict[str, Any]) -> dict[str, Any]:
        if "$ref" not in schema:
            return schema
        rules: dict[str, Any] = self.schema["definitions"][schema["$ref"].split("/")[-1]]
        return rules

    def schema_accepts(self, raw: bytes) -> bool:
        return self._accepts(raw, self.schema)

    def schema_accepts_field(self, name: str, raw: bytes) -> bool:
        """The schema's verdict on the value of one field; remembered, as most fields are alike."""
        schema = self.rules["properties"][name]
        rules = {key: rule for key, rule in schema.items() if key != "description"}
        key = (self.module, json.dumps(rules, default=str), raw)
        if key not in _verdicts:
            _verdicts[key] = self._accepts(raw, schema)
        return _verdicts[key]

    def _accepts(self, raw: bytes, schema: dict[str, Any]) -> bool:
        with localcontext(prec=400):  # for multiples of 0.1 among the greatest doubles
            value = json.loads(raw, parse_float=Decimal)
            return not any(self.validator.descend(value, schema))

    def struct_accepts(self, raw: bytes) -> bool:
        try:
            decode(self.struct, raw)
        except InvalidPayload:
            return False
        return True


def _messages(module_name: str) -> Iterator[Official]:
    spec = find_spec("ocpp")
    assert spec is not None
    assert spec.origin is not None
    module = import_module(f"pilotwire.profiles.messages.{module_name}")
    for path in sorted((Path(spec.origin).parent / module_name / "schemas").glob("*.json")):
        schema = json.loads(path.read_bytes().decode("utf-8-sig"), parse_float=Decimal)
        is_named = path.stem.endswith(("Request", "Response"))
        name = path.stem if is_named else f"{path.stem}Request"
        if module_name == "v16":
            _widen(name, schema)
        yield Official(module_name, getattr(module, name), schema)


def _widen(name: str, schema: dict[str, Any]) -> None:
    """Where two schemas of 1.6 differ about one class of the specification, we take the wider."""
    if name == "MeterValuesRequest":
        meter_value = schema["properties"]["meterValue"]["items"]
        del meter_value["properties"]["sampledValue"]["minItems"]
    if name == "StopTransactionRequest":
        meter_value = schema["properties"]["transactionData"]["items"]
        sampled_value = meter_value["properties"]["sampledValue"]["items"]
        sampled_value["properties"]["unit"]["enum"].append("Hertz")


def _within(official: Official) -> Iterator[Official]:
    """The struct and those in its fields."""
    yield official
    for info in msgspec.inspect.type_info(official.struct).fields:  # type: ignore[attr-defined]
        inner, rules = info.type, official.resolve(official.rules["properties"][info.encode_name])
        is_reference, schema = "$ref" in official.rules["properties"][info.encode_name], rules
        if isinstance(inner, msgspec.inspect.VarTupleType):
            inner, schema = inner.item_type, rules["items"]
            is_reference = "$ref" in schema
        if not isinstance(inner, msgspec.inspect.StructType):
            continue
        dialect = {"$schema": official.schema["$schema"]}
        if is_reference:
            name = inner.cls.__name__
            definitions = official.schema["definitions"]
            schema = {"$ref": f"#/definitions/{name}", "definitions": definitions}
        yield from _within(Official(official.module, inner.cls, schema | dialect))


MESSAGES = [message for module in MODULES for message in _messages(module)]
STRUCTS = list(
    {
        (official.struct, json.dumps(official.rules, default=str)): official
        for message in MESSAGES
        for official in _within(message)
    }.values()
)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    for name, values in (("official_message", MESSAGES), ("official_struct", STRUCTS)):
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, values, ids=str)


@pytest.fixture(scope="session")
def official_messages() -> list[Official]:
    return MESSAGES
