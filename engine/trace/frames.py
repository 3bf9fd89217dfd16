"""Frames as the rules take them, from the text on the wire."""

import msgspec

from ...profiles.family import Role
from ...profiles.trace import Said
from ..wire.envelope import Broken, Call, CallError, CallResult, CallResultError, Send, parse

_DEEPEST = 64  # nested arrays and objects


def said_of(by: Role, frame: str | bytes, at: float | None, place: str = "") -> Said:
    """Read a frame. Never raises: what is none is `unreadable`."""
    text = frame if isinstance(frame, str) else frame.decode(errors="replace")
    match parse(text, _DEEPEST):
        case (Call() | Send()) as call:
            return Said(
                by=by,
                kind="CALL" if isinstance(call, Call) else "SEND",
                message_id=call.message_id,
                action=call.action,
                payload=_decoded(call.payload),
                at=at,
                place=place,
            )
        case CallResult(message_id=message_id, payload=payload):
            return Said(
                by=by,
                kind="CALLRESULT",
                message_id=message_id,
                payload=_decoded(payload),
                at=at,
                place=place,
            )
        case (CallError() | CallResultError()) as error:
            return Said(
                by=by,
                kind="CALLERROR" if isinstance(error, CallError) else "CALLRESULTERROR",
                message_id=error.message_id,
                error=error.word,
                description=error.description or "",
                at=at,
                place=place,
            )
        case Broken():
            return Said(by=by, kind="unreadable", at=at, place=place)


def _decoded(raw: msgspec.Raw) -> object:
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
