"""The station's pages: whole without script, and kept up to date by it in a browser."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import trio
from trio.testing import MockClock

from pilotwire.drivers.ev import Ev
from pilotwire.engine.charts_command import CHARTS
from pilotwire.engine.web.pages import explanation, picture
from pilotwire.profiles.trace import RULES

from ...ports import free_port
from .browser import CHROMIUM, Browser, chromium
from .conftest import Api


async def page(api: Api, path: str, status: int = 200) -> str:
    response = await api.client.get(path)
    assert response.status_code == status, response.text
    return response.text


def chart(text: str, name: str, evse: int, connector: int = 0) -> dict[str, str]:
    """Give the data of a chart's section."""
    place = f'data-chart="{name}" data-evse="{evse}" data-connector="{connector}"'
    found = re.search(rf"<section [^>]*{place}[^>]*>", text)
    assert found, f"no {name} at {evse}.{connector}"
    return dict(re.findall(r'data-(\w+)="([^"]*)"', found[0]))


async def test_the_first_page_tells_the_station_its_evses_and_its_messages(
    autojump_clock: MockClock, api: Api
) -> None:
    text = await page(api, "/")
    assert "PILOTWIRE-1" in text
    assert text.count('class="card"') == 2
    assert "BootNotification" in text
    assert "StartupOfTheDevice" in text or "Available" in text  # what they said, in short
    assert "https://" not in text  # nothing of it comes from elsewhere
    assert "http://" not in text


async def test_an_evses_page_shows_where_its_charts_stand_and_how_they_came_there(
    autojump_clock: MockClock, api: Api
) -> None:
    idle = await page(api, "/evses/1")
    assert chart(idle, "evse", 1)["states"].split()[:3] == ["evse", "session", "idle"]
    assert "Nothing has moved it yet." in idle
    assert "<h2>EVSE</h2>" in idle
    assert "<h2>Connector 1</h2>" in idle
    assert chart(idle, "transaction", 1)["states"] == ""

    api.world.drivers[0].plug_in(Ev())
    api.world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(5)
    busy = await page(api, "/evses/1")
    evse = chart(busy, "evse", 1)
    assert {"active", "charging"} <= set(evse["states"].split())
    assert (evse["left"], evse["entered"]) == ("ready", "charging")
    assert evse["event"] == "EnergyFlowing"  # of parallel edges, the one that was taken
    assert "EnergyFlowing" in busy
    lock = chart(busy, "connector", 1, 1)
    assert (lock["left"], lock["entered"]) == ("unlocked", "locked")
    assert chart(busy, "transaction", 1)["states"] == "ongoing"
    assert "DEADBEEF" not in busy


async def test_what_moved_comes_with_the_news_and_a_transaction_that_ends_goes(
    autojump_clock: MockClock, api: Api
) -> None:
    charts = api.watch.charts
    api.world.drivers[0].plug_in(Ev())
    api.world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(5)
    api.world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(5)
    told = {(each.chart, each.evse): each for each in charts.all()}
    assert ("transaction", 1) not in told
    last = told["evse", 1].last
    assert last is not None
    assert "finishing" in told["evse", 1].states
    assert "active" in last.left


async def test_the_stations_own_charts_have_a_page(autojump_clock: MockClock, api: Api) -> None:
    text = await page(api, "/charts")
    assert chart(text, "connection", 0)["states"] == "online"
    assert chart(text, "registration", 0)["entered"] == "accepted"


async def test_what_is_not_there_is_told(autojump_clock: MockClock, api: Api) -> None:
    await page(api, "/evses/9", 404)
    await page(api, "/pages/base.html", 404)
    await page(api, "/pages/..%2fpages.py", 404)
    assert "EventSource" in await page(api, "/pages/page.js")


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_has_its_picture_with_every_state(name: str) -> None:
    drawn = str(picture(name)).replace("&#45;", "-")
    for state in CHARTS[name].declaration.states_map:
        assert f"state-{state}" in drawn
    assert explanation(name)
    width = re.search(r'width="(\d+)" height="\d+"\n viewBox="\S+ \S+ (\S+)', drawn)
    assert width is not None
    assert int(width[1]) / float(width[2]) == pytest.approx(0.93, abs=0.01)  # as all others


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[str]:
    """A daemon whose station charges; its address."""
    central, api = free_port(), free_port()
    settings = (
        f'station.directory="{tmp_path}/station"',
        f'central.database="{tmp_path}/central.sqlite"',
        f"central.port={central}",
        f"api.port={api}",
        f'station.network.profiles[1].url="ws://127.0.0.1:{central}"',
        "message_log.formats=[]",
        "simulator.first_arrival_seconds=0.1",
        "simulator.gap_seconds=[0.1,0.2]",
        "simulator.dwell_seconds=[300,300]",
        "trace.enabled=true",
    )
    options = [option for setting in settings for option in ("--set", setting)]
    process = subprocess.Popen(
        [Path(sys.executable).with_name("pilotwire"), "run", "--duration", "90", *options],
        stdout=subprocess.DEVNULL,
        cwd=tmp_path,
    )
    try:
        address = f"http://127.0.0.1:{api}"
        wait_until_charging(address)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def test_the_trace_rules_are_counted_live_in_station_and_central_system(daemon: str) -> None:
    page = httpx.get(f"{daemon}/metrics").text
    for whose in ("station", "central"):
        found = re.findall(rf"^pilotwire_{whose}_trace_broken_total.* (\S+)$", page, re.MULTILINE)
        assert [float(count) for count in found] == [0.0] * len(RULES)


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_in_a_browser_the_states_of_a_charging_station_are_lit_as_they_change(
    daemon: str, tmp_path: Path
) -> None:
    trio.run(look_at_pages, tmp_path / "browser", daemon)


async def look_at_pages(profile: Path, address: str) -> None:
    async with chromium(profile) as browser:
        await check_widths(browser, address)
        await check_lights(browser, address)


async def check_widths(browser: Browser, address: str) -> None:
    """On a phone and on a desk, light and dark, no page is wider than what it is shown on."""
    for path in ("/", "/evses/1", "/charts"):
        backgrounds = set()
        for width in (390, 1280):
            for is_dark in (False, True):
                await browser.look(width, is_dark=is_dark)
                await browser.go(address + path)
                assert await browser.ask("document.documentElement.scrollWidth") <= width, path
                style = "getComputedStyle(document.body).backgroundColor"
                backgrounds.add(await browser.ask(style))
        assert len(backgrounds) == 2


LIT = "[...document.querySelectorAll('.node.lit text')].map((each) => each.textContent)"
CHARGING = "document.querySelector('[data-chart=evse] .node.state-charging')"


async def check_lights(browser: Browser, address: str) -> None:
    await browser.look(390, is_dark=False)
    await browser.go(f"{address}/evses/1")
    await browser.until(f"{LIT}.includes('charging')")
    lit = await browser.ask(LIT)
    assert {"active", "charging", "plugged", "locked", "ongoing"} <= set(lit)
    assert "idle" not in lit
    taken = "document.querySelectorAll('[data-chart=evse] .edge.taken').length"
    assert await browser.ask(taken) == 1  # of parallel edges, that of the event
    seen = f"(() => {{ const box = {CHARGING}.getBoundingClientRect();"
    seen += " return box.left >= 0 && box.right <= innerWidth })()"
    assert await browser.ask(seen)  # the picture is wider than the page, and was scrolled
    async with httpx.AsyncClient() as client:
        (await client.post(f"{address}/api/evses/1/pause")).raise_for_status()
    await browser.until(f"{LIT}.includes('suspended_evse')")  # without being loaded anew
    assert "charging" not in await browser.ask(LIT)


def wait_until_charging(address: str) -> None:
    for _ in range(200):
        time.sleep(0.2)
        try:
            evse = httpx.get(f"{address}/api/station").json()["evses"][0]
        except (httpx.HTTPError, KeyError):
            continue
        if evse["energy"] == "charging":
            return
    raise AssertionError("no car charges")
