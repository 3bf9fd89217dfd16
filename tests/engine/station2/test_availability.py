"""Functional blocks G and P as dialogues."""

from typing import Any

import pytest
import trio
from trio.testing import MockClock

from pilotwire.drivers.ev import Ev
from pilotwire.engine.wire.session import CallRefused
from pilotwire.machines.events import IdToken, ReservationMade

from .conftest import Start
from .world import World


async def change(world: World, status: str, evse: int = 0, connector: int = 0) -> str:
    v2 = world.v2
    place: dict[str, Any] = {}
    if evse:
        more = {"connector_id": connector} if connector else {}
        place = {"evse": v2.EVSEType(id=evse, **more)}
    answer = await world.csms.call(v2.ChangeAvailabilityRequest(operational_status=status, **place))
    await trio.sleep(1)
    return str(answer.status)


async def test_g01_fr_03_04_a_cable_makes_a_connector_occupied(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(connectors=(2,))
    world.csms.forget()
    world.drivers[0].plug_in(Ev(), connector=2)
    await trio.sleep(1)
    world.drivers[0].unplug()
    await trio.sleep(1)
    assert world.csms.statuses(1, 2) == ["Occupied", "Available"]
    assert world.csms.statuses(1, 1) == []  # G01.FR.08


async def test_a_token_without_a_cable_leaves_the_connector_available(
    world: World, autojump_clock: MockClock
) -> None:
    world.csms.forget()
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    assert world.csms.statuses() == []


async def test_a_fault_in_mid_charge_is_told_and_gone_afterwards(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge()
    world.csms.forget()
    world.drivers[0].fault("GroundFailure")
    await trio.sleep(10)
    world.drivers[0].clear_fault()
    await trio.sleep(10)
    assert world.csms.statuses() == ["Faulted", "Occupied"]
    assert "AbnormalCondition" in [e.trigger_reason for e in world.csms.events()]
    assert world.csms.events()[-1].transaction_info.charging_state == "Charging"


async def test_g03_fr_09_reserved_until_the_right_token_comes(
    world: World, autojump_clock: MockClock
) -> None:
    world.csms.forget()
    world.station.deliver(1, ReservationMade(7, IdToken("MINE"), seconds=600))
    await trio.sleep(1)
    world.drivers[0].plug_in(Ev())
    await trio.sleep(1)
    world.drivers[0].present_token("OTHER")
    await trio.sleep(1)
    assert world.csms.statuses() == ["Reserved"]  # G01.FR.09
    world.drivers[0].present_token("MINE")
    await trio.sleep(1)
    assert world.csms.statuses() == ["Reserved", "Occupied"]  # G01.FR.06
    (started,) = world.csms.events("Started")
    assert started.reservation_id == 7  # E01.FR.13
    assert not any(event.reservation_id for event in world.csms.events("Updated"))


async def test_g03_a_connector_an_evse_the_station(start: Start, autojump_clock: MockClock) -> None:
    world = await start(connectors=(2, 1))
    world.csms.forget()
    assert await change(world, "Inoperative", 1, 2) == "Accepted"
    assert world.csms.statuses(1, 2) == ["Unavailable"]
    assert world.csms.statuses(1, 1) == []
    assert await change(world, "Inoperative", 1) == "Accepted"
    assert world.csms.statuses(1, 1) == ["Unavailable"]  # G03.FR.06
    assert await change(world, "Operative", 1) == "Accepted"
    assert world.csms.statuses(1, 1) == ["Unavailable", "Available"]
    assert world.csms.statuses(1, 2) == ["Unavailable"]  # G03.FR.07
    assert await change(world, "Inoperative") == "Accepted"
    assert world.csms.statuses(2, 1) == ["Unavailable"]  # G04.FR.07
    assert await change(world, "Inoperative") == "Accepted"  # G04.FR.04
    assert await change(world, "Inoperative", 3) == "Rejected"
    assert await change(world, "Inoperative", 2, 2) == "Rejected"


async def test_g03_fr_05_a_change_waits_for_the_transaction(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge()
    world.csms.forget()
    assert await change(world, "Inoperative", 1) == "Scheduled"
    assert await change(world, "Inoperative") == "Scheduled"  # G04.FR.06
    assert world.csms.statuses(1) == []
    assert world.csms.statuses(2) == ["Unavailable"]
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    world.drivers[0].unplug()
    await trio.sleep(1)
    assert world.csms.statuses(1)[-1] == "Unavailable"  # G01.FR.05


async def test_p01_data_transfer_is_for_those_who_agreed_on_it(
    start: Start, autojump_clock: MockClock
) -> None:
    def answer(message_id: str | None, data: Any) -> Any:
        return ("Accepted", {"echo": data}) if message_id == "echo" else ("UnknownMessageId", None)

    world = await start(vendor_handlers={"com.example": answer})
    request, call = world.v2.DataTransferRequest, world.csms.call
    known = await call(request(vendor_id="com.example", message_id="echo", data=[1, "two"]))
    unknown_message = await call(request(vendor_id="com.example"))
    unknown_vendor = await call(request(vendor_id="org.example"))
    assert (known.status, known.data) == ("Accepted", {"echo": [1, "two"]})
    assert unknown_message.status == "UnknownMessageId"  # P01.FR.06
    assert unknown_vendor.status == "UnknownVendorId"  # P01.FR.05


async def test_a_known_action_without_support_is_not_supported(
    world: World, autojump_clock: MockClock
) -> None:
    with pytest.raises(CallRefused) as refusal:
        await world.csms.call(world.v2.ClearDisplayMessageRequest(id=1))
    assert refusal.value.code == "NotSupported"
