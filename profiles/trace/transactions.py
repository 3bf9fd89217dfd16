"""A transaction as its messages tell it, in 2.x's words for every version.

In 1.6 a transaction has started when the central system has given it its number (4.8), and ended
with StopTransaction (4.10); MeterValues are its updates (4.7).
"""

from datetime import datetime
from typing import Literal

import msgspec

from .said import Item, Recent, Said, digest, objects, within

_TRANSACTIONS = 256  # that are remembered, of a station

_TOLD_AGAIN = frozenset({"StartTransaction", "StopTransaction", "MeterValues", "TransactionEvent"})

EventType = Literal["Started", "Updated", "Ended"]


class TransactionTold(msgspec.Struct, frozen=True, kw_only=True):
    """One message about a transaction."""

    transaction_id: str
    event_type: EventType
    digest: int
    occurred: float | None = None  # s since 1970
    seq_no: int | None = None
    evse: int | None = None
    trigger: str | None = None
    charging_state: str | None = None
    offline: bool = False
    has_token: bool = False
    remote_start_id: int | None = None
    has_stopped_reason: bool = False


class Transaction(msgspec.Struct):
    """What the messages before have told of it."""

    last: TransactionTold
    evse: int | None
    charging_state: str | None
    start: int | None
    """The digest of its Started; None: it was not seen."""
    is_ended: bool = False


class Transactions:
    """Those of a station, the last few."""

    def __init__(self) -> None:
        self._known: Recent[str, Transaction] = Recent(_TRANSACTIONS)

    def before(self, told: TransactionTold) -> Transaction | None:
        return self._known.get(told.transaction_id)

    def is_retry(self, told: TransactionTold) -> bool:
        """Say whether it is the message before, or the start, once more."""
        before = self.before(told)
        return before is not None and told.digest in (before.last.digest, before.start)

    def running_at(self, evse: int) -> str | None:
        """Give the transaction that has begun and not ended there."""
        for name, known in self._known.items():
            if known.evse == evse and not known.is_ended:
                return name
        return None

    def evse_of(self, transaction_id: str) -> int | None:
        known = self._known.get(transaction_id)
        return None if known is None else known.evse

    def note(self, told: TransactionTold) -> None:
        """Remember it, for what comes after."""
        known = self._known.get(told.transaction_id)
        start = told.digest if told.event_type == "Started" else None
        if known is None:
            known = Transaction(told, told.evse, told.charging_state, start)
        if known.is_ended and told.event_type == "Started":
            known.is_ended = False
        known.last = told
        known.evse = told.evse or known.evse
        known.charging_state = told.charging_state or known.charging_state
        known.is_ended = known.is_ended or told.event_type == "Ended"
        self._known.keep(told.transaction_id, known)


def told_by(said: Said, call: Said | None) -> TransactionTold | None:
    """Give what the frame tells of a transaction; `call` is the one that it answers."""
    if said.kind == "CALLRESULT" and call is not None and call.action == "StartTransaction":
        return _started_16(said, call)
    if said.kind != "CALL":
        return None
    match said.action:
        case "TransactionEvent":
            return _event(said)
        case "StopTransaction":
            return _told_16(said, "Ended", moment(within(said.payload, "timestamp")))
        case "MeterValues" if within(said.payload, "transactionId") is not None:
            readings = objects(said.payload, "meterValue")
            last = moment(readings[-1].get("timestamp")) if readings else None
            return _told_16(said, "Updated", last)
    return None


def mark_of_retry(said: Item) -> int | None:
    """Give what a station's message about a transaction has in common with those that tell the same
    once more, because an answer was lost; None for what is not told again.
    """
    if not isinstance(said, Said) or said.kind != "CALL" or said.by != "station":
        return None
    return digest(said) if said.action in _TOLD_AGAIN else None


def moment(text: object) -> float | None:
    """Give a date-time as s since 1970; None where it is none."""
    if not isinstance(text, str):
        return None
    try:
        return msgspec.convert(text, datetime, strict=False).timestamp()
    except (msgspec.ValidationError, ValueError, OverflowError):
        return None


def _event(said: Said) -> TransactionTold | None:
    payload = said.payload
    name, kind = within(payload, "transactionInfo", "transactionId"), within(payload, "eventType")
    if not isinstance(name, str) or kind not in ("Started", "Updated", "Ended"):
        return None
    return TransactionTold(
        transaction_id=name,
        event_type=kind,
        digest=digest(said),
        occurred=moment(within(payload, "timestamp")),
        seq_no=_integer(within(payload, "seqNo")),
        evse=_integer(within(payload, "evse", "id")),
        trigger=_text(within(payload, "triggerReason")),
        charging_state=_text(within(payload, "transactionInfo", "chargingState")),
        offline=within(payload, "offline") is True,
        has_token=within(payload, "idToken") is not None,
        remote_start_id=_integer(within(payload, "transactionInfo", "remoteStartId")),
        has_stopped_reason=within(payload, "transactionInfo", "stoppedReason") is not None,
    )


def _started_16(answer: Said, call: Said) -> TransactionTold | None:
    name = _integer(within(answer.payload, "transactionId"))
    if name is None:
        return None
    return TransactionTold(
        transaction_id=str(name),
        event_type="Started",
        digest=digest(call),
        occurred=moment(within(call.payload, "timestamp")),
        evse=_integer(within(call.payload, "connectorId")),
    )


def _told_16(said: Said, kind: EventType, occurred: float | None) -> TransactionTold | None:
    name = _integer(within(said.payload, "transactionId"))
    if name is None:
        return None
    return TransactionTold(
        transaction_id=str(name), event_type=kind, digest=digest(said), occurred=occurred
    )


def _integer(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
