"""Any request that the official schema lets a 1.6 station send gets an answer that it lets us give.

What the request leaves behind goes through the real tables, in memory.
"""

import itertools
import json
from datetime import UTC, datetime, timedelta, timezone
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotwire.engine.central.store import Store
from pilotwire.profiles.csms import CsmsStation, KnownToken, Rules, TokenBook, Transactions
from pilotwire.profiles.errors import PropertyConstraintViolation
from pilotwire.profiles.family import OCPP_16
from pilotwire.profiles.messages.base import decode, encode
from pilotwire.profiles.v16.csms import FACE

SCHEMAS = Path(find_spec("ocpp").origin).parent / "v16" / "schemas"
ACTIONS = sorted(a for a in OCPP_16.actions() if OCPP_16.sends("station", a))
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
ZONES = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
FEW_IDS = (-1, 0, 1, 2, 3)  # so that stops meet starts


def schema_of(name: str) -> dict[str, Any]:
    return json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8-sig"))


def resolved(schema: Any, definitions: dict[str, Any]) -> Any:
    """The schema with its definitions put in where they are used."""
    match schema:
        case {"$ref": reference}:
            return resolved(definitions[reference.split("/")[-1]], definitions)
        case dict():
            return {key: resolved(rules, definitions) for key, rules in schema.items()}
    return schema


def values(schema: dict[str, Any], name: str = "") -> st.SearchStrategy[Any]:
    """What the schema accepts; of open ranges also what is unreasonable."""
    match schema.get("type"):
        case "string" if "enum" in schema:
            return st.sampled_from(schema["enum"])
        case "string" if schema.get("format") == "date-time":
            moments = st.datetimes(timezones=ZONES)
            return moments.map(written)
        case "string":
            text = st.text(
                st.characters(exclude_categories=["Cs"]), max_size=schema.get("maxLength", 30)
            )
            tokens = st.sampled_from(["GOOD", "good", "LATE", "BLOCKED"])
            return tokens | text if name == "idTag" else text
        case "integer":
            return st.sampled_from(FEW_IDS) | st.integers()
        case "number":
            return st.floats(allow_nan=False, allow_infinity=False)
        case "array":
            return st.lists(values(schema["items"]), min_size=schema.get("minItems", 0), max_size=3)
    required = {key for key in schema.get("required", ())}
    fields = {key: values(rules, key) for key, rules in schema.get("properties", {}).items()}
    return st.fixed_dictionaries(
        {key: value for key, value in fields.items() if key in required},
        optional={key: value for key, value in fields.items() if key not in required},
    )


def written(moment: datetime) -> str:
    """RFC 3339, whose offsets have no seconds."""
    offset = moment.utcoffset()
    assert offset is not None
    minutes = int(offset.total_seconds()) // 60
    sign, minutes = ("-", -minutes) if minutes < 0 else ("+", minutes)
    plain = moment.replace(tzinfo=None).isoformat()
    return f"{plain}{sign}{minutes // 60:02}:{minutes % 60:02}"


@pytest.mark.parametrize("action", ACTIONS)
async def test_any_request_gets_a_valid_answer(action):
    store = Store.open(None)
    numbers = itertools.count(1)
    tokens = [
        KnownToken(value="GOOD", parent="P" * 21),
        KnownToken(value="LATE", expires=datetime(2020, 1, 1, tzinfo=UTC)),
        KnownToken(value="BLOCKED", is_blocked=True),
    ]
    rules = Rules(tokens=TokenBook(tokens), allows_concurrent_transactions=False)
    station = CsmsStation("CS-1", rules, Transactions(store, lambda: next(numbers)), lambda: NOW)
    request_schema, answer_schema = schema_of(action), schema_of(f"{action}Response")
    validator = jsonschema.Draft4Validator(
        answer_schema, format_checker=jsonschema.FormatChecker(["date-time"])
    )

    @settings(max_examples=60, deadline=None, database=None)
    @given(values(resolved(request_schema, request_schema.get("definitions", {}))))
    def run(payload: Any) -> None:
        jsonschema.Draft4Validator(request_schema).validate(payload)
        request = decode(OCPP_16.actions()[action], json.dumps(payload).encode())
        answer = encode(FACE.handlers[type(request)](station, request))
        validator.validate(json.loads(answer))
        submission = store.submit(station.take_records())
        assert submission.is_safe

    run()
    store.close()


def test_a_station_may_not_name_connectors_without_end():
    store = Store.open(None)
    rules = Rules(tokens=TokenBook())
    station = CsmsStation("CS-1", rules, Transactions(store, lambda: 1), lambda: NOW)

    def status(number: int) -> None:
        payload = b'{"connectorId":%d,"errorCode":"NoError","status":"Available"}' % number
        request = decode(OCPP_16.actions()["StatusNotification"], payload)
        FACE.handlers[type(request)](station, request)

    for number in range(1024):
        status(number)
    with pytest.raises(PropertyConstraintViolation):
        status(1024)
    status(5)
    store.close()
