"""Transactions end by the test cases of Part 6: E06 options, E07 locally, E09 and E10 at the cable,
E15 by the car.
"""

from typing import Any

import pytest
import trio
from trio.testing import MockClock

from pilotwire.drivers.ev import Ev
from pilotwire.drivers.hardware import EvseHardware
from pilotwire.drivers.simulator import SimulatedEvse

from .conftest import Start
from .world import World

REGISTER = "Energy.Active.Import.Register"
ENDED = {"SampledDataCtrlr.TxEndedMeasurands": (REGISTER,)}


def stops_at(*points: str, **more: Any) -> dict[str, Any]:
    return {"TxCtrlr.TxStopPoint": points, **ENDED, **more}


async def charging(start: Start, *points: str, **more: Any) -> World:
    """Have a car charge where these points end its transaction."""
    world = await start(variables=stops_at(*points, **more))
    await world.charge()
    await trio.sleep(10)
    assert world.csms.events()[-1].transaction_info.charging_state == "Charging"
    return world


async def show(world: World, token: str = "DEADBEEF") -> None:
    world.drivers[0].present_token(token)
    await trio.sleep(2)


async def part(world: World, *, at_car: bool = False) -> None:
    world.drivers[0].unplug(at_car=at_car, leave=False)
    await trio.sleep(2)


def end(world: World) -> Any:
    (ended,) = world.csms.events("Ended")
    return ended


def how(event: Any) -> tuple[str, str, str]:
    """Give why an event came, how the EVSE stands with it, and why the transaction ends."""
    about = event.transaction_info
    return event.trigger_reason, about.charging_state, about.stopped_reason or ""


async def stop_remotely(world: World) -> str:
    about = world.csms.events()[0].transaction_info
    request = world.v2.RequestStopTransactionRequest(transaction_id=about.transaction_id)
    status: str = (await world.csms.call(request)).status
    await trio.sleep(2)
    return status


def is_numbered(world: World) -> bool:
    """E06.FR.14, E07.FR.11, E09.FR.04, E10.FR.03: numbers without a gap to the end."""
    numbers = [event.seq_no for event in world.csms.events()]
    return numbers == list(range(len(numbers)))


# ---- E06: what ends a transaction


async def test_TC_E_14_CS_the_cable_out_at_the_station_ends_it(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await charging(start, "EVConnected")
    await show(world)
    assert world.csms.events("Ended") == []
    world.csms.received = [r for r in world.csms.received if r.action == "TransactionEvent"]
    await part(world)
    assert world.csms.statuses()[-1] == "Available"
    # E06.FR.02; who has stopped it before is its reason.
    assert how(end(world)) == ("EVCommunicationLost", "Idle", "Local")
    assert is_numbered(world)


@pytest.mark.parametrize("case", ["IEC 61851", "ISO 15118"])
async def test_TC_E_20_CS_the_cable_out_at_the_car_ends_it(
    start: Start, autojump_clock: MockClock, case: str
) -> None:
    world = await charging(start, "EVConnected", **{"TxCtrlr.StopTxOnEVSideDisconnect": False})
    if case == "IEC 61851":
        world.drivers[0].suspend_ev()
    await trio.sleep(5)
    await part(world, at_car=True)
    assert how(end(world)) == ("EVCommunicationLost", "Idle", "EVDisconnected")


async def test_TC_E_54_CS_the_cable_out_at_a_car_of_high_level_communication_ends_it(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await charging(start, "EVConnected", **{"TxCtrlr.StopTxOnEVSideDisconnect": False})
    world.drivers[0].suspend_ev()
    await trio.sleep(5)
    await part(world, at_car=True)
    trigger, state, reason = how(end(world))
    assert (trigger, state) == ("EVCommunicationLost", "Idle")
    assert reason in ("EVDisconnected", "StoppedByEV")


async def test_TC_E_15_CS_the_token_ends_it(start: Start, autojump_clock: MockClock) -> None:
    world = await charging(start, "Authorized")
    await show(world)
    trigger, _, reason = how(end(world))
    assert (trigger, reason) == ("StopAuthorized", "Local")  # E06.FR.03, E07.FR.04, E06.FR.09
    assert end(world).id_token.id_token == "DEADBEEF"


@pytest.mark.parametrize("point", ["Authorized", "PowerPathClosed"])
async def test_TC_E_21_CS_a_remote_stop_ends_it(
    start: Start, autojump_clock: MockClock, point: str
) -> None:
    world = await charging(start, point)
    assert await stop_remotely(world) == "Accepted"
    trigger, _, reason = how(end(world))
    assert (trigger, reason) == ("RemoteStop", "Remote")


@pytest.mark.parametrize("point", ["Authorized", "PowerPathClosed"])
async def test_TC_E_16_CS_a_token_that_turns_out_invalid_ends_it(
    start: Start, autojump_clock: MockClock, point: str
) -> None:
    world = await start(
        variables=stops_at(point, **{"AuthCtrlr.OfflineTxForUnknownIdEnabled": True})
    )
    world.csms.on(
        "TransactionEvent",
        lambda request: (
            request.response(id_token_info=world.csms.info(request, "Invalid"))
            if request.id_token
            else request.response()
        ),
    )
    await world.csms.drop()
    await trio.sleep(1)
    await world.charge()
    await trio.sleep(5)
    assert world.drivers[0].is_contactor_closed
    world.csms.come_back()
    await trio.sleep(120)
    trigger, _, reason = how(end(world))
    assert (trigger, reason) == ("Deauthorized", "DeAuthorized")  # E06.FR.04
    assert not world.drivers[0].is_contactor_closed


async def test_TC_E_17_CS_the_cable_out_at_the_car_ends_the_authorization(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await charging(
        start,
        "Authorized",
        **{
            "TxCtrlr.StopTxOnEVSideDisconnect": True,
            "OCPPCommCtrlr.UnlockOnEVSideDisconnect": False,
        },
    )
    await part(world, at_car=True)
    trigger, state, reason = how(end(world))
    assert (trigger, state, reason) == ("EVCommunicationLost", "Idle", "EVDisconnected")
    assert world.drivers[0].is_locked()
    await show(world)  # who started it fetches the cable
    assert not world.drivers[0].is_locked()
    assert world.csms.statuses()[-1] == "Available"


async def test_TC_E_39_CS_no_cable_in_time_ends_it(start: Start, autojump_clock: MockClock) -> None:
    world = await start(
        variables=stops_at(
            "Authorized",
            **{"TxCtrlr.TxStartPoint": ("Authorized",), "TxCtrlr.EVConnectionTimeOut": 20},
        )
    )
    await show(world)
    await trio.sleep(21)
    assert how(end(world)) == ("EVConnectTimeout", "Idle", "Timeout")
    world.drivers[0].plug_in(Ev())
    await trio.sleep(5)
    assert not world.drivers[0].is_contactor_closed  # nobody is authorized any more


async def test_TC_E_07_CS_the_power_path_opens_with_the_token(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await charging(start, "PowerPathClosed")
    await show(world)
    trigger, state, reason = how(end(world))  # E06.FR.06
    assert (trigger, state, reason) == ("StopAuthorized", "EVConnected", "Local")
    assert is_numbered(world)


async def test_TC_E_35_CS_the_power_path_opens_with_a_remote_stop(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await charging(start, "PowerPathClosed")
    assert await stop_remotely(world) == "Accepted"
    trigger, _, reason = how(end(world))
    assert (trigger, reason) == ("RemoteStop", "Remote")


async def test_TC_E_37_CS_the_power_path_opens_with_the_cable_out_at_the_car(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await charging(start, "PowerPathClosed", **{"TxCtrlr.StopTxOnEVSideDisconnect": False})
    world.drivers[0].suspend_ev()
    await trio.sleep(5)
    await part(world, at_car=True)
    assert how(end(world)) == ("EVCommunicationLost", "Idle", "EVDisconnected")


async def test_TC_E_08_CS_the_end_of_the_energy_by_the_token_ends_it(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await charging(start, "EnergyTransfer")
    await show(world)
    trigger, state, reason = how(end(world))  # E06.FR.07
    assert (trigger, state, reason) == ("StopAuthorized", "EVConnected", "Local")


async def test_TC_E_22_CS_a_car_that_takes_no_more_ends_it(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await charging(start, "EnergyTransfer")
    world.drivers[0].suspend_ev()
    await trio.sleep(5)
    trigger, state, reason = how(world.csms.events()[-1])
    assert trigger == "ChargingStateChanged"
    ended = world.csms.events("Ended")
    if ended:
        assert (state, reason) == ("EVConnected", "StoppedByEV")
    else:  # suspended for a while
        assert (state, reason) == ("SuspendedEV", "")


async def test_TC_E_19_CS_the_car_out_of_the_bay_ends_it(
    start: Start, autojump_clock: MockClock
) -> None:
    hardware = EvseHardware(has_bay_sensor=True)
    world = await start(
        drivers=[SimulatedEvse(hardware), SimulatedEvse(hardware)],
        variables=stops_at("ParkingBayOccupancy"),
    )
    world.drivers[0].park()
    await world.charge()
    await trio.sleep(5)
    await show(world)
    await part(world)
    assert world.csms.events("Ended") == []
    world.drivers[0].drive_off()
    await trio.sleep(2)
    trigger, _, reason = how(end(world))
    assert (trigger, reason) == ("EVDeparted", "Local")  # E06.FR.01


# ---- E07: locally


@pytest.mark.parametrize("points", [("Authorized", "EVConnected"), ("EVConnected",)])
async def test_TC_E_06_CS_a_local_stop_with_the_same_token(
    start: Start, autojump_clock: MockClock, points: tuple[str, ...]
) -> None:
    world = await charging(start, *points)
    asked = len(world.csms.of("Authorize"))
    await show(world)
    assert len(world.csms.of("Authorize")) == asked  # C01.FR.03, E07.FR.01
    stopped = next(e for e in world.csms.events() if e.trigger_reason == "StopAuthorized")
    assert stopped.id_token.id_token == "DEADBEEF"
    after = world.csms.events()[-1]
    assert after.transaction_info.charging_state == "EVConnected"
    if after is not stopped:
        assert (after.event_type, after.trigger_reason) == ("Updated", "ChargingStateChanged")
    assert not world.drivers[0].is_contactor_closed
    assert not world.drivers[0].is_locked()  # E06.FR.10, E07.FR.07
    await part(world)
    assert world.csms.statuses()[-1] == "Available"
    ended = end(world)
    assert ended.meter_value[-1].sampled_value[0].context == "Transaction.End"  # E07.FR.08
    assert is_numbered(world)


# ---- E09, E10: the cable out at the car


async def ended_at_the_car(start: Start, unlocks: bool) -> World:
    world = await charging(
        start,
        "Authorized",
        **{
            "TxCtrlr.StopTxOnEVSideDisconnect": True,
            "OCPPCommCtrlr.UnlockOnEVSideDisconnect": unlocks,
        },
    )
    world.drivers[0].suspend_ev()
    await trio.sleep(5)
    await part(world, at_car=True)
    lost = next(e for e in world.csms.events() if e.trigger_reason == "EVCommunicationLost")
    assert lost.transaction_info.charging_state == "Idle"
    assert end(world).meter_value[-1].sampled_value[0].context == "Transaction.End"  # E09.FR.05
    assert is_numbered(world)
    return world


async def test_TC_E_24_CS_the_cable_comes_free_at_the_station(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await ended_at_the_car(start, unlocks=True)
    assert not world.drivers[0].is_locked()  # E09.FR.02
    assert world.csms.statuses()[-1] == "Available"


async def test_TC_E_25_CS_the_cable_waits_for_its_owner(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await ended_at_the_car(start, unlocks=False)
    assert world.drivers[0].is_locked()
    await show(world, "SOMEBODY")
    assert world.drivers[0].is_locked()
    await show(world)  # E09.FR.03
    assert not world.drivers[0].is_locked()
    assert world.csms.statuses()[-1] == "Available"


SUSPENDED = {
    "TxCtrlr.StopTxOnEVSideDisconnect": False,
    "OCPPCommCtrlr.UnlockOnEVSideDisconnect": False,
    "TxCtrlr.EVConnectionTimeOut": 60,
}


async def test_TC_E_26_CS_a_charge_waits_for_its_car(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await charging(start, "Authorized", **SUSPENDED)
    await part(world, at_car=True)
    lost = world.csms.events()[-1]
    assert (lost.event_type, *how(lost)) == ("Updated", "EVCommunicationLost", "Idle", "")
    assert world.drivers[0].is_locked()  # E10.FR.01
    world.drivers[0].plug_in(Ev())
    await trio.sleep(5)
    assert world.csms.events("Ended") == []
    back = world.csms.events()[-1]
    assert back.transaction_info.charging_state == "Charging"
    await show(world)
    ended = end(world)
    assert ended.meter_value[-1].sampled_value[0].context == "Transaction.End"  # E10.FR.04
    assert is_numbered(world)


async def test_TC_E_27_CS_a_fixed_cable_waits_no_longer_than_the_timeout(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables=stops_at("Authorized", **SUSPENDED), fixed_cables=(1, 2))
    await world.charge()
    await trio.sleep(10)
    await part(world, at_car=True)
    assert world.csms.events()[-1].trigger_reason == "EVCommunicationLost"
    assert world.csms.events("Ended") == []
    await trio.sleep(61)
    trigger, state, reason = how(end(world))  # E10.FR.02
    assert (trigger, state, reason) == ("EVConnectTimeout", "Idle", "Timeout")


# ---- E15: by the car


@pytest.mark.parametrize("point", ["Authorized", "PowerPathClosed", "EnergyTransfer"])
async def test_TC_E_46_CS_the_car_ends_it(
    start: Start, autojump_clock: MockClock, point: str
) -> None:
    world = await charging(start, point)
    world.drivers[0].stop_by_ev()
    await trio.sleep(5)
    ended = end(world)
    assert how(ended) == ("StopAuthorized", "EVConnected", "StoppedByEV")  # E15.FR.04
    assert ended.meter_value[-1].sampled_value[0].context == "Transaction.End"  # E15.FR.01


async def test_e15_fr_05_or_only_the_authorization(start: Start, autojump_clock: MockClock) -> None:
    world = await charging(start, "EVConnected")
    world.csms.forget()
    world.drivers[0].stop_by_ev()
    await trio.sleep(5)
    stopped = [e for e in world.csms.events() if e.trigger_reason == "StopAuthorized"]
    assert [event.event_type for event in stopped] == ["Updated"]
    assert world.csms.events()[-1].transaction_info.charging_state == "EVConnected"
