"""Reset of the whole station or of one EVSE: wait, end what runs, start anew (2.x B11, B12, 1.6
5.14).
"""

from typing import Protocol

import msgspec
from statemachine import State

from .chart import Chart, Host
from .effects import (
    AwaitDelivery,
    Effect,
    ReportResetFailure,
    RestartEvse,
    RestartStation,
    StartTimer,
    StopTimer,
)
from .events import Event, ResetRequested, ResetTimedOut
from .settings import Settings


class UsedHost(Host, Protocol):
    @property
    def is_in_use(self) -> bool: ...

    @property
    def settings(self) -> Settings: ...


class ResetChart(Chart["Reset"]):
    """Running, scheduled until nothing uses it, ending what runs, resetting.

    A station leaves `resetting` by its next start, an EVSE when its hardware answers again.
    """

    __slots__ = ()

    running = State(initial=True)
    scheduled = State()
    ending = State()
    resetting = State()

    reset_requested = (
        running.to(scheduled, cond="waits")
        | running.to(ending)
        | scheduled.to(None, cond="waits")
        | scheduled.to(ending)
        | ending.to(None)
        | resetting.to(None)
    )
    use_ended = scheduled.to(ending)
    reports_delivered = ending.to(resetting)
    reset_timed_out = resetting.to(resetting, cond="may_try_again") | resetting.to(
        running, on="on_giving_up"
    )
    reset_finished = resetting.to(running)

    def waits(self, fact: ResetRequested) -> bool:
        return fact.is_on_idle and self.host.is_in_use

    def may_try_again(self, fact: Event) -> bool:
        return self.host.tries <= self.host.settings.reset_retries

    def on_enter_ending(self, fact: Event) -> None:
        request = fact if isinstance(fact, ResetRequested) else self.host.request
        self.emit(AwaitDelivery(self.host.evse_id, request.patience))

    def on_enter_resetting(self, fact: Event) -> None:
        if not self.host.evse_id:
            self.emit(RestartStation(self.host.request.boot_reason))
            return
        self.emit(RestartEvse(self.host.evse_id))
        timeout = self.host.seconds("reset_timeout")
        self.emit(StartTimer(self.host.evse_id, ResetTimedOut(), timeout))

    def on_reset_finished(self, fact: Event) -> None:
        self.emit(StopTimer(self.host.evse_id, ResetTimedOut()))

    def on_giving_up(self, fact: Event) -> None:
        self.emit(ReportResetFailure(self.host.evse_id))


class Reset:
    """The reset of the station or of an EVSE, and what was asked of it."""

    __slots__ = ("chart", "owner", "request", "tries")

    def __init__(self, owner: UsedHost) -> None:
        self.owner = owner
        self.chart = ResetChart(self)
        self.request = ResetRequested()
        self.tries = 0  # of the hardware's restart

    @property
    def evse_id(self) -> int:
        return self.owner.evse_id

    @property
    def settings(self) -> Settings:
        return self.owner.settings

    def seconds(self, setting: str) -> float:
        return self.owner.seconds(setting)

    @property
    def is_in_use(self) -> bool:
        return self.owner.is_in_use

    @property
    def is_scheduled(self) -> bool:
        return self.chart.is_in("scheduled")

    @property
    def is_under_way(self) -> bool:
        """Say whether it is ending what runs, or starting anew."""
        return self.chart.is_in("ending") or self.chart.is_in("resetting")

    def handle(self, fact: Event) -> list[Effect]:
        """Take a fact about the reset. Raises NotAllowed for one that cannot be now."""
        if isinstance(fact, ResetRequested) and not self.is_under_way:
            self.tries = 0
            self.request = fact
            is_scheduled = fact.is_on_idle and self.is_in_use
            if is_scheduled and fact.boot_reason == "RemoteReset":  # B01.FR.09
                self.request = msgspec.structs.replace(fact, boot_reason="ScheduledReset")
        effects = self.chart.handle(fact)
        self.tries += any(isinstance(effect, RestartEvse) for effect in effects)
        return effects
