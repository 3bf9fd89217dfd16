"""The connection to the CSMS: dial, back off, fail over between network profiles, never give up.

OCPP-J 5.3 (reconnecting), 2.x B10 (entries of NetworkConfigurationPriority, and their attempts).

Theory of operation. Profiles are dialled in rounds: each entry of the priority has its attempts,
then comes the next, until all had theirs. The first round begins with the first entry (B10.FR.04),
or with the profile whose link was lost; every later one with the profile that worked last
(B10.FR.07), which is dialled there even when it is no entry any more, and goes on with all the
others (B10.FR.08): so there is always a next dial (B10.FR.09).
"""

from typing import TYPE_CHECKING

from statemachine import State

from .chart import Chart
from .effects import CloseLink, DialCsms, Effect, StartTimer, StopTimer
from .events import (
    BackOffElapsed,
    ConnectRequested,
    Event,
    LinkClosed,
    LinkFailed,
    LinkOpened,
    ReconnectRequested,
)
from .settings import Settings

if TYPE_CHECKING:
    from .station import Station

_NONE: frozenset[int] = frozenset()  # shared: there are thousands of stations, and a set is large


class ConnectionChart(Chart["Connection"]):
    """Offline by wish, dialling, online, or waiting to dial.

    What it dials next is the same profile again, the next one when its attempts are spent, or, when
    all have failed, the one that worked last.
    """

    __slots__ = ()

    offline = State(initial=True)
    dialling = State()
    online = State()
    backing_off = State()
    failing_over = State()
    falling_back = State()

    connect_requested = offline.to(dialling)
    link_opened = dialling.to(online)
    link_failed = (
        dialling.to(backing_off, unless="attempts_are_spent")
        | dialling.to(falling_back, cond="round_is_over")
        | dialling.to(failing_over)
    )
    link_closed = online.to(backing_off) | offline.to(None)
    reconnect_requested = online.to(dialling)
    back_off_elapsed = (
        backing_off.to(dialling) | failing_over.to(dialling) | falling_back.to(dialling)
    )
    disconnect_requested = (
        dialling.to(offline)
        | online.to(offline)
        | backing_off.to(offline)
        | failing_over.to(offline)
        | falling_back.to(offline)
    )

    def attempts_are_spent(self, fact: Event) -> bool:
        return self.host.attempts_are_spent

    def round_is_over(self, fact: Event) -> bool:
        return self.host.next_slot is None

    def on_enter_dialling(self, fact: Event) -> None:
        self.emit(DialCsms(self.host.slot))

    def on_enter_backing_off(self, fact: Event) -> None:
        self._wait()

    def on_enter_failing_over(self, fact: Event) -> None:
        self._wait()

    def on_enter_falling_back(self, fact: Event) -> None:
        self._wait()

    def on_disconnect_requested(self, fact: Event) -> None:
        self.emit(StopTimer(0, BackOffElapsed()))
        self.emit(CloseLink())

    def on_reconnect_requested(self, fact: Event) -> None:
        self.emit(CloseLink())

    def _wait(self) -> None:
        settings = self.host.settings
        doubled = 2 ** min(self.host.waits, settings.retry_repeat_times)
        self.emit(
            StartTimer(0, BackOffElapsed(), settings.retry_minimum * doubled, settings.retry_random)
        )


class Connection:
    """The connection's chart, and what its guards read.

    `attempts` counts dials of the present profile that failed, `waits` the waits since a link last
    stood: each is twice the one before, until it was doubled `retry_repeat_times` times.
    `worked` is the slot of the profile that worked last; the engine brings it from an earlier run.
    """

    __slots__ = ("_slot", "_spent", "attempts", "chart", "station", "waits", "worked")

    def __init__(self, station: "Station") -> None:
        self.station = station
        self.chart = ConnectionChart(self)
        self.worked: int | None = None
        self.attempts = 0
        self.waits = 0
        self._slot: int | None = None
        self._spent = _NONE  # slots that had their attempts in this round

    evse_id = 0

    def seconds(self, setting: str) -> float:
        return self.settings.seconds(setting)

    @property
    def settings(self) -> Settings:
        return self.station.settings

    @property
    def slot(self) -> int:
        """The network profile that is used, or is dialled next."""
        return self.settings.network_priority[0] if self._slot is None else self._slot

    @property
    def is_online(self) -> bool:
        return self.chart.is_in("online")

    @property
    def attempts_are_spent(self) -> bool:
        """Whether the present profile had its attempts, and there is another one to dial."""
        others = {*self.settings.network_priority, self._first_slot} - {self.slot}
        return bool(others) and self.attempts >= self.settings.connection_attempts

    @property
    def next_slot(self) -> int | None:
        """The entry of the priority that is next in this round; None when none is left."""
        priority = self.settings.network_priority
        place = priority.index(self.slot) + 1 if self.slot in priority else 0
        in_order = (*priority[place:], *priority[:place])
        return next((s for s in in_order if s != self.slot and s not in self._spent), None)

    @property
    def _first_slot(self) -> int:
        """The slot that a round begins with."""
        return self.settings.network_priority[0] if self.worked is None else self.worked

    def forget(self, slot: int) -> None:
        """The profile in this slot is another one now: that it worked says nothing any more."""
        if self.worked == slot:
            self.worked = None

    def handle(self, fact: Event) -> list[Effect]:
        """Take a fact about the link. Raises NotAllowed for one that cannot be now."""
        match fact:
            case ConnectRequested() if self.chart.is_in("offline"):
                self._begin_round(self.settings.network_priority[0])  # B10.FR.04
                self.waits = 0
            case ReconnectRequested(is_first=True) if self.chart.is_in("online"):
                self._begin_round(self.settings.network_priority[0])
            case LinkFailed() if self.chart.is_in("dialling"):
                self.attempts += 1
        effects = self.chart.handle(fact)
        match fact:
            case LinkOpened():
                self.worked = self.slot
                self._begin_round(self.slot)
                self.waits = 0
            case LinkClosed():
                self.waits += 1
                if self.slot not in self.settings.network_priority:
                    self._begin_round(self.settings.network_priority[0])
            case LinkFailed():
                self.waits += 1
                self._move_on()
        return effects

    def _move_on(self) -> None:
        """Go to the profile that the chart has decided upon."""
        if self.chart.is_in("falling_back"):
            self._begin_round(self._first_slot)
        elif self.chart.is_in("failing_over"):
            self._spent |= {self.slot}
            self._slot = self.next_slot
            self.attempts = 0

    def _begin_round(self, slot: int) -> None:
        self._slot = slot
        self._spent = _NONE
        self.attempts = 0
