"""Tells those who watch what happens: records become events, and what is amiss is logged."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from typing import Literal
from weakref import WeakKeyDictionary

import structlog

from ...profiles.csms import (
    ConnectorReported,
    MeterValuesReported,
    Record,
    StationBooted,
    StopUnmatched,
    TransactionEnded,
    TransactionStarted,
    TransactionTold,
)
from .connection import Connection
from .events import (
    CentralEvent,
    ConnectorChanged,
    OnEvent,
    StationConnected,
    StationGone,
    StationRegistered,
    TransactionChanged,
)
from .frames import FrameReader

log = structlog.get_logger()


class Watchers:
    """Everybody who wants to hear of events. Nobody's frames are read while nobody watches."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._watchers: OrderedDict[object, OnEvent] = OrderedDict()
        self._readers: WeakKeyDictionary[Connection, FrameReader] = WeakKeyDictionary()

    def add(self, on_event: OnEvent) -> Callable[[], None]:
        """Have it called with every event; what comes back ends that."""
        key = object()
        self._watchers[key] = on_event

        def remove() -> None:
            self._watchers.pop(key, None)

        return remove

    def tell(self, event: CentralEvent) -> None:
        for watcher in tuple(self._watchers.values()):
            watcher(event)

    def connected(self, connection: Connection) -> None:
        log.info(
            "station_connected",
            station=connection.station_id,
            version=connection.version.subprotocol,
            address=connection.address,
        )
        self.tell(
            StationConnected(
                station_id=connection.station_id,
                at=connection.since,
                version=connection.version.subprotocol,
                address=connection.address,
            )
        )

    def gone(self, connection: Connection) -> None:
        reason = str(connection.link.closed or "stopped")
        log.info("station_gone", station=connection.station_id, reason=reason)
        self.tell(StationGone(station_id=connection.station_id, at=self._now(), reason=reason))

    def message(
        self, connection: Connection, direction: Literal["sent", "received"], text: str | bytes
    ) -> None:
        if not self._watchers:
            return
        reader = self._readers.get(connection)
        if reader is None:
            reader = self._readers[connection] = FrameReader(connection.station_id)
        self.tell(reader.read(direction, text, self._now()))

    def kept(self, record: Record) -> None:
        """Something that a station told is kept now."""
        self._warn(record)
        event = _event(record)
        if event is not None:
            self.tell(event)

    def _warn(self, record: Record) -> None:
        match record:
            case StopUnmatched(station_id=station, transaction_id=transaction, why=why):
                log.warning("stop_unmatched", station=station, transaction=transaction, why=why)
            case MeterValuesReported(station_id=station, unmatched=str(why)):
                log.warning("meter_values_unmatched", station=station, why=why)
            case TransactionStarted(station_id=station, superseded=str(superseded)):
                log.warning("transaction_never_stopped", station=station, transaction=superseded)
            case TransactionTold(is_repeat=False):
                _warn_of_events(record)


def _event(record: Record) -> CentralEvent | None:
    at = record.at
    match record:
        case StationBooted(station_id=station_id, registration=registration):
            return StationRegistered(station_id=station_id, at=at, registration=registration)
        case ConnectorReported(station_id=station_id):
            return ConnectorChanged(station_id=station_id, at=at, report=record)
        case TransactionStarted(station_id=station_id, transaction=started, is_repeat=False):
            return TransactionChanged(
                station_id=station_id, at=at, kind="started", transaction=started
            )
        case TransactionEnded(station_id=station_id, transaction=ended, is_repeat=False):
            return TransactionChanged(station_id=station_id, at=at, kind="ended", transaction=ended)
        case TransactionTold(station_id=station_id, transaction=told, is_repeat=False):
            kind = _KINDS[record.event.kind]
            return TransactionChanged(station_id=station_id, at=at, kind=kind, transaction=told)
    return None


_KINDS: dict[str, Literal["started", "updated", "ended"]] = {
    "Started": "started",
    "Updated": "updated",
    "Ended": "ended",
}


def _warn_of_events(told: TransactionTold) -> None:
    if told.superseded is not None:
        log.warning(
            "transaction_never_stopped", station=told.station_id, transaction=told.superseded
        )
    transaction = told.transaction
    if told.event.kind == "Ended" and transaction.missing_events != 0:
        log.warning(
            "transaction_incomplete",
            station=told.station_id,
            transaction=transaction.transaction_id,
            missing=transaction.missing_events,
        )
