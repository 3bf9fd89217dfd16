"""Chapter 5 of OCPP 1.6: what a station answers to changes, transfers and questions."""

from pathlib import Path
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from pilotwire.engine.wire.reference_link import ReferenceLink
from pilotwire.engine.wire.session import CallRefused
from pilotwire.profiles.context import VendorHandler
from pilotwire.profiles.messages import v16

from .spoken import PowerCycle, change, never, started
from .world import World


def sent(world: World) -> list[Any]:
    """Frames that the station sent."""
    return [frame for direction, frame in world.messages if direction == "sent"]


async def availability(world: World, connector: int, type: Any) -> str:
    answer = await world.csms.call(v16.ChangeAvailabilityRequest(connector_id=connector, type=type))
    return str(answer.status)


async def remote_start(world: World, token: str = "REMOTE", **fields: Any) -> str:
    answer = await world.csms.call(v16.RemoteStartTransactionRequest(id_tag=token, **fields))
    return str(answer.status)


async def trigger(world: World, message: Any, **fields: Any) -> str:
    answer = await world.csms.call(v16.TriggerMessageRequest(requested_message=message, **fields))
    await trio.sleep(1)
    return str(answer.status)


# ---- 5.2 ChangeAvailability


async def test_5_2_what_is_so_already_is_accepted(world: World, autojump_clock: MockClock) -> None:
    assert await availability(world, 1, "Operative") == "Accepted"
    assert await availability(world, 1, "Inoperative") == "Accepted"
    assert await availability(world, 1, "Inoperative") == "Accepted"
    assert world.csms.statuses(1) == ["Available", "Unavailable"]


async def test_5_2_operative_is_accepted_in_mid_transaction(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge()
    assert await availability(world, 1, "Operative") == "Accepted"
    assert await availability(world, 1, "Inoperative") == "Scheduled"
    assert await availability(world, 1, "Operative") == "Accepted"  # takes it back
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    world.drivers[0].unplug()
    await trio.sleep(1)
    assert world.csms.statuses(1)[-1] == "Available"


async def test_5_2_the_answer_comes_before_the_status(
    world: World, autojump_clock: MockClock
) -> None:
    world.messages.clear()
    await availability(world, 2, "Inoperative")
    await trio.sleep(1)
    assert [frame[0] for frame in sent(world)] == [3, 2]


async def test_5_2_connector_0_is_the_station_and_all_connectors(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge()
    assert await availability(world, 0, "Inoperative") == "Scheduled"
    await trio.sleep(1)
    assert world.csms.statuses(2)[-1] == "Unavailable"
    assert world.csms.statuses(1)[-1] == "Charging"
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    world.drivers[0].unplug()
    await trio.sleep(1)
    assert [world.csms.statuses(n)[-1] for n in (0, 1, 2)] == ["Unavailable"] * 3
    await availability(world, 0, "Operative")
    await trio.sleep(1)
    assert [world.csms.statuses(n)[-1] for n in (0, 1, 2)] == ["Available"] * 3


async def test_5_2_out_of_service_nobody_charges(world: World, autojump_clock: MockClock) -> None:
    await availability(world, 1, "Inoperative")
    await world.charge()
    assert not world.csms.of(v16.AuthorizeRequest)
    assert await remote_start(world, connector_id=1) == "Rejected"
    assert not world.drivers[0].is_contactor_closed


@pytest.mark.parametrize("connector", [0, 2])
async def test_5_2_out_of_service_it_stays_over_a_power_cut(
    autojump_clock: MockClock, tmp_path: Path, connector: int
) -> None:
    power = PowerCycle(tmp_path)

    async def take_out(world: World) -> None:
        await availability(world, connector, "Inoperative")

    async def put_back(world: World) -> None:
        assert world.csms.statuses(connector) == ["Unavailable"]
        assert world.csms.statuses(2) == ["Unavailable"]
        await availability(world, connector, "Operative")

    async def look(world: World) -> None:
        assert world.csms.statuses(connector) == ["Available"]

    await power.powered(take_out)
    await power.powered(put_back)
    await power.powered(look)


async def test_5_2_scheduled_before_a_power_cut_it_is_out_of_service_after(
    autojump_clock: MockClock, tmp_path: Path
) -> None:
    power = PowerCycle(tmp_path)

    async def schedule(world: World) -> None:
        await world.charge()
        assert await availability(world, 1, "Inoperative") == "Scheduled"

    async def look(world: World) -> None:
        assert world.csms.statuses(1)[-1] == "Unavailable"

    await power.powered(schedule)
    await power.powered(look)


# ---- 5.3 ChangeConfiguration: what is accepted is effective immediately


async def test_5_3_the_token_first_wait_follows_connection_time_out(
    world: World, autojump_clock: MockClock
) -> None:
    await change(world, ConnectionTimeOut=5)
    world.csms.forget()
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(6)
    assert world.csms.statuses(1) == ["Preparing", "Available"]


async def test_5_3_the_wait_for_an_answer_follows_message_timeout(
    world: World, autojump_clock: MockClock
) -> None:
    await change(world, MessageTimeout=5, AllowOfflineTxForUnknownId=True)
    world.csms.on(v16.AuthorizeRequest, never)
    await world.charge()
    assert not world.drivers[0].is_contactor_closed
    await trio.sleep(5)
    assert world.drivers[0].is_contactor_closed


async def test_5_3_the_pings_follow_web_socket_ping_interval(
    world: World, autojump_clock: MockClock
) -> None:
    read = await world.csms.call(v16.GetConfigurationRequest(key=("WebSocketPingInterval",)))
    assert int(read.configuration_key[0].value) > 0
    link = world.station.network._link
    assert isinstance(link, ReferenceLink)
    pings: list[float] = []
    ping = link.ping

    async def noted(timeout: float) -> bool:
        pings.append(trio.current_time())
        return await ping(timeout)

    link.ping = noted  # type: ignore[method-assign]
    await change(world, WebSocketPingInterval=0)
    await trio.sleep(1000)
    assert pings == []
    await change(world, WebSocketPingInterval=7)
    await trio.sleep(22)
    assert len(pings) == 3


async def test_5_3_changing_one_key_leaves_what_1_6_fixes(
    world: World, autojump_clock: MockClock
) -> None:
    """Where StopTransactionOnEVSideDisconnect is false, unplugging ends nothing, then as before."""
    await change(world, StopTransactionOnEVSideDisconnect=False)
    await change(world, HeartbeatInterval=60)
    await world.charge()
    world.drivers[0].unplug(at_car=True, leave=False)
    await trio.sleep(5)
    assert not world.csms.of(v16.StopTransactionRequest)


async def test_5_3_changes_outlive_a_power_cut(autojump_clock: MockClock, tmp_path: Path) -> None:
    power = PowerCycle(tmp_path)

    async def set_two(world: World) -> None:
        await change(world, MeterValueSampleInterval=33, StopTransactionOnInvalidId=False)

    async def look(world: World) -> None:
        read = await world.csms.call(
            v16.GetConfigurationRequest(
                key=("MeterValueSampleInterval", "StopTransactionOnInvalidId")
            )
        )
        assert [entry.value for entry in read.configuration_key] == ["33", "false"]

    await power.powered(set_two)
    await power.powered(look)


# ---- 5.4 ClearCache


async def test_5_4_after_clear_cache_a_known_token_is_unknown(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge(token="KNOWN")
    cleared = await world.csms.call(v16.ClearCacheRequest())
    assert cleared.status == "Accepted"
    await world.csms.drop()
    await world.charge(evse=2, token="KNOWN")
    assert not world.drivers[1].is_contactor_closed


async def test_errata_3_23_without_a_cache_it_is_rejected(
    world: World, autojump_clock: MockClock
) -> None:
    await change(world, AuthorizationCacheEnabled=False)
    assert (await world.csms.call(v16.ClearCacheRequest())).status == "Rejected"


# ---- 5.6 DataTransfer


async def with_vendor(nursery: trio.Nursery, handler: VendorHandler) -> World:
    world = await started(nursery, World())
    world.station.context.vendor_handlers = {"com.example": handler}
    return world


async def transfer(world: World, vendor: str, message: str, data: str) -> Any:
    return await world.csms.call(
        v16.DataTransferRequest(vendor_id=vendor, message_id=message, data=data)
    )


async def test_5_6_a_vendor_s_handler_answers(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    def handle(message_id: str | None, data: Any) -> tuple[Any, Any]:
        if message_id != "Echo":
            return "UnknownMessageId", None
        return ("Accepted", data) if data else ("Rejected", None)

    world = await with_vendor(nursery, handle)
    echo = await transfer(world, "com.example", "Echo", "hello")
    assert (echo.status, echo.data) == ("Accepted", "hello")
    assert (await transfer(world, "com.example", "Echo", "")).status == "Rejected"
    unknown = await transfer(world, "com.example", "Other", "x")
    assert unknown.status == "UnknownMessageId"
    world.messages.clear()
    nobody = await transfer(world, "com.other", "Echo", "x")
    assert nobody.status == "UnknownVendorId"
    assert "data" not in sent(world)[0][2]


async def test_5_6_a_vendor_s_handler_may_take_its_time(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    async def handle(message_id: str | None, data: Any) -> tuple[Any, Any]:
        await trio.sleep(5)
        return "Accepted", "slow"

    world = await with_vendor(nursery, handle)
    begun = trio.current_time()
    answer = await transfer(world, "com.example", "Read", "")
    assert (answer.status, answer.data) == ("Accepted", "slow")
    assert trio.current_time() - begun == pytest.approx(5, abs=0.1)


@pytest.mark.parametrize("is_async", [False, True])
async def test_5_6_a_vendor_s_bug_is_an_internal_error_and_the_link_lives(
    autojump_clock: MockClock, nursery: trio.Nursery, is_async: bool
) -> None:
    def handle(message_id: str | None, data: Any) -> tuple[Any, Any]:
        raise LookupError("a bug of the vendor")

    async def handle_later(message_id: str | None, data: Any) -> tuple[Any, Any]:
        return handle(message_id, data)

    world = await with_vendor(nursery, handle_later if is_async else handle)
    with pytest.raises(CallRefused) as refusal:
        await transfer(world, "com.example", "Read", "")
    assert refusal.value.code == "InternalError"
    assert await trigger(world, "Heartbeat") == "Accepted"


async def test_5_6_a_handler_that_never_answers_is_given_up(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    async def handle(message_id: str | None, data: Any) -> tuple[Any, Any]:
        await trio.sleep_forever()

    world = await with_vendor(nursery, handle)
    assert world.csms.session is not None
    with pytest.raises(CallRefused) as refusal:
        await world.csms.session.call(v16.DataTransferRequest(vendor_id="com.example"), timeout=100)
    assert refusal.value.code == "InternalError"


# ---- 5.8 GetConfiguration


async def test_5_8_an_empty_list_means_all_of_them(world: World, autojump_clock: MockClock) -> None:
    assert world.csms.link is not None
    for number, payload in enumerate(("{}", '{"key":[]}')):
        world.messages.clear()
        await world.csms.link.send(f'[2,"{number}","GetConfiguration",{payload}]')
        await trio.sleep(1)
        (answer,) = sent(world)
        keys = {entry["key"] for entry in answer[2]["configurationKey"]}
        assert {"HeartbeatInterval", "NumberOfConnectors", "SupportedFeatureProfiles"} <= keys
        assert "unknownKey" not in answer[2]
