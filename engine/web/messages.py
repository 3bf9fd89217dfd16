"""The last OCPP messages of the station, without their secrets."""

from collections import deque
from collections.abc import Callable
from datetime import datetime
from itertools import islice
from typing import Any

from msgspec import Struct

from ..live.facts import facts
from ..live.frames import FrameReader

MOST = 1000
MOST_CHARACTERS = 8_000_000  # of all frames kept


class MessageView(Struct, frozen=True, kw_only=True):
    """A frame. An answer has the action of its call, and the time since then."""

    time: datetime
    direction: str  # "sent" or "received", as the station sees it
    kind: str  # "CALL", "CALLRESULT", …
    message_id: str
    action: str
    summary: str  # of the payload, or of the error, on one line
    payload: Any  # JSON, without secrets
    error: str
    latency_seconds: float | None


class RecentMessages:
    """Keeps the newest messages: as many as there is room for."""

    def __init__(self, *, shows_tokens: bool = False) -> None:
        self._reader = FrameReader(shows_tokens=shows_tokens)
        self._kept: deque[tuple[int, MessageView]] = deque()
        self._characters = 0

    def __len__(self) -> int:
        return len(self._kept)

    def add(
        self, direction: str, frame: str | bytes, at: float, moment: Callable[[float], datetime]
    ) -> MessageView:
        """Take a frame; `moment` turns its time on Trio's clock (s) into the station's."""
        message = self._reader.read(direction, frame, at)
        view = MessageView(
            time=moment(at),
            direction=direction,
            kind=message.kind,
            message_id=message.message_id,
            action=message.action,
            summary=message.error or facts(message.payload),
            payload=message.payload,
            error=message.error,
            latency_seconds=message.latency,
        )
        self._kept.append((len(frame), view))
        self._characters += len(frame)
        while len(self._kept) > MOST or self._characters > MOST_CHARACTERS:
            self._characters -= self._kept.popleft()[0]
        return view

    def newest(self, limit: int, action: str | None = None) -> list[MessageView]:
        """Give the newest messages, of this action when one is given; the newest is the last."""
        fitting = (
            view
            for _, view in reversed(self._kept)
            if action is None or view.action.lower() == action.lower()
        )
        return list(islice(fitting, limit))[::-1]
