"""What the station has to tell the CSMS and must not lose: kept as facts, turned into messages by
the version that sends them.

The same report and version always give the same bytes, so a retry repeats itself exactly, and a
report that waits while the station changes its version or its central system is told in the new
one's words.
"""

from typing import ClassVar, Literal

import msgspec

from ..machines.events import IdToken
from ..machines.meter import MeterSample
from .device_model import Key
from .monitoring.judging import Trigger
from .monitoring.monitor import Origin

ReadingContext = Literal[
    "Transaction.Begin",
    "Transaction.End",
    "Sample.Periodic",
    "Sample.Clock",
    "Interruption.Begin",
    "Interruption.End",
    "Trigger",
    "Other",
]
Lane = Literal["transactions", "notices"]
LANES: tuple[Lane, ...] = ("transactions", "notices")
"""Each is delivered in its own order; neither waits for the other, nor takes its room."""


News = Literal["evse", "id_token", "stop_token", "remote_start", "reservation"]


class Sample(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A meter reading with its moment (s since 1970, UTC), its occasion, and which of its values
    are to be told; `before` is the reading since which those of an interval count.
    """

    time: float
    context: ReadingContext
    meter: MeterSample
    measurands: tuple[str, ...]
    before: MeterSample | None = None


class TransactionReport(msgspec.Struct, frozen=True, kw_only=True, tag=True, omit_defaults=True):
    """An entry of a transaction's record. The journal numbers it (E01.FR.07): `seq_no` is -1 until
    then.
    """

    lane: ClassVar[Lane] = "transactions"
    transaction_id: str
    kind: Literal["Started", "Updated", "Ended"]
    trigger: str  # a 2.x TriggerReasonEnumType word
    time: float  # s since 1970, UTC
    evse: int
    connector: int = 0  # 0: none yet
    seq_no: int = -1
    reason: str | None = None  # a 2.x ReasonEnumType word, on Ended
    id_token: IdToken | None = None
    stop_token: IdToken | None = None
    parent: str | None = None
    remote_start_id: int | None = None
    reservation_id: int | None = None
    charging_state: str = "Idle"
    offline: bool = False
    samples: tuple[Sample, ...] = ()
    meter: float | None = None  # Wh, the register at this moment
    news: tuple[News, ...] = ()  # what no report of this transaction has told before
    phases_used: int | None = None  # where known and not told before
    seconds_charging: float | None = None  # in which energy has flowed so far


class MeterReport(msgspec.Struct, frozen=True, kw_only=True, tag=True, omit_defaults=True):
    """Meter readings outside a transaction: clock-aligned ones of an EVSE, or of the main meter
    (0).
    """

    lane: ClassVar[Lane] = "transactions"
    evse: int
    connector: int
    time: float  # s since 1970, UTC
    samples: tuple[Sample, ...]
    offline: bool = False


class SecurityEventReport(msgspec.Struct, frozen=True, kw_only=True, tag=True, omit_defaults=True):
    """A security event that the CSMS is told of (A04.FR.01-02)."""

    lane: ClassVar[Lane] = "notices"
    event: str  # in 2.x's words
    time: float  # s since 1970, UTC
    tech_info: str = ""
    is_critical: bool = True


class ReportedEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that a monitor has found, or that the station tells of by itself (N07, N08)."""

    event_id: int
    time: float  # s since 1970, UTC
    key: Key  # the variable
    value: str  # Actual; "" of one that may only be written
    trigger: Trigger
    origin: Origin | Literal["HardWiredNotification"]
    severity: int
    monitor_id: int | None = None
    cause: int | None = None  # the id of the event that brought this one about
    cleared: bool = False
    transaction_id: str | None = None
    tech_code: str = ""
    tech_info: str = ""


class EventReport(msgspec.Struct, frozen=True, kw_only=True, tag=True, omit_defaults=True):
    """Events of one moment, or a part of them: `seq_no` counts the parts from 0."""

    lane: ClassVar[Lane] = "notices"
    time: float  # s since 1970, UTC
    events: tuple[ReportedEvent, ...]
    seq_no: int = 0
    is_last: bool = True
    is_critical: bool = True


Notice = SecurityEventReport | EventReport
"""What has no part in a transaction. One that `is_critical` never gives way to one that is not."""

Report = TransactionReport | MeterReport | Notice
