"""Monitors at work: which values they look at and when, and what becomes of what they find (2.x
block N).

Theory of operation. A stored variable is looked at when it changes; what a connector's status is a
projection of, when that may have changed; other live variables once a second, as long as a monitor
watches them. A monitor that may not tell (offline and not to be queued, above the level, disabled)
is not asked; it is when it may tell again, and then it finds what holds by then (N07, remark).
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import structlog
import trio

from ...machines.effects import ReportTransaction
from ...profiles.context import FollowMonitors
from ...profiles.device_model import Key, Value, text_of
from ...profiles.monitoring.book import MonitorBook
from ...profiles.monitoring.checks import refusal
from ...profiles.monitoring.judging import Finding, Watch, judge, renewed
from ...profiles.monitoring.monitor import ALERTS, OF_TARGET, PERIODIC, Monitor
from ...profiles.monitoring.presets import presets
from ...profiles.monitoring.reporting import reports
from ...profiles.report import ReportedEvent
from ...profiles.standard.monitoring import ACTIVE_BASE, ACTIVE_LEVEL, ENABLED, OFFLINE_SEVERITY
from .aligned import Grid
from .faults import Faults

if TYPE_CHECKING:
    from .station import ChargingStation

log = structlog.get_logger()

_MONITORS = "monitors"  # in the journal
_EXCEEDED = "exceeded"  # in the journal: ids of monitors whose threshold is
_EVENTS = "events"  # in the journal: the first id that no event has had
_IDS = 1000  # of events that are set aside at a time: not each is to cost a commit
_NOTHING = -1  # in place of a severity, of which 0 is the most
_NEW = Watch()  # what a monitor knows at first
_NOBODY: frozenset[int] = frozenset()  # shared: there are thousands of stations, and a set is large
_LOOK_SECONDS = 1.0  # between two looks at a live variable
_LINGER_SECONDS = 5.0  # that what follows from a transaction's end still belongs to it
_LONGEST_VALUE = Key("DeviceDataCtrlr", "ReportingValueSize")  # characters of actualValue
_CONDITION = frozenset({"AvailabilityState", "Problem"})
"""Live variables of which ReportConnector says when they may have changed."""


class Monitors:
    """One station's."""

    __slots__ = (
        "_ended",
        "_last_event",
        "_left_out",
        "_next_event",
        "_of_condition",
        "_sampled",
        "_timed",
        "_watches",
        "book",
        "faults",
        "station",
    )

    def __init__(self, station: "ChargingStation") -> None:
        self.station = station
        self.book = MonitorBook(presets(station.model.catalogue))
        self.faults = Faults(station, self)
        self._watches: dict[int, Watch] = {}
        self._of_condition: dict[int, list[Monitor]] = {}  # by EVSE, 0 the station
        self._sampled: list[Monitor] = []
        self._timed: dict[int, Monitor] = {}
        self._ended: dict[int, tuple[str, float]] = {}  # by EVSE: what ended last, and when
        self._next_event = self._last_event = 0
        self._left_out = _NOBODY  # ids of monitors, when there was something to look at

    # ---- at the start

    def start(self) -> None:
        """Take back what the journal kept, and begin to look."""
        journal = self.station.journal
        for name in self.book.restore(journal.items(_MONITORS), self._can_be):
            log.warning("monitor_not_restored", monitor=name)
        for name in journal.items(_EXCEEDED):
            monitor = self.book.get(int(name)) if name.isdigit() else None
            if monitor is None or monitor.type not in ALERTS:
                journal.put(_EXCEEDED, name, None)
            else:
                self._watches[monitor.id] = Watch(is_exceeded=True)  # N07.FR.14
        self.faults.restore()
        self.station.model.on_change(self._variable_changed)
        self.station.model.on_change(self._variable_changed, attribute="Target")
        self._settle()
        self.look(self.book)

    def _can_be(self, monitor: Monitor) -> bool:
        model = self.station.model
        return monitor.key in model and refusal(monitor, model.definition(monitor.key)) is None

    # ---- what the CSMS has done with them

    def follow(self, effect: FollowMonitors) -> None:
        """Keep what has changed, and look at everything anew."""
        for before in effect.replaced:
            after = self.book.get(before.id)
            watch = self._watches.get(before.id)
            if after is not None and watch is not None:
                self._know(after, renewed(before, watch, after))
        for monitor_id in [each for each in self._watches if self.book.get(each) is None]:
            self._forget(monitor_id)  # N07.FR.12
        self._settle()
        self.faults.look_everywhere()
        self.look(self.book)

    def _settle(self) -> None:
        """Have everything as the book says: variables, lists, timers, and what is kept."""
        for name, value in self.book.take_changes().items():
            self.station.journal.put(_MONITORS, name, value)
        model = self.station.model
        for key in ACTIVE_BASE:
            model.configure(key, self.book.base)
        for key in ACTIVE_LEVEL:
            model.configure(key, self.book.level)
        live = [each for each in self.book if model.is_live(each.key) and each.type not in PERIODIC]
        self._of_condition = {}
        for monitor in live:
            if monitor.key.variable in _CONDITION:
                self._of_condition.setdefault(monitor.key.evse, []).append(monitor)
        self._sampled = [each for each in live if each.key.variable not in _CONDITION]
        self._start_sampling()
        self._start_timers()

    # ---- when there is something to look at

    def look(self, monitors: Iterable[Monitor]) -> None:
        """Have these monitors look at the values as they are, those that may tell."""
        least_severe = self._least_severe()
        events: list[ReportedEvent] = []
        for monitor in monitors:
            if monitor.type in PERIODIC:
                continue
            if monitor.severity <= least_severe:
                event = self._judge(monitor)
                if event is not None:
                    events.append(event)
            elif monitor.id not in self._left_out:
                self._left_out |= {monitor.id}
        if events:
            self.report(events)

    def look_everywhere(self) -> None:
        """What could not be told may be told now: see what that is."""
        self.faults.look_everywhere()
        if self._left_out:
            left_out, self._left_out = self._left_out, _NOBODY
            self.look(each for each in self.book if each.id in left_out)

    def place_changed(self, evse: int, connector: int) -> None:
        """What stands at a place may look different now."""
        of_condition = (*self._of_condition.get(0, ()), *self._of_condition.get(evse, ()))
        if not self._speaks_of_events:
            self._left_out = self._left_out.union(each.id for each in of_condition)
            return
        if connector:
            self.faults.look(evse, connector)
        model = self.station.model
        changed = []
        for monitor in of_condition:
            watch = self._watches.get(monitor.id)
            if watch is None or watch.told != model.told(monitor.key):
                changed.append(monitor)
        if changed:  # mostly all is as it was, and nothing else need be asked
            self.look(changed)

    def transaction_changed(self, effect: ReportTransaction) -> None:
        """A transaction has begun or ended, and with it what watches only meanwhile."""
        if effect.kind == "Updated":
            return
        if effect.kind == "Ended":
            self._ended[effect.evse] = (effect.transaction_id, trio.current_time())
        self.look(
            each for each in self.book if each.transaction and each.key.evse in (0, effect.evse)
        )

    def _variable_changed(self, key: Key, old: Value | None, new: Value | None) -> None:
        if key in (ENABLED, OFFLINE_SEVERITY):
            self.look_everywhere()
        elif monitors := self.book.of(key):
            self.look(monitors)

    def _start_sampling(self) -> None:
        name = "monitors"
        self.station.timers.stop(name)
        if self._sampled:
            self.station.timers.start(name, _LOOK_SECONDS, self._sample)

    def _sample(self) -> None:
        self._start_sampling()
        self.look(self._sampled)

    # ---- periodic ones

    def clock_stepped(self) -> None:
        """Count clock-aligned moments anew."""
        for monitor in self._timed.values():
            if monitor.type == "PeriodicClockAligned":
                self._grid(monitor).start()

    def _timer(self, monitor: Monitor) -> tuple[object, ...]:
        return ("monitor", monitor.id)

    def _start_timers(self) -> None:
        wanted = {each.id: each for each in self.book if each.type in PERIODIC}
        for monitor in self._timed.values():
            if wanted.get(monitor.id) != monitor:
                self.station.timers.stop(self._timer(monitor))
        for monitor in wanted.values():
            if self._timed.get(monitor.id) == monitor:
                continue
            if monitor.type == "Periodic":  # N08.FR.06
                self._start_periodic(monitor, trio.current_time() + monitor.value)
            else:
                self._grid(monitor).start()
        self._timed = wanted

    def _start_periodic(self, monitor: Monitor, due: float) -> None:
        """`due` is a time of Trio's clock."""

        def tell() -> None:
            following = max(due, trio.current_time() - monitor.value) + monitor.value
            self._start_periodic(monitor, following)
            self._tell_periodic(monitor)

        self.station.timers.start_at(self._timer(monitor), due, tell)

    def _grid(self, monitor: Monitor) -> Grid:
        """Give what tells at the multiples of its interval (N08.FR.07)."""
        return Grid(
            self.station,
            self._timer(monitor),
            lambda: monitor.value,
            lambda time: self._tell_periodic(monitor),
        )

    def _tell_periodic(self, monitor: Monitor) -> None:
        is_asleep = monitor.transaction and not self._is_in_transaction(monitor.key.evse)
        value = self.station.model.told(monitor.key)
        if value is None or is_asleep or not self.may_tell(monitor.severity):
            return
        self.report([self._event(monitor, value, Finding("Periodic"))])  # N08.FR.05

    # ---- what they find

    @property
    def _speaks_of_events(self) -> bool:
        face = self.station.network.face
        return face is None or face.NOTIFIES_EVENTS

    def may_tell(self, severity: int) -> bool:
        """Say whether what is that severe may be told now, or queued (N07.FR.04, N08.FR.03)."""
        return severity <= self._least_severe()

    def _least_severe(self) -> int:
        """Give the severity of the least that the CSMS wants to hear (N05.FR.03, N07.FR.15) and
        that may be told now, or queued: all below it may.
        """
        station = self.station
        if not (self._speaks_of_events and station.model.boolean(ENABLED)):
            return _NOTHING
        level = self.book.level
        if station.tree.is_heard:
            return level
        return min(level, station.model.integer(OFFLINE_SEVERITY))

    def _judge(self, monitor: Monitor) -> ReportedEvent | None:
        model = self.station.model
        if monitor.transaction and not self._is_in_transaction(monitor.key.evse):
            if monitor.type == "Delta":
                self._watches.pop(monitor.id, None)  # it counts from where it wakes
            return None
        value = model.told(monitor.key)
        if value is None:
            return None
        target = model.told(monitor.key, "Target") if monitor.type in OF_TARGET else None
        before = self._watches.get(monitor.id)
        if before is not None and before.told == value:
            return None  # as mostly; a Delta monitor's: others keep no value
        watch, finding = judge(monitor, before or _NEW, value, target)
        if watch != before:
            self._know(monitor, watch)
        return None if finding is None else self._event(monitor, value, finding)

    def _know(self, monitor: Monitor, watch: Watch) -> None:
        before = self._watches.get(monitor.id, _NEW)
        self._watches[monitor.id] = watch
        if before.is_exceeded is not watch.is_exceeded:
            kept = b"" if watch.is_exceeded else None
            self.station.journal.put(_EXCEEDED, str(monitor.id), kept)

    def _forget(self, monitor_id: int) -> None:
        del self._watches[monitor_id]
        self.station.journal.put(_EXCEEDED, str(monitor_id), None)

    def _event(self, monitor: Monitor, value: Value, finding: Finding) -> ReportedEvent:
        is_hidden = self.station.model.definition(monitor.key).mutability == "WriteOnly"
        return ReportedEvent(
            event_id=self.new_event_id(),
            time=self.station.clock.time(),
            key=monitor.key,
            value="" if is_hidden else self._text(value),  # N07.FR.10
            trigger=finding.trigger,
            origin=monitor.origin,
            severity=monitor.severity,
            monitor_id=monitor.id,
            cause=self.faults.cause_of(monitor.key, value),
            cleared=finding.cleared,
            transaction_id=self.transaction_at(monitor.key.evse),
        )

    def notify(
        self,
        key: Key,
        value: Value,
        severity: int = 5,
        *,
        cleared: bool = False,
        tech_code: str = "",
        tech_info: str = "",
    ) -> int | None:
        """Tell the CSMS of something that no monitor watches: a hard-wired notification.

        For hardware code of one's own. Gives the event's id; None where the CSMS cannot be told
        now and would not be later (see `may_tell`).
        """
        if not self.may_tell(severity):
            return None
        event = ReportedEvent(
            event_id=self.new_event_id(),
            time=self.station.clock.time(),
            key=key,
            value=self._text(value),
            trigger="Alerting",
            origin="HardWiredNotification",
            severity=severity,
            cleared=cleared,
            transaction_id=self.transaction_at(key.evse),
            tech_code=tech_code,
            tech_info=tech_info,
        )
        self.report([event])
        return event.event_id

    def _text(self, value: Value) -> str:
        return text_of(value)[: self.station.model.integer(_LONGEST_VALUE)]

    def report(self, events: list[ReportedEvent]) -> None:
        """Have the CSMS told of these events of one moment."""
        queued = self.station.model.integer(OFFLINE_SEVERITY)
        for report in reports(events, self.station.clock.time(), queued):
            self.station.journal.append(report)

    def new_event_id(self) -> int:
        """Give an id that no event has had, neither in an earlier run."""
        if self._next_event >= self._last_event:
            kept = self.station.journal.get(_EVENTS, "next") or b""
            self._next_event = max(1, int(kept)) if kept.isdigit() else 1
            self._last_event = self._next_event + _IDS
            self.station.journal.put(_EVENTS, "next", str(self._last_event).encode())
        self._next_event += 1
        return self._next_event - 1

    # ---- transactions

    def _is_in_transaction(self, evse_id: int) -> bool:
        tree = self.station.tree
        evses = [tree.evse(evse_id)] if evse_id else tree.evses
        return any(evse.transaction is not None for evse in evses)

    def transaction_at(self, evse_id: int) -> str | None:
        """Give the transaction that what happens at an EVSE belongs to."""
        if not evse_id:
            return None
        transaction = self.station.tree.evse(evse_id).transaction
        if transaction is not None:
            return transaction.transaction_id
        ended_id, ended_at = self._ended.get(evse_id, (None, 0.0))
        return ended_id if trio.current_time() - ended_at < _LINGER_SECONDS else None
