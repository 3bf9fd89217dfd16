"""Transactions as 2.x tells them: in events that are numbered, and may come late, twice or never.

Functional block E, the central system's side (E01 to E13). What is told once (the EVSE, the token)
is taken from whichever event tells it; what changes (the charging state) from the highest seqNo.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Literal

import msgspec

from ...machines.events import IdToken
from ..tokens import TokenInfo
from .records import MeterReading, MeterValuesReported, Place, Record, Transaction
from .station import CsmsStation


class TransactionEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One event, its readings apart."""

    kind: Literal["Started", "Updated", "Ended"]
    transaction_id: str
    seq_no: int
    occurred_at: datetime
    trigger: str  # 2.x TriggerReasonEnumType
    is_offline: bool = False
    """It happened while the station had no connection."""
    place: Place | None = None
    id_token: IdToken | None = None
    charging_state: str | None = None
    reason: str | None = None  # of an end
    reservation_id: int | None = None
    remote_start_id: int | None = None
    phases_used: int | None = None
    charging_seconds: int | None = None
    """How long energy has flowed since the start."""


class TransactionTold(Record, frozen=True, kw_only=True):
    """An event, and the transaction as it is known with it."""

    transaction: Transaction
    event: TransactionEvent
    is_repeat: bool = False
    superseded: str | None = None
    """The transaction that ran at this EVSE, and whose end was not told."""


def tell(
    station: CsmsStation, event: TransactionEvent, readings: tuple[MeterReading, ...] = ()
) -> TokenInfo | None:
    """Keep an event; give what is thought of its token. An event that is told again is answered
    as before, and changes nothing.
    """
    found = station.transactions.find(station.station_id, event.transaction_id)
    if found is not None and station.transactions.is_told(found, event.seq_no):
        _record(station, found, event, is_repeat=True)
        return _judge_again(station, event, found)
    superseded = _supersede(station, event, found)
    info = _judge(station, event, found)
    transaction = _merged(found or _unknown(station, event), event, info, readings)
    if transaction.is_running:
        station.transactions.start(transaction)
    else:
        station.transactions.end(transaction)
    _record(station, transaction, event, superseded=superseded)
    if readings:
        station.record(
            MeterValuesReported(
                station_id=station.station_id,
                at=station.now,
                place=transaction.place,
                readings=readings,
                transaction_id=transaction.transaction_id,
                seq_no=event.seq_no,
            )
        )
    return info


def _record(
    station: CsmsStation,
    transaction: Transaction,
    event: TransactionEvent,
    *,
    is_repeat: bool = False,
    superseded: str | None = None,
) -> None:
    station.record(
        TransactionTold(
            station_id=station.station_id,
            at=station.now,
            transaction=transaction,
            event=event,
            is_repeat=is_repeat,
            superseded=superseded,
        )
    )


def _supersede(
    station: CsmsStation, event: TransactionEvent, found: Transaction | None
) -> str | None:
    """Where another transaction ran, it has ended: an EVSE has one at a time."""
    if event.place is None or event.kind == "Ended" or (found and not found.is_running):
        return None
    before = station.transactions.running_at(station.station_id, event.place)
    if before is None or before.transaction_id == event.transaction_id:
        return None
    station.transactions.end(before)
    return before.transaction_id


# ---- the token


def _judge(
    station: CsmsStation, event: TransactionEvent, found: Transaction | None
) -> TokenInfo | None:
    """E01.FR.11-12, E05.FR.01: the token is verified whenever it is told."""
    token = event.id_token
    if token is None:
        return None
    if found is not None and token.same_as(found.id_token):
        return _as_started(station.authorize(token), found)
    is_first = found is None or (found.id_token is None and found.is_running)
    if is_first and token.type != "NoAuthorization" and not _is_of_stop(event):
        return station.authorize_start(token)
    return station.authorize(token)


def _judge_again(
    station: CsmsStation, event: TransactionEvent, found: Transaction
) -> TokenInfo | None:
    if event.id_token is None:
        return None
    info = station.authorize(event.id_token)
    return _as_started(info, found) if event.id_token.same_as(found.id_token) else info


def _as_started(info: TokenInfo, found: Transaction) -> TokenInfo:
    """A start that was refused as one too many is not allowed by being told of again."""
    if found.verdict != "ConcurrentTx":
        return info
    return msgspec.structs.replace(info, verdict=found.verdict)


def _is_of_stop(event: TransactionEvent) -> bool:
    return event.kind == "Ended" or event.trigger == "StopAuthorized"  # E07.FR.02


# ---- what is known with the event


def _unknown(station: CsmsStation, event: TransactionEvent) -> Transaction:
    return Transaction(
        station_id=station.station_id,
        transaction_id=event.transaction_id,
        place=Place(),
        id_token=None,
        verdict=None,
        started_at=event.occurred_at,
    )


def _merged(
    known: Transaction,
    event: TransactionEvent,
    info: TokenInfo | None,
    readings: tuple[MeterReading, ...],
) -> Transaction:
    is_latest = known.seq_no is None or event.seq_no > known.seq_no
    changes: dict[str, Any] = {  # Any: fields of Transaction, each of its own type
        "events": known.events + 1,
        "seq_no": event.seq_no if is_latest else known.seq_no,
        "place": _place(known.place, event.place),
        "reservation_id": _first(known.reservation_id, event.reservation_id),
        "remote_start_id": _first(known.remote_start_id, event.remote_start_id),
        "meter_start": known.meter_start
        if known.meter_start is not None
        else _begin(event, readings),
    }
    if is_latest and event.charging_state is not None:
        changes["charging_state"] = event.charging_state
    if is_latest and event.charging_seconds is not None:
        changes["charging_seconds"] = event.charging_seconds
    if event.kind == "Started":
        changes |= {"started_at": event.occurred_at, "first_seq_no": event.seq_no}
    if event.id_token is not None and info is not None:
        changes |= _token(known, event, info)
    if event.kind == "Ended" and known.is_running:
        changes |= {
            "ended_at": event.occurred_at,
            "meter_stop": _end(readings),
            "reason": event.reason or "Local",  # which is the only one that may be left out
        }
    return msgspec.structs.replace(known, **changes)


def _token(known: Transaction, event: TransactionEvent, info: TokenInfo) -> dict[str, Any]:
    if _is_of_stop(event):
        return {"stop_token": event.id_token}
    if known.id_token is not None and not known.id_token.same_as(event.id_token):
        return {}
    return {"id_token": event.id_token, "verdict": info.verdict, "parent": info.parent}


def _place(known: Place, told: Place | None) -> Place:
    """The connector is told once, at most; and so is the EVSE."""
    if told is None or (told.evse == known.evse and not told.connector):
        return known
    return told


def _first(known: int | None, told: int | None) -> int | None:
    return told if known is None else known


def _begin(event: TransactionEvent, readings: Iterable[MeterReading]) -> int | None:
    """The register at the start (Wh), if these readings tell it."""
    marked = _marked(readings, "Transaction.Begin")
    if marked is None and event.kind == "Started":
        return _whole(next(_registers(readings), None))
    return _whole(marked)


def _end(readings: Iterable[MeterReading]) -> int | None:
    """The register at the end (Wh): of the marked reading, or of the last."""
    readings = tuple(readings)
    marked = _marked(readings, "Transaction.End")
    return _whole(marked if marked is not None else next(_registers(readings[::-1]), None))


def _marked(readings: Iterable[MeterReading], context: str) -> float | None:
    samples = (sample for reading in readings for sample in reading.samples)
    found = (sample.watt_hours() for sample in samples if sample.context == context)
    return next((register for register in found if register is not None), None)


def _registers(readings: Iterable[MeterReading]) -> Iterator[float]:
    found = (reading.watt_hours() for reading in readings)
    return (register for register in found if register is not None)


def _whole(register: float | None) -> int | None:
    return None if register is None else round(register)
