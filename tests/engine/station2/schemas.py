"""The official JSON schemas of 2.0.1 and 2.1, as PyPI `ocpp` brings them."""

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from jsonschema import Draft6Validator, FormatChecker

FOLDERS = {"ocpp1.6": "v16", "ocpp2.0.1": "v201", "ocpp2.1": "v21"}


def problem(subprotocol: str, schema: str, payload: dict[str, Any]) -> str | None:
    """Say in what the payload disobeys the schema: `BootNotificationRequest`, say."""
    error = next(_validator(subprotocol, schema).iter_errors(payload), None)
    return None if error is None else f"{schema}: {error.message}"


@cache
def _validator(subprotocol: str, schema: str) -> Any:  # jsonschema's validators share no type
    spec = find_spec("ocpp")
    assert spec is not None
    assert spec.origin is not None
    folder = Path(spec.origin).parent / FOLDERS[subprotocol] / "schemas"
    name = schema.removesuffix("Request") if subprotocol == "ocpp1.6" else schema
    text = (folder / f"{name}.json").read_bytes().decode("utf-8-sig")
    return Draft6Validator(json.loads(text), format_checker=FormatChecker(["date-time"]))
