"""The tree Station > Evse > Connector: routes each fact to where it is decided, and collects what follows."""

from collections.abc import Callable, Iterable, Iterator

from statemachine import State

from .availability import availability_region
from .chart import Chart, NotAllowed
from .connection import Connection
from .effects import Effect, IgnoreFact, KeepAvailability, RefuseToken, ReportConnector
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
    TokenPresented,
    UseEnded,
)
from .evse import Evse
from .registration import RegistrationChart
from .reservation import Reservation
from .settings import Settings


class StationChart(Chart["Station"]):
    """The station's own availability."""

    availability = availability_region(initial=True)

    def is_in_use(self, fact: Event) -> bool:
        return self.host.is_in_use


class Station:
    """A charging station: its EVSEs (counted from 1), its registration and its connection.

    `new_transaction_id` gives an id never given before (E01.FR.08).
    """

    def __init__(
        self, settings: Settings, connectors: Iterable[int], new_transaction_id: Callable[[], str]
    ) -> None:
        self.settings = settings
        self.new_transaction_id = new_transaction_id
        self.chart = StationChart(self)
        self.registration = RegistrationChart(self)
        self.connection = Connection(self)
        self.reservation = Reservation(self)  # of any EVSE: 1.6's connector 0, 2.x without evseId
        self.evses = [Evse(self, number, count) for number, count in enumerate(connectors, start=1)]

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

    def admits(self, id_token: IdToken, parent: str | None) -> bool:
        """Say whether the station's own reservation leaves an EVSE for this token besides the one it holds."""
        free = sum(evse.is_free for evse in self.evses)
        return free > 1 or self.reservation.admits(id_token, parent)

    # ---- facts

    def handle(self, evse_id: int, fact: Event) -> list[Effect]:
        """Take a fact about an EVSE, or with 0 about the station, and give what shall be done, in order."""
        if evse_id:
            effects = self.evse(evse_id).handle(fact)
            effects += self._use_ended()
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
            case ConnectRequested() | DisconnectRequested() | BackOffElapsed() | LinkFailed():
                return self.connection.handle(fact)
            case LinkOpened():
                return self.connection.handle(fact) + self.registration.handle(fact)
            case LinkClosed():
                effects = self.connection.handle(fact)
                if self.registration.is_in("asking"):
                    effects += self.registration.handle(fact)
                return effects
            case _:
                return self.registration.handle(fact)

    def _present(self, fact: TokenPresented) -> list[Effect]:
        """Find the EVSE that somebody at the station's own reader means."""
        evse = self.evse_for(fact.id_token)
        if evse is None:
            return [RefuseToken(0, fact.id_token, "Occupied")]
        return self.handle(evse.evse_id, fact)

    def evse_for(self, id_token: IdToken) -> Evse | None:
        """Give the EVSE where this token runs; else one where a cable waits for a token; else a free one."""
        for evse in self.evses:
            if evse.authorization is not None and evse.authorization.id_token.same_as(id_token):
                return evse
        free = [evse for evse in self.evses if evse.refusal(id_token) is None]
        plugged = (evse for evse in free if not evse.chart.is_in("idle"))
        return next(plugged, free[0] if free else None)

    # ---- availability of the whole station

    def request_availability(self, operative: bool) -> list[Effect]:
        """Put the station into or out of service; EVSEs without a transaction follow at once (G03, 1.6 5.2).

        Afterwards `change_scheduled` of its chart tells whether the change waits for a transaction.
        """
        before = self._operative()
        effects = self.chart.handle(OperativeRequested() if operative else InoperativeRequested())
        effects.append(KeepAvailability(0, 0, operative))
        effects.extend(self._follow(before))
        return effects

    def _use_ended(self) -> list[Effect]:
        if self.is_in_use or not self.chart.is_in("change_scheduled"):
            return []
        before = self._operative()
        return [*self.chart.handle(UseEnded()), *self._follow(before)]

    def _operative(self) -> list[bool]:
        return [connector.is_operative for evse in self.evses for connector in evse.connectors]

    def _follow(self, before: list[bool]) -> Iterator[Effect]:
        connectors = [(evse, connector) for evse in self.evses for connector in evse.connectors]
        for (evse, connector), was in zip(connectors, before, strict=True):
            if connector.is_operative is not was:
                yield ReportConnector(evse.evse_id, connector.number)
        if before != self._operative():
            yield ReportConnector(0, 0)
