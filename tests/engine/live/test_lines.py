"""What a running station writes into the log."""

import io
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
import structlog
import trio

from pilotwire.drivers.ev import Ev
from pilotwire.engine import log
from pilotwire.engine.config.settings import Config, Log
from pilotwire.engine.live import Live
from pilotwire.profiles.messages import v16

OnStage = Callable[[Live], AbstractAsyncContextManager[Any]]


@pytest.fixture(autouse=True)
def _restore() -> Iterator[None]:
    yield
    structlog.reset_defaults()


class Lines:
    def __init__(self, **settings: Any) -> None:
        self.stream = io.StringIO()
        config = Config(log=Log(format="json", **settings))
        log.set_up(config.log, self.stream)
        self.live = Live(config, self.stream)

    def all(self, event: str) -> list[dict[str, Any]]:
        records = [json.loads(line) for line in self.stream.getvalue().splitlines()]
        return [record for record in records if record["event"] == event]


async def charge(stage: Any) -> None:
    stage.evses[0].plug_in(Ev())
    await trio.sleep(2)
    stage.evses[0].present_token("DEADBEEF")
    await trio.sleep(600)
    stage.evses[0].present_token("DEADBEEF")
    await trio.sleep(1)
    stage.evses[0].unplug()
    await trio.sleep(1)


async def test_a_charge_reads_as_its_states(on_stage: OnStage, autojump_clock: object) -> None:
    lines = Lines()
    async with on_stage(lines.live) as stage:
        await charge(stage)
    of_evse = [line for line in lines.all("evse") if line["evse"] == 1]
    assert [(line["status"], line["session"], line["energy"]) for line in of_evse] == [
        ("Available", "idle", "off"),
        ("Preparing", "plugged_first", "off"),
        ("Preparing", "active", "ready"),
        ("Charging", "active", "charging"),
        ("Finishing", "finishing", "off"),
        ("Available", "idle", "off"),
    ]
    assert of_evse[3]["power_w"] == 11040.0
    assert of_evse[3]["transaction"] == of_evse[2]["transaction"]
    (ended,) = lines.all("session_ended")
    assert ended["energy_wh"] == pytest.approx(11040 * 600 / 3600, abs=1)
    assert ended["duration_s"] == pytest.approx(602, abs=0.5)
    assert ended["csms_transaction"] == "77"
    assert ended["transaction"] == of_evse[2]["transaction"]
    assert ended["token"] == "***BEEF"


async def test_a_cable_without_a_charge_is_no_session(
    on_stage: OnStage, autojump_clock: object
) -> None:
    lines = Lines()
    async with on_stage(lines.live) as stage:
        stage.evses[1].plug_in(Ev())
        await trio.sleep(5)
        stage.evses[1].unplug()
        await trio.sleep(5)
    assert [line["session"] for line in lines.all("evse") if line["evse"] == 2] == [
        "idle", "plugged_first", "idle",
    ]  # fmt: skip
    assert lines.all("session_ended") == []


async def test_what_the_csms_changes_is_told_too(on_stage: OnStage, autojump_clock: object) -> None:
    lines = Lines(messages=False)
    async with on_stage(lines.live) as stage:
        await stage.call(v16.ChangeAvailabilityRequest(connector_id=2, type="Inoperative"))
        await trio.sleep(1)
    assert [line["status"] for line in lines.all("evse") if line["evse"] == 2] == [
        "Available", "Unavailable",
    ]  # fmt: skip
    assert lines.all("message") == []


async def test_messages_are_lines_without_secrets(
    on_stage: OnStage, autojump_clock: object
) -> None:
    lines = Lines()
    async with on_stage(lines.live) as stage:
        await stage.call(v16.ChangeConfigurationRequest(key="AuthorizationKey", value="s3cr3t" * 4))
        await charge(stage)
    assert "s3cr3t" not in lines.stream.getvalue()
    assert "DEADBEEF" not in lines.stream.getvalue()
    call, answer = (
        line for line in lines.all("message") if line["action"] == "ChangeConfiguration"
    )
    assert (call["direction"], call["type"]) == ("received", "CALL")
    assert call["payload"] == {"key": "AuthorizationKey", "value": "***"}
    assert (answer["direction"], answer["type"]) == ("sent", "CALLRESULT")
    assert answer["message_id"] == call["message_id"]
    assert answer["latency_ms"] >= 0


async def test_debug_shows_tokens(on_stage: OnStage, autojump_clock: object) -> None:
    lines = Lines(level="debug")
    async with on_stage(lines.live) as stage:
        await charge(stage)
    asked = [m for m in lines.all("message") if m["action"] == "Authorize" and m["type"] == "CALL"]
    assert asked[0]["payload"] == {"idTag": "DEADBEEF"}
    assert lines.all("session_ended")[0]["token"] == "DEADBEEF"


async def test_an_error_is_a_warning(on_stage: OnStage, autojump_clock: object) -> None:
    lines = Lines()
    async with on_stage(lines.live):
        lines.live.message("received", '[2,"x","Foo",{}]', trio.current_time())
        lines.live.message("sent", '[4,"x","NotImplemented","",{}]', trio.current_time() + 0.5)
        lines.live.message("received", "\x1b[2J", trio.current_time())
    refused, unreadable = (m for m in lines.all("message") if m["level"] == "warning")
    assert (refused["action"], refused["error"]) == ("Foo", "NotImplemented")
    assert refused["latency_ms"] == 500.0
    assert (unreadable["type"], unreadable["error"]) == ("unreadable", "\\x1b[2J")


async def test_a_long_payload_is_summed_up(on_stage: OnStage, autojump_clock: object) -> None:
    lines = Lines()
    keys = ",".join(f'{{"key":"Key{n}","readonly":true,"value":"{n}"}}' for n in range(60))
    async with on_stage(lines.live):
        lines.live.message("sent", f'[3,"y",{{"configurationKey":[{keys}]}}]', trio.current_time())
    line = next(m for m in lines.all("message") if m["message_id"] == "y")
    assert "payload" not in line
    assert line["summary"] == "Key0=0, and 59 more"


async def test_only_warnings_are_wanted_then_nothing_is_looked_at(
    on_stage: OnStage, autojump_clock: object
) -> None:
    lines = Lines(level="warning")
    async with on_stage(lines.live) as stage:
        await charge(stage)
    assert lines.stream.getvalue() == ""


async def test_after_a_reboot_the_new_station_is_told(
    on_stage: OnStage, autojump_clock: object
) -> None:
    lines = Lines()
    for _ in range(2):
        async with on_stage(lines.live) as stage:
            await charge(stage)
    assert len(lines.all("session_ended")) == 2
    assert len([line for line in lines.all("evse") if line["evse"] == 2]) == 2
