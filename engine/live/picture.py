"""What a display shows at one instant: plain data, so that drawing it needs nothing else."""

from datetime import datetime
from typing import Literal

import msgspec

from .snapshot import EvseSnapshot


class Exchange(msgspec.Struct, kw_only=True):
    """A CALL and, once there is one, its answer; or a frame that is neither."""

    time: datetime
    direction: str
    action: str
    message_id: str = ""
    asked: str = ""
    answer: str | None = None
    is_refusal: bool = False
    error: str = ""
    latency: float | None = None  # s


class LogRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the log."""

    time: datetime
    level: str
    event: str
    fields: str


Row = Exchange | LogRecord


ConnectionState = Literal[
    "online", "offline", "dialling", "backing_off", "failing_over", "falling_back"
]
RegistrationState = Literal[
    "accepted", "pending", "rejected", "asking", "unanswered", "unregistered"
]


class StationPicture(msgspec.Struct, frozen=True, kw_only=True):
    """The station and its link."""

    identity: str
    connection: ConnectionState
    url: str
    slot: int
    version: str
    registration: RegistrationState
    heartbeat_seconds: int
    last_heard: datetime | None
    problem: str


class Totals(msgspec.Struct, kw_only=True):
    """Counts since the program started."""

    sessions: int = 0
    energy_wh: float = 0.0
    messages: int = 0
    queued: int = 0
    """Reports that wait for the CSMS."""


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """All of it. The last row is the newest."""

    station: StationPicture
    evses: list[EvseSnapshot]
    rows: list[Row]
    totals: Totals
    central: str = ""
