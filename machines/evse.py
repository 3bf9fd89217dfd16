"""One EVSE: routes facts to its charts, and derives from their regions what no chart decides alone.

Theory of operation. A fact goes to the chart that it concerns. Then the EVSE settles: it looks at which of 2.x's transaction
points hold now (occupied, connected, authorized, both, energy) and lets the transaction start or stop by the configured sets; it
allows energy when session, health and transaction all let it flow, denies it otherwise; and it locks the connector as long as the
session is active. Reports come before the contactor moves. Nothing here remembers a state: what holds is read from the charts.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from .chart import Chart, NotAllowed
from .connector import Connector
from .effects import (
    AskAuthorization,
    Effect,
    IgnoreFact,
    KeepAvailability,
    RefuseToken,
    ReportConnector,
)
from .events import (
    AuthorizationDecided,
    Authorized,
    BayOccupied,
    BayVacated,
    CablePlugged,
    CableUnplugged,
    ConnectionTimedOut,
    ConnectorLocked,
    ConnectorUnlocked,
    EnergyAllowed,
    EnergyDenied,
    EnergyFlowing,
    Event,
    FaultCleared,
    FaultRaised,
    IdToken,
    InoperativeRequested,
    LockNeeded,
    LockReleased,
    OperativeRequested,
    ReservationCancelled,
    ReservationExpired,
    ReservationLost,
    ReservationMade,
    ReservationUsed,
    StartPointReached,
    StopPointReached,
    StopRequested,
    SuspendedByEv,
    SuspendedByEvse,
    TokenPresented,
    TransactionDeauthorized,
    TransactionTouched,
    UnlockFailed,
    UseEnded,
)
from .reservation import Reservation
from .session import EvseChart
from .settings import Settings, TxPoint
from .transaction import Transaction, TransactionMemory

if TYPE_CHECKING:
    from .station import Station

_START_TRIGGERS: dict[type[Event], str] = {
    CablePlugged: "CablePluggedIn",
    Authorized: "Authorized",
    BayOccupied: "EVDetected",
}
_STOP_CAUSES: dict[type[Event], tuple[str, str]] = {
    CableUnplugged: ("EVCommunicationLost", "EVDisconnected"),
    BayVacated: ("EVDeparted", "EVDisconnected"),
    ConnectionTimedOut: ("EVConnectTimeout", "Timeout"),
    SuspendedByEv: ("ChargingStateChanged", "StoppedByEV"),
}


class Question(NamedTuple):
    """A token whose authorization is being asked for, and the remote start that named it, if one did."""

    id_token: IdToken
    remote_start_id: int | None = None


class EvseMemory(msgspec.Struct, frozen=True):
    """An EVSE as it is kept over a restart."""

    evse: tuple[str, ...]
    connectors: tuple[tuple[str, ...], ...]
    connector: int | None
    authorization: Authorized | None
    transaction: TransactionMemory | None


class Evse:
    """An EVSE of the station, counted from 1."""

    __slots__ = (
        "authorization",
        "chart",
        "connector",
        "connectors",
        "evse_id",
        "question",
        "reservation",
        "station",
        "transaction",
        "_points",
    )

    def __init__(self, station: "Station", evse_id: int, connectors: int = 1) -> None:
        self.station = station
        self.evse_id = evse_id
        self.chart = EvseChart(self)
        self.connectors = [Connector(self, number) for number in range(1, connectors + 1)]
        self.reservation = Reservation(self)
        self.connector: Connector | None = None  # the one in use: an EVSE serves one at a time
        self.authorization: Authorized | None = None
        self.transaction: Transaction | None = None
        self.question: Question | None = None
        self._points: frozenset[TxPoint] = frozenset()

    @property
    def settings(self) -> Settings:
        return self.station.settings

    def seconds(self, setting: str) -> float:
        return self.settings.seconds(setting)

    # ---- what others ask of it

    @property
    def session(self) -> str:
        """The session region's state."""
        return next(s for s in _SESSION_STATES if self.chart.is_in(s))

    @property
    def is_in_use(self) -> bool:
        """Say whether a transaction, or a session that will become one, would suffer from a change of availability."""
        return (
            self.transaction is not None
            or self.chart.is_in("active")
            or self.chart.is_in("interrupted")
        )

    @property
    def is_operative(self) -> bool:
        """Say whether it is in service, the station's word included.

        A change of the whole station that waits for another EVSE's transaction already holds here (1.6 5.2).
        """
        station = self.station.chart
        waits = station.is_in("change_scheduled") and not self.is_in_use
        return not (self.chart.is_in("inoperative") or station.is_in("inoperative") or waits)

    @property
    def is_faulted(self) -> bool:
        """Say whether no connector could be used: the one in use, or all, are faulted."""
        if self.connector is not None:
            return self.connector.is_faulted
        return all(connector.is_faulted for connector in self.connectors)

    @property
    def is_free(self) -> bool:
        """Say whether somebody new could start here, token first or with a cable that is already in."""
        waits = any(self.chart.is_in(state) for state in ("idle", "plugged_first", "finishing"))
        usable = any(
            connector.is_operative and not connector.is_faulted for connector in self.connectors
        )
        return waits and usable and self.transaction_is_over and self.question is None

    @property
    def transaction_is_over(self) -> bool:
        """Say whether no authorized transaction runs (one begun by plugging in waits for its token)."""
        return self.transaction is None or self.transaction.id_token is None

    @property
    def charging_state(self) -> str:
        """What the energy and the cable look like, in 2.x's ChargingStateEnumType words."""
        for state, word in _CHARGING_STATES:
            if self.chart.is_in(state):
                return word
        return "EVConnected" if self.connector is not None and self.connector.is_plugged else "Idle"

    def refusal(self, id_token: IdToken, parent: str | None = None) -> str | None:
        """Say why this token could start nothing here now, or None when it could."""
        if not self.is_operative:
            return "Inoperative"
        if self.is_faulted:
            return "Faulted"
        if not self.is_free:
            return "Occupied"
        return None if self._admits(id_token, parent) else "Reserved"

    # ---- facts

    def handle(self, fact: Event) -> list[Effect]:
        """Take a fact and give what shall be done, in order. A fact that means nothing now gives IgnoreFact."""
        faces = self._faces()
        effects, consequence = self._interpret(fact)
        if consequence is not None:
            try:
                effects += self._apply(consequence)
            except NotAllowed as refusal:
                return [IgnoreFact(self.evse_id, type(fact).__name__, refusal.states)]
            effects += self._settle(consequence)
        effects += self._changed(faces)
        return effects

    def _interpret(self, fact: Event) -> tuple[list[Effect], Event | None]:
        """Turn what people and the CSMS say into what it means here now; other facts stand for themselves."""
        match fact:
            case TokenPresented():
                return self._present(fact.id_token)
            case AuthorizationDecided():
                return self._decide(fact)
            case TransactionDeauthorized() if self.settings.stop_on_invalid_id:
                return [], StopRequested(reason="DeAuthorized", trigger="Deauthorized")
            case _:
                return [], fact

    def _apply(self, fact: Event) -> list[Effect]:
        """Hand the fact to the chart that it concerns."""
        match fact:
            case Authorized():
                return self._authorize(fact)
            case TransactionDeauthorized():
                return self._halt(fact)
            case CablePlugged() | CableUnplugged() | FaultRaised() | FaultCleared():
                return self._at_connector(fact, fact.connector)
            case ConnectorLocked() | ConnectorUnlocked() | UnlockFailed():
                return self._at_connector(fact, fact.connector)
            case (
                ReservationMade()
                | ReservationCancelled()
                | ReservationExpired()
                | ReservationUsed()
                | ReservationLost()
            ):
                return self.reservation.handle(fact)
            case _:
                effects = self.chart.handle(fact)
                if isinstance(fact, StopRequested | ConnectionTimedOut):
                    self._end_authorization(fact)
                return effects

    def _at_connector(self, fact: Event, number: int) -> list[Effect]:
        if not 1 <= number <= len(self.connectors):
            return [IgnoreFact(self.evse_id, type(fact).__name__, (f"no connector {number}",))]
        connector = self.connectors[number - 1]
        effects = connector.chart.handle(fact)
        if isinstance(fact, FaultRaised):
            connector.fault = fact
            effects += self._lose_reservation()
        elif isinstance(fact, FaultCleared):
            connector.fault = None
        elif isinstance(fact, CablePlugged) and self.connector is None:
            self.connector = connector
        if isinstance(fact, CablePlugged | CableUnplugged) and self.connector is connector:
            effects += self.chart.handle(fact)
        return effects

    # ---- people

    def ask(self, id_token: IdToken, remote_start_id: int | None = None) -> list[Effect]:
        """Somebody wants to charge here with this token: find out whether it may (C01, F01)."""
        self.question = Question(id_token, remote_start_id)
        return [AskAuthorization(self.evse_id, id_token)]

    def _present(self, id_token: IdToken) -> tuple[list[Effect], Event | None]:
        current = self.authorization
        if current is not None:
            if current.id_token.same_as(id_token):
                # C01.FR.03, 1.6 4.1: the token that started may stop without being asked again.
                return [], StopRequested(id_token=id_token)
            if current.parent is None:
                return [RefuseToken(self.evse_id, id_token, "Occupied")], None
            return self.ask(id_token), None  # it may be of the same group
        why = self.refusal(id_token)
        if why and why != "Reserved":
            return [RefuseToken(self.evse_id, id_token, why)], None
        return self.ask(id_token), None  # a reservation may be its group's: the parent tells

    def _decide(self, fact: AuthorizationDecided) -> tuple[list[Effect], Event | None]:
        question = self.question
        if question is None or not question.id_token.same_as(fact.id_token):
            return [
                IgnoreFact(self.evse_id, "AuthorizationDecided", self.chart.configuration)
            ], None
        self.question = None
        current = self.authorization
        why: str | None = None
        if fact.verdict != "Accepted":
            why = fact.verdict
        elif current is None:
            why = self.refusal(fact.id_token, fact.parent)
        elif fact.parent is None or fact.parent != current.parent:
            why = "Occupied"
        if why is not None:
            return [RefuseToken(self.evse_id, fact.id_token, why)], None
        if current is not None:
            return [], StopRequested(
                id_token=fact.id_token
            )  # C09, 1.6 3.10: the same group may stop
        return [], Authorized(fact.id_token, fact.parent, question.remote_start_id)

    def _authorize(self, fact: Authorized) -> list[Effect]:
        effects = self.chart.handle(fact)
        reservation = self._reservation_at_hand()
        if reservation is not None:
            fact = msgspec.structs.replace(fact, reservation_id=reservation.reservation_id)
            effects += reservation.handle(ReservationUsed())
        self.authorization = fact
        self.question = None
        return effects

    def _halt(self, fact: TransactionDeauthorized) -> list[Effect]:
        """Keep the transaction without energy: the CSMS refused its token, and the settings let it run (1.6 4.8)."""
        if self.transaction is None:
            raise NotAllowed(self.chart, fact)
        return self.transaction.handle(fact)

    def _end_authorization(self, fact: Event) -> None:
        if self.transaction is not None and isinstance(fact, StopRequested):
            self.transaction.stop_token = fact.id_token
        self.authorization = None
        self.question = None

    # ---- reservation

    def _admits(self, id_token: IdToken, parent: str | None) -> bool:
        return self.reservation.admits(id_token, parent) and self.station.admits(id_token, parent)

    def _reservation_at_hand(self) -> Reservation | None:
        """Give the reservation that the person who was just authorized uses up: it admitted them."""
        places = (self.reservation, self.station.reservation)
        return next((place for place in places if place.is_held), None)

    def _lose_reservation(self) -> list[Effect]:
        if self.reservation.is_held and self.is_faulted:
            return self.reservation.handle(ReservationLost())
        return []

    # ---- availability

    def request_availability(self, operative: bool, connector: int = 0) -> list[Effect]:
        """Put this EVSE, or one of its connectors, into or out of service (G03, 1.6 5.2).

        Afterwards `change_scheduled` of that chart tells whether the change waits for a transaction.
        """
        faces = self._faces()
        chart: Chart[Evse] | Chart[Connector] = self.chart
        if connector:
            chart = self.connectors[connector - 1].chart
        effects = chart.handle(OperativeRequested() if operative else InoperativeRequested())
        effects.append(KeepAvailability(self.evse_id, connector, operative))
        effects.extend(self._changed(faces))
        return effects

    # ---- what follows from the regions

    def _settle(self, fact: Event) -> Iterator[Effect]:
        if self.chart.is_in("idle"):
            self.authorization = None
        yield from self._settle_transaction(fact)
        yield from self._settle_energy(fact)
        yield from self._settle_lock(fact)
        if self.chart.is_in("idle"):
            self.connector = None
        yield from self._settle_use()

    def _settle_transaction(self, fact: Event) -> Iterator[Effect]:
        before, self._points = self._points, self._points_now()
        gained, lost = self._points - before, before - self._points
        if self.transaction is None:
            if gained & self.settings.tx_start_points:
                yield from self._start_transaction(fact)
        elif lost & self.settings.tx_stop_points:
            yield from self._stop_transaction(fact)
        elif trigger := self._touched_by(fact):
            self._note(self.transaction)
            yield from self.transaction.handle(TransactionTouched(trigger))

    def _start_transaction(self, fact: Event) -> Iterator[Effect]:
        self.transaction = Transaction(self, self.station.new_transaction_id())
        self._note(self.transaction)
        yield from self.transaction.handle(StartPointReached(_start_trigger(fact)))

    def _stop_transaction(self, fact: Event) -> Iterator[Effect]:
        assert self.transaction is not None
        trigger, reason = _stop_cause(fact)
        yield from self.transaction.handle(StopPointReached(trigger, reason))
        self.transaction = None
        if self.chart.is_in("active") or self.chart.is_in("interrupted"):
            # The transaction is over, so nobody is authorized any more.
            stop = StopRequested(reason, trigger)
            yield from self.chart.handle(stop)
            self.authorization = None
            self._points = self._points_now()

    def _touched_by(self, fact: Event) -> str | None:
        """Give the trigger that a running transaction's record must tell, if the fact is one (E02.FR.17)."""
        if isinstance(fact, Authorized):
            return _start_trigger(fact)
        if isinstance(fact, CablePlugged) and self.connector is not None:
            return "CablePluggedIn"
        if isinstance(fact, CableUnplugged):
            return "EVCommunicationLost"
        if isinstance(fact, StopRequested):
            return fact.trigger
        if isinstance(fact, EnergyFlowing | SuspendedByEv | SuspendedByEvse):
            return "ChargingStateChanged"
        return None

    def _note(self, transaction: Transaction) -> None:
        """Write what the session knows by now into the transaction."""
        if self.connector is not None:
            transaction.connector = self.connector.number
        if self.authorization is not None:
            transaction.id_token = self.authorization.id_token
            transaction.parent = self.authorization.parent
            transaction.remote_start_id = self.authorization.remote_start_id
            transaction.reservation_id = self.authorization.reservation_id

    def _settle_energy(self, fact: Event) -> Iterator[Effect]:
        halted = self.transaction is not None and self.transaction.is_halted
        wanted = self.chart.is_in("active") and not self.is_faulted and not halted
        if wanted and self.chart.is_in("off"):
            yield from self.chart.handle(EnergyAllowed())
        elif not wanted and not self.chart.is_in("off"):
            yield from self.chart.handle(EnergyDenied())
            yield from self._settle_transaction(fact)

    def _settle_lock(self, fact: Event) -> Iterator[Effect]:
        connector = self.connector
        if connector is None:
            return
        is_active = self.chart.is_in("active")
        if is_active and connector.chart.is_in("unlocked"):
            yield from connector.chart.handle(LockNeeded(connector.number))
        elif not is_active and connector.chart.is_in("locked"):
            if isinstance(fact, CableUnplugged) and not self.settings.unlock_on_ev_side_disconnect:
                return
            yield from connector.chart.handle(LockReleased(connector.number))

    def _settle_use(self) -> Iterator[Effect]:
        if self.is_in_use:
            return
        for chart in (self.chart, *(connector.chart for connector in self.connectors)):
            if chart.is_in("change_scheduled"):
                yield from chart.handle(UseEnded())

    def _points_now(self) -> frozenset[TxPoint]:
        plugged = self.connector is not None and self.connector.is_plugged
        authorized = self.authorization is not None
        holds: dict[TxPoint, bool] = {
            "ParkingBayOccupancy": self.chart.is_in("occupied"),
            "EVConnected": plugged,
            "Authorized": authorized,
            "PowerPathClosed": plugged and authorized,
            "EnergyTransfer": self.chart.is_in("charging"),
        }
        return frozenset(point for point, held in holds.items() if held)

    # ---- what the CSMS sees of it

    def _faces(self) -> list[object]:
        """Everything that a connector's status is a projection of, one value a connector."""
        shared = (self.chart.configuration, self.reservation.is_held)
        return [
            (shared, c.chart.configuration, c is self.connector, c.is_operative)
            for c in self.connectors
        ]

    def _changed(self, before: list[object]) -> Iterator[Effect]:
        for connector, old, new in zip(self.connectors, before, self._faces(), strict=True):
            if old != new:
                yield ReportConnector(self.evse_id, connector.number)

    # ---- over a restart

    def remember(self) -> EvseMemory:
        """Give what a restart needs to continue here."""
        return EvseMemory(
            self.chart.configuration,
            tuple(connector.chart.configuration for connector in self.connectors),
            self.connector.number if self.connector else None,
            self.authorization,
            self.transaction.remember() if self.transaction else None,
        )

    def recall(self, memory: EvseMemory) -> list[Effect]:
        """Continue from there; give the timers to set anew. Raises ValueError when it does not fit this EVSE."""
        if len(memory.connectors) != len(self.connectors):
            raise ValueError(
                f"EVSE {self.evse_id} has {len(self.connectors)} connectors, not {len(memory.connectors)}"
            )
        effects = self.chart.resume(memory.evse)
        for connector, configuration in zip(self.connectors, memory.connectors, strict=True):
            connector.chart.resume(configuration)
        self.connector = self.connectors[memory.connector - 1] if memory.connector else None
        self.authorization = memory.authorization
        if memory.transaction is not None:
            self.transaction = Transaction.recall(self, memory.transaction)
        self._points = self._points_now()
        return effects


_SESSION_STATES = ("idle", "plugged_first", "token_first", "active", "interrupted", "finishing")
_CHARGING_STATES = (
    ("charging", "Charging"),
    ("suspended_ev", "SuspendedEV"),
    ("suspended_evse", "SuspendedEVSE"),
)


def _start_trigger(fact: Event) -> str:
    if isinstance(fact, Authorized) and fact.remote_start_id is not None:
        return "RemoteStart"  # F01.FR.25
    return _START_TRIGGERS.get(type(fact), "ChargingStateChanged")


def _stop_cause(fact: Event) -> tuple[str, str]:
    """Give the trigger and the reason of a transaction's end."""
    if isinstance(fact, StopRequested):
        return fact.trigger, fact.reason
    return _STOP_CAUSES.get(type(fact), ("ChargingStateChanged", "Other"))
