"""Figures for Prometheus, as a scrape finds them."""

import httpx
import trio
from prometheus_client.parser import text_string_to_metric_families
from trio.testing import MockClock

from pilotwire.drivers.ev import Ev

from .conftest import Api


async def scrape(api: Api) -> dict[tuple[str, tuple[str, ...]], float]:
    """Give the values by name and labels."""
    response: httpx.Response = await api.client.get("/metrics")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain")
    return {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


async def test_a_charging_station_tells_its_link_its_evses_and_its_calls(
    autojump_clock: MockClock, api: Api
) -> None:
    idle = await scrape(api)
    assert idle["pilotwire_station_online", ()] == 1
    assert idle["pilotwire_evse_state", ("1", "Idle")] == 1
    assert ("pilotwire_station_calls_total", ("StartTransaction", "answered")) not in idle

    api.world.drivers[0].plug_in(Ev())
    api.world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(60)
    busy = await scrape(api)
    assert busy["pilotwire_evse_state", ("1", "Charging")] == 1
    assert busy["pilotwire_evse_state", ("1", "Idle")] == 0
    assert busy["pilotwire_evse_power_watts", ("1",)] > 3000
    assert busy["pilotwire_evse_energy_watt_hours_total", ("1",)] > 0
    assert busy["pilotwire_station_calls_total", ("StartTransaction", "answered")] == 1
    assert busy["pilotwire_station_call_seconds_count", ("StartTransaction",)] == 1


async def test_before_a_station_runs_there_is_an_empty_page(autojump_clock: MockClock) -> None:
    from pilotwire.engine.metrics import Metrics

    assert b"pilotwire_station_online" not in Metrics().page()
