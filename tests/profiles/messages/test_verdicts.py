"""The structs and `jsonschema` with the official schemas accept and refuse the same payloads.

`test_each_field...` goes through every field of every struct with the same list of good and bad
values; the hypothesis tests try whole messages, as they should be and damaged somewhere.
"""

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pilotwire.profiles.messages.base import decode, encode

NOON = "2026-02-03T12:00:00Z"
JUNK = (
    *(None, True, 0, 1, -1, 4, 101, 2**40, 0.5, 0.3, 6.05, 1.0, 1e300, "", "x", NOON),
    *("2026-02-03T12:00:00", "2026-02-30T12:00:00Z", [], [1], ["x"], [None]),
    *({}, {"x": 1}, {"vendorId": "x", "more": []}, {"vendorId": 1}, {"vendorId": "x" * 256}),
)
FEW = (None, 1, "x", [], {}, {"x": 1})  # where the rest is tried elsewhere


def _raw(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _example(official: Any, schema: dict[str, Any]) -> Any:
    """The least value that the schema accepts."""
    rules = official.resolve(schema)
    match rules.get("type"):
        case "string" if "enum" in rules:
            return rules["enum"][0]
        case "string":
            return NOON if rules.get("format") == "date-time" else ""
        case "integer" | "number":
            return int(rules.get("minimum", 0))
        case "boolean":
            return False
        case "array":
            return [_example(official, rules["items"])] * rules.get("minItems", 0)
        case "object":
            properties = rules.get("properties", {})
            required = rules.get("required", ())
            return {name: _example(official, properties[name]) for name in required}
    return None


def _trials(official: Any, schema: dict[str, Any]) -> list[Any]:
    """Values around what the schema of one field allows."""
    rules = official.resolve(schema)
    example = _example(official, schema)
    if rules.get("additionalProperties") is False:
        return [example, *FEW]  # a struct of its own
    trials = [example, [example], *JUNK]
    trials += rules.get("enum", ())
    if longest := rules.get("maxLength"):
        trials += ["x" * longest, "x" * (longest + 1), "é" * longest, "\U0001f50c" * longest]
    for limit in (rules.get("minimum"), rules.get("maximum")):
        if limit is not None:
            trials += [int(limit) - 1, int(limit), int(limit) + 1, float(limit) + 0.5]
    if "items" in rules:
        item = _example(official, rules["items"])
        trials += [[item] * count for count in (0, 1, 2, rules.get("maxItems") or 40)]
        trials += [[item] * (rules.get("maxItems", 40) + 1), [item, None]]
        trials += [[trial] for trial in _trials(official, rules["items"])]
    return trials


def test_the_struct_gets_the_same_verdict_for_each_set_of_fields(official_struct):
    rules = official_struct.rules
    least = _example(official_struct, rules)
    assert official_struct.schema_accepts(_raw(least))
    payloads = [least, {**least, "unknown": 1}, None, [], "x", 1, [least]]
    for name in rules.get("required", ()):
        payloads.append({other: least[other] for other in least if other != name})
    for name, schema in rules.get("properties", {}).items():
        payloads.append({**least, name: _example(official_struct, schema)})
        payloads.append({**least, name.upper(): _example(official_struct, schema)})
    for raw in map(_raw, payloads):
        assert official_struct.struct_accepts(raw) is official_struct.schema_accepts(raw), raw


def test_each_field_gets_the_same_verdict_for_each_value(official_struct):
    least = _example(official_struct, official_struct.rules)
    for name, schema in official_struct.rules.get("properties", {}).items():
        is_tried_often = name == "customData" and not official_struct.is_request
        for trial in FEW if is_tried_often else _trials(official_struct, schema):
            verdict = official_struct.schema_accepts_field(name, _raw(trial))
            raw = _raw({**least, name: trial})
            assert official_struct.struct_accepts(raw) is verdict, raw


# ---- whole messages

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=4,
)  # fmt: skip
_ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
_MOMENTS = st.datetimes(timezones=_ZONES).map(datetime.isoformat)


def _strategy(official: Any, schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    rules = official.resolve(schema)
    match rules.get("type"):
        case "string" if "enum" in rules:
            return st.sampled_from(rules["enum"])
        case "string" if rules.get("format") == "date-time":
            return _MOMENTS
        case "string":
            return st.text(max_size=min(rules.get("maxLength", 30), 30))
        case "integer":
            return st.integers(_whole(rules.get("minimum")), _whole(rules.get("maximum")))
        case "number" if "multipleOf" in rules:
            return st.integers(-(10**6), 10**6).map(lambda tenths: tenths / 10)
        case "number":
            least, most = _whole(rules.get("minimum")), _whole(rules.get("maximum"))
            return st.floats(least, most, allow_nan=False, allow_infinity=False)
        case "boolean":
            return st.booleans()
        case "array":
            least, most = rules.get("minItems", 0), min(rules.get("maxItems", 2), 2)
            return st.lists(_strategy(official, rules["items"]), min_size=least, max_size=most)
        case "object" if rules.get("additionalProperties") is not False:
            more = st.dictionaries(st.text(max_size=5), _JSON, max_size=2)
            return st.builds(lambda members, name: {**members, "vendorId": name}, more, st.text())
        case "object":
            required = set(rules.get("required", ()))
            members = {
                name: _strategy(official, member)
                for name, member in rules.get("properties", {}).items()
            }
            return st.fixed_dictionaries(
                {name: member for name, member in members.items() if name in required},
                optional={name: member for name, member in members.items() if name not in required},
            )
    return _JSON


def _whole(limit: Any) -> int | None:
    return None if limit is None else int(limit)


_STRATEGIES: dict[str, st.SearchStrategy[Any]] = {}


def _payloads(official: Any) -> st.SearchStrategy[Any]:
    if str(official) not in _STRATEGIES:
        _STRATEGIES[str(official)] = _strategy(official, official.schema)
    return _STRATEGIES[str(official)]


_SETTINGS = settings(
    max_examples=300,
    deadline=None,  # two cores, shared
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@_SETTINGS
@given(st.data())
def test_a_valid_message_survives_decoding_and_encoding(official_messages, data):
    official = data.draw(st.sampled_from(official_messages))
    raw = _raw(data.draw(_payloads(official)))
    assert official.schema_accepts(raw)
    payload = decode(official.struct, raw)
    again = encode(payload)
    assert official.schema_accepts(again)
    assert decode(official.struct, again) == payload
    assert _with_moments(json.loads(again)) == _with_moments(json.loads(raw))


def _with_moments(value: Any) -> Any:
    """With every date-time as an instant: the same one may be written in several ways."""
    match value:
        case dict():
            return {name: _with_moments(member) for name, member in value.items()}
        case list():
            return [_with_moments(item) for item in value]
        case str():
            try:
                return msgspec.convert(value, datetime)
            except msgspec.ValidationError:
                return value
    return value


@_SETTINGS
@given(st.data())
def test_a_damaged_message_gets_the_same_verdict(official_messages, data):
    official = data.draw(st.sampled_from(official_messages))
    payload = data.draw(_payloads(official))
    places = list(_places(payload))
    if places:
        container, key = data.draw(st.sampled_from(places))
        _damage(data, container, key)
    raw = _raw(payload)
    assert official.schema_accepts(raw) == official.struct_accepts(raw)


def _places(value: Any) -> Any:
    members = value.items() if isinstance(value, dict) else enumerate(value)
    for key, member in members:
        yield value, key
        if isinstance(member, dict | list):
            yield from _places(member)


def _damage(data: Any, container: Any, key: Any) -> None:
    match data.draw(st.sampled_from(["drop", "replace", "add", "repeat"])):
        case "drop":
            del container[key]
        case "replace":
            container[key] = data.draw(st.sampled_from(JUNK) | _JSON)
        case "add" if isinstance(container, dict):
            container[data.draw(st.text(max_size=8))] = data.draw(_JSON)
        case "repeat" if isinstance(container[key], list | str):
            container[key] = container[key] * data.draw(st.sampled_from([2, 30, 1100]))
