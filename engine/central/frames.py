"""Tells what a frame on the wire is, for those who look on."""

from collections import OrderedDict
from datetime import datetime
from typing import Any, Literal

import msgspec

from ..live.redaction import redacted
from .events import FrameKind, MessageSeen

_KINDS: dict[Any, FrameKind] = {  # Any: a frame is any JSON
    2: "CALL",
    3: "CALLRESULT",
    4: "CALLERROR",
    6: "SEND",
}
_REMEMBERED = 64  # calls of one connection whose answers are still awaited
_WITH_ACTION = ("CALL", "SEND")


class FrameReader:
    """Reads the frames of one connection."""

    def __init__(self, station_id: str) -> None:
        self._station_id = station_id
        self._actions: OrderedDict[str, str] = OrderedDict()  # message id -> action

    def read(
        self, direction: Literal["sent", "received"], text: str | bytes, at: datetime
    ) -> MessageSeen:
        plain = text if isinstance(text, str) else text.decode(errors="replace")
        kind, message_id, action, shown = self._parts(plain)
        return MessageSeen(
            station_id=self._station_id,
            at=at,
            direction=direction,
            kind=kind,
            action=action,
            message_id=message_id,
            text=shown,
        )

    def _parts(self, text: str) -> tuple[FrameKind, str, str, str]:
        try:
            frame = msgspec.json.decode(text)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            return "other", "", "", text
        if not isinstance(frame, list) or len(frame) < 3 or not isinstance(frame[1], str):
            return "other", "", "", text
        kind = _KINDS.get(frame[0]) if isinstance(frame[0], int) else None
        if kind is None:
            return "other", frame[1], "", text
        if kind not in _WITH_ACTION:
            action = self._actions.pop(frame[1], "")
            return kind, frame[1], action, _redacted(frame, 2, text)
        action = frame[2] if isinstance(frame[2], str) else ""
        if kind == "CALL":
            self._remember(frame[1], action)
        return kind, frame[1], action, _redacted(frame, 3, text)

    def _remember(self, message_id: str, action: str) -> None:
        self._actions[message_id] = action
        if len(self._actions) > _REMEMBERED:
            self._actions.popitem(last=False)


def _redacted(frame: list[Any], position: int, text: str) -> str:
    """A01.FR.09: passwords are not logged. The payload stands at the position."""
    payload = frame[position] if len(frame) > position else None
    shown = redacted(payload, shows_tokens=True)
    return text if shown == payload else msgspec.json.encode([*frame[:position], shown]).decode()
