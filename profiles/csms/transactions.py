"""The central system's book of transactions: which run where, which are told twice, whose is whose.

In memory are those that run; the others are asked of the archive when a message names one.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Protocol

from ...machines.events import IdToken
from .records import Place, Transaction


class Archive(Protocol):
    """Finds transactions among all there ever were, those about to be written included."""

    def transaction(self, station_id: str, transaction_id: str) -> Transaction | None: ...

    def started_alike(
        self, station_id: str, place: Place, started_at: datetime
    ) -> Iterable[Transaction]:
        """Those that the station started there at that instant."""

    def is_taken(self, transaction_id: str) -> bool:
        """Whether a transaction of any station has the id."""

    def is_told(self, station_id: str, transaction_id: str, seq_no: int) -> bool:
        """Whether the station has told that event of its transaction (2.x)."""


Spot = tuple[str, Place | str]
"""Where one transaction at most runs at a time, or which one runs at a place that is not known."""


def _spot(transaction: Transaction) -> Spot:
    if transaction.place == Place():  # 2.x E03: the EVSE is told later than the start
        return transaction.station_id, transaction.transaction_id
    return transaction.station_id, _room(transaction.place)


def _room(place: Place) -> Place:
    """An EVSE serves one of its connectors at a time."""
    return Place(evse=place.evse) if place.evse else place


class Transactions:
    """The transactions of all stations."""

    def __init__(
        self, archive: Archive, draw: Callable[[], int], running: Iterable[Transaction] = ()
    ) -> None:
        """`draw` gives a random positive number from a secure source; `running` the last first."""
        self._archive = archive
        self._draw = draw
        self._at: dict[Spot, Transaction] = {}
        self._named: dict[tuple[str, str], Transaction] = {}  # station and transaction id
        self._of_token: dict[str, set[Spot]] = {}
        for transaction in running:
            if _spot(transaction) not in self._at:
                self._run(transaction)

    def running_at(self, station_id: str, place: Place) -> Transaction | None:
        """What was started there last, unless it has ended."""
        return self._at.get((station_id, _room(place)))

    def __len__(self) -> int:
        return len(self._at)

    def is_charging(self, id_token: IdToken) -> bool:
        """Whether a transaction that was accepted runs on the token, anywhere.

        One that never stopped no longer counts once another was started at its connector.
        """
        return bool(self._of_token.get(id_token.value.lower()))

    def find(self, station_id: str, transaction_id: str) -> Transaction | None:
        running = self._named.get((station_id, transaction_id))
        return running or self._archive.transaction(station_id, transaction_id)

    def is_known(self, transaction_id: str) -> bool:
        """Whether any station has a transaction of that id."""
        return self._archive.is_taken(transaction_id)

    def is_told(self, transaction: Transaction, seq_no: int) -> bool:
        """Whether that event of the transaction is known."""
        highest = transaction.seq_no
        if highest is None or seq_no > highest:
            return False
        if seq_no == highest:
            return True
        return self._archive.is_told(transaction.station_id, transaction.transaction_id, seq_no)

    def told_before(
        self,
        station_id: str,
        place: Place,
        id_token: IdToken,
        meter_start: int | None,
        started_at: datetime,
    ) -> Transaction | None:
        """The transaction whose start this is again: unanswered starts are repeated."""
        for transaction in self._archive.started_alike(station_id, place, started_at):
            if id_token.same_as(transaction.id_token) and transaction.meter_start == meter_start:
                return transaction
        return None

    def new_id(self) -> str:
        """An id that no transaction ever had: 1.6 lets the central system name transactions.

        Random, so that nobody can guess another station's (1.6 errata 3.54: unique and positive).
        """
        while self._archive.is_taken(drawn := str(self._draw())):
            pass
        return drawn

    def start(self, transaction: Transaction) -> None:
        """It runs now, in the place of what ran there; or it runs already, and is known better."""
        self.end(transaction)
        self._clear(_spot(transaction))
        self._run(transaction)

    def end(self, transaction: Transaction) -> None:
        at = self._named.get((transaction.station_id, transaction.transaction_id))
        if at is not None:
            self._clear(_spot(at))

    def reload(self, station_id: str, running: Iterable[Transaction]) -> None:
        """Hold these of the station, and nothing else: what could not be written is not so."""
        for spot in [spot for spot in self._at if spot[0] == station_id]:
            self._clear(spot)
        for transaction in running:
            if _spot(transaction) not in self._at:
                self._run(transaction)

    def _run(self, transaction: Transaction) -> None:
        spot = _spot(transaction)
        self._at[spot] = transaction
        self._named[transaction.station_id, transaction.transaction_id] = transaction
        if transaction.verdict == "Accepted" and transaction.id_token is not None:
            self._of_token.setdefault(transaction.id_token.value.lower(), set()).add(spot)

    def _clear(self, spot: Spot) -> None:
        gone = self._at.pop(spot, None)
        if gone is None:
            return
        del self._named[gone.station_id, gone.transaction_id]
        if gone.id_token is None:
            return
        token = gone.id_token.value.lower()
        holders = self._of_token.get(token, set())
        holders.discard(spot)
        if not holders:
            self._of_token.pop(token, None)
