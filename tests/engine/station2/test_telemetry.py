"""Variables that tell how things stand at this moment."""

import pytest
import trio
from trio.testing import MockClock

from pilotwire.drivers.ev import Ev
from pilotwire.drivers.hardware import EvseHardware
from pilotwire.drivers.simulator import SimulatedEvse
from pilotwire.profiles.standard.places import EvseBuild, places

from .conftest import Start
from .device_model import base_report, get, name_of, put
from .world import World

AC = EvseBuild(phases=3, max_watts=22_080.0, connector_types=("sType2",))
DC = EvseBuild(phases=0, max_watts=50_000.0, connector_types=("cCCS2",))


async def test_power_current_and_energy_are_told_as_the_meter_has_them(
    start: Start, autojump_clock: MockClock
) -> None:
    hardware = [EvseHardware(), EvseHardware(is_dc=True, voltage=400.0, max_watts=50_000.0)]
    drivers = [SimulatedEvse(each) for each in hardware]
    world = await start(drivers=drivers, own_variables=places((AC, DC)))
    assert await get(world, "EVSE(1).Power", "EVSE(1).ACCurrent[L2]") == [
        ("Accepted", "0"),
        ("Accepted", "0"),
    ]
    await world.charge()
    await world.charge(2, token="CAFE")
    await trio.sleep(60)
    for name, read in (
        ("EVSE(1).Power", lambda m: m.power_import),
        ("EVSE(1).ACCurrent[L2]", lambda m: m.current_import[1]),
        ("EVSE(1).ACVoltage[L3]", lambda m: m.voltage[2]),
        ("FiscalMetering(1).EnergyImportRegister", lambda m: m.energy_import),
    ):
        ((status, value),) = await get(world, name)
        assert status == "Accepted"
        assert float(value) == pytest.approx(read(world.drivers[0].read_meter())), name
        assert float(value) > 0, name
    ((_, current), (_, charge)) = await get(
        world, "EVSE(2).DCCurrent", "ConnectedEV(2).StateOfCharge"
    )
    assert float(current) > 50
    assert 0 < float(charge) < 100


async def test_a_phase_that_the_car_leaves_alone_carries_nothing(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(own_variables=places((AC, AC)))
    await world.charge(ev=Ev(phases=1))
    await trio.sleep(60)
    told = await get(world, "EVSE(1).ACCurrent[L1]", "EVSE(1).ACCurrent[L2]")
    assert float(told[0][1]) > 5
    assert told[1] in (("Accepted", "0"), ("Accepted", ""))


async def test_the_charge_is_told_while_it_lasts(world: World, autojump_clock: MockClock) -> None:
    names = ("EVSE(1).ChargingState", "EVSE(1).ActiveTransactionId", "ConnectedEV(1).Available")
    idle = [("Accepted", "Idle"), ("Accepted", ""), ("Accepted", "false")]
    assert await get(world, *names) == idle
    await world.charge()
    await trio.sleep(5)
    (started,) = world.csms.events("Started")
    assert await get(world, *names) == [
        ("Accepted", "Charging"),
        ("Accepted", started.transaction_info.transaction_id),
        ("Accepted", "true"),
    ]
    world.drivers[0].unplug(at_car=True)
    await trio.sleep(5)
    assert await get(world, *names) == idle


async def test_what_the_hardware_cannot_tell_has_no_value(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(drivers=[SimulatedEvse(), SimulatedEvse()])
    assert await get(world, "TemperatureSensor(1).Temperature") == [("Accepted", "")]


async def test_the_time_is_told_as_it_is_now(world: World, autojump_clock: MockClock) -> None:
    before = await get(world, "ClockCtrlr.DateTime")
    await trio.sleep(3600)
    after = await get(world, "ClockCtrlr.DateTime")
    assert (before, after) == (
        [("Accepted", "2027-01-15T08:00:01Z")],
        [("Accepted", "2027-01-15T09:00:01Z")],
    )


async def test_a_report_tells_how_much_an_evse_can_deliver(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(own_variables=places((AC, DC)))
    items = {name_of(item): item for item in await base_report(world, "FullInventory")}
    power = items["EVSE(1).Power"].variable_characteristics
    assert (power.unit, power.max_limit) == ("W", 22_080)
    assert items["EVSE(2).Power"].variable_characteristics.max_limit == 50_000

    def value(name: str) -> str:
        told: str = items[name].variable_attribute[0].value
        return told

    assert value("EVSE(1).SupplyPhases") == "3"
    assert value("EVSE(2).SupplyPhases") == "0"
    assert value("ChargingStation.SupplyPhases") == "3"
    assert value("Connector(1,1).ConnectorType") == "sType2"
    assert value("Connector(2,1).ConnectorType") == "cCCS2"


# ---- the source of time


async def test_the_central_system_sets_the_clock_unless_the_hosts_comes_first(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start()
    source = "ClockCtrlr.TimeSource"
    assert await get(world, source) == [("Accepted", "Heartbeat,RealTimeClock")]
    host = world.clock.time
    world.csms.clock.set(world.csms.clock.time() + 500)
    await trio.sleep(301)
    assert host() == pytest.approx(world.clock.host_time() + 500)
    assert await put(world, source, "RealTimeClock,Heartbeat") == ("Accepted", "")
    assert host() == pytest.approx(world.clock.host_time())
    await trio.sleep(301)
    assert host() == pytest.approx(world.clock.host_time())
    assert await put(world, source, "GPS") == ("Rejected", "InvalidValue")
    assert await put(world, source, "") == ("Rejected", "InvalidValue")
