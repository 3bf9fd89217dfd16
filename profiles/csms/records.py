"""What stations have told a central system, in neutral words: what is to be kept.

Energy is in Wh. A number that a peer may choose freely is bounded here, once, so that nothing
behind this file can overflow.
"""

from datetime import UTC, datetime
from typing import ClassVar, Literal

import msgspec
from msgspec import UNSET, UnsetType

from ...machines.events import AuthorizationVerdict, IdToken

RegistrationStatus = Literal["Accepted", "Pending", "Rejected"]
Unmatched = Literal["no id", "unknown", "foreign"]
"""Why a stop belongs to no transaction of the station that sent it."""

_LARGEST = 2**53  # what a float, JSON and SQLite all hold exactly
_EARLIEST = datetime(2, 1, 1, tzinfo=UTC)
_LATEST = datetime(9998, 12, 31, tzinfo=UTC)


def bounded(number: int) -> int:
    """The number, or the nearest that can be stored. No schema bounds what a station may send."""
    return max(-_LARGEST, min(_LARGEST, number))


def bounded_if_told(number: int | UnsetType) -> int | None:
    return None if number is UNSET else bounded(number)


def in_utc(moment: datetime) -> datetime:
    """The moment in UTC; at either end of the calendar, the nearest that every zone can tell."""
    return min(max(moment, _EARLIEST), _LATEST).astimezone(UTC)


class Place(msgspec.Struct, frozen=True, gc=False):
    """A connector. `evse` 0 with a connector: the station counts connectors only (1.6).

    Both 0: the station itself.
    """

    evse: int = 0
    connector: int = 0


class BootInfo(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a station says of itself when it boots."""

    vendor_name: str
    model: str
    serial_number: str | None = None
    firmware_version: str | None = None
    iccid: str | None = None
    imsi: str | None = None
    meter_type: str | None = None
    meter_serial_number: str | None = None
    reason: str | None = None  # 2.x BootReasonEnumType


class Transaction(msgspec.Struct, frozen=True, kw_only=True):
    """One transaction, as far as it has been told."""

    station_id: str
    transaction_id: str
    place: Place
    id_token: IdToken | None
    verdict: AuthorizationVerdict | None
    """What its token was answered with; None while no token was told."""
    started_at: datetime
    parent: str | None = None
    meter_start: int | None = None  # Wh
    reservation_id: int | None = None
    remote_start_id: int | None = None
    first_seq_no: int | None = None
    """That of its start, once that was told; 1.6 has none."""
    seq_no: int | None = None
    """The highest one that was told; 1.6 has none."""
    events: int = 0
    """How many were told, each counted once."""
    charging_state: str | None = None  # 2.x ChargingStateEnumType, of the event of that seq_no
    charging_seconds: int | None = None
    """How long energy has flowed, by the last event that told it; 1.6 never does."""
    ended_at: datetime | None = None
    meter_stop: int | None = None  # Wh
    stop_token: IdToken | None = None
    reason: str | None = None  # a 2.x ReasonEnumType word

    @property
    def is_running(self) -> bool:
        return self.ended_at is None

    @property
    def missing_events(self) -> int | None:
        """How many seqNo lie between its start and the highest one, and were not told.

        None: not even the start was told, or the version has no such numbers.
        """
        if self.first_seq_no is None or self.seq_no is None:
            return None
        return max(0, self.seq_no - self.first_seq_no + 1 - self.events)


class SignedMeterValue(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A value as the meter signed it (2.x SignedMeterValueType)."""

    data: str
    encoding_method: str
    signing_method: str | None = None
    public_key: str | None = None


class SampledValue(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """One datum. `value` is as it was sent: a number, or signed data."""

    value: str
    measurand: str = "Energy.Active.Import.Register"
    unit: str | None = None
    context: str | None = None
    phase: str | None = None
    location: str | None = None
    format: str | None = None
    multiplier: int = 0  # the value is to be multiplied by ten to the power of it
    signed: SignedMeterValue | None = None

    def watt_hours(self) -> float | None:
        """The reading of the import register over all phases, if this is one."""
        if self.measurand != "Energy.Active.Import.Register" or self.phase is not None:
            return None
        if self.format == "SignedData" or self.unit not in _ENERGY_UNITS:
            return None
        try:
            reading = float(self.value) * _ENERGY_UNITS[self.unit] * 10.0**self.multiplier
        except (ValueError, OverflowError):
            return None
        return reading if abs(reading) <= _LARGEST else None  # neither infinite nor NaN


_ENERGY_UNITS = {None: 1, "Wh": 1, "kWh": 1000}


class MeterReading(msgspec.Struct, frozen=True, gc=False):
    """What was sampled at one instant."""

    at: datetime
    samples: tuple[SampledValue, ...]

    def watt_hours(self) -> float | None:
        readings = (sample.watt_hours() for sample in self.samples)
        return next((reading for reading in readings if reading is not None), None)


class Record(msgspec.Struct, frozen=True, kw_only=True, tag_field="record", tag=True):
    """Something that a station told. `at` is when it was received."""

    is_lazy: ClassVar[bool] = False
    """Whether the answer may leave before it is on disk: a crash may then lose it."""
    station_id: str
    at: datetime


class StationBooted(Record, frozen=True, kw_only=True):
    boot: BootInfo
    registration: RegistrationStatus
    version: str


class TransactionStarted(Record, frozen=True, kw_only=True):
    transaction: Transaction
    is_repeat: bool = False
    superseded: str | None = None
    """The transaction that ran at this connector and was never stopped."""


class TransactionEnded(Record, frozen=True, kw_only=True):
    transaction: Transaction
    is_repeat: bool = False


class StopUnmatched(Record, frozen=True, kw_only=True):
    """A stop that belongs to no transaction of the station; it is applied to nothing."""

    transaction_id: str
    why: Unmatched
    stopped_at: datetime
    meter_stop: int  # Wh
    reason: str | None = None
    stop_token: IdToken | None = None


class MeterValuesReported(Record, frozen=True, kw_only=True):
    place: Place
    readings: tuple[MeterReading, ...]
    transaction_id: str | None = None
    """Only ever that of a transaction of the station."""
    unmatched: Unmatched | None = None
    """Why the transaction that the station named is not there."""
    seq_no: int | None = None


class ConnectorReported(Record, frozen=True, kw_only=True):
    """The status of a connector (at place 0/0: of the station), in its version's words."""

    is_lazy: ClassVar[bool] = True
    place: Place
    status: str
    reported_at: datetime
    error_code: str | None = None
    info: str | None = None
    vendor_id: str | None = None
    vendor_error_code: str | None = None


class ProgressReported(Record, frozen=True, kw_only=True):
    """How far an upload or an update has come."""

    is_lazy: ClassVar[bool] = True
    subject: Literal["Diagnostics", "Firmware", "Log", "PublishedFirmware"]
    status: str
    request_id: int | None = None


class SecurityEventReported(Record, frozen=True, kw_only=True):
    type: str
    occurred_at: datetime
    tech_info: str | None = None


class EventReported(Record, frozen=True, kw_only=True, omit_defaults=True):
    """An event of a monitor, or one that the station tells of by itself (2.x N07, N08).

    The words are EventDataType's; `variable` is a name like `EVSE(1).Power`.
    """

    event_id: int
    occurred_at: datetime
    variable: str
    value: str
    trigger: str
    origin: str
    monitor_id: int | None = None
    severity: int | None = None  # 0 Danger to 9 Debug; only 2.1 tells it
    cause: int | None = None  # the id of another event
    cleared: bool = False
    transaction_id: str | None = None
    tech_code: str | None = None
    tech_info: str | None = None


class MonitorReported(Record, frozen=True, kw_only=True, omit_defaults=True):
    """A monitor that a station has, told because it was asked for (2.x N02).

    The words are VariableMonitoringType's; `variable` is a name like `EVSE(1).Power`.
    """

    request_id: int
    monitor_id: int
    variable: str
    type: str
    value: float
    severity: int
    transaction: bool
    origin: str | None = None  # only 2.1 tells it


class CertificateRequested(Record, frozen=True, kw_only=True):
    """The station sent a CSR (PEM)."""

    csr: str
    certificate_type: str | None = None  # 2.x CertificateSigningUseEnumType
    request_id: int | None = None


class MessageReported(Record, frozen=True, kw_only=True):
    """A message that nothing here acts upon, as it was sent.

    `messages.base.decode` makes the version's own struct of the payload again.
    """

    action: str
    version: str
    payload: msgspec.Raw


class StreamReported(MessageReported, frozen=True, kw_only=True):
    """Data of a periodic event stream (2.1 N15), which is not answered."""

    is_lazy: ClassVar[bool] = True
