"""One message as every format of the log takes it: read, without its secrets, and with the EVSE
that it is about, as far as its own fields or those of an earlier message tell that.
"""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypeVar

import msgspec

from ..live.frames import FrameReader, Message

_REMEMBERED = 256  # calls that wait for their answers, and transactions
K = TypeVar("K")


class Frame(msgspec.Struct, frozen=True):
    """What went over the link."""

    direction: str
    text: str | bytes
    at: float  # s on Trio's clock
    wall: float  # s since 1970, UTC


class Entry(msgspec.Struct, frozen=True):
    """A message for the log."""

    message: Message
    time: datetime
    evse: int | None  # None: of the station, or not told
    station: str | None = None  # its identity, in the log of many


class EntryReader:
    """Reads the frames of one station's link, in their order.

    `evse_of_connector` gives the EVSE of each connector, as they are counted through the station
    by versions that know no EVSEs.
    """

    def __init__(self, evse_of_connector: Sequence[int], *, shows_tokens: bool = False) -> None:
        self._reader = FrameReader(shows_tokens=shows_tokens)
        self._evse_of_connector = evse_of_connector
        self._calls: OrderedDict[tuple[str, str], int] = OrderedDict()
        self._transactions: OrderedDict[object, int] = OrderedDict()

    def read(self, frame: Frame) -> Entry:
        message = self._reader.read(frame.direction, frame.text, frame.at)
        time = datetime.fromtimestamp(frame.wall, UTC)
        return Entry(message, time, self._evse(message))

    def _evse(self, message: Message) -> int | None:
        if message.kind in ("CALL", "SEND"):
            evse = self._told(message.payload)
            if evse is not None and message.kind == "CALL":
                _keep(self._calls, (message.direction, message.message_id), evse)
            return evse
        asked = "received" if message.direction == "sent" else "sent"
        evse = self._calls.pop((asked, message.message_id), None)
        if evse is None:
            return self._told(message.payload)
        self._note_transaction(message.payload, evse)
        return evse

    def _told(self, payload: object) -> int | None:
        """Give the EVSE that the payload names, or that of the transaction that it names."""
        if not isinstance(payload, dict):
            return None
        evse = self._named(payload)
        if evse is not None:
            self._note_transaction(payload, evse)
            return evse
        transaction = _transaction_of(payload)
        return None if transaction is None else self._transactions.get(transaction)

    def _named(self, payload: dict[str, object]) -> int | None:
        evse_id = payload.get("evseId")
        if isinstance(evse := payload.get("evse"), dict):
            evse_id = evse.get("id")
        if isinstance(evse_id, int):
            return evse_id or None
        connector = payload.get("connectorId")
        if isinstance(connector, int) and 1 <= connector <= len(self._evse_of_connector):
            return self._evse_of_connector[connector - 1]
        return None

    def _note_transaction(self, payload: object, evse: int) -> None:
        transaction = _transaction_of(payload)
        if transaction is not None:
            _keep(self._transactions, transaction, evse)


def _transaction_of(payload: object) -> str | int | None:
    if not isinstance(payload, dict):
        return None
    info = payload.get("transactionInfo")
    named = info.get("transactionId") if isinstance(info, dict) else payload.get("transactionId")
    return named if isinstance(named, str | int) else None


def _keep(known: OrderedDict[K, int], key: K, evse: int) -> None:
    known[key] = evse
    if len(known) > _REMEMBERED:
        known.popitem(last=False)
