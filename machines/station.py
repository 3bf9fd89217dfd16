"""The tree Station > Evse > Connector: hands each fact to where it is decided."""

from collections.abc import Callable, Container, Iterable, Iterator
from itertools import count

from .availability import availability_region
from .chart import Chart, NotAllowed
from .connection import Connection
from .effects import (
    Effect,
    IgnoreFact,
    KeepAvailability,
    RefuseToken,
    ReportConnector,
    ReportSecurityEvent,
)
from .events import (
    BackOffElapsed,
    ConnectRequested,
    DisconnectRequested,
    Event,
    IdToken,
    InoperativeRequested,
    LinkClosed,
    LinkFailed,
    LinkOpened,
    OperativeRequested,
    ReservationCancelled,
    ReservationExpired,
    ReservationLost,
    ReservationMade,
    SecurityEventHappened,
    TokenPresented,
    UseEnded,
)
from .evse import Evse
from .registration import RegistrationChart
from .reservation import Reservation
from .settings import Settings


class StationChart(Chart["Station"]):
    """The station's own availability."""

    __slots__ = ()

    availability = availability_region(initial=True)

    def is_in_use(self, fact: Event) -> bool:
        return self.host.is_in_use


class Station:
    """A charging station: its EVSEs (counted from 1), its registration and its connection.

    `new_transaction_id` gives an id never given before (E01.FR.08). `fixed_cables` are the EVSEs
    whose cables stay at the station.
    """

    def __init__(
        self,
        settings: Settings,
        connectors: Iterable[int],
        new_transaction_id: Callable[[], str],
        fixed_cables: Container[int] = (),
    ) -> None:
        self.settings = settings
        self.new_transaction_id = new_transaction_id
        self.is_ending = False  # it is to boot again, or to stop: nobody new starts
        self.chart = StationChart(self)
        self.registration = RegistrationChart(self)
        self.connection = Connection(self)
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
        if isinstance(fact, SecurityEventHappened):
            return [_security_event(evse_id, fact)]
        if evse_id:
            effects = self.evse(evse_id).handle(fact)
            if self.chart.is_in("change_scheduled"):
                effects += self._use_ended()
            if self.reservation.is_held:
                effects += self._lose_reservation()
            return effects
        try:
            return self._at_station(fact)
        except NotAllowed as refusal:
            return [IgnoreFact(0, type(fact).__name__, refusal.states)]

    def _at_station(self, fact: Event) -> list[Effect]:
        match fact:
            case TokenPresented():
                return self._present(fact)
            case (
                ReservationMade()
                | ReservationCancelled()
                | ReservationExpired()
                | ReservationLost()
            ):
                return self.reservation.handle(fact)
            case ConnectRequested() | BackOffElapsed() | LinkFailed():
                return self.connection.handle(fact)
            case LinkOpened():
                return self.connection.handle(fact) + self.registration.handle(fact)
            case LinkClosed() | DisconnectRequested():
                effects = self.connection.handle(fact)
                if self.registration.is_in("asking"):
                    effects += self.registration.handle(LinkClosed())
                return effects
            case _:
                return self.registration.handle(fact)

    def _lose_reservation(self) -> list[Effect]:
        """Give the station's own reservation up when no EVSE can be used (H01.FR.16, H01.FR.17)."""
        usable = any(c.is_usable for evse in self.evses for c in evse.connectors)
        return [] if usable else self.reservation.handle(ReservationLost())

    def _present(self, fact: TokenPresented) -> list[Effect]:
        """Find the EVSE that somebody at the station's own reader means."""
        evse = self.evse_for(fact.id_token)
        if evse is None:
            return [RefuseToken(0, fact.id_token, "Occupied")]
        return self.handle(evse.evse_id, fact)

    def evse_for(self, id_token: IdToken) -> Evse | None:
        """Give the EVSE that somebody means who shows this token at the station's own reader.

        It is the one where the token rules already or is being asked for; else one that is free for
        it, with a cable in at best (the one put in last: by who stands at the reader now), then
        reserved for it; else one that is its group's, perhaps.
        """
        for evse in self.evses:
            known = evse.ruler or evse.question
            if known is not None and known.id_token.same_as(id_token):
                return evse
        refusals = [(evse.refusal(id_token), evse) for evse in self.evses]
        free = [evse for why, evse in refusals if why is None]
        if free:
            return min(
                free, key=lambda e: (e.connector is None, not e.reservation.is_held, -e.cable)
            )
        return next((evse for why, evse in refusals if why == "Reserved"), None)

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
        return [connector.is_operative for evse in self.evses for connector in evse.connectors]

    def _follow(self, before: list[bool], was_operative: bool) -> Iterator[Effect]:
        for evse in self.evses:
            yield from evse.lose_reservation()
        if self.reservation.is_held:
            yield from self._lose_reservation()
        connectors = [(evse, connector) for evse in self.evses for connector in evse.connectors]
        for (evse, connector), was in zip(connectors, before, strict=True):
            if connector.is_operative is not was:
                yield ReportConnector(evse.evse_id, connector.number)
        if before != self._operative() or self.is_operative is not was_operative:
            yield ReportConnector(0, 0)


def _security_event(evse_id: int, fact: SecurityEventHappened) -> Effect:
    """Say where it happened, and hold it up behind no EVSE's other effects."""
    tech_info = fact.tech_info
    if evse_id:
        tech_info = f"EVSE {evse_id}: {tech_info}" if tech_info else f"EVSE {evse_id}"
    return ReportSecurityEvent(fact.event, tech_info)
