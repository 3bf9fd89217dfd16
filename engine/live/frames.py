"""Reads the frames of a station's link for those who look on: never fails, and shows no secret."""

from collections import OrderedDict
from typing import Literal

import msgspec

from ..wire.envelope import Broken, Call, CallError, CallResult, CallResultError, Send, parse
from .escaping import harmless
from .redaction import HIDDEN, is_secret, redacted

Kind = Literal["CALL", "CALLRESULT", "CALLERROR", "CALLRESULTERROR", "SEND", "unreadable"]

_REMEMBERED = 64  # calls whose answers are awaited
_DEEPEST = 64  # nested arrays and objects
_LONGEST_UNREADABLE = 120  # characters that are shown of it
_LONGEST = 100_000  # characters; a longer frame is told by its length, not read


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A frame. All text may be shown as it stands; the payload must still be made harmless."""

    direction: str
    kind: Kind
    at: float  # s on Trio's clock
    message_id: str = ""
    action: str = ""  # of an answer: that of its call, as far as it is known
    payload: object = None
    error: str = ""
    latency: float | None = None  # s from the call to its answer


class FrameReader:
    """Reads the frames of one station, and remembers which calls wait for their answers."""

    def __init__(self, *, shows_tokens: bool = False) -> None:
        self._shows_tokens = shows_tokens
        self._calls: OrderedDict[tuple[str, str], tuple[str, float]] = OrderedDict()

    def read(self, direction: str, frame: str | bytes, at: float) -> Message:
        text = frame if isinstance(frame, str) else frame.decode(errors="replace")
        if len(text) > _LONGEST:
            return _unreadable(direction, f"{len(text)} characters", at)
        match parse(text, _DEEPEST):
            case (Call() | Send()) as call:
                return self._call(direction, call, at)
            case CallResult() as result:
                return self._answer(direction, "CALLRESULT", result.message_id, at, result.payload)
            case CallError() as error:
                return self._answer(direction, "CALLERROR", error.message_id, at, error=error)
            case CallResultError() as error:
                return self._answer(direction, "CALLRESULTERROR", error.message_id, at, error=error)
            case Broken():
                return _unreadable(direction, text, at)

    def _call(self, direction: str, call: Call | Send, at: float) -> Message:
        action = harmless(call.action, 40)
        if isinstance(call, Call):
            self._calls[direction, call.message_id] = action, at
            if len(self._calls) > _REMEMBERED:
                self._calls.popitem(last=False)
        return Message(
            direction=direction,
            kind="CALL" if isinstance(call, Call) else "SEND",
            at=at,
            message_id=harmless(call.message_id),
            action=action,
            payload=self._payload(call.payload),
        )

    def _answer(
        self,
        direction: str,
        kind: Kind,
        message_id: str,
        at: float,
        payload: msgspec.Raw | None = None,
        error: CallError | CallResultError | None = None,
    ) -> Message:
        asked = "received" if direction == "sent" else "sent"
        action, since = self._calls.pop((asked, message_id), ("", None))
        return Message(
            direction=direction,
            kind=kind,
            at=at,
            message_id=harmless(message_id),
            action=action,
            payload=None if payload is None else self._payload(payload),
            error="" if error is None else _problem(error),
            latency=None if since is None else at - since,
        )

    def _payload(self, raw: msgspec.Raw) -> object:
        try:
            return redacted(msgspec.json.decode(raw), shows_tokens=self._shows_tokens)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            return HIDDEN


def _problem(error: CallError | CallResultError) -> str:
    told = error.description or ""
    description = HIDDEN if is_secret(told) else harmless(told, 120)
    word = harmless(error.word, 40)
    return f"{word}: {description}" if description else word


def _unreadable(direction: str, text: str, at: float) -> Message:
    # What cannot be read cannot be redacted.
    shown = HIDDEN if is_secret(text) else harmless(text, _LONGEST_UNREADABLE)
    return Message(direction=direction, kind="unreadable", at=at, error=shown)
