"""Payloads that the official schemas of 2.0.1 and 2.1 accept, to be drawn by hypothesis."""

import json
from datetime import datetime, timedelta, timezone
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from pilotwire.profiles.family import OCPP_21, OCPP_201

FOLDERS = {OCPP_201: "v201", OCPP_21: "v21"}
ZONES = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
WORDS = ["GOOD", "good", "LATE", "BLOCKED", "tx-1", "tx-2"]  # so that messages meet


def schema_of(version: Any, name: str) -> dict[str, Any]:
    folder = Path(find_spec("ocpp").origin).parent / FOLDERS[version] / "schemas"
    return json.loads((folder / f"{name}.json").read_text(encoding="utf-8-sig"))


class Payloads:
    """Payloads of a schema."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self.definitions = schema.get("definitions", {})
        self.made: dict[str, st.SearchStrategy[Any]] = {}

    def of(self, schema: dict[str, Any]) -> st.SearchStrategy[Any]:
        if "$ref" in schema:
            name = schema["$ref"].split("/")[-1]
            if name not in self.made:
                self.made[name] = self.of(self.definitions[name])
            return self.made[name]
        match schema.get("type"):
            case "string":
                return text_of(schema)
            case "integer":
                low, high = whole(schema.get("minimum")), whole(schema.get("maximum"))
                few = range(max(0, low or 0), 4)  # so that messages meet
                return st.sampled_from(few) | st.integers(low, high)
            case "number":
                low, high = schema.get("minimum"), schema.get("maximum")
                return st.floats(low, high, allow_nan=False, allow_infinity=False)
            case "boolean":
                return st.booleans()
            case "array":
                least, most = schema.get("minItems", 0), min(schema.get("maxItems", 2), 2)
                return st.lists(self.of(schema["items"]), min_size=least, max_size=most)
        required = set(schema.get("required", ()))
        fields = {key: self.of(rules) for key, rules in schema.get("properties", {}).items()}
        return st.fixed_dictionaries(
            {key: value for key, value in fields.items() if key in required},
            optional={key: value for key, value in fields.items() if key not in required},
        )


def whole(limit: float | None) -> int | None:
    """A limit that some schemas write as 1.0."""
    return None if limit is None else int(limit)


def text_of(schema: dict[str, Any]) -> st.SearchStrategy[str]:
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if schema.get("format") == "date-time":
        return st.datetimes(timezones=ZONES).map(written)
    most = schema.get("maxLength", 30)
    text = st.text(st.characters(exclude_categories=["Cs"]), max_size=min(most, 40))
    return st.sampled_from([word for word in WORDS if len(word) <= most] or [""]) | text


def written(moment: datetime) -> str:
    """RFC 3339, whose offsets have no seconds."""
    offset = moment.utcoffset()
    assert offset is not None
    minutes = int(offset.total_seconds()) // 60
    sign, minutes = ("-", -minutes) if minutes < 0 else ("+", minutes)
    plain = moment.replace(tzinfo=None).isoformat()
    return f"{plain}{sign}{minutes // 60:02}:{minutes % 60:02}"
