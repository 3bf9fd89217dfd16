"""One EVSE: it hands each fact to the chart that it concerns, and collects what follows.

Theory of operation. What people and the CSMS say of a token is first turned into what it means here
(authorization.py). A fact then goes to its chart, and the EVSE settles (settling.py): what no chart
decides alone is derived from their regions. Nothing here remembers a state: what holds is read from
the charts.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, get_args

import msgspec

from .authorization import NOBODY, Question, decide, present, refusal
from .chart import Chart, NotAllowed
from .connector import Connector
from .effects import (
    AskAuthorization,
    Effect,
    IgnoreFact,
    KeepAvailability,
    ReportConnector,
    UnlockConnector,
)
from .events import (
    AuthorizationDecided,
    Authorized,
    CablePlugged,
    CableUnplugged,
    ConnectionTimedOut,
    ConnectorLocked,
    ConnectorUnlocked,
    Contract,
    EnergyDenied,
    Event,
    FaultCleared,
    FaultRaised,
    IdToken,
    InoperativeRequested,
    LockFailed,
    LockReleased,
    OperativeRequested,
    ReportsDelivered,
    ReservationCancelled,
    ReservationExpired,
    ReservationLost,
    ReservationMade,
    ReservationUsed,
    ResetFinished,
    ResetRequested,
    ResetTimedOut,
    StoppedByEv,
    StopRequested,
    TokenPresented,
    TransactionDeauthorized,
    UnlockFailed,
)
from .reservation import Reservation
from .reset import Reset
from .session import EvseChart
from .settings import Settings, TxPoint
from .settling import end_authorization, points_of, settle, settle_hardware
from .transaction import Transaction, TransactionMemory

if TYPE_CHECKING:
    from .station import Station


AtConnector = (
    CablePlugged
    | CableUnplugged
    | ConnectorLocked
    | ConnectorUnlocked
    | FaultCleared
    | FaultRaised
    | LockReleased
    | UnlockFailed
)


class EvseMemory(msgspec.Struct, frozen=True, gc=False):
    """An EVSE as it is kept over a restart."""

    evse: tuple[str, ...]
    connectors: tuple[tuple[str, ...], ...]
    connector: int | None
    authorization: Authorized | None
    transaction: TransactionMemory | None
    keeper: Authorized | None = None


class Evse:
    """An EVSE of the station, counted from 1."""

    __slots__ = (
        "authorization",
        "cable",
        "chart",
        "connector",
        "connectors",
        "evse_id",
        "has_fixed_cable",
        "keeper",
        "points",
        "question",
        "reservation",
        "reset",
        "station",
        "transaction",
    )

    def __init__(
        self,
        station: "Station",
        evse_id: int,
        connectors: int = 1,
        *,
        has_fixed_cable: bool = False,
    ) -> None:
        self.station = station
        self.evse_id = evse_id
        self.has_fixed_cable = has_fixed_cable  # its cables stay here when the car is unplugged
        self.chart = EvseChart(self)
        self.connectors = [Connector(self, number) for number in range(1, connectors + 1)]
        self.reservation = Reservation(self)
        self.reset = Reset(self)
        self.cable = 0  # number, among all of the station's, of the cable put in here last
        self.connector: Connector | None = None  # the one in use: an EVSE serves one at a time
        self.authorization: Authorized | None = None
        self.keeper: Authorized | None = None  # for whom alone a locked cable comes free
        self.transaction: Transaction | None = None
        self.question: Question | None = None
        self.points = _NO_POINTS  # that held when it last settled

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
        """Say whether a change of availability waits: for a transaction, or what becomes one."""
        return self.transaction is not None or self.authorization is not None

    @property
    def is_operative(self) -> bool:
        """Say whether it is in service, the station's word included.

        A change of the whole station that waits for another EVSE's transaction already holds here
        (1.6 5.2).
        """
        if self.chart.is_in("inoperative"):
            return False
        station = self.station.chart
        waits = station.is_in("change_scheduled") and not self.is_in_use
        return not (waits or station.is_in("inoperative"))

    @property
    def is_held(self) -> bool:
        """Say whether a reset, of the EVSE or of the station, lets nobody begin here (B12)."""
        if self.reset.is_under_way:
            return True
        waits = self.reset.is_scheduled or not self.station.reset.chart.is_in("running")
        return waits and not self.is_in_use

    @property
    def is_faulted(self) -> bool:
        """Say whether no connector could be used: the one in use, or all, are faulted."""
        if self.connector is not None:
            return self.connector.is_faulted
        return all(connector.is_faulted for connector in self.connectors)

    @property
    def candidates(self) -> list[Connector]:
        """The connectors that a session could have: the one where the cable is, or all."""
        return self.connectors if self.connector is None else [self.connector]

    @property
    def is_free(self) -> bool:
        """Say whether somebody new could start here, token first or with a cable already in."""
        usable = any(connector.is_usable for connector in self.candidates)
        return usable and self.is_unclaimed and self.transaction_is_over

    @property
    def is_unclaimed(self) -> bool:
        """Say whether nobody is authorized here, or about to be, or has a locked cable to fetch."""
        return self.ruler is None and self.question is None

    @property
    def ruler(self) -> Authorized | None:
        """Whose word counts here: who is authorized, or whose cable is kept."""
        return self.authorization or self.keeper

    @property
    def transaction_is_over(self) -> bool:
        """Say whether no authorized transaction runs (one begun by a cable waits for a token)."""
        return self.transaction is None or self.transaction.id_token is None

    @property
    def charging_state(self) -> str:
        """What the energy and the cable look like, in 2.x's ChargingStateEnumType words."""
        for state, word in _CHARGING_STATES:
            if self.chart.is_in(state):
                return word
        if self.connector is None or not self.connector.is_plugged:
            return "Idle"
        # Authorized and yet no offer: a fault, or a token that the CSMS refused (E05.FR.02).
        withheld = self.chart.is_in("off") and self.chart.is_in("active")
        return "SuspendedEVSE" if withheld else "EVConnected"

    def refusal(self, id_token: IdToken, parent: str | None = None) -> str | None:
        """Say why this token could start nothing here now, or None when it could."""
        return refusal(self, id_token, parent)

    def learn_group(self, id_token: IdToken, parent: str) -> None:
        """Keep the group of who rules here, where the CSMS tells it only afterwards (1.6 3.10)."""
        ruler = self.ruler
        if ruler is None or not ruler.id_token.same_as(id_token):
            return
        known = msgspec.structs.replace(ruler, parent=parent)
        if self.authorization is None:
            self.keeper = known
        else:
            self.authorization = known
        if self.transaction is not None:
            self.transaction.parent = parent
        if self.question is not None and self.question.ruler is ruler:
            self.question = self.question._replace(ruler=known)

    # ---- facts

    def handle(self, fact: Event) -> list[Effect]:
        """Take a fact and give what shall be done, in order; one that cannot be now: IgnoreFact."""
        if isinstance(fact, _ABSENCES) and self._is_known(fact):
            return []
        faces = self.faces()
        effects, consequence = self._interpret(fact)
        if consequence is not None:
            try:
                effects += self._follow(consequence)
            except NotAllowed as refused:
                return [*effects, self.ignore(fact, refused.states)]
            if self._begins_unasked(consequence):
                effects += self._follow(Authorized(NOBODY))
        return effects + self.changed(faces)

    def _is_known(self, fact: FaultCleared | CableUnplugged) -> bool:
        """Say whether what is not there was not there before: each driver begins by telling so."""
        if not 1 <= fact.connector <= len(self.connectors):
            return False
        connector = self.connectors[fact.connector - 1]
        is_fault = isinstance(fact, FaultCleared)
        return not (connector.is_faulted if is_fault else connector.is_plugged)

    def _follow(self, fact: Event) -> list[Effect]:
        effects = _ROUTES.get(type(fact), Evse._in_session)(self, fact)
        return effects + settle(self, fact)

    def _begins_unasked(self, fact: Event) -> bool:
        """Say whether a cable is enough: nobody is to be authorized (AuthCtrlr.Enabled)."""
        is_plugged = isinstance(fact, CablePlugged) and self.chart.is_in("plugged_first")
        is_free = not self.settings.authorization_enabled and is_plugged
        return is_free and self.refusal(NOBODY) is None

    def ask(
        self,
        id_token: IdToken,
        remote_start_id: int | None = None,
        contract: Contract | None = None,
        parent: str | None = None,
    ) -> list[Effect]:
        """Somebody wants to charge here with this token: find out whether it may (C01, F01)."""
        ruler = self.ruler
        self.question = Question(id_token, remote_start_id, ruler, parent)
        groups = () if ruler is None or ruler.parent is None else (ruler.parent,)
        return [AskAuthorization(self.evse_id, id_token, groups, contract)]

    def ignore(self, fact: Event, states: tuple[str, ...] = ()) -> IgnoreFact:
        """Say that the fact changes nothing, and where things stand."""
        return IgnoreFact(self.evse_id, type(fact).__name__, states or self.chart.configuration)

    def _interpret(self, fact: Event) -> tuple[list[Effect], Event | None]:
        """Turn what people and the CSMS say into what it means; other facts stay themselves."""
        match fact:
            case TokenPresented():
                return present(self, fact)
            case AuthorizationDecided():
                return decide(self, fact)
            case TransactionDeauthorized() if self.settings.stop_on_invalid_id:
                return [], StopRequested(reason="DeAuthorized", trigger="Deauthorized")
            case StoppedByEv() if self.authorization is None:
                return [self.ignore(fact)], None
            case StoppedByEv():  # E15.FR.04-05
                return [], StopRequested(reason="StoppedByEV", trigger="StopAuthorized")
            case LockFailed():
                return self._fail_lock(fact)
            case _:
                return [], fact

    def _fail_lock(self, fact: LockFailed) -> tuple[list[Effect], Event | None]:
        """A cable that is not held is a fault: nothing flows (G05.FR.01)."""
        connectors = self.connectors[fact.connector - 1 : fact.connector]
        if not (connectors and connectors[0].chart.is_in("locked")):
            return [self.ignore(fact)], None
        return connectors[0].chart.handle(fact), _not_locked(fact.connector)

    def _in_session(self, fact: Event) -> list[Effect]:
        effects = self.chart.handle(fact)
        if isinstance(fact, StopRequested | ConnectionTimedOut):
            end_authorization(self, fact)
        return effects

    def _in_reservation(self, fact: Event) -> list[Effect]:
        return self.reservation.handle(fact)

    def _in_reset(self, fact: Event) -> list[Effect]:
        return self.reset.handle(fact)

    def _at_connector(self, fact: AtConnector) -> list[Effect]:
        if not 1 <= fact.connector <= len(self.connectors):
            return [self.ignore(fact, (f"no connector {fact.connector}",))]
        connector = self.connectors[fact.connector - 1]
        if isinstance(fact, ConnectorLocked) and connector.chart.is_in("unlocked"):
            # Locked for nobody, as after a power cut in mid-charge: its owner must get it back.
            return [UnlockConnector(self.evse_id, connector.number)]
        effects = connector.chart.handle(fact)
        if isinstance(fact, CablePlugged):
            self.cable = self.station.next_cable()
        if isinstance(fact, CableUnplugged) and connector.fault == _not_locked(fact.connector):
            effects += connector.chart.handle(FaultCleared(fact.connector))
            connector.fault = None  # the next cable may hold
        match fact:
            case FaultRaised():
                connector.fault = fact
            case FaultCleared():
                connector.fault = None
            case ConnectorUnlocked() | LockReleased():
                self.keeper = None
            case CablePlugged() if self.connector is None:
                effects += self.adopt(connector)
            case CablePlugged() | CableUnplugged() if self.connector is connector:
                effects += self.chart.handle(fact)
        return effects

    def adopt(self, connector: Connector) -> list[Effect]:
        """Take up a connector whose cable is in, unless who is authorized needs one that works."""
        if self.chart.is_in("token_first") and not connector.is_usable:
            return []
        self.connector = connector
        return self.chart.handle(CablePlugged(connector.number))

    def _authorize(self, fact: Authorized) -> list[Effect]:
        effects = self.chart.handle(fact)
        places = (self.reservation, self.station.reservation)
        for place in places:
            if place.is_held and place.admits(fact.id_token, fact.parent):  # H03.FR.09
                fact = msgspec.structs.replace(fact, reservation_id=place.reservation_id)
                effects += place.handle(ReservationUsed())
                break
        self.authorization = fact
        self.question = None
        return effects

    def _halt(self, fact: TransactionDeauthorized) -> list[Effect]:
        """Keep the transaction without energy: its token was refused (E05.FR.02)."""
        if self.transaction is None:
            raise NotAllowed(self.chart, fact)
        return self.transaction.handle(fact)

    # ---- availability

    def request_availability(self, operative: bool, connector: int = 0) -> list[Effect]:
        """Put this EVSE, or one of its connectors, into or out of service (G03, 1.6 5.2).

        Afterwards `change_scheduled` of its chart tells whether the change waits for a transaction.
        """
        faces = self.faces()
        chart: Chart[Evse] | Chart[Connector] = self.chart
        if connector:
            chart = self.connectors[connector - 1].chart
        effects = chart.handle(OperativeRequested() if operative else InoperativeRequested())
        effects.append(KeepAvailability(self.evse_id, connector, operative))
        effects += self.lose_reservation()
        return effects + self.changed(faces)

    def lose_reservation(self) -> list[Effect]:
        """Give up a reservation that can no longer be kept (H01.FR.16, H01.FR.17)."""
        if self.reservation.is_held and (self.is_faulted or not self.is_operative):
            return self.reservation.handle(ReservationLost())
        return []

    # ---- reset

    def request_reset(self, fact: ResetRequested) -> list[Effect]:
        """Reset this EVSE (B11.FR.08); afterwards its chart tells whether it waits."""
        faces = self.faces()
        was_under_way = self.reset.is_under_way
        effects = self.reset.handle(fact)
        if self.reset.is_under_way and not was_under_way:
            effects = self.stop_for(fact) + effects  # B12.FR.08
        return effects + self.changed(faces)

    def stop_for(self, reset: ResetRequested) -> list[Effect]:
        """End what uses the EVSE, for the reset's reason."""
        if not self.is_in_use:
            return []
        effects = self.handle(StopRequested(reset.reason, "ResetCommand"))
        return [e for e in effects if not isinstance(e, ReportConnector)]  # whoever asks does it

    # ---- what the CSMS sees of it

    def faces(self) -> list[tuple[object, ...]]:
        """Everything that a connector's status is a projection of, one value a connector."""
        shared = (
            self.chart.configuration,
            self.reservation.is_held,
            self.is_operative,
            self.is_held,
        )
        return [
            (shared, c.chart.configuration, c is self.connector, c.fault) for c in self.connectors
        ]

    def changed(self, before: list[tuple[object, ...]]) -> list[Effect]:
        return [
            ReportConnector(self.evse_id, connector.number)
            for connector, old, new in zip(self.connectors, before, self.faces(), strict=True)
            if old != new
        ]

    # ---- over a restart

    def remember(self) -> EvseMemory:
        """Give what a restart needs to continue here."""
        return EvseMemory(
            self.chart.configuration,
            tuple([connector.chart.configuration for connector in self.connectors]),
            self.connector.number if self.connector else None,
            self.authorization,
            self.transaction.remember() if self.transaction else None,
            self.keeper,
        )

    def recall(self, memory: EvseMemory) -> list[Effect]:
        """Continue from there, the contactor open; give the timers to set anew.

        Then either `resume_energy`, or a StopRequested such as PowerLoss. Raises ValueError when
        the memory does not fit this EVSE.
        """
        count = len(self.connectors)
        if len(memory.connectors) != count or not 0 <= (memory.connector or 0) <= count:
            raise ValueError(f"EVSE {self.evse_id} has {count} connectors: {memory}")
        effects = self.chart.resume(memory.evse)
        for connector, configuration in zip(self.connectors, memory.connectors, strict=True):
            connector.chart.resume(configuration)
        self.connector = self.connectors[memory.connector - 1] if memory.connector else None
        self.authorization = memory.authorization
        self.keeper = memory.keeper
        if memory.transaction is not None:
            self.transaction = Transaction.recall(self, memory.transaction)
        if not self.chart.is_in("off"):
            self.chart.handle(EnergyDenied())  # its effect is done: a driver starts with it open
        self.points = points_of(self)
        return effects

    def resume_energy(self) -> list[Effect]:
        """After `recall`: give what lets a session that was charging go on."""
        faces = self.faces()
        return settle_hardware(self) + self.changed(faces)


def _not_locked(connector: int) -> FaultRaised:
    return FaultRaised(connector, "ConnectorLockFailure", "the cable is not held")


# Any: each route takes the facts that stand beside it here.
_ROUTES: dict[type[Event], Callable[[Evse, Any], list[Effect]]] = {
    **dict.fromkeys(get_args(AtConnector), Evse._at_connector),
    ReservationMade: Evse._in_reservation,
    ReservationCancelled: Evse._in_reservation,
    ReservationExpired: Evse._in_reservation,
    ReservationUsed: Evse._in_reservation,
    ReservationLost: Evse._in_reservation,
    ReportsDelivered: Evse._in_reset,
    ResetFinished: Evse._in_reset,
    ResetTimedOut: Evse._in_reset,
    Authorized: Evse._authorize,
    TransactionDeauthorized: Evse._halt,
}
"""Where a fact is decided, when not by the session and its sister regions."""

_ABSENCES = FaultCleared | CableUnplugged
_NO_POINTS: frozenset[TxPoint] = frozenset()
_SESSION_STATES = ("idle", "plugged_first", "token_first", "active", "interrupted", "finishing")
_CHARGING_STATES = (
    ("charging", "Charging"),
    ("suspended_ev", "SuspendedEV"),
    ("suspended_evse", "SuspendedEVSE"),
)
