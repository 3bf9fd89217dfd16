"""Figures for Prometheus: of a station, and of an embedded central system.

    registry = CollectorRegistry()
    registry.register(CentralCollector(central))

What a page shows is read when it is asked for; only calls are counted as they end.
"""

from collections.abc import Iterator
from dataclasses import asdict

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from .central.central import CentralSystem
from .station.station import CallOutcome, ChargingStation
from .trace.watch import TraceCollector, TraceWatch

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)  # s
_STATES = ("Charging", "EVConnected", "SuspendedEV", "SuspendedEVSE", "Idle")


class Metrics:
    """The figures of one program."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._station = StationCollector()
        self.registry.register(self._station)
        self._calls = Counter(
            "pilotwire_station_calls",
            "Calls of the station that ended",
            ["action", "outcome"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "pilotwire_station_call_seconds",
            "How long answers to the station took",
            ["action"],
            buckets=_BUCKETS,
            registry=self.registry,
        )

    def watch_station(self, station: ChargingStation) -> None:
        """Tell of this station from now on; a reboot makes a new one."""
        self._station.station = station

    def watch_central(self, central: CentralSystem) -> None:
        """Tell of the embedded central system too."""
        self.registry.register(CentralCollector(central))

    def watch_trace(self, whose: str, watch: TraceWatch) -> None:
        """Tell of the trace rules that were broken too."""
        self.registry.register(TraceCollector(whose, watch))

    def call_ended(self, action: str, began: float, ended: float, outcome: CallOutcome) -> None:
        """Count a call of the station (its `on_call`)."""
        self._calls.labels(action, outcome).inc()
        if outcome == "answered":
            self._seconds.labels(action).observe(ended - began)

    def page(self) -> bytes:
        """Write all of it as Prometheus reads it."""
        return generate_latest(self.registry)


class StationCollector(Collector):
    """Gives a station's figures as they stand."""

    def __init__(self) -> None:
        self.station: ChargingStation | None = None

    def collect(self) -> Iterator[Metric]:
        station = self.station
        if station is None:
            return
        tree = station.tree
        for name, value, meaning in (
            ("online", tree.is_online, "Whether the link to the central system stands"),
            ("accepted", tree.is_accepted, "Whether the central system has registered it"),
            ("reports_queued", len(station.journal), "Reports that are still to be told"),
            ("journal_failing", station.journal.failure is not None, "Whether commits fail"),
        ):
            yield GaugeMetricFamily(f"pilotwire_station_{name}", meaning, value=float(value))
        yield from _evses(station)


def _evses(station: ChargingStation) -> Iterator[Metric]:
    state = GaugeMetricFamily(
        "pilotwire_evse_state", "The charging state of each EVSE", labels=["evse", "state"]
    )
    faulted = GaugeMetricFamily("pilotwire_evse_faulted", "Faulted EVSEs", labels=["evse"])
    power = GaugeMetricFamily("pilotwire_evse_power_watts", "Power to the car", labels=["evse"])
    energy = CounterMetricFamily(
        "pilotwire_evse_energy_watt_hours", "The meter's register", labels=["evse"]
    )
    for evse in station.tree.evses:
        number = str(evse.evse_id)
        for each in _STATES:
            state.add_metric([number, each], float(evse.charging_state == each))
        faulted.add_metric([number], float(evse.is_faulted))
        meter = station.read_meter(evse.evse_id)
        power.add_metric([number], meter.power_import or 0.0)
        energy.add_metric([number], meter.energy_import)
    yield from (state, faulted, power, energy)


class CentralCollector(Collector):
    """Gives a central system's figures as they stand."""

    def __init__(self, central: CentralSystem) -> None:
        self._central = central

    def collect(self) -> Iterator[Metric]:
        central = self._central
        for name, value, meaning in (
            ("stations_connected", len(central.connections), "Stations that are connected"),
            ("transactions_running", len(central.transactions), "Transactions that run"),
        ):
            yield GaugeMetricFamily(f"pilotwire_central_{name}", meaning, value=value)
        counters = asdict(central.counters())
        for name, meaning in _MEANINGS.items():
            yield CounterMetricFamily(f"pilotwire_central_{name}", meaning, value=counters[name])


_MEANINGS = {
    "received": "Frames from stations",
    "sent": "Frames to stations",
    "calls_received": "Calls of stations",
    "calls_sent": "Commands to stations",
    "errors_sent": "Calls of stations that were answered with an error",
    "errors_received": "Commands that stations answered with an error",
    "invalid": "Frames that broke the protocol",
    "timed_out": "Commands without an answer in time",
}
