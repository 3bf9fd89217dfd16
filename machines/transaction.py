"""One transaction: from a start point to a stop point, told to the CSMS in numbered reports.

It lies within a session but need not be as long: 2.x configures which points start and stop it
(TxStartPoint, TxStopPoint), 1.6 fixes them.
"""

from typing import TYPE_CHECKING, Literal

import msgspec
from statemachine import State

from .chart import Chart
from .effects import Effect, ReportTransaction
from .events import Event, IdToken, StartPointReached, StopPointReached, TransactionTouched

if TYPE_CHECKING:
    from .evse import Evse


class TransactionChart(Chart["Transaction"]):
    """Awaited, ongoing (halted when the CSMS refused its token and the settings keep it), ended.

    Its start, its updates and its end become reports to the CSMS; what has ended begins no more.
    """

    __slots__ = ()

    awaited = State(initial=True)
    ongoing = State()
    halted = State()
    ended = State(final=True)

    start_point_reached = awaited.to(ongoing)
    transaction_touched = ongoing.to(None) | halted.to(None)
    transaction_deauthorized = ongoing.to(halted)
    stop_point_reached = ongoing.to(ended) | halted.to(ended)

    def on_start_point_reached(self, fact: StartPointReached) -> None:
        self.emit(self.host.report("Started", fact.trigger))

    def on_transaction_touched(self, fact: TransactionTouched) -> None:
        update = self.host.report("Updated", fact.trigger)
        if fact.charging_state is not None:
            update = msgspec.structs.replace(update, charging_state=fact.charging_state)
        self.emit(update)

    def on_stop_point_reached(self, fact: StopPointReached) -> None:
        self.emit(self.host.report("Ended", fact.trigger, fact.reason))


class TransactionMemory(msgspec.Struct, frozen=True, gc=False):
    """A transaction as it is kept over a restart."""

    transaction_id: str
    connector: int
    configuration: tuple[str, ...]
    id_token: IdToken | None
    parent: str | None
    remote_start_id: int | None
    reservation_id: int | None


class Transaction:
    """A transaction at an EVSE, and what its reports tell."""

    __slots__ = (
        "chart",
        "connector",
        "evse",
        "id_token",
        "parent",
        "remote_start_id",
        "reservation_id",
        "stop_reason",
        "stop_token",
        "transaction_id",
    )

    def __init__(self, evse: "Evse", transaction_id: str) -> None:
        self.evse = evse
        self.transaction_id = transaction_id
        self.connector = 0  # none yet
        self.chart = TransactionChart(self)
        self.id_token: IdToken | None = None
        self.parent: str | None = None
        self.remote_start_id: int | None = None
        self.reservation_id: int | None = None
        self.stop_token: IdToken | None = None  # who ended it, when somebody did
        # Why nobody is authorized any more, where it goes on without: a 2.x ReasonEnumType word.
        self.stop_reason: str | None = None

    @property
    def evse_id(self) -> int:
        return self.evse.evse_id

    def seconds(self, setting: str) -> float:
        return self.evse.seconds(setting)

    @property
    def is_halted(self) -> bool:
        return self.chart.is_in("halted")

    def handle(self, fact: Event) -> list[Effect]:
        return self.chart.handle(fact)

    def report(
        self, kind: Literal["Started", "Updated", "Ended"], trigger: str, reason: str | None = None
    ) -> ReportTransaction:
        """Give an entry for its record, as things stand."""
        return ReportTransaction(
            self.evse_id,
            self.transaction_id,
            kind,
            trigger,
            reason,
            self.connector,
            self.id_token,
            self.stop_token,
            self.parent,
            self.remote_start_id,
            self.reservation_id,
            self.evse.charging_state,
        )

    def remember(self) -> TransactionMemory:
        return TransactionMemory(
            self.transaction_id,
            self.connector,
            self.chart.configuration,
            self.id_token,
            self.parent,
            self.remote_start_id,
            self.reservation_id,
        )

    @classmethod
    def recall(cls, evse: "Evse", memory: TransactionMemory) -> "Transaction":
        transaction = cls(evse, memory.transaction_id)
        transaction.connector = memory.connector
        transaction.id_token = memory.id_token
        transaction.parent = memory.parent
        transaction.remote_start_id = memory.remote_start_id
        transaction.reservation_id = memory.reservation_id
        transaction.chart.resume(memory.configuration)
        return transaction
