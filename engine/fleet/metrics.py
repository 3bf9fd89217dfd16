"""The fleet's figures for Prometheus, read from its tally whenever they are asked for."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import trio
from prometheus_client import CollectorRegistry
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    Metric,
    SummaryMetricFamily,
)
from prometheus_client.registry import Collector

from ..trace.watch import broken_rules
from ..web.metrics import serve_registry
from .settings import Metrics
from .tally import Second, Tally

if TYPE_CHECKING:
    from .run import Run


class FleetCollector(Collector):
    """Gives the run's figures as they stand."""

    def __init__(self, run: "Run") -> None:
        self._run = run

    def collect(self) -> Iterator[Metric]:
        tally = self._run.tally()
        yield from _gauges(tally)
        yield from _calls(tally)
        trace = self._run.fleet.trace
        if trace.enabled:
            yield broken_rules("fleet", tally.broken, trace.rules)


def _gauges(tally: Tally) -> Iterator[Metric]:
    now = tally.seconds[max(tally.seconds)] if tally.seconds else Second()
    for name, value, meaning in (
        ("stations", tally.stations, "Stations of the fleet"),
        ("stations_online", now.online, "Stations whose link stands"),
        ("evses_charging", now.charging, "EVSEs whose car takes power"),
        ("reports_queued", now.queued, "Reports that stations still have to tell"),
    ):
        yield GaugeMetricFamily(f"pilotwire_fleet_{name}", meaning, value=value)


def _calls(tally: Tally) -> Iterator[Metric]:
    calls = CounterMetricFamily(
        "pilotwire_fleet_calls", "Calls of stations that ended", labels=["action", "outcome"]
    )
    latencies = SummaryMetricFamily(
        "pilotwire_fleet_call_seconds", "How long answers took", labels=["action"]
    )
    for name, action in tally.actions.items():
        for outcome, count in action.outcomes.items():
            calls.add_metric([name, outcome], count)
        latencies.add_metric([name], len(action.latencies), action.latencies.total_seconds())
    yield calls
    yield latencies


async def serve_metrics(nursery: trio.Nursery, settings: Metrics, run: "Run") -> None:
    """Serve /metrics in the nursery, where a port is set. Raises Failure."""
    if settings.port is None:
        return
    registry = CollectorRegistry()
    registry.register(FleetCollector(run))
    await serve_registry(nursery, registry, settings.host, settings.port)
