"""Boot registration: BootNotification until the CSMS accepts (2.x B01-B03, 1.6 4.2)."""

from typing import Protocol

from statemachine import State

from .chart import Chart, Host
from .effects import AnnounceStation, SendBootNotification, StartTimer, StopTimer
from .events import (
    Event,
    LinkOpened,
    RegistrationDue,
    RegistrationPending,
    RegistrationRejected,
    RegistrationTriggered,
)


class OnlineHost(Host, Protocol):
    @property
    def is_online(self) -> bool: ...


class RegistrationChart(Chart[OnlineHost]):
    """Unregistered, asking, put off (pending, rejected, unanswered), accepted.

    It outlives links. A link that opens while the station is put off changes nothing: the interval
    that the CSMS named still runs. An accepted station that merely reconnects registers no
    more, unless another CSMS is at the other end.
    """

    __slots__ = ()

    unregistered = State(initial=True)
    asking = State()
    pending = State()
    rejected = State()
    unanswered = State()
    accepted = State()

    link_opened = (
        unregistered.to(asking)
        | accepted.to(asking, cond="is_new_csms")
        | accepted.to(None)
        | pending.to(None)
        | rejected.to(None)
        | unanswered.to(None)
    )
    link_closed = asking.to(unregistered)
    registration_accepted = asking.to(accepted)
    registration_pending = asking.to(pending)
    registration_rejected = asking.to(rejected)
    registration_unanswered = asking.to(unanswered)
    registration_due = (
        pending.to(asking, cond="is_online")
        | pending.to(unregistered)
        | rejected.to(asking, cond="is_online")
        | rejected.to(unregistered)
        | unanswered.to(asking, cond="is_online")
        | unanswered.to(unregistered)
        | accepted.to(asking, cond="is_online")
        | accepted.to(unregistered)
    )

    registration_triggered = (
        pending.to(asking)
        | rejected.to(asking)
        | unanswered.to(asking)
        | asking.to(None)  # it is on its way
    )

    def is_new_csms(self, fact: LinkOpened) -> bool:
        return fact.is_new_csms

    def is_online(self, fact: Event) -> bool:
        return self.host.is_online

    def on_enter_asking(self, fact: Event) -> None:
        self.emit(SendBootNotification(isinstance(fact, RegistrationTriggered)))

    def on_enter_pending(self, fact: RegistrationPending) -> None:
        self._wait(fact.interval)

    def on_enter_rejected(self, fact: RegistrationRejected) -> None:
        self._wait(fact.interval)

    def on_enter_unanswered(self, fact: Event) -> None:
        self._wait(0.0)

    def on_exit_pending(self, fact: Event) -> None:
        self.emit(StopTimer(0, RegistrationDue()))

    def on_exit_rejected(self, fact: Event) -> None:
        self.emit(StopTimer(0, RegistrationDue()))

    def on_exit_unanswered(self, fact: Event) -> None:
        self.emit(StopTimer(0, RegistrationDue()))

    def on_enter_accepted(self, fact: Event) -> None:
        self.emit(AnnounceStation())

    def on_link_opened(self, fact: LinkOpened) -> None:
        if self.is_in("accepted") and not fact.is_new_csms:
            self.emit(AnnounceStation(afresh=False))

    def _wait(self, interval: float) -> None:
        # B01.FR.06: interval 0 leaves the wait to the station, which must not flood the CSMS.
        self.emit(StartTimer(0, RegistrationDue(), interval or self.host.seconds("boot_retry")))
