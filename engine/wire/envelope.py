"""The frames of OCPP-J (chapter 4.2), read without a look into their payloads.

A good frame is one call of a compiled decoder. Only what that refuses is taken apart once more, to
learn whom to answer, and what was wrong.
"""

import re
from typing import Annotated

import msgspec

from ...profiles.errors import Fault

ID_LENGTH = 36
CALL, CALLRESULT, CALLERROR, CALLRESULTERROR, SEND = 2, 3, 4, 5, 6

MessageId = Annotated[str, msgspec.Meta(max_length=ID_LENGTH)]
_EMPTY = msgspec.Raw(b"{}")


class Call(msgspec.Struct, array_like=True, tag=CALL, forbid_unknown_fields=True, gc=False):
    message_id: MessageId
    action: str
    payload: msgspec.Raw


class CallResult(msgspec.Struct, array_like=True, tag=CALLRESULT, forbid_unknown_fields=True):
    message_id: MessageId
    payload: msgspec.Raw


class CallError(msgspec.Struct, array_like=True, tag=CALLERROR):
    """Lenient: whatever else it lacks, it ends our call."""

    message_id: MessageId
    word: str
    description: str | None = ""
    details: msgspec.Raw = _EMPTY


class CallResultError(msgspec.Struct, array_like=True, tag=CALLRESULTERROR):
    message_id: MessageId
    word: str
    description: str | None = ""
    details: msgspec.Raw = _EMPTY


class Send(msgspec.Struct, array_like=True, tag=SEND, forbid_unknown_fields=True):
    message_id: MessageId
    action: str
    payload: msgspec.Raw


class Broken(msgspec.Struct):
    """A frame that is none of the above: what could still be read of it."""

    fault: Fault
    message_type: int | None = None
    message_id: str | None = None
    """Cut to its greatest length; None when there was none to read."""
    id_is_number: bool = False


Frame = Call | CallResult | CallError | CallResultError | Send

_frames: msgspec.json.Decoder[Frame] = msgspec.json.Decoder(Frame)
_elements = msgspec.json.Decoder(list[msgspec.Raw])
_text = msgspec.json.Decoder(str)
_number = msgspec.json.Decoder(int)


def parse(text: str, max_depth: int) -> Frame | Broken:
    """The frame that the text holds. Never raises."""
    # A text with few brackets cannot be deep: most messages cost two counts.
    if text.count("{") + text.count("[") > max_depth and depth(text) > max_depth:
        return _taken_apart(text, "too_deep")
    try:
        return _frames.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError):
        return _taken_apart(text, None)


# A string is one token, closed or not, so that no input makes the scan start over.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)


def depth(text: str) -> int:
    """How deep the arrays and objects of a JSON text are nested."""
    level = deepest = 0
    for token in _TOKEN.finditer(text):
        bracket = token[0]
        if bracket in "[{":
            level += 1
            deepest = max(deepest, level)
        elif bracket in "]}":
            level -= 1
    return deepest


def _taken_apart(text: str, fault: Fault | None) -> Broken:
    try:
        elements = _elements.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return Broken("unreadable")
    if not elements:
        return Broken("unreadable")
    broken = Broken(fault or "bad_frame", _as_int(elements[0]))
    if len(elements) > 1:
        _read_id(broken, elements[1])
    if broken.message_type not in (CALL, CALLRESULT, CALLERROR, CALLRESULTERROR, SEND):
        broken.fault = "unknown_message_type"
    return broken


def _read_id(broken: Broken, raw: msgspec.Raw) -> None:
    """Take the id over, or say what is wrong with it. A longer fault found before stands."""
    try:
        message_id = _text.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        message_id = None
    if message_id is None and (number := _as_int(raw)) is not None:
        message_id = str(number)
        broken.id_is_number = True
    if message_id is None or broken.id_is_number or len(message_id) > ID_LENGTH:
        broken.fault = "bad_message_id"
    broken.message_id = message_id if message_id is None else message_id[:ID_LENGTH]


def _as_int(raw: msgspec.Raw) -> int | None:
    try:
        return _number.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
