"""Rules about registration and liveness: B01 to B03, G02, F06, B11, and how links come back."""

from collections import deque
from collections.abc import Iterator

from .dialogue import Dialogue, triggered_by
from .rule import V2, Rule
from .said import LinkChanged, Recent, Said, objects, within
from .transactions import moment

_INTERVAL_SLACK = 60.0  # s: an unanswered call may delay a heartbeat
_INTERVAL_SHARE = 1.1  # of the interval
_TRIGGERED_IN = 60.0  # s
_RESET_IN = 600.0  # s: a station first ends its transactions
_STORM, _STORM_SECONDS = 5, 10.0  # links in so many seconds
_TOLD_BY_EVENTS = {"StatusNotification": "NotifyEvent"}  # G01: 2.1 prefers events


class BootFirst(Rule):
    """Before it is accepted, a station sends nothing but BootNotification, and, while it is
    pending, what it was asked for.
    """

    name = "boot-first"
    requirements = ("B01.FR.08", "B02.FR.02", "B03.FR.02", "1.6 4.2")

    def hear(self, said: Said) -> Iterator[str]:
        if said.by == "station" and said.is_request and not self.dialogue.may_send(said):
            how = {"asked": "its BootNotification was answered"}.get(
                self.dialogue.registration or "", f"it was more than {self.dialogue.registration}"
            )
            yield f"{said.action} was sent before {how}"


class SilentToRejected(Rule):
    """A CSMS that has rejected a station sends it nothing."""

    name = "csms-silent-when-rejected"
    requirements = ("B03.FR.03", "1.6 4.2")

    def hear(self, said: Said) -> Iterator[str]:
        if said.by == "csms" and said.is_request and self.dialogue.registration == "Rejected":
            yield f"{said.action} was sent to a station that is rejected"


class SecurityErrorBeforeAccepted(Rule):
    """A CSMS answers what a station may not send yet with SecurityError."""

    name = "refused-before-accepted"
    requirements = ("B01.FR.10", "B02.FR.09", "B03.FR.07", "1.6 OCPP-J errata 3.10")

    def __init__(self, dialogue: Dialogue) -> None:
        super().__init__(dialogue)
        self._forbidden: Recent[str, bool] = Recent(16)

    def hear(self, said: Said) -> Iterator[str]:
        if said.by == "station":
            if said.kind == "CALL" and not self.dialogue.may_send(said):
                self._forbidden.keep(said.message_id, True)
            return
        call = self.dialogue.call
        if call is None or not self._forbidden.pop(said.message_id, False):
            return
        if said.kind == "CALLRESULT":
            yield f"{call.action} was answered before the station was accepted"


class BootInterval(Rule):
    """A station that is not accepted does not ask again before its interval is over."""

    name = "boot-interval"
    requirements = ("B02.FR.04", "B02.FR.08", "B03.FR.06", "1.6 4.2")
    actions = frozenset({"BootNotification"})

    def __init__(self, dialogue: Dialogue) -> None:
        super().__init__(dialogue)
        self._not_before: float | None = None

    def hear(self, said: Said) -> Iterator[str]:
        if said.at is None:
            return
        if said.kind == "CALL":
            is_asked = "BootNotification" in self.dialogue.triggered
            early, self._not_before = (self._not_before or 0.0) - said.at, None
            if early > 1.0 and not is_asked and not _is_cold(said):
                yield f"BootNotification came {early:.0f} s too early"
        elif said.kind == "CALLRESULT" and said.by == "csms":
            interval = within(said.payload, "interval")
            waits = within(said.payload, "status") != "Accepted"
            if waits and isinstance(interval, int):
                self._not_before = said.at + interval

    def link_changed(self, change: LinkChanged) -> Iterator[str]:
        self._not_before = None  # it may have booted anew
        yield from ()


def _is_cold(boot: Said) -> bool:
    return within(boot.payload, "reason") in ("PowerUp", "Watchdog", "LocalReset", "RemoteReset")


class HeartbeatOnTime(Rule):
    """A heartbeat comes within the interval that the CSMS has set, counted from whatever the
    station sent last.
    """

    name = "heartbeat-interval"
    requirements = ("G02.FR.01", "G02.FR.02", "1.6 4.6")

    def __init__(self, dialogue: Dialogue) -> None:
        super().__init__(dialogue)
        self._interval: float | None = None  # s
        self._last: float | None = None

    def hear(self, said: Said) -> Iterator[str]:
        if said.at is None:
            return
        self._note_interval(said)
        if said.by != "station":
            return
        if said.kind == "CALL" and said.action == "Heartbeat" and self._is_late(said.at):
            silence = said.at - (self._last or said.at)
            yield f"a heartbeat after {silence:.0f} s, where the interval is {self._interval:.0f} s"
        self._last = said.at

    def _is_late(self, at: float) -> bool:
        if self._interval is None or self._last is None:
            return False
        return at - self._last > self._interval * _INTERVAL_SHARE + _INTERVAL_SLACK

    def _note_interval(self, said: Said) -> None:
        call = self.dialogue.call
        if call is None or said.kind != "CALLRESULT":
            return
        if call.action == "BootNotification":
            interval = within(said.payload, "interval")
            is_accepted = within(said.payload, "status") == "Accepted"
            is_set = is_accepted and isinstance(interval, int) and interval > 0
            self._interval = float(interval) if is_set else None  # type: ignore[arg-type]
        elif call.action in ("ChangeConfiguration", "SetVariables") and _sets_heartbeat(call):
            self._interval = None  # whether it was taken, and from when on, is not said

    def link_changed(self, change: LinkChanged) -> Iterator[str]:
        self._last = change.at
        yield from ()


def _sets_heartbeat(call: Said) -> bool:
    names = [within(each, "variable", "name") for each in objects(call.payload, "setVariableData")]
    return "HeartbeatInterval" in (within(call.payload, "key"), *names)


class TriggerHonoured(Rule):
    """A message that a station has agreed to send follows."""

    name = "trigger-honoured"
    requirements = ("F06.FR.05", "F06.FR.10", "1.6 5.17")

    def __init__(self, dialogue: Dialogue) -> None:
        super().__init__(dialogue)
        self._due: Recent[str, float] = Recent(16)  # action: until when, s since 1970

    def hear(self, said: Said) -> Iterator[str]:
        if said.at is None:
            return
        if said.by == "station" and said.is_request:
            if said.action == "BootNotification":
                self._due.clear()
            for wanted in (said.action, *_told_instead(said.action)):
                self._due.pop(wanted, None)
        for wanted, until in list(self._due.items()):
            if said.at > until:
                del self._due[wanted]
                yield f"{wanted} was agreed to, and did not come within 60 s"
        call = self.dialogue.call
        if said.kind == "CALLRESULT" and said.by == "station" and call is not None:
            triggered = triggered_by(call)
            if triggered is not None and within(said.payload, "status") == "Accepted":
                self._due.keep(triggered, said.at + _TRIGGERED_IN)

    def link_changed(self, change: LinkChanged) -> Iterator[str]:
        self._due.clear()
        yield from ()


def _told_instead(action: str) -> list[str]:
    return [wanted for wanted, other in _TOLD_BY_EVENTS.items() if other == action]


class ResetBoots(Rule):
    """A station that has agreed to a reset boots."""

    name = "reset-boots"
    requirements = ("B11.FR.03", "1.6 5.14")

    def __init__(self, dialogue: Dialogue) -> None:
        super().__init__(dialogue)
        self._until: float | None = None  # s since 1970

    def hear(self, said: Said) -> Iterator[str]:
        if said.at is None:
            return
        if said.by == "station" and said.is_request:
            if said.action == "BootNotification":
                self._until = None
            elif self._until is not None and said.at > self._until:
                self._until = None
                yield "the station agreed to a reset, and did not boot within 10 minutes"
        call = self.dialogue.call
        if said.kind == "CALLRESULT" and call is not None and call.action == "Reset":
            is_whole = within(call.payload, "evseId") is None
            if is_whole and within(said.payload, "status") == "Accepted":
                self._until = said.at + _RESET_IN


class ReconnectBackOff(Rule):
    """A station that comes back does not hammer: it waits longer and longer before it dials."""

    name = "reconnect-back-off"
    requirements = ("OCPP-J 5.3",)

    def __init__(self, dialogue: Dialogue) -> None:
        super().__init__(dialogue)
        self._opened: deque[float] = deque(maxlen=_STORM)

    def link_changed(self, change: LinkChanged) -> Iterator[str]:
        if not change.is_open or change.at is None:
            return
        self._opened.append(change.at)
        took = change.at - self._opened[0]
        if len(self._opened) == _STORM and took < _STORM_SECONDS:
            self._opened.clear()
            yield f"{_STORM} links within {took:.0f} s"


class CsmsTimeForward(Rule):
    """The time that a CSMS tells does not run back."""

    name = "csms-time-forward"
    requirements = ("G02.FR.03", "1.6 4.6")
    actions = frozenset({"BootNotification", "Heartbeat"})

    def __init__(self, dialogue: Dialogue) -> None:
        super().__init__(dialogue)
        self._last = 0.0  # s since 1970

    def hear(self, said: Said) -> Iterator[str]:
        told = moment(within(said.payload, "currentTime"))
        if said.by != "csms" or told is None:
            return
        if told < self._last - 1:
            yield f"the CSMS's clock went back by {self._last - told:.0f} s"
        self._last = told


class ReportsComplete(Rule):
    """The parts of a report are numbered from 0 without a gap, and none follows the last."""

    name = "report-complete"
    requirements = ("B07.FR.10", "B08.FR.14")
    versions = V2
    actions = frozenset({"NotifyReport", "NotifyMonitoringReport", "NotifyCustomerInformation"})

    def __init__(self, dialogue: Dialogue) -> None:
        super().__init__(dialogue)
        self._next: Recent[object, int | None] = Recent(32)  # None: the last part was told
        self._last: Recent[object, object] = Recent(32)

    def hear(self, said: Said) -> Iterator[str]:
        number = within(said.payload, "seqNo")
        report = said.action, within(said.payload, "requestId")
        if said.kind != "CALL" or not isinstance(number, int):
            return
        if self._last.get(report) == said.payload:
            return  # sent once more
        self._last.keep(report, said.payload)
        expected = self._next.get(report, 0)
        if expected is None and number == 0:
            expected = 0  # the CSMS uses the request id once more
        if expected is None:
            yield f"part {number} of report {report[1]} follows its last"
        elif number != expected and (expected or self.dialogue.is_complete):
            yield f"part {number} of report {report[1]} where {expected} was due"
        more = within(said.payload, "tbc") is True
        self._next.keep(report, number + 1 if more else None)


RULES: tuple[type[Rule], ...] = (
    BootFirst,
    SilentToRejected,
    SecurityErrorBeforeAccepted,
    BootInterval,
    HeartbeatOnTime,
    TriggerHonoured,
    ResetBoots,
    ReconnectBackOff,
    CsmsTimeForward,
    ReportsComplete,
)
