"""1.6's configuration keys in dialogue with the central system (5.3, 5.8): what they change."""

from typing import Any

import pytest
import trio
from trio.testing import MockClock

from pilotwire.engine.journal.journal import Journal
from pilotwire.engine.wire.session import CallRefused
from pilotwire.profiles.custom_keys import custom_definition
from pilotwire.profiles.device_model import DeviceModel
from pilotwire.profiles.messages import v16
from pilotwire.profiles.standard import STANDARD

from .world import World


async def change(world: World, key: str, value: str) -> str:
    answer = await world.csms.call(v16.ChangeConfigurationRequest(key=key, value=value))
    return str(answer.status)


async def read(world: World, *keys: str) -> dict[str, Any]:
    answer = await world.csms.call(v16.GetConfigurationRequest(key=keys))
    return {entry.key: entry.value for entry in answer.configuration_key or ()}


async def test_all_keys_are_told_where_none_is_named(
    world: World, autojump_clock: MockClock
) -> None:
    answer = await world.csms.call(v16.GetConfigurationRequest())
    told = {entry.key: entry for entry in answer.configuration_key}
    assert told["SupportedFeatureProfiles"].value.split(",")[0] == "Core"
    assert told["MeterValuesSampledDataMaxLength"].readonly
    assert "BlinkRepeat" not in told  # no lights
    assert not answer.unknown_key


async def test_9_1_9_more_keys_than_may_be_asked_for_are_refused(
    world: World, autojump_clock: MockClock
) -> None:
    most = tuple(f"Key{n}" for n in range(100))
    answer = await world.csms.call(v16.GetConfigurationRequest(key=most))
    assert answer.unknown_key == most
    with pytest.raises(CallRefused) as refusal:
        await world.csms.call(v16.GetConfigurationRequest(key=(*most, "Heartbeat")))
    assert refusal.value.code == "OccurrenceConstraintViolation"
    assert await read(world, "HeartbeatInterval")


async def test_a_key_that_the_station_lacks_is_not_supported(
    world: World, autojump_clock: MockClock
) -> None:
    assert await change(world, "LightIntensity", "50") == "NotSupported"


async def test_errata_3_83_the_message_timeout_holds_at_once_and_after_a_restart(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    journal = Journal.open(None, inline=True)
    world = World(journal)
    await nursery.start(world.station.run)
    await trio.sleep(1)
    assert await change(world, "MessageTimeout", "5") == "Accepted"
    assert await change(world, "MessageTimeout", "0") == "Rejected"
    assert await seconds_until_unanswered(world) == pytest.approx(5, abs=0.5)

    again = World(journal)
    await nursery.start(again.station.run)
    await trio.sleep(1)
    assert await read(again, "MessageTimeout") == {"MessageTimeout": "5"}
    assert await seconds_until_unanswered(again) == pytest.approx(5, abs=0.5)


async def test_before_it_is_changed_the_network_profile_says_how_long_to_wait(
    world: World, autojump_clock: MockClock
) -> None:
    assert await read(world, "MessageTimeout") == {"MessageTimeout": "30"}
    assert await seconds_until_unanswered(world) == pytest.approx(30, abs=0.5)


async def seconds_until_unanswered(world: World) -> float:
    """Leave a Heartbeat without an answer; a triggered status has to wait for its end."""

    told = trio.Event()

    async def never(request: object) -> None:
        await trio.sleep_forever()

    def tell(request: v16.StatusNotificationRequest) -> v16.StatusNotificationResponse:
        told.set()
        return v16.StatusNotificationResponse()

    world.csms.on(v16.HeartbeatRequest, never)
    world.csms.on(v16.StatusNotificationRequest, tell)
    start = trio.current_time()
    for what in ("Heartbeat", "StatusNotification"):
        await world.csms.call(v16.TriggerMessageRequest(requested_message=what))
    await told.wait()
    return trio.current_time() - start


async def test_a_remote_start_without_connector_can_be_refused(
    world: World, autojump_clock: MockClock
) -> None:
    key = "RejectRemoteStartTransactionWithoutConnectorId"
    assert await change(world, key, "true") == "Accepted"
    anywhere = v16.RemoteStartTransactionRequest(id_tag="T")
    assert (await world.csms.call(anywhere)).status == "Rejected"
    somewhere = v16.RemoteStartTransactionRequest(id_tag="T", connector_id=1)
    assert (await world.csms.call(somewhere)).status == "Accepted"


@pytest.mark.parametrize("patience", [3, 20])
async def test_a_graceful_reset_waits_as_long_as_the_key_says(
    patience: int, autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    world = World()
    ended = trio.Event()

    async def never(request: object) -> None:
        await trio.sleep_forever()

    async def run() -> None:
        await world.station.run()
        ended.set()

    nursery.start_soon(run)
    await trio.sleep(1)
    await world.charge()
    world.csms.on(v16.StopTransactionRequest, never)
    key = "WaitForStopTransactionsOnResetTimeout"
    assert await change(world, key, str(patience)) == "Accepted"
    start = trio.current_time()
    assert (await world.csms.call(v16.ResetRequest(type="Soft"))).status == "Accepted"
    await ended.wait()
    assert trio.current_time() - start == pytest.approx(patience, abs=0.5)


async def test_a_key_that_needs_a_reboot_is_told_at_once_and_holds_after_it(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    own = custom_definition("Bus", "string", "a", meaning="", reboot_required=True)
    model = DeviceModel([*STANDARD, own])
    journal = Journal.open(None, inline=True)
    world = World(journal, model=model)
    await nursery.start(world.station.run)
    await trio.sleep(1)
    assert await change(world, "bus", "b") == "RebootRequired"
    assert await read(world, "Bus") == {"Bus": "b"}
    assert model.string(own.key) == "a"

    afresh = DeviceModel([*STANDARD, own])
    again = World(journal, model=afresh)
    await nursery.start(again.station.run)
    assert afresh.string(own.key) == "b"
