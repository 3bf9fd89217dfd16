"""People, cars and transactions (1.6 4.1, 4.8 to 4.10)."""

import pytest
import trio
from trio.testing import MockClock

from pilotwire.drivers.ev import Ev
from pilotwire.profiles.messages import v16

from .world import World, invalid


async def test_plug_first_charge_stop_with_the_same_token_and_leave(
    world: World, autojump_clock: MockClock
) -> None:
    world.csms.forget()
    world.drivers[0].plug_in(Ev())
    await trio.sleep(2)
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(130)
    world.drivers[0].present_token("deadbeef")
    await trio.sleep(2)
    world.drivers[0].unplug()
    await trio.sleep(2)

    assert [a for a in world.csms.actions() if a != "StatusNotification"] == [
        "Authorize",
        "StartTransaction",
        "MeterValues",
        "MeterValues",
        "StopTransaction",
    ]
    assert world.csms.statuses(1) == ["Preparing", "Charging", "Finishing", "Available"]
    start, stop = world.csms.of(v16.StartTransactionRequest, v16.StopTransactionRequest)
    assert (start.connector_id, start.id_tag, start.meter_start) == (1, "DEADBEEF", 0)
    assert stop.transaction_id == world.csms.next_transaction_id
    assert stop.meter_stop == pytest.approx(11_040 * 130 / 3600, abs=1)
    assert (stop.reason, stop.id_tag) == ("Local", "deadbeef")
    assert (stop.timestamp - start.timestamp).total_seconds() == 130


async def test_token_first_times_out_without_a_cable(
    world: World, autojump_clock: MockClock
) -> None:
    world.csms.forget()
    world.drivers[1].present_token("DEADBEEF")
    await trio.sleep(59)
    assert world.csms.statuses(2) == ["Preparing"]
    await trio.sleep(2)
    assert world.csms.statuses(2) == ["Preparing", "Available"]
    assert not world.csms.of(v16.StartTransactionRequest)


async def test_token_first_starts_when_the_cable_comes(
    world: World, autojump_clock: MockClock
) -> None:
    world.drivers[1].present_token("DEADBEEF")
    await trio.sleep(30)
    world.drivers[1].plug_in(Ev())
    await trio.sleep(1)
    (start,) = world.csms.of(v16.StartTransactionRequest)
    assert start.connector_id == 2
    assert world.csms.statuses(2)[-2:] == ["Preparing", "Charging"]


async def test_a_refused_token_starts_nothing(world: World, autojump_clock: MockClock) -> None:
    world.csms.on(
        v16.AuthorizeRequest,
        lambda r: v16.AuthorizeResponse(id_tag_info=v16.IdTagInfo(status="Blocked")),
    )
    await world.charge()
    await trio.sleep(60)
    assert not world.csms.of(v16.StartTransactionRequest)
    assert not world.drivers[0].is_contactor_closed


async def test_a_transaction_refused_at_its_start_is_stopped_as_deauthorized(
    world: World, autojump_clock: MockClock
) -> None:
    world.csms.on(v16.StartTransactionRequest, invalid)
    await world.charge()
    (stop,) = world.csms.of(v16.StopTransactionRequest)
    assert (stop.transaction_id, stop.reason) == (9, "DeAuthorized")
    assert not world.drivers[0].is_contactor_closed


async def test_or_only_loses_its_energy_when_so_configured(
    world: World, autojump_clock: MockClock
) -> None:
    await world.csms.call(
        v16.ChangeConfigurationRequest(key="StopTransactionOnInvalidId", value="false")
    )
    world.csms.on(v16.StartTransactionRequest, invalid)
    await world.charge()
    await trio.sleep(60)
    assert not world.csms.of(v16.StopTransactionRequest)
    assert not world.drivers[0].is_contactor_closed
    assert world.csms.statuses(1)[-1] == "SuspendedEVSE"


async def test_a_fault_in_mid_charge_comes_back_to_charging(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge()
    world.csms.forget()
    world.drivers[0].fault("GroundFailure", info="leak")
    await trio.sleep(10)
    world.drivers[0].clear_fault()
    await trio.sleep(10)
    told = world.csms.of(v16.StatusNotificationRequest)
    assert (told[0].status, told[0].error_code) == ("Faulted", "GroundFailure")
    assert told[0].info == "leak"
    assert told[-1].status == "Charging"
    assert not world.csms.of(v16.StopTransactionRequest)
