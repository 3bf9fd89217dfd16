"""Records into rows and rows into structs: all the SQL of the central system's store."""

import hashlib
import sqlite3
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from ...profiles.csms import (
    BootInfo,
    CertificateRequested,
    ConnectorReported,
    EventReported,
    MessageReported,
    MeterReading,
    MeterValuesReported,
    MonitorReported,
    Place,
    ProgressReported,
    Record,
    RegistrationStatus,
    SampledValue,
    SecurityEventReported,
    StationBooted,
    StopUnmatched,
    StreamReported,
    Transaction,
    TransactionEnded,
    TransactionEvent,
    TransactionStarted,
    TransactionTold,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class StationRow(msgspec.Struct, frozen=True, kw_only=True):
    """A station that was ever connected."""

    station_id: str
    version: str
    first_seen: datetime
    last_seen: datetime
    registration: RegistrationStatus | None = None
    booted_at: datetime | None = None
    boot: BootInfo | None = None
    password_hash: str | None = None
    security_profile: int | None = None  # the highest that it was let in by


class ConnectorRow(msgspec.Struct, frozen=True, kw_only=True):
    """A connector as it was last told."""

    place: Place
    report: ConnectorReported | None = None
    register: float | None = None  # Wh
    register_at: datetime | None = None


class StationSeen(Record, frozen=True, kw_only=True):
    """The station connected, or was still there."""

    is_lazy = True
    version: str


class PasswordChanged(Record, frozen=True, kw_only=True):
    """The station has another password from now on."""

    password_hash: str


class ProfileChanged(Record, frozen=True, kw_only=True):
    """The station is let in by this security profile and higher ones from now on."""

    security_profile: int | None


def stamp(moment: datetime) -> int:
    """µs since 1970."""
    return (moment - _EPOCH) // _MICROSECOND


def moment_of(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)


def _moment_or_none(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else moment_of(microseconds)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


# ---- writing


def _write_seen(db: sqlite3.Connection, record: StationSeen) -> None:
    at = stamp(record.at)
    db.execute(
        "INSERT INTO stations (station_id, version, first_seen, last_seen) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET version = excluded.version, last_seen = excluded.last_seen",
        (record.station_id, record.version, at, at),
    )


def _write_boot(db: sqlite3.Connection, record: StationBooted) -> None:
    at = stamp(record.at)
    boot = _json(record.boot)
    db.execute(
        "INSERT INTO stations (station_id, version, first_seen, last_seen, registration,"
        " booted_at, boot) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET version = excluded.version, last_seen = excluded.last_seen,"
        " registration = excluded.registration, booted_at = excluded.booted_at,"
        " boot = excluded.boot",
        (record.station_id, record.version, at, at, record.registration, at, boot),
    )


def _write_password(db: sqlite3.Connection, record: PasswordChanged) -> None:
    at = stamp(record.at)
    db.execute(
        "INSERT INTO stations (station_id, version, first_seen, last_seen, password_hash)"
        " VALUES (?, '', ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET password_hash = excluded.password_hash",
        (record.station_id, at, at, record.password_hash),
    )


def _write_profile(db: sqlite3.Connection, record: ProfileChanged) -> None:
    at = stamp(record.at)
    db.execute(
        "INSERT INTO stations (station_id, version, first_seen, last_seen, security_profile)"
        " VALUES (?, '', ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET security_profile = excluded.security_profile",
        (record.station_id, at, at, record.security_profile),
    )


def _write_transaction(
    db: sqlite3.Connection, record: TransactionStarted | TransactionEnded | TransactionTold
) -> None:
    told = record.transaction
    db.execute(
        "INSERT INTO transactions (station_id, transaction_id, evse, connector, started_at,"
        " ended_at, id_token, meter_start, meter_stop, seq_no, record)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET evse = excluded.evse, connector = excluded.connector,"
        " started_at = excluded.started_at, ended_at = excluded.ended_at,"
        " id_token = excluded.id_token, meter_start = excluded.meter_start,"
        " meter_stop = excluded.meter_stop, seq_no = excluded.seq_no, record = excluded.record",
        (
            told.station_id,
            told.transaction_id,
            told.place.evse,
            told.place.connector,
            stamp(told.started_at),
            None if told.ended_at is None else stamp(told.ended_at),
            None if told.id_token is None else told.id_token.value,
            told.meter_start,
            told.meter_stop,
            told.seq_no,
            _json(told),
        ),
    )


def _write_event(db: sqlite3.Connection, record: TransactionTold) -> None:
    if record.is_repeat:
        return
    _write_transaction(db, record)
    event = record.event
    db.execute(
        "INSERT INTO transaction_events (station_id, transaction_id, seq_no, record)"
        " VALUES (?, ?, ?, ?)",
        (record.station_id, event.transaction_id, event.seq_no, _json(event)),
    )


def _write_meter_values(db: sqlite3.Connection, record: MeterValuesReported) -> None:
    place = record.place
    for reading in record.readings:
        samples = _json(reading.samples)
        db.execute(
            "INSERT OR IGNORE INTO meter_values (station_id, transaction_id, evse, connector,"
            " seq_no, at, digest, samples) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                record.station_id,
                record.transaction_id or "",
                place.evse,
                place.connector,
                record.seq_no,
                stamp(reading.at),
                hashlib.blake2b(samples.encode(), digest_size=8).digest(),
                samples,
            ),
        )
        if (register := reading.watt_hours()) is not None:
            _write_register(db, record.station_id, place, register, stamp(reading.at))


def _write_register(
    db: sqlite3.Connection, station_id: str, place: Place, register: float, at: int
) -> None:
    """Keep the latest reading: queued ones come later than they were taken."""
    db.execute(
        "INSERT INTO connectors (station_id, evse, connector, register, register_at)"
        " VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET register = excluded.register,"
        " register_at = excluded.register_at"
        " WHERE register_at IS NULL OR register_at <= excluded.register_at",
        (station_id, place.evse, place.connector, register, at),
    )


def _write_connector(db: sqlite3.Connection, record: ConnectorReported) -> None:
    db.execute(
        "INSERT INTO connectors (station_id, evse, connector, status, report)"
        " VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET status = excluded.status, report = excluded.report",
        (
            record.station_id,
            record.place.evse,
            record.place.connector,
            record.status,
            _json(record),
        ),
    )


def _write_report(db: sqlite3.Connection, record: Record) -> None:
    db.execute(
        "INSERT INTO reports (station_id, kind, at, record) VALUES (?, ?, ?, ?)",
        (record.station_id, type(record).__name__, stamp(record.at), _json(record)),
    )


_WRITERS: Mapping[type[Record], Callable[[sqlite3.Connection, Any], None]] = {
    # Any: each writer takes its own kind of record
    CertificateRequested: _write_report,
    ConnectorReported: _write_connector,
    EventReported: _write_report,
    MessageReported: _write_report,
    MeterValuesReported: _write_meter_values,
    MonitorReported: _write_report,
    PasswordChanged: _write_password,
    ProfileChanged: _write_profile,
    ProgressReported: _write_report,
    SecurityEventReported: _write_report,
    StationBooted: _write_boot,
    StationSeen: _write_seen,
    StopUnmatched: _write_report,
    StreamReported: _write_report,
    TransactionEnded: _write_transaction,
    TransactionStarted: _write_transaction,
    TransactionTold: _write_event,
}


def write(db: sqlite3.Connection, record: Record) -> None:
    """Put the record where it belongs."""
    _WRITERS[type(record)](db, record)


# ---- reading


def read_stations(db: sqlite3.Connection, station_id: str | None) -> list[StationRow]:
    rows = db.execute(
        "SELECT station_id, version, first_seen, last_seen, registration, booted_at, boot,"
        " password_hash, security_profile FROM stations"
        " WHERE ?1 IS NULL OR station_id = ?1 ORDER BY station_id",
        (station_id,),
    )
    return [
        StationRow(
            station_id=name,
            version=version,
            first_seen=moment_of(first_seen),
            last_seen=moment_of(last_seen),
            registration=registration,
            booted_at=_moment_or_none(booted_at),
            boot=None if boot is None else msgspec.json.decode(boot, type=BootInfo),
            password_hash=password_hash,
            security_profile=security_profile,
        )
        for (
            name,
            version,
            first_seen,
            last_seen,
            registration,
            booted_at,
            boot,
            password_hash,
            security_profile,
        ) in rows
    ]


def read_connectors(db: sqlite3.Connection, station_id: str) -> list[ConnectorRow]:
    rows = db.execute(
        "SELECT evse, connector, report, register, register_at FROM connectors"
        " WHERE station_id = ? ORDER BY evse, connector",
        (station_id,),
    )
    return [
        ConnectorRow(
            place=Place(evse, connector),
            report=None if report is None else msgspec.json.decode(report, type=ConnectorReported),
            register=register,
            register_at=_moment_or_none(register_at),
        )
        for evse, connector, report, register, register_at in rows
    ]


_transaction_decoder = msgspec.json.Decoder(Transaction)


def _transactions(rows: sqlite3.Cursor) -> list[Transaction]:
    return [_transaction_decoder.decode(row[0]) for row in rows]


def read_transaction(
    db: sqlite3.Connection, station_id: str, transaction_id: str
) -> Transaction | None:
    rows = db.execute(
        "SELECT record FROM transactions WHERE station_id = ? AND transaction_id = ?",
        (station_id, transaction_id),
    )
    return next(iter(_transactions(rows)), None)


def read_started_at(
    db: sqlite3.Connection, station_id: str, place: Place, started_at: datetime
) -> list[Transaction]:
    return _transactions(
        db.execute(
            "SELECT record FROM transactions WHERE station_id = ? AND started_at = ?"
            " AND evse = ? AND connector = ?",
            (station_id, stamp(started_at), place.evse, place.connector),
        )
    )


def is_id_taken(db: sqlite3.Connection, transaction_id: str) -> bool:
    rows = db.execute(
        "SELECT 1 FROM transactions WHERE transaction_id = ? LIMIT 1", (transaction_id,)
    )
    return rows.fetchone() is not None


def read_transactions(
    db: sqlite3.Connection, station_id: str | None, is_running: bool | None, limit: int
) -> list[Transaction]:
    """The last recorded first."""
    return _transactions(
        db.execute(
            "SELECT record FROM transactions WHERE (?1 IS NULL OR station_id = ?1)"
            " AND (?2 IS NULL OR (ended_at IS NULL) = ?2)"
            " ORDER BY id DESC LIMIT ?3",
            (station_id, is_running, limit),
        )
    )


def is_event_told(
    db: sqlite3.Connection, station_id: str, transaction_id: str, seq_no: int
) -> bool:
    rows = db.execute(
        "SELECT 1 FROM transaction_events"
        " WHERE station_id = ? AND transaction_id = ? AND seq_no = ?",
        (station_id, transaction_id, seq_no),
    )
    return rows.fetchone() is not None


_event_decoder = msgspec.json.Decoder(TransactionEvent)


def read_events(
    db: sqlite3.Connection, station_id: str, transaction_id: str
) -> list[TransactionEvent]:
    """In the order of their seqNo."""
    rows = db.execute(
        "SELECT record FROM transaction_events WHERE station_id = ? AND transaction_id = ?"
        " ORDER BY seq_no",
        (station_id, transaction_id),
    )
    return [_event_decoder.decode(row[0]) for row in rows]


_samples_decoder = msgspec.json.Decoder(tuple[SampledValue, ...])


def read_meter_values(
    db: sqlite3.Connection, station_id: str, transaction_id: str
) -> list[MeterReading]:
    """In the order of their time."""
    rows = db.execute(
        "SELECT at, samples FROM meter_values WHERE station_id = ? AND transaction_id = ?"
        " ORDER BY at, id",
        (station_id, transaction_id),
    )
    return [MeterReading(moment_of(at), _samples_decoder.decode(samples)) for at, samples in rows]


def read_reports(
    db: sqlite3.Connection, station_id: str, kind: type[Record] | None, limit: int
) -> list[Record]:
    """The last first."""
    rows = db.execute(
        "SELECT kind, record FROM reports WHERE station_id = ?1 AND (?2 IS NULL OR kind = ?2)"
        " ORDER BY at DESC, id DESC LIMIT ?3",
        (station_id, None if kind is None else kind.__name__, limit),
    )
    kinds = {known.__name__: known for known in _WRITERS}
    return [msgspec.json.decode(record, type=kinds[name]) for name, record in rows]
