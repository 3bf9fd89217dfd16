"""Transactions begin by the test cases of Part 6: E01 options, E02 cable first, E03 token first."""

from typing import Any

import msgspec
import pytest
import trio
from trio.testing import MockClock

from pilotwire.drivers.ev import Ev
from pilotwire.drivers.hardware import EvseHardware
from pilotwire.drivers.simulator import SimulatedEvse
from pilotwire.machines.meter import MeterSample

from .conftest import Start
from .test_signed_values import signing
from .world import World

REGISTER = "Energy.Active.Import.Register"
LOCAL = {"AuthCacheCtrlr.Enabled": False, "AuthCtrlr.LocalPreAuthorize": False}


def starts_at(*points: str, **more: Any) -> dict[str, Any]:
    return {**LOCAL, "TxCtrlr.TxStartPoint": points, **more}


def told(world: World) -> list[tuple[str, str, str]]:
    return [
        (e.event_type, e.trigger_reason, e.transaction_info.charging_state)
        for e in world.csms.events()
    ]


def with_token(world: World) -> list[tuple[str, str]]:
    return [(e.trigger_reason, e.id_token.id_token) for e in world.csms.events() if e.id_token]


def with_evse(world: World) -> list[tuple[str, int, int]]:
    return [
        (e.trigger_reason, e.evse.id, e.evse.connector_id) for e in world.csms.events() if e.evse
    ]


async def show(world: World, token: str = "DEADBEEF") -> None:
    world.drivers[0].present_token(token)
    await trio.sleep(1)


async def plug(world: World, ev: Ev | None = None) -> None:
    world.drivers[0].plug_in(ev or Ev())
    await trio.sleep(1)


def numbered(world: World) -> None:
    """E01.FR.07, E02.FR.07, E03.FR.06: numbered from 0 on, without a gap."""
    numbers = [event.seq_no for event in world.csms.events()]
    assert numbers == list(range(len(numbers)))


# ---- E01: what starts a transaction


async def test_TC_E_12_CS_a_car_in_the_bay_starts_it(
    start: Start, autojump_clock: MockClock
) -> None:
    hardware = EvseHardware(has_bay_sensor=True)
    drivers = [SimulatedEvse(hardware), SimulatedEvse(hardware)]
    world = await start(drivers=drivers, variables=starts_at("ParkingBayOccupancy"))
    world.drivers[0].park()
    await trio.sleep(1)
    assert told(world) == [("Started", "EVDetected", "Idle")]  # E01.FR.01
    numbered(world)


async def test_TC_E_09_CS_a_cable_starts_it(start: Start, autojump_clock: MockClock) -> None:
    world = await start(variables=starts_at("EVConnected"))
    world.csms.forget()
    await plug(world)
    assert world.csms.statuses() == ["Occupied"]  # E02.FR.05
    assert told(world) == [("Started", "CablePluggedIn", "EVConnected")]  # E02.FR.06
    assert with_evse(world) == [("CablePluggedIn", 1, 1)]
    assert with_token(world) == []


async def test_TC_E_10_CS_a_token_starts_it(start: Start, autojump_clock: MockClock) -> None:
    world = await start(variables=starts_at("Authorized"))
    await show(world)
    (asked,) = world.csms.of("Authorize")
    assert asked.id_token.id_token == "DEADBEEF"
    assert told(world) == [("Started", "Authorized", "Idle")]  # E01.FR.03
    assert with_token(world) == [("Authorized", "DEADBEEF")]
    numbered(world)


async def test_TC_E_13_CS_a_remote_start_starts_it(start: Start, autojump_clock: MockClock) -> None:
    world = await start(variables=starts_at("Authorized"))
    v2 = world.v2
    answer = await world.csms.call(
        v2.RequestStartTransactionRequest(
            id_token=v2.IdTokenType(id_token="REMOTE", type="ISO14443"),
            remote_start_id=17,
            evse_id=1,
        )
    )
    assert answer.status == "Accepted"
    await trio.sleep(1)
    (asked,) = world.csms.of("Authorize")
    assert asked.id_token.id_token == "REMOTE"
    (started,) = world.csms.events()
    assert (started.event_type, started.trigger_reason) == ("Started", "RemoteStart")
    assert started.transaction_info.remote_start_id == 17
    assert started.id_token.id_token == "REMOTE"


async def test_TC_E_11_CS_signed_data_starts_it(start: Start, autojump_clock: MockClock) -> None:
    world = await signing(
        start, **{"TxCtrlr.TxStartPoint": ("DataSigned",), "SampledDataCtrlr.SignReadings": True}
    )
    await show(world)
    world.csms.forget()
    await plug(world)
    await trio.sleep(5)
    assert world.csms.statuses()[0] == "Occupied"
    started = world.csms.events()[0]
    assert (started.event_type, started.trigger_reason) == ("Started", "SignedDataReceived")
    assert with_evse(world) == [("SignedDataReceived", 1, 1)]


async def test_e03_fr_07_where_the_evse_is_known_at_the_start_its_readings_come_with_it(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(
        variables=starts_at(
            "PowerPathClosed", **{"SampledDataCtrlr.TxStartedMeasurands": (REGISTER,)}
        )
    )
    await show(world)
    await plug(world)
    started = world.csms.events()[0]
    assert started.event_type == "Started"
    assert [v.sampled_value[0].context for v in started.meter_value] == ["Transaction.Begin"]


async def test_TC_E_01_CS_the_power_path_starts_it(start: Start, autojump_clock: MockClock) -> None:
    world = await start(variables=starts_at("PowerPathClosed"))
    await show(world)
    assert told(world) == []
    await plug(world)
    kind, trigger, _ = told(world)[0]
    assert (kind, trigger) == ("Started", "CablePluggedIn")
    assert len(with_evse(world)) == 1
    assert [token for _, token in with_token(world)] == ["DEADBEEF"]
    numbered(world)


async def test_TC_E_02_CS_the_flow_of_energy_starts_it(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables=starts_at("EnergyTransfer"))
    await show(world)
    world.csms.forget()
    await plug(world)
    await trio.sleep(5)
    assert world.csms.statuses()[0] == "Occupied"
    assert told(world)[0] == ("Started", "ChargingStateChanged", "Charging")
    assert [token for _, token in with_token(world)] == ["DEADBEEF"]
    assert len(with_evse(world)) == 1


# ---- E02, E03: a person at the station


async def test_TC_E_03_CS_cable_first_then_the_token(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(
        variables=starts_at("EVConnected", **{"SampledDataCtrlr.TxStartedMeasurands": (REGISTER,)})
    )
    world.csms.forget()
    await plug(world)
    await show(world)
    await trio.sleep(61)
    assert world.csms.statuses() == ["Occupied"]
    assert told(world) == [
        ("Started", "CablePluggedIn", "EVConnected"),
        ("Updated", "Authorized", "EVConnected"),  # E02.FR.01
        ("Updated", "ChargingStateChanged", "Charging"),  # E02.FR.13, E01.FR.18
        ("Updated", "MeterValuePeriodic", "Charging"),  # E02.FR.10, E02.FR.16
    ]
    assert with_token(world) == [("Authorized", "DEADBEEF")]
    assert with_evse(world) == [("CablePluggedIn", 1, 1)]
    started, _, _, sampled = world.csms.events()
    contexts = [v.sampled_value[0].context for v in started.meter_value]
    assert contexts == ["Transaction.Begin"]  # E02.FR.09
    assert sampled.meter_value[0].sampled_value[0].context == "Sample.Periodic"
    numbered(world)


async def test_TC_E_04_CS_the_token_first_then_the_cable(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(
        variables=starts_at("Authorized", **{"SampledDataCtrlr.TxStartedMeasurands": (REGISTER,)})
    )
    await show(world)
    await plug(world)
    await trio.sleep(61)
    kinds = [kind for kind, _, _ in told(world)]
    assert kinds[0] == "Started"
    assert set(kinds[1:]) == {"Updated"}
    assert with_token(world) == [("Authorized", "DEADBEEF")]  # E03.FR.01
    assert with_evse(world) == [("CablePluggedIn", 1, 1)]
    charging = next(e for e in world.csms.events() if e.trigger_reason == "ChargingStateChanged")
    assert charging.transaction_info.charging_state == "Charging"
    # E02.FR.21, E03.FR.11: the EVSE was not known at the start.
    begun = charging.meter_value[0].sampled_value[0]
    assert begun.context == "Transaction.Begin"
    assert charging.number_of_phases_used == 3  # E03.FR.13
    periodic = world.csms.events()[-1]
    assert periodic.trigger_reason == "MeterValuePeriodic"  # E03.FR.08
    numbered(world)


class OnePhaseLater(SimulatedEvse):
    """A car that goes from three phases to one."""

    is_on_one_phase = False

    def read_meter(self) -> MeterSample:
        sample = super().read_meter()
        if not self.is_on_one_phase:
            return sample
        return msgspec.structs.replace(sample, current_import=(sample.current_import[0], 0.0, 0.0))


async def test_e03_fr_14_a_change_of_the_phases_in_use_is_told(
    start: Start, autojump_clock: MockClock
) -> None:
    driver = OnePhaseLater()
    world = await start(drivers=[driver, SimulatedEvse()], variables=starts_at("Authorized"))
    await show(world)
    await plug(world)
    await trio.sleep(61)
    driver.is_on_one_phase = True
    await trio.sleep(121)
    phases = [e.number_of_phases_used for e in world.csms.events()]
    assert [number for number in phases if isinstance(number, int)] == [3, 1]


@pytest.mark.parametrize("point", ["Authorized", "PowerPathClosed"])
async def test_TC_E_05_CS_no_cable_in_time(
    start: Start, autojump_clock: MockClock, point: str
) -> None:
    world = await start(variables=starts_at(point, **{"TxCtrlr.EVConnectionTimeOut": 30}))
    await show(world)
    await trio.sleep(31)
    if point == "Authorized":
        started, ended = world.csms.events()
        assert (ended.event_type, ended.trigger_reason) == ("Ended", "EVConnectTimeout")
        assert ended.transaction_info.stopped_reason == "Timeout"
        assert started.transaction_info.transaction_id == ended.transaction_info.transaction_id
    else:
        assert world.csms.events() == []
    world.csms.forget()
    await show(world)  # the EVSE is ready for another
    await plug(world)
    await trio.sleep(5)
    assert told(world)[-1][2] == "Charging"


async def test_e02_fr_08_every_transaction_has_an_id_of_its_own_over_reboots_too(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables=starts_at("EVConnected"))
    ids = []
    for _ in range(3):
        await plug(world)
        await show(world)
        ids.append(world.csms.events("Started")[-1].transaction_info.transaction_id)
        await show(world)
        world.drivers[0].unplug()
        await trio.sleep(2)
        await world.cut_power()
        await trio.sleep(5)
    assert len(set(ids)) == 3


async def test_TC_E_52_CS_where_nobody_may_ask_an_unknown_token_is_refused(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(
        variables=starts_at("Authorized", **{"AuthCtrlr.DisableRemoteAuthorization": True})
    )
    await show(world, "NEVERSEEN")
    await plug(world)
    await trio.sleep(5)
    assert world.csms.of("Authorize") == []
    assert world.csms.events() == []
    assert not world.drivers[0].is_contactor_closed


async def test_TC_E_38_CS_a_car_that_is_not_ready_is_told(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables=starts_at("Authorized"))
    await show(world)
    await plug(world, Ev(takes_power=False))
    await trio.sleep(10)
    last = world.csms.events()[-1]
    assert last.trigger_reason == "ChargingStateChanged"
    assert last.transaction_info.charging_state == "SuspendedEV"  # E01.FR.19
