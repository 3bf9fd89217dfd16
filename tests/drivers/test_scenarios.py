"""What the simulated hardware and the people at it can do, as a CSMS sees it from the far end."""

import pytest
import trio
from trio.testing import MockClock

from pilotwire.drivers.ev import Ev
from pilotwire.drivers.hardware import FAULT_CODES
from pilotwire.drivers.simulator import SimulatedEvse, SimulatorError
from pilotwire.profiles.messages import v16

from ..engine.station.world import World


@pytest.fixture
async def world(autojump_clock: MockClock, nursery: trio.Nursery) -> World:
    """A station that has booted and charges at EVSE 1, of two; what led there is forgotten."""
    world = World()
    await nursery.start(world.station.run)
    await trio.sleep(1)
    return world


async def charging(world: World, ev: Ev | None = None) -> SimulatedEvse:
    await world.charge(ev=ev)
    world.csms.forget()
    driver = world.drivers[0]
    assert isinstance(driver, SimulatedEvse)
    return driver


async def registered_wh(world: World, seconds: float) -> float:
    """Give what the meter counts in this time."""
    before = world.station.read_meter(1).energy_import
    await trio.sleep(seconds)
    return world.station.read_meter(1).energy_import - before


async def test_a_pause_and_what_ends_it(world: World, autojump_clock: MockClock) -> None:
    evse = await charging(world)
    evse.pause()
    assert await registered_wh(world, 60) == 0
    evse.resume()
    assert await registered_wh(world, 60) == pytest.approx(3 * 230 * 16 / 60)
    assert world.csms.statuses(1) == ["SuspendedEVSE", "Charging"]
    assert world.csms.of(v16.StopTransactionRequest) == []


async def test_a_car_that_pauses_by_itself_keeps_its_transaction(
    world: World, autojump_clock: MockClock
) -> None:
    evse = await charging(world)
    evse.suspend_ev()
    assert await registered_wh(world, 60) == 0
    evse.resume_ev()
    assert await registered_wh(world, 60) > 0
    assert world.csms.statuses(1) == ["SuspendedEV", "Charging"]
    assert world.csms.of(v16.StopTransactionRequest) == []


async def test_a_pause_of_both_shows_the_evses(world: World, autojump_clock: MockClock) -> None:
    evse = await charging(world)
    evse.suspend_ev()
    await trio.sleep(1)
    evse.pause()
    await trio.sleep(1)
    evse.resume()
    await trio.sleep(1)
    assert world.csms.statuses(1) == ["SuspendedEV", "SuspendedEVSE", "SuspendedEV"]


async def test_a_car_that_is_plugged_in_while_paused_charges_later(
    world: World, autojump_clock: MockClock
) -> None:
    evse = world.drivers[0]
    evse.pause()
    await charging(world)
    assert not evse.is_taking_power
    evse.resume()
    await trio.sleep(1)
    assert evse.is_taking_power
    assert world.csms.statuses(1)[-1] == "Charging"


@pytest.mark.parametrize("code", FAULT_CODES)
async def test_every_fault_reaches_the_csms_with_its_code_and_ends(
    code: str, world: World, autojump_clock: MockClock
) -> None:
    evse = await charging(world)
    evse.fault(code, "measured", vendor_id="ACME", vendor_error_code="E-17")
    assert await registered_wh(world, 60) == 0
    assert not evse.is_contactor_closed
    (told,) = world.csms.of(v16.StatusNotificationRequest)
    assert (told.connector_id, told.status, told.error_code) == (1, "Faulted", code)
    assert (told.info, told.vendor_id, told.vendor_error_code) == ("measured", "ACME", "E-17")
    evse.clear_fault()
    assert await registered_wh(world, 60) > 0
    assert evse.is_contactor_closed
    told = world.csms.of(v16.StatusNotificationRequest)[-1]
    assert (told.status, told.error_code) == ("Charging", "NoError")
    assert world.csms.of(v16.StopTransactionRequest) == []


async def test_a_fault_without_a_car_keeps_the_next_one_from_charging(
    world: World, autojump_clock: MockClock
) -> None:
    evse = world.drivers[0]
    evse.fault("GroundFailure")
    await charging(world)
    await trio.sleep(60)
    assert not evse.is_contactor_closed
    assert world.csms.of(v16.StartTransactionRequest) == []
    assert world.csms.statuses(2) == []  # the other EVSE goes on


async def test_a_faulted_charge_may_end_before_the_fault_does(
    world: World, autojump_clock: MockClock
) -> None:
    evse = await charging(world)
    evse.fault("OverCurrentFailure")
    await trio.sleep(1)
    evse.present_token("DEADBEEF")
    await trio.sleep(1)
    (stop,) = world.csms.of(v16.StopTransactionRequest)
    assert stop.reason in ("Local", None)  # the default reason may be left out
    evse.unplug()
    evse.clear_fault()
    await trio.sleep(1)
    assert world.csms.statuses(1)[-1] == "Available"


async def test_the_lock_holds_the_cable_as_long_as_the_transaction_runs(
    world: World, autojump_clock: MockClock
) -> None:
    evse = await charging(world)
    with pytest.raises(SimulatorError, match="the lock of connector 1 holds the cable"):
        evse.unplug()
    evse.present_token("DEADBEEF")
    await trio.sleep(1)
    evse.unplug()
    await trio.sleep(1)
    assert len(world.csms.of(v16.StopTransactionRequest)) == 1
    assert world.csms.statuses(1)[-1] == "Available"


async def test_a_jammed_lock_fails_the_unlock_of_the_csms_until_it_is_freed(
    world: World, autojump_clock: MockClock
) -> None:
    evse = await charging(world)
    evse.hold_lock()
    answer = await world.csms.call(v16.UnlockConnectorRequest(connector_id=1))
    assert answer.status == "UnlockFailed"
    with pytest.raises(SimulatorError, match="holds the cable"):
        evse.unplug()
    evse.free_lock()
    answer = await world.csms.call(v16.UnlockConnectorRequest(connector_id=1))
    assert answer.status == "Unlocked"
    evse.unplug()


async def test_a_cable_pulled_at_the_car_ends_the_transaction(
    world: World, autojump_clock: MockClock
) -> None:
    evse = await charging(world)
    await trio.sleep(60)
    evse.unplug(at_car=True)
    await trio.sleep(1)
    (stop,) = world.csms.of(v16.StopTransactionRequest)
    assert stop.reason == "EVDisconnected"
    assert not evse.is_contactor_closed


async def test_a_car_that_never_takes_power_is_suspended_by_itself_from_the_first(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge(ev=Ev(takes_power=False))
    await trio.sleep(600)
    evse = world.drivers[0]
    assert evse.is_contactor_closed
    assert world.csms.statuses(1)[-1] == "SuspendedEV"
    assert "Charging" not in world.csms.statuses(1)
    evse.present_token("DEADBEEF")
    await trio.sleep(1)
    (start,) = world.csms.of(v16.StartTransactionRequest)
    (stop,) = world.csms.of(v16.StopTransactionRequest)
    assert stop.meter_stop == start.meter_start


async def test_a_car_that_ends_by_itself_is_suspended_at_that_instant_and_draws_no_more(
    world: World, autojump_clock: MockClock
) -> None:
    ev = Ev(battery_wh=60_000, state_of_charge=79, target_percent=80, efficiency=1.0)
    evse = await charging(world, ev)
    seconds = 600 / (3 * 230 * 16) * 3600  # 1 % of the battery at 11 kW
    await trio.sleep(seconds - 10)
    assert world.csms.statuses(1) == []
    await trio.sleep(12)
    assert world.csms.statuses(1) == ["SuspendedEV"]
    assert await registered_wh(world, 3600) == 0
    assert evse.ev is not None
    assert evse.ev.state_of_charge == 80
    evse.present_token("DEADBEEF")
    await trio.sleep(1)
    (stop,) = world.csms.of(v16.StopTransactionRequest)
    assert stop.meter_stop == 600
