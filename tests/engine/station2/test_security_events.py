"""Security events (A04): what the log tells, and what the CSMS is told of it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
import trio
from trio.testing import MockClock

from pilotwire.engine.journal.journal import Journal
from pilotwire.engine.station.security_log import SecurityLog
from pilotwire.machines.events import SecurityEventHappened
from pilotwire.profiles.errors import ActionNotImplemented
from pilotwire.profiles.messages import v16

from .conftest import Start
from .world import World, journal_in

BAD = [2, "1", "Nonsense", {}]
MakeLog = Callable[[], SecurityLog]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "security.log"


@pytest.fixture
def security_log(path: Path) -> MakeLog:
    return lambda: SecurityLog(path, max_bytes=100_000, max_files=2, inline=True)


def speaks_16(world: World) -> None:
    world.subprotocol = "ocpp1.6"


def told(world: World) -> list[str]:
    return [request.type for request in world.csms.security_events]


def text_of(path: Path) -> str:
    return path.read_text()


def clear(path: Path) -> None:
    path.write_bytes(b"")


def delete(path: Path) -> None:
    path.unlink()


def lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def logged(path: Path) -> list[str]:
    return [line["type"] for line in lines(path)]


async def run_once(journal: Journal, live: Any, **settings: Any) -> World:
    """Have a station live through this, and lose its power."""
    world = World(journal=journal, **settings)
    async with trio.open_nursery() as nursery:
        await nursery.start(world.live)
        await trio.sleep(1)
        await live(world)
        nursery.cancel_scope.cancel()
    return world


# ---- what is told


async def test_a04_fr_01_a_boot_is_told(start: Start, autojump_clock: MockClock) -> None:
    world = await start()
    assert told(world) == ["StartupOfTheDevice"]


async def test_a04_fr_01_a_boot_after_a_reset_is_told_as_such(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(boot_reason="RemoteReset")
    assert told(world) == ["StartupOfTheDevice", "ResetOrReboot"]
    assert world.csms.security_events[1].tech_info == "RemoteReset"


async def test_a04_fr_01_tampering_that_a_driver_reports_is_told_with_its_place(
    world: World, path: Path, autojump_clock: MockClock
) -> None:
    world.csms.security_events.clear()
    world.station.evses[1].report(SecurityEventHappened("TamperDetectionActivated", "the door"))
    await trio.sleep(1)
    (request,) = world.csms.security_events
    assert (request.type, request.tech_info) == ("TamperDetectionActivated", "EVSE 2: the door")


async def test_a04_fr_01_an_event_of_the_vendors_own_is_told(
    world: World, autojump_clock: MockClock
) -> None:
    world.station.deliver(0, SecurityEventHappened("com.vendor.CoinBoxOpened"))
    await trio.sleep(1)
    assert told(world)[1:] == ["com.vendor.CoinBoxOpened"]


@pytest.mark.parametrize(("step", "events"), [(3600.0, ["SettingSystemTime"]), (15.0, [])])
async def test_a04_fr_01_a_clock_that_is_set_by_more_than_the_threshold(
    world: World, step: float, events: list[str], autojump_clock: MockClock
) -> None:
    world.csms.security_events.clear()
    world.csms.clock.set(world.csms.clock.time() + step)
    await trio.sleep(301)  # a heartbeat
    assert told(world) == events
    assert [e.tech_info for e in world.csms.security_events] == ["by +3600 s"] * len(events)


async def test_the_threshold_is_a_variable(world: World, autojump_clock: MockClock) -> None:
    assert await world.set_variables(ClockCtrlr__TimeAdjustmentReportingThreshold=10) == [
        "Accepted"
    ]
    world.csms.clock.set(world.csms.clock.time() + 15)
    await trio.sleep(301)
    assert told(world)[1:] == ["SettingSystemTime"]


async def test_the_operator_may_keep_events_from_the_csms(
    start: Start, security_log: MakeLog, path: Path, autojump_clock: MockClock
) -> None:
    world = await start(
        security_log=security_log(),
        variables={"OCPP16LegacyCtrlr.DisableSecurityEventNotifications": True},
    )
    assert told(world) == []
    assert logged(path) == ["StartupOfTheDevice"]


# ---- guaranteed delivery


async def test_a04_fr_02_events_survive_a_restart_and_are_told_in_order(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    journal = journal_in(tmp_path)

    async def tamper_offline(world: World) -> None:
        await world.csms.drop()
        world.station.deliver(0, SecurityEventHappened("TamperDetectionActivated"))
        await trio.sleep(5)

    async def wait(world: World) -> None:
        await trio.sleep(5)

    await run_once(journal, tamper_offline)
    world = await run_once(journal, wait)
    journal.close()
    assert told(world) == ["TamperDetectionActivated", "StartupOfTheDevice"]


async def test_a04_fr_02_a_station_that_is_not_accepted_tells_nothing_yet(
    start: Start, autojump_clock: MockClock
) -> None:
    def is_pending(world: World) -> None:
        def pending(request: Any) -> Any:
            return request.response(status="Pending", current_time=world.csms.now, interval=20)

        world.csms.on("BootNotification", pending)

    world = await start(is_pending)
    assert told(world) == []
    world.csms.rules.clear()
    await trio.sleep(25)
    assert told(world) == ["StartupOfTheDevice"]


# ---- the log


async def test_a04_fr_04_every_event_stands_in_the_log(
    start: Start, security_log: MakeLog, path: Path, autojump_clock: MockClock
) -> None:
    world = await start(security_log=security_log())
    world.csms.security_events.clear()
    await world.set_variables(SecurityCtrlr__OrganizationName="An Operator")
    await trio.sleep(5)
    assert lines(path) == [
        {
            "timestamp": "2027-01-15T08:00:00Z",
            "type": "StartupOfTheDevice",
            "critical": True,
            "techInfo": "PowerUp",
        },
        {
            "timestamp": "2027-01-15T08:00:01Z",
            "type": "ReconfigurationOfSecurityParameters",
            "critical": False,
            "techInfo": "SecurityCtrlr.OrganizationName",
        },
    ]
    assert told(world) == []  # it is not critical


async def test_a_log_that_was_cleared_is_told_at_the_next_start_and_at_the_next_event(
    tmp_path: Path, path: Path, security_log: MakeLog, autojump_clock: MockClock
) -> None:
    journal = journal_in(tmp_path)

    async def clear_while_it_runs(world: World) -> None:
        clear(path)
        world.station.deliver(0, SecurityEventHappened("TamperDetectionActivated"))
        await trio.sleep(2)

    async def clear_at_the_end(world: World) -> None:
        delete(path)

    async def wait(world: World) -> None:
        await trio.sleep(2)

    first = await run_once(journal, clear_while_it_runs, security_log=security_log())
    assert told(first)[1:] == ["TamperDetectionActivated", "SecurityLogWasCleared"]
    assert logged(path) == ["TamperDetectionActivated", "SecurityLogWasCleared"]
    second = await run_once(journal, clear_at_the_end, security_log=security_log())
    assert told(second) == ["StartupOfTheDevice"]
    third = await run_once(journal, wait, security_log=security_log())
    journal.close()
    assert told(third) == ["SecurityLogWasCleared", "StartupOfTheDevice"]


# ---- bad frames


async def send(world: World, *frames: object) -> None:
    assert world.csms.link is not None
    for frame in frames:
        await world.csms.link.send(json.dumps(frame).encode())
    await trio.sleep(1)


async def test_invalid_messages_are_logged_but_not_what_stood_in_them(
    start: Start, security_log: MakeLog, path: Path, autojump_clock: MockClock
) -> None:
    world = await start(security_log=security_log())
    await send(world, [2, "1", "Reset", {"type": "hunter2-hunter2-hunter2"}])
    assert [(line["type"], line["techInfo"]) for line in lines(path)[1:]] == [
        ("InvalidMessages", "bad_value")
    ]
    assert "hunter2" not in text_of(path)


async def test_a_flood_of_bad_frames_is_one_line_a_minute(
    start: Start, security_log: MakeLog, path: Path, autojump_clock: MockClock
) -> None:
    world = await start(security_log=security_log())
    await send(world, *[BAD] * 500)
    await trio.sleep(30)
    await send(world, *[BAD] * 500)
    await trio.sleep(200)
    await send(world, BAD)
    told_of = [line["techInfo"] for line in lines(path)[1:]]
    assert told_of == ["unknown_action", "999 in 60 s, the last: unknown_action", "unknown_action"]
    assert told(world) == ["StartupOfTheDevice"]


async def test_another_message_under_an_id_used_before_looks_like_a_replay(
    start: Start, security_log: MakeLog, path: Path, autojump_clock: MockClock
) -> None:
    world = await start(security_log=security_log())
    await send(world, [2, "7", "GetLocalListVersion", {}], [2, "7", "ClearCache", {}])
    assert logged(path)[1:] == ["AttemptedReplayAttacks"]


# ---- 1.6


async def test_1_6_a04_fr_01_events_are_told_in_the_white_papers_words(
    start: Start, security_log: MakeLog, path: Path, autojump_clock: MockClock
) -> None:
    world = await start(speaks_16, security_log=security_log())
    world.station.deliver(0, SecurityEventHappened("InvalidCsmsCertificate", "expired"))
    world.station.deliver(0, SecurityEventHappened("FailedToAuthenticateAtCsms", "401"))
    await trio.sleep(1)
    assert told(world) == ["StartupOfTheDevice", "InvalidCentralSystemCertificate"]
    assert logged(path)[1:] == ["InvalidCsmsCertificate", "FailedToAuthenticateAtCsms"]


async def test_1_6_a04_fr_02_an_event_waits_for_the_link(
    start: Start, security_log: MakeLog, path: Path, autojump_clock: MockClock
) -> None:
    world = await start(speaks_16, security_log=security_log())
    await world.csms.drop()
    world.station.deliver(0, SecurityEventHappened("TamperDetectionActivated", "door"))
    await trio.sleep(60)
    assert told(world) == ["StartupOfTheDevice"]
    world.csms.come_back()
    await trio.sleep(120)
    assert told(world)[1:] == ["TamperDetectionActivated"]
    assert logged(path)[1:] == ["TamperDetectionActivated"]  # 1.6 A04.FR.04
    assert len(world.journal) == 0  # 1.6 A04.FR.03


async def test_1_6_the_key_that_keeps_events_from_the_central_system(
    start: Start, security_log: MakeLog, path: Path, autojump_clock: MockClock
) -> None:
    world = await start(speaks_16, security_log=security_log())
    for value, expected in [("true", 0), ("false", 1)]:
        request = v16.ChangeConfigurationRequest(
            key="DisableSecurityEventNotifications", value=value
        )
        assert (await world.csms.call(request)).status == "Accepted"
        world.csms.security_events.clear()
        world.station.deliver(0, SecurityEventHappened("TamperDetectionActivated"))
        await trio.sleep(5)
        assert len(told(world)) == expected
    assert logged(path)[1:] == ["TamperDetectionActivated"] * 2


async def test_1_6_a_central_system_without_the_security_extension_is_left_in_peace(
    start: Start, autojump_clock: MockClock
) -> None:
    def knows_nothing(world: World) -> None:
        def refuse(request: Any) -> Any:
            raise ActionNotImplemented("never heard of it")

        speaks_16(world)
        world.csms.on("SecurityEventNotification", refuse)

    world = await start(knows_nothing)
    await trio.sleep(600)
    assert told(world) == ["StartupOfTheDevice"]
    assert len(world.journal) == 0


def test_an_event_of_the_outside_is_json() -> None:
    fact = SecurityEventHappened("TamperDetectionActivated", "door")
    encoded = msgspec.json.encode(fact)
    assert msgspec.json.decode(encoded, type=SecurityEventHappened) == fact
