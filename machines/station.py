"""The tree Station > Evse > Connector: hands each fact to where it is decided."""

from collections.abc import Callable, Container, Iterable, Iterator
from itertools import chain, count
from typing import Any

from .authorization import Question, accepted, refused
from .availability import availability_region
from .chart import Chart, NotAllowed
from .connection import Connection
from .connector import Connector
from .effects import (
    Effect,
    IgnoreFact,
    KeepAvailability,
    ReportConnector,
    ReportSecurityEvent,
)
from .events import (
    AuthorizationDecided,
    BackOffElapsed,
    ChoiceTimedOut,
    ConnectRequested,
    DisconnectRequested,
    Event,
    IdToken,
    InoperativeRequested,
    LinkClosed,
    LinkFailed,
    LinkOpened,
    MasterPassShown,
    OperativeRequested,
    ReconnectRequested,
    ReportsDelivered,
    ReservationCancelled,
    ReservationExpired,
    ReservationLost,
    ReservationMade,
    ResetRequested,
    SecurityEventHappened,
    StopRequested,
    TokenPresented,
    TransactionsChosen,
    UseEnded,
)
from .evse import Evse
from .master_pass import MasterPass
from .reader import decide_at_reader, evse_for, present_at_reader
from .registration import RegistrationChart
from .reservation import Reservation
from .reset import Reset
from .settings import Settings


class StationChart(Chart["Station"]):
    """The station's own availability, apart from that of its EVSEs.

    A change to inoperative waits while a transaction runs, and comes when the last one has ended.
    """

    __slots__ = ()

    availability = availability_region(initial=True)

    def is_in_use(self, fact: Event) -> bool:
        return self.host.is_in_use


class Station:
    """A charging station: its EVSEs (counted from 1), its registration and its connection.

    `new_transaction_id` gives an id never given before (E01.FR.08). `fixed_cables` are the EVSEs
    whose cables stay at the station.
    """

    __slots__ = (
        "_cables",
        "chart",
        "connection",
        "evses",
        "master_pass",
        "new_transaction_id",
        "question",
        "registration",
        "reservation",
        "reset",
        "settings",
    )

    def __init__(
        self,
        settings: Settings,
        connectors: Iterable[int],
        new_transaction_id: Callable[[], str],
        fixed_cables: Container[int] = (),
    ) -> None:
        self.settings = settings
        self.new_transaction_id = new_transaction_id
        self.chart = StationChart(self)
        self.registration = RegistrationChart(self)
        self.connection = Connection(self)
        self.master_pass = MasterPass(self)
        self.question: Question | None = None  # about a token at the station's own reader
        self.reset = Reset(self)
        self.reservation = Reservation(self)  # of any EVSE: 1.6's connector 0, 2.x without evseId
        self._cables = count(1)
        self.evses = [
            Evse(self, number, count, has_fixed_cable=number in fixed_cables)
            for number, count in enumerate(connectors, start=1)
        ]

    evse_id = 0

    def seconds(self, setting: str) -> float:
        return self.settings.seconds(setting)

    def evse(self, evse_id: int) -> Evse:
        """Give an EVSE by its number. Raises IndexError for one that the station does not have."""
        if not 1 <= evse_id <= len(self.evses):
            raise IndexError(f"no EVSE {evse_id}: the station has {len(self.evses)}")
        return self.evses[evse_id - 1]

    @property
    def is_online(self) -> bool:
        return self.connection.is_online

    @property
    def is_accepted(self) -> bool:
        """Say whether the CSMS has registered the station."""
        return self.registration.is_in("accepted")

    @property
    def is_in_use(self) -> bool:
        return any(evse.is_in_use for evse in self.evses)

    @property
    def is_ending(self) -> bool:
        """Say whether it is about to boot again, or to stop: nobody new starts."""
        return self.reset.is_under_way

    @property
    def is_operative(self) -> bool:
        return not self.chart.is_in("inoperative")

    def find_transaction(self, transaction_id: str) -> Evse | None:
        """Give the EVSE where this transaction runs."""
        return next(
            (
                e
                for e in self.evses
                if e.transaction and e.transaction.transaction_id == transaction_id
            ),
            None,
        )

    def next_cable(self) -> int:
        """Count a cable that was put in somewhere."""
        return next(self._cables)

    def learn_group(self, id_token: IdToken, parent: str) -> None:
        """Keep the group of a token, wherever it is in use."""
        for evse in self.evses:
            evse.learn_group(id_token, parent)

    def admits(self, id_token: IdToken, parent: str | None) -> bool:
        """Say whether an EVSE remains for the station's own reservation when this token takes one.

        H01.FR.07: one EVSE remains available for whom it was made.
        """
        if self.reservation.admits(id_token, parent):
            return True
        return sum(evse.is_free and not evse.reservation.is_held for evse in self.evses) > 1

    # ---- facts

    def handle(self, evse_id: int, fact: Event) -> list[Effect]:
        """Take a fact about an EVSE (0: the station), and give what shall be done, in order."""
        if isinstance(fact, ResetRequested):
            return self.evse(evse_id).request_reset(fact) if evse_id else self._request_reset(fact)
        if isinstance(fact, SecurityEventHappened):
            return [_security_event(evse_id, fact)]
        if isinstance(fact, AuthorizationDecided) and self._is_master_pass(evse_id, fact):
            (self.evse(evse_id) if evse_id else self).question = None
            return self._use_master_pass(evse_id, fact)
        if evse_id:
            effects = self.evse(evse_id).handle(fact)
            if self.chart.is_in("change_scheduled"):
                effects += self._use_ended()
            if self.reservation.is_held:
                effects += self._lose_reservation()
            if self.reset.is_scheduled and not self.is_in_use:
                effects += self.reset.handle(UseEnded())  # B12.FR.03
            return effects
        try:
            return self._at_station(fact)
        except NotAllowed as refusal:
            return [IgnoreFact(0, type(fact).__name__, refusal.states)]

    def _at_station(self, fact: Event) -> list[Effect]:
        return _ROUTES.get(type(fact), Station._in_registration)(self, fact)

    def _at_reader(self, fact: TokenPresented) -> list[Effect]:
        return present_at_reader(self, fact)

    def _decide_at_reader(self, fact: AuthorizationDecided) -> list[Effect]:
        return decide_at_reader(self, fact)

    def _in_choice(self, fact: Event) -> list[Effect]:
        return self.master_pass.handle(fact)

    def _chosen(self, fact: TransactionsChosen) -> list[Effect]:
        effects = self.master_pass.handle(fact)
        return [*effects, *self._end_transactions(fact.evses, self.master_pass.id_token)]

    def _in_reservation(self, fact: Event) -> list[Effect]:
        return self.reservation.handle(fact)

    def _in_reset(self, fact: Event) -> list[Effect]:
        return self.reset.handle(fact)

    def _in_connection(self, fact: Event) -> list[Effect]:
        return self.connection.handle(fact)

    def _in_registration(self, fact: Event) -> list[Effect]:
        return self.registration.handle(fact)

    def _connected(self, fact: Event) -> list[Effect]:
        return self.connection.handle(fact) + self.registration.handle(fact)

    def _disconnected(self, fact: Event) -> list[Effect]:
        effects = self.connection.handle(fact)
        if self.registration.is_in("asking"):
            effects += self.registration.handle(LinkClosed())
        return effects

    @property
    def connectors(self) -> list[Connector]:
        """All of them, EVSE by EVSE."""
        return [connector for evse in self.evses for connector in evse.connectors]

    @property
    def is_heard(self) -> bool:
        """Say whether a CSMS that has accepted the station is there to listen."""
        return self.is_online and self.is_accepted

    def _lose_reservation(self) -> list[Effect]:
        """Give the station's own reservation up when no EVSE can be used (H01.FR.16, H01.FR.17)."""
        usable = any(c.is_operative and not c.is_faulted for c in self.connectors)
        return [] if usable else self.reservation.handle(ReservationLost())

    def evse_for(self, id_token: IdToken) -> Evse | None:
        """Give the EVSE that somebody means who shows this token at the station's own reader."""
        return evse_for(self, id_token)

    # ---- the master pass

    @property
    def running(self) -> tuple[int, ...]:
        """The EVSEs where a transaction runs."""
        return tuple(evse.evse_id for evse in self.evses if evse.transaction is not None)

    def _is_master_pass(self, evse_id: int, fact: AuthorizationDecided) -> bool:
        question = (self.evse(evse_id) if evse_id else self).question
        group = self.settings.master_pass_group
        return question is not None and question.may_be_master_pass(fact, group)

    def _use_master_pass(self, evse_id: int, fact: AuthorizationDecided) -> list[Effect]:
        """Somebody showed one: end every transaction, or those that are chosen (C16)."""
        if not self.running:
            return [refused(evse_id, fact, "MasterPass")]  # C16.FR.03
        effects: list[Effect] = [accepted(evse_id, fact)]
        if self.settings.has_master_pass_ui:
            shown = MasterPassShown(evse_id, fact.id_token)
            return effects + self.master_pass.handle(shown)  # C16.FR.01
        return [*effects, *self._end_transactions(self.running, fact.id_token)]  # C16.FR.02

    def _end_transactions(
        self, evse_ids: Iterable[int], id_token: IdToken | None
    ) -> Iterator[Effect]:
        stop = StopRequested("MasterPass", "StopAuthorized", id_token)  # C16.FR.07-08
        for evse_id in sorted(set(evse_ids) & set(self.running)):
            yield from self.handle(evse_id, stop)

    # ---- reset of the whole station

    def _request_reset(self, fact: ResetRequested) -> list[Effect]:
        """Boot again: at once, or when no EVSE is in use; the free ones are kept so (B12)."""
        faces = [evse.faces() for evse in self.evses]
        was_under_way = self.reset.is_under_way
        effects = self.reset.handle(fact)
        if self.is_ending and not was_under_way:  # B12.FR.04
            effects = [e for evse in self.evses for e in evse.stop_for(fact)] + effects
        changed = (evse.changed(was) for evse, was in zip(self.evses, faces, strict=True))
        return [*effects, *dict.fromkeys(chain.from_iterable(changed))]  # B11.FR.03

    # ---- availability of the whole station

    def request_availability(self, operative: bool) -> list[Effect]:
        """Put the station into or out of service (G03, 1.6 5.2).

        EVSEs without a transaction follow at once; afterwards `change_scheduled` of its chart tells
        whether the change waits for another.
        """
        before, was_operative = self._operative(), self.is_operative
        effects = self.chart.handle(OperativeRequested() if operative else InoperativeRequested())
        effects.append(KeepAvailability(0, 0, operative))
        effects.extend(self._follow(before, was_operative))
        return effects

    def _use_ended(self) -> list[Effect]:
        if self.is_in_use:
            return []
        before, was_operative = self._operative(), self.is_operative
        return [*self.chart.handle(UseEnded()), *self._follow(before, was_operative)]

    def _operative(self) -> list[bool]:
        return [connector.is_operative for connector in self.connectors]

    def _follow(self, before: list[bool], was_operative: bool) -> Iterator[Effect]:
        for evse in self.evses:
            yield from evse.lose_reservation()
        if self.reservation.is_held:
            yield from self._lose_reservation()
        for connector, was in zip(self.connectors, before, strict=True):
            if connector.is_operative is not was:
                yield ReportConnector(connector.evse_id, connector.number)
        if before != self._operative() or self.is_operative is not was_operative:
            yield ReportConnector(0, 0)


def _security_event(evse_id: int, fact: SecurityEventHappened) -> Effect:
    """Say where it happened, and hold it up behind no EVSE's other effects."""
    tech_info = fact.tech_info
    if evse_id:
        tech_info = f"EVSE {evse_id}: {tech_info}" if tech_info else f"EVSE {evse_id}"
    return ReportSecurityEvent(fact.event, tech_info)


# Any: each route takes the facts that stand beside it here.
_ROUTES: dict[type[Event], Callable[[Station, Any], list[Effect]]] = {
    TokenPresented: Station._at_reader,
    AuthorizationDecided: Station._decide_at_reader,
    TransactionsChosen: Station._chosen,
    ChoiceTimedOut: Station._in_choice,
    ReservationMade: Station._in_reservation,
    ReservationCancelled: Station._in_reservation,
    ReservationExpired: Station._in_reservation,
    ReservationLost: Station._in_reservation,
    ReportsDelivered: Station._in_reset,
    ConnectRequested: Station._in_connection,
    BackOffElapsed: Station._in_connection,
    LinkFailed: Station._in_connection,
    LinkOpened: Station._connected,
    LinkClosed: Station._disconnected,
    DisconnectRequested: Station._disconnected,
    ReconnectRequested: Station._disconnected,
}
"""Where a fact of the station itself is decided, when not by its registration."""
