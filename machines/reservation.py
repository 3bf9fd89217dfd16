"""A reservation of an EVSE, or of any of the station: held for one token or its group (2.x H)."""

from statemachine import State

from .chart import Chart, Host
from .effects import Effect, KeepReservation, ReportReservation, StartTimer, StopTimer
from .events import (
    Event,
    IdToken,
    ReservationExpired,
    ReservationLost,
    ReservationMade,
    same_group,
)


class ReservationChart(Chart["Reservation"]):
    """Free or held; a new reservation replaces the one that is held.

    It ends when it expires, is used, is cancelled, or when the EVSE cannot honour it any more.
    """

    __slots__ = ()

    free = State(initial=True)
    held = State()

    reservation_made = free.to(held) | held.to(held)
    reservation_cancelled = held.to(free)
    reservation_expired = held.to(free)
    reservation_used = held.to(free)
    reservation_lost = held.to(free)

    def on_enter_held(self, fact: ReservationMade) -> None:
        self.emit(KeepReservation(self.host.evse_id, fact))
        self.emit(StartTimer(self.host.evse_id, ReservationExpired(), fact.seconds))

    def on_exit_held(self, fact: Event) -> None:
        if not isinstance(fact, ReservationMade):  # which takes its place
            self.emit(KeepReservation(self.host.evse_id, None))
        if not isinstance(fact, ReservationExpired):
            self.emit(StopTimer(self.host.evse_id, ReservationExpired()))

    def on_reservation_expired(self, fact: ReservationExpired) -> None:
        self.emit(ReportReservation(self.host.reservation_id, "Expired"))

    def on_reservation_lost(self, fact: ReservationLost) -> None:
        self.emit(ReportReservation(self.host.reservation_id, "Removed"))


class Reservation:
    """The place for a reservation at an EVSE (or at the station), and what it holds."""

    __slots__ = ("chart", "made", "owner")

    def __init__(self, owner: Host) -> None:
        self.owner = owner
        self.chart = ReservationChart(self)
        self.made: ReservationMade | None = None

    @property
    def evse_id(self) -> int:
        return self.owner.evse_id

    def seconds(self, setting: str) -> float:
        return self.owner.seconds(setting)

    @property
    def reservation_id(self) -> int:
        return self.made.reservation_id if self.made else 0

    @property
    def is_held(self) -> bool:
        return self.chart.is_in("held")

    def admits(self, id_token: IdToken, parent: str | None) -> bool:
        """Say whether somebody with this token may charge here: it is free, or held for them."""
        if not self.is_held or self.made is None:
            return True
        return self.made.id_token.same_as(id_token) or same_group(parent, self.made.parent)

    def handle(self, fact: Event) -> list[Effect]:
        """Take a fact about the reservation. Raises NotAllowed where nothing is held."""
        effects = self.chart.handle(fact)
        self.made = fact if isinstance(fact, ReservationMade) else None
        return effects
