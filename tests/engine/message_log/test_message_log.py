"""The message log of a station: fed by it, and never in its way."""

import json
import re
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import structlog
import trio
from trio.testing import MockClock

from pilotwire.drivers.simulator import SimulatedEvse
from pilotwire.engine.config import MessageLog as Settings
from pilotwire.engine.message_log import MessageLog, message_log
from pilotwire.engine.message_log.recorder import Item, Outcome, Recorder

from ..station.world import World


def settings(directory: Path, *formats: Any, **others: Any) -> Settings:
    return Settings(formats=formats, directory=directory, **others)


def watch(messages: MessageLog, world: World) -> None:
    world.station.on_message = messages.message
    world.station.on_change = messages.change
    messages.watch_station(world.station)


def actions(directory: Path) -> list[str]:
    lines = (directory / "messages.jsonl").read_text().splitlines()
    return [told["action"] for told in map(json.loads, lines) if told.get("type") == "CALL"]


def session_pages(directory: Path) -> list[Path]:
    return list(directory.rglob("messages.html"))


def is_empty(directory: Path) -> bool:
    return not any(directory.iterdir())


def wait_for(path: Path) -> None:
    deadline = time.monotonic() + 10
    while not path.exists() and time.monotonic() < deadline:
        time.sleep(0.005)


async def charge_once(world: World) -> None:
    """A car comes, charges and goes, while the station runs."""
    async with trio.open_nursery() as nursery:
        nursery.start_soon(world.station.run)
        await trio.sleep(5)
        await world.charge()
        await trio.sleep(60)
        world.drivers[0].present_token("DEADBEEF")
        await trio.sleep(5)
        world.drivers[0].unplug()
        await trio.sleep(30)
        nursery.cancel_scope.cancel()


# ---- sessions of a real station, in virtual time


async def test_a_session_gets_a_page_with_its_dialogue(
    autojump_clock: MockClock, tmp_path: Path
) -> None:
    messages = MessageLog(settings(tmp_path, "session"), "CS-1", inline=True)
    world = World()
    watch(messages, world)
    await charge_once(world)
    (page,) = session_pages(tmp_path)
    assert page.parent.name == "20270115T080005Z-evse-1"
    text = page.read_text()
    for said in ("Preparing", "StartTransaction", "StopTransaction", "Charging", "Available"):
        assert said in text, said
    assert "BootNotification" not in text


async def test_a_session_that_begins_with_the_token_tells_of_it(
    autojump_clock: MockClock, tmp_path: Path
) -> None:
    messages = MessageLog(settings(tmp_path, "session"), "CS-1", inline=True)
    world = World()
    watch(messages, world)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(world.station.run)
        await trio.sleep(5)
        world.drivers[0].present_token("DEADBEEF")
        await trio.sleep(5)
        nursery.cancel_scope.cancel()
    (page,) = session_pages(tmp_path)
    assert 'data-action="Authorize"' in page.read_text()


class PlacedEvse(SimulatedEvse):
    """An EVSE whose driver knows where the logs of its sessions belong."""

    def __init__(self, directory: Path | None) -> None:
        super().__init__()
        self.directory = directory

    def session_log_directory(self) -> Path | None:
        return self.directory


@pytest.mark.parametrize(
    ("by_driver", "by_hook", "place"),
    [
        ("driver", "hook", "driver"),
        (None, "hook", "hook"),
        (None, None, "sessions/20270115T080005Z-evse-1"),
    ],
)
async def test_driver_or_integrator_may_place_the_page(
    autojump_clock: MockClock,
    tmp_path: Path,
    by_driver: str | None,
    by_hook: str | None,
    place: str,
) -> None:
    asked: list[int] = []

    def hook(evse_id: int) -> Path | None:
        asked.append(evse_id)
        return by_hook and tmp_path / by_hook  # type: ignore[return-value]  # a path or None

    messages = MessageLog(
        settings(tmp_path, "session"), "CS-1", inline=True, session_directory=hook
    )
    world = World(
        connectors=(1,), drivers=[PlacedEvse(tmp_path / by_driver if by_driver else None)]
    )
    watch(messages, world)
    await charge_once(world)
    assert [page.parent for page in session_pages(tmp_path)] == [tmp_path / place]
    assert asked == ([] if by_driver else [1])


async def test_a_reboot_goes_on_in_the_same_files(
    autojump_clock: MockClock, tmp_path: Path
) -> None:
    messages = MessageLog(settings(tmp_path, "log"), "CS-1", inline=True)
    for world in (World(), World()):
        watch(messages, world)
        with trio.move_on_after(5):
            await world.station.run()
    lines = (tmp_path / "messages.log").read_text().splitlines()
    assert len([line for line in lines if "CALL BootNotification" in line]) == 2
    assert len([line for line in lines if line.startswith("# The station started: ")]) == 1


async def test_what_is_not_wanted_is_not_made(autojump_clock: MockClock, tmp_path: Path) -> None:
    messages = MessageLog(settings(tmp_path), "CS-1", inline=True)
    world = World()
    watch(messages, world)
    await charge_once(world)
    assert is_empty(tmp_path)


async def test_console_sends_lines_to_the_log(autojump_clock: MockClock, tmp_path: Path) -> None:
    messages = MessageLog(settings(tmp_path, "console"), "CS-1", inline=True)
    world = World()
    watch(messages, world)
    with structlog.testing.capture_logs() as logged, trio.move_on_after(5):
        await world.station.run()
    lines = [line["message"] for line in logged if line["event"] == "ocpp"]
    assert re.match(r"2027-01-15T08:00:00\.\d{3}Z -> CALL BootNotification ", lines[0])
    assert is_empty(tmp_path)


async def test_a_full_disk_is_one_warning_and_the_station_goes_on(
    autojump_clock: MockClock, tmp_path: Path
) -> None:
    directory = tmp_path / "taken"
    directory.write_text("")
    messages = MessageLog(settings(directory, "log", "html", "session"), "CS-1", inline=True)
    world = World()
    watch(messages, world)
    with structlog.testing.capture_logs() as logged:
        await charge_once(world)
    assert "StopTransaction" in world.csms.actions()
    warnings = [line for line in logged if line["event"].startswith("message_log")]
    assert [line["event"] for line in warnings] == ["message_log_failed"]
    assert warnings[0]["directory"] == str(directory)
    directory.unlink()
    with structlog.testing.capture_logs() as logged:
        messages.message("sent", '[2,"x","Heartbeat",{}]', trio.current_time())
    assert [line["event"] for line in logged] == ["message_log_works_again"]
    assert "messages are missing here" in (directory / "messages.log").read_text()


# ---- with its thread, in real time


async def test_it_writes_behind_the_station_s_back_and_at_the_end(tmp_path: Path) -> None:
    messages = MessageLog(settings(tmp_path, "json", flush_seconds=0.01), "CS-1")
    world = World()
    async with trio.open_nursery() as nursery:
        await nursery.start(messages.run)
        messages.watch_station(world.station)
        messages.message("sent", '[2,"1","Heartbeat",{}]', trio.current_time())
        assert not (tmp_path / "messages.jsonl").exists()
        await trio.to_thread.run_sync(wait_for, tmp_path / "messages.jsonl")
        assert actions(tmp_path) == ["Heartbeat"]
        for number in range(2, 500):
            messages.message("sent", f'[2,"{number}","N{number}",{{}}]', trio.current_time())
        nursery.cancel_scope.cancel()
    assert actions(tmp_path) == ["Heartbeat", *(f"N{number}" for number in range(2, 500))]


class Hanging(Recorder):
    """A disk that takes its time."""

    def __init__(self, lets_go: threading.Event) -> None:
        self.lets_go = lets_go
        self.is_asked = threading.Event()

    def record(self, items: Iterable[Item]) -> Outcome:
        self.is_asked.set()
        self.lets_go.wait(30)
        return Outcome()


async def test_a_disk_that_hangs_costs_neither_the_stop_nor_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message_log, "CLOSING_SECONDS", 0.05)
    lets_go = threading.Event()
    disk = Hanging(lets_go)
    monkeypatch.setattr(message_log, "Recorder", lambda layout: disk)
    messages = MessageLog(settings(tmp_path, "json", flush_seconds=0.01), "CS-1")
    text = '[2,"1","DataTransfer",{"data":"' + "x" * 1_000_000 + '"}]'
    try:
        with structlog.testing.capture_logs() as logged, trio.fail_after(10):
            async with trio.open_nursery() as nursery:
                await nursery.start(messages.run)
                messages.watch_station(World().station)
                await trio.to_thread.run_sync(disk.is_asked.wait, 10)
                for _ in range(12):
                    messages.message("sent", text, trio.current_time())
                nursery.cancel_scope.cancel()
    finally:
        lets_go.set()
    assert [line["event"] for line in logged] == ["message_log_cut_short"]
    waiting = messages._take()
    assert [type(item).__name__ for item in waiting] == ["Frame"] * 7 + ["Missed"]
