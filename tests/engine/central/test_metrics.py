"""The embedded central system's figures for Prometheus."""

from prometheus_client import CollectorRegistry
from trio.testing import MockClock, wait_all_tasks_blocked

from pilotwire.engine.metrics import CentralCollector

from .conftest import Connect, MakeCentral


async def test_connections_come_and_go_and_what_went_over_them_stays_counted(
    autojump_clock: MockClock, make_central: MakeCentral, connect: Connect
) -> None:
    central = make_central()
    registry = CollectorRegistry()
    registry.register(CentralCollector(central))

    def value(name: str) -> float | None:
        return registry.get_sample_value(f"pilotwire_central_{name}")

    assert value("stations_connected") == 0
    station = await connect(central)  # which boots
    await station.link.send("[2]")
    await wait_all_tasks_blocked()
    assert value("stations_connected") == 1
    assert value("calls_received_total") == 1
    assert value("invalid_total") == 1
    await station.link.close()
    await wait_all_tasks_blocked()
    assert value("stations_connected") == 0
    assert value("calls_received_total") == 1
    assert value("received_total") == 2
