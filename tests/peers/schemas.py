"""The official JSON schemas, as PyPI `ocpp` brings them, and whether frames obey them."""

import json
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from jsonschema import Draft4Validator, Draft6Validator, FormatChecker

_OF_ALL = {
    "NotImplemented",
    "NotSupported",
    "InternalError",
    "ProtocolError",
    "SecurityError",
    "PropertyConstraintViolation",
    "TypeConstraintViolation",
    "GenericError",
}
_OF_2 = {
    "FormatViolation",
    "OccurrenceConstraintViolation",
    "MessageTypeNotSupported",
    "RpcFrameworkError",
}
ERROR_CODES = {
    "ocpp1.6": _OF_ALL | {"FormationViolation", "OccurenceConstraintViolation"},
    "ocpp2.0.1": _OF_ALL | _OF_2,
    "ocpp2.1": _OF_ALL | _OF_2,
}
FOLDERS = {"ocpp1.6": "v16", "ocpp2.0.1": "v201", "ocpp2.1": "v21"}


class Frame(NamedTuple):
    """One frame as the peer saw it: "sent" by it, or "received"."""

    direction: str
    text: str


def violations(
    frames: Iterable[Frame], subprotocol: str = "ocpp1.6", *, but: Iterable[str] = ()
) -> list[str]:
    """What is wrong with them, except those whose text is given, which are so on purpose."""
    excepted = set(but)
    actions: dict[tuple[str, str], str] = {}
    found: list[str] = []
    for frame in frames:
        problem = None if frame.text in excepted else _problem(frame, actions, subprotocol)
        if problem is not None:
            found.append(f"{frame.direction}: {problem}: {frame.text}")
    return found


def _problem(frame: Frame, actions: dict[tuple[str, str], str], subprotocol: str) -> str | None:
    content = json.loads(frame.text, parse_float=Decimal)
    message_type, message_id, *rest = content
    if not isinstance(message_id, str) or len(message_id) > 36:
        return "message id"
    answers_direction = "received" if frame.direction == "sent" else "sent"
    match message_type, rest:
        case 2, [str() as action, dict() as payload]:
            actions[frame.direction, message_id] = action
            return _disobeys(subprotocol, f"{action}Request", payload)
        case 3, [dict() as payload]:
            called = actions.get((answers_direction, message_id))
            if called is None:
                return "answers nothing"
            return _disobeys(subprotocol, f"{called}Response", payload)
        case 4, [str() as code, str() as description, dict()]:
            is_right = code in ERROR_CODES[subprotocol] and len(description) <= 255
            return None if is_right else "error code or description"
        case 5, [str() as code, str(), dict()] if subprotocol == "ocpp2.1":
            return None if code in ERROR_CODES[subprotocol] else "error code"
        case 6, [str() as action, dict() as payload] if subprotocol == "ocpp2.1":
            return _disobeys(subprotocol, action, payload)
    return "not a frame"


def _disobeys(subprotocol: str, schema: str, payload: dict[str, Any]) -> str | None:
    error = next(_validator(subprotocol, schema).iter_errors(payload), None)
    return None if error is None else f"{schema}: {error.message}"


@cache
def _validator(subprotocol: str, schema_name: str) -> Any:  # its classes share no public type
    spec = find_spec("ocpp")
    assert spec is not None
    assert spec.origin is not None
    name = schema_name.removesuffix("Request") if subprotocol == "ocpp1.6" else schema_name
    path = Path(spec.origin).parent / FOLDERS[subprotocol] / "schemas" / f"{name}.json"
    schema = json.loads(path.read_bytes().decode("utf-8-sig"), parse_float=Decimal)
    draft = Draft4Validator if "draft-04" in schema["$schema"] else Draft6Validator
    return draft(schema, format_checker=FormatChecker(["date-time"]))
