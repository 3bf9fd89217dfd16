"""The official JSON schemas of 1.6, as PyPI `ocpp` brings them, and whether frames obey them."""

import json
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from jsonschema import Draft4Validator, Draft6Validator, FormatChecker

CALL, CALLRESULT, CALLERROR = 2, 3, 4
ERROR_CODES = {
    "NotImplemented",
    "NotSupported",
    "InternalError",
    "ProtocolError",
    "SecurityError",
    "FormationViolation",
    "PropertyConstraintViolation",
    "OccurenceConstraintViolation",
    "TypeConstraintViolation",
    "GenericError",
}


class Frame(NamedTuple):
    """One frame as the peer saw it: "sent" by it, or "received"."""

    direction: str
    text: str


def violations(frames: Iterable[Frame], *, but: Iterable[str] = ()) -> list[str]:
    """What is wrong with them, except those whose text is given, which are so on purpose."""
    excepted = set(but)
    actions: dict[tuple[str, str], str] = {}
    found: list[str] = []
    for frame in frames:
        problem = None if frame.text in excepted else _problem(frame, actions)
        if problem is not None:
            found.append(f"{frame.direction}: {problem}: {frame.text}")
    return found


def _problem(frame: Frame, actions: dict[tuple[str, str], str]) -> str | None:
    content = json.loads(frame.text, parse_float=Decimal)
    message_type, message_id, *rest = content
    if not isinstance(message_id, str) or len(message_id) > 36:
        return "message id"
    answers_direction = "received" if frame.direction == "sent" else "sent"
    match message_type, rest:
        case 2, [str() as action, dict() as payload]:
            actions[frame.direction, message_id] = action
            return _disobeys(action, payload)
        case 3, [dict() as payload]:
            called = actions.get((answers_direction, message_id))
            return "answers nothing" if called is None else _disobeys(f"{called}Response", payload)
        case 4, [str() as code, str() as description, dict()]:
            is_right = code in ERROR_CODES and len(description) <= 255
            return None if is_right else "error code or description"
    return "not a frame"


def _disobeys(schema: str, payload: dict[str, Any]) -> str | None:
    error = next(_validator(schema).iter_errors(payload), None)
    return None if error is None else f"{schema}: {error.message}"


@cache
def _validator(name: str) -> Any:  # jsonschema's validators share no public type
    spec = find_spec("ocpp")
    assert spec is not None
    assert spec.origin is not None
    path = Path(spec.origin).parent / "v16" / "schemas" / f"{name}.json"
    schema = json.loads(path.read_bytes().decode("utf-8-sig"), parse_float=Decimal)
    draft = Draft4Validator if "draft-04" in schema["$schema"] else Draft6Validator
    return draft(schema, format_checker=FormatChecker(["date-time"]))
