"""Holds live dialogues to the trace rules: what breaks one is counted, and told once.

A station's own view and a central system's view are each a `TraceWatch`; a fleet has one.
"""

from collections import Counter
from collections.abc import Collection, Iterator

import structlog
import trio
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

from ...machines.events import Event, LinkClosed, LinkOpened
from ...profiles.family import Role
from ...profiles.trace import RULES, Finding, Judge, LinkChanged
from ...profiles.trace.said import Recent
from ..central.events import CentralEvent, MessageSeen, StationConnected, StationGone
from ..live.escaping import harmless
from ..station.station import ChargingStation
from .frames import said_of

_STATIONS = 10_000  # whose dialogues are followed; the longest silent ones make room
_TOLD = 1000  # rules and stations that have been logged

log = structlog.get_logger()


class TraceWatch:
    """Judges the dialogues of stations as they run."""

    def __init__(self, names: Collection[str] = RULES.keys()) -> None:
        self.broken: Counter[str] = Counter()
        """How often each rule was broken, by name."""
        self.names = names
        self._judges: Recent[str, Judge] = Recent(_STATIONS)
        self._told: Recent[tuple[str, str], bool] = Recent(_TOLD)

    def frame(self, station: str, by: Role, text: str | bytes, at: float) -> None:
        """Take a frame, sent at `at` (s since 1970)."""
        self._count(self._judge(station).take(said_of(by, text, at)))

    def link(self, station: str, *, is_open: bool, at: float) -> None:
        """Take note that the link opened or closed."""
        self._count(self._judge(station).take(LinkChanged(is_open=is_open, at=at)))

    def _judge(self, station: str) -> Judge:
        judge = self._judges.get(station)
        if judge is None:
            judge = Judge(station, self.names)
        self._judges.keep(station, judge)
        return judge

    def _count(self, findings: list[Finding]) -> None:
        for finding in findings:
            self.broken[finding.rule] += 1
            if (finding.rule, finding.station) not in self._told:
                self._told.keep((finding.rule, finding.station), True)
                log.warning(
                    "trace_rule_broken",
                    rule=finding.rule,
                    station=harmless(finding.station),
                    message_id=harmless(finding.message_id),
                    what=harmless(finding.text),
                )


class StationTrace:
    """An onlooker of a station: holds what it says and hears to the rules.

    Its time is steady: it begins as the station's clock stands, and does not jump with that.
    """

    def __init__(self, watch: TraceWatch, identity: str) -> None:
        self.watch = watch
        self._identity = identity
        self._began: float | None = None  # s since 1970, where Trio's clock is 0

    def watch_station(self, station: ChargingStation) -> None:
        if self._began is None:
            self._began = station.clock.time() - trio.current_time()

    def message(self, direction: str, text: str | bytes, at: float) -> None:
        by: Role = "station" if direction == "sent" else "csms"
        self.watch.frame(self._identity, by, text, self._wall(at))

    def change(self, evse_id: int, fact: Event) -> None:
        if isinstance(fact, LinkOpened | LinkClosed):
            at = self._wall(trio.current_time())
            self.watch.link(self._identity, is_open=isinstance(fact, LinkOpened), at=at)

    def _wall(self, at: float) -> float:
        """Give a moment on Trio's clock as s since 1970."""
        return at + (self._began or 0.0)


class CentralTrace:
    """Watches a central system (`central.on_event`): holds all its stations to the rules."""

    def __init__(self, watch: TraceWatch) -> None:
        self.watch = watch

    def __call__(self, event: CentralEvent) -> None:
        at = event.at.timestamp()
        match event:
            case MessageSeen(station_id=station, direction=direction, text=text):
                by: Role = "csms" if direction == "sent" else "station"
                self.watch.frame(station, by, text, at)
            case StationConnected(station_id=station):
                self.watch.link(station, is_open=True, at=at)
            case StationGone(station_id=station):
                self.watch.link(station, is_open=False, at=at)


class TraceCollector(Collector):
    """Gives Prometheus how often each rule was broken; `whose` is station, central or fleet."""

    def __init__(self, whose: str, watch: TraceWatch) -> None:
        self._whose = whose
        self._watch = watch

    def collect(self) -> Iterator[Metric]:
        yield broken_rules(self._whose, self._watch.broken, self._watch.names)


def broken_rules(whose: str, broken: Counter[str], names: Collection[str]) -> Metric:
    """Write the counters; a rule that was not broken is 0, so that a rate has a beginning."""
    family = CounterMetricFamily(
        f"pilotwire_{whose}_trace_broken", "Messages that broke a trace rule", labels=["rule"]
    )
    for name in names:
        family.add_metric([name], broken[name])
    return family
