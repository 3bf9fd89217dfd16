"""The connection to the CSMS: dial, back off, fail over between network profiles, never give up.

OCPP-J 5.3 (reconnecting), 2.x B10 (attempts an entry of NetworkConfigurationPriority).
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
)
from .settings import Settings

if TYPE_CHECKING:
    from .station import Station


class ConnectionChart(Chart["Connection"]):
    """Offline by wish, dialling, online, or waiting to dial the same profile again or the next."""

    __slots__ = ()

    offline = State(initial=True)
    dialling = State()
    online = State()
    backing_off = State()
    failing_over = State()

    connect_requested = offline.to(dialling)
    link_opened = dialling.to(online)
    link_failed = dialling.to(failing_over, cond="attempts_are_spent") | dialling.to(backing_off)
    link_closed = online.to(backing_off) | offline.to(None)
    back_off_elapsed = backing_off.to(dialling) | failing_over.to(dialling)
    disconnect_requested = (
        dialling.to(offline)
        | online.to(offline)
        | backing_off.to(offline)
        | failing_over.to(offline)
    )

    def attempts_are_spent(self, fact: Event) -> bool:
        return self.host.attempts >= self.host.settings.connection_attempts.get(self.host.slot, 3)

    def on_enter_dialling(self, fact: Event) -> None:
        self.emit(DialCsms(self.host.slot))

    def on_enter_backing_off(self, fact: Event) -> None:
        self._wait()

    def on_enter_failing_over(self, fact: Event) -> None:
        self._wait()

    def on_disconnect_requested(self, fact: Event) -> None:
        self.emit(StopTimer(0, BackOffElapsed()))
        self.emit(CloseLink())

    def _wait(self) -> None:
        settings = self.host.settings
        doubled = 2 ** min(self.host.failures, settings.retry_repeat_times)
        self.emit(
            StartTimer(0, BackOffElapsed(), settings.retry_minimum * doubled, settings.retry_random)
        )


class Connection:
    """The connection's chart, and the counts that its guards read.

    `attempts` counts dials of the present slot that failed, `failures` those since a link last
    stood: the back-off doubles with each of them until it has doubled `retry_repeat_times` times.
    """

    __slots__ = ("attempts", "chart", "failures", "position", "station")

    def __init__(self, station: "Station") -> None:
        self.station = station
        self.chart = ConnectionChart(self)
        self.position = 0  # in the order of priority
        self.attempts = 0
        self.failures = 0

    evse_id = 0

    def seconds(self, setting: str) -> float:
        return self.settings.seconds(setting)

    @property
    def settings(self) -> Settings:
        return self.station.settings

    @property
    def slot(self) -> int:
        """The network profile to dial."""
        priority = self.settings.network_priority
        return priority[self.position % len(priority)]

    @property
    def is_online(self) -> bool:
        return self.chart.is_in("online")

    def handle(self, fact: Event) -> list[Effect]:
        """Take a fact about the link. Raises NotAllowed for one that cannot be now."""
        if isinstance(fact, LinkFailed) and self.chart.is_in("dialling"):
            self.attempts += 1
        effects = self.chart.handle(fact)
        if isinstance(fact, LinkOpened | ConnectRequested):
            self.attempts = self.failures = 0
        elif isinstance(fact, LinkFailed | LinkClosed):
            self.failures += isinstance(fact, LinkFailed)
            if self.chart.is_in("failing_over"):
                self.position = (self.position + 1) % len(self.settings.network_priority)
                self.attempts = 0
        return effects
