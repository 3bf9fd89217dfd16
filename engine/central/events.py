"""What a display or a log may want to hear of the central system, as it happens."""

from collections.abc import Callable
from datetime import datetime
from typing import Literal

import msgspec

from ...profiles.csms import ConnectorReported, RegistrationStatus, Transaction

FrameKind = Literal["CALL", "CALLRESULT", "CALLERROR", "SEND", "other"]


class CentralEvent(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Something happened with a station."""

    station_id: str
    at: datetime


class StationConnected(CentralEvent, frozen=True, kw_only=True):
    version: str
    address: str


class StationGone(CentralEvent, frozen=True, kw_only=True):
    reason: str


class StationRegistered(CentralEvent, frozen=True, kw_only=True):
    """It booted, and was told this."""

    registration: RegistrationStatus


class ConnectorChanged(CentralEvent, frozen=True, kw_only=True):
    report: ConnectorReported


class TransactionChanged(CentralEvent, frozen=True, kw_only=True):
    kind: Literal["started", "updated", "ended"]
    transaction: Transaction


class MessageSeen(CentralEvent, frozen=True, kw_only=True):
    """A frame went over the wire. `text` is the frame, secrets taken out."""

    direction: Literal["sent", "received"]
    kind: FrameKind
    action: str
    """Empty when the frame answers nothing that we know."""
    message_id: str
    text: str


OnEvent = Callable[[CentralEvent], None]
