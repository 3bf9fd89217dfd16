"""What people do at a simulated EVSE, and what its hardware does by itself."""

import msgspec
import pytest
import trio
import trio.testing

from pilotwire.drivers.ev import Ev
from pilotwire.drivers.hardware import FAULT_CODES, EvseHardware
from pilotwire.drivers.simulator import SimulatedEvse, SimulatorError
from pilotwire.machines.effects import (
    CloseContactor,
    LockConnector,
    OpenContactor,
    UnlockConnector,
)
from pilotwire.machines.events import (
    BayOccupied,
    BayVacated,
    CablePlugged,
    CableUnplugged,
    ConnectorLocked,
    ConnectorUnlocked,
    EnergyFlowing,
    FaultCleared,
    FaultRaised,
    LockFailed,
    UnlockFailed,
)

CAR = Ev(battery_wh=60_000, state_of_charge=20, phases=3, ac_max_amperes=16, efficiency=0.9)
DC = EvseHardware(is_dc=True, voltage=400, max_watts=100_000)
FULL_POWER = 16 * 230 * 3  # W


# ---- cable and lock


async def test_the_lock_holds_the_cable_until_it_opens(autojump_clock, charging):
    evse = SimulatedEvse()
    async with charging(evse) as rig:
        assert await rig.obey(LockConnector(1)) == [ConnectorLocked(1)]
        with pytest.raises(SimulatorError, match="lock of connector 1 holds the cable"):
            evse.unplug()
        assert evse.is_taking_power
        assert await rig.obey(OpenContactor(1), UnlockConnector(1)) == [ConnectorUnlocked(1)]
        evse.unplug()
        assert rig.take() == [CableUnplugged(1)]


async def test_a_cable_pulled_in_mid_charge_opens_the_contactor(autojump_clock, charging):
    evse = SimulatedEvse()
    async with charging(evse) as rig:
        await trio.sleep(3600)
        ev = evse.unplug()
        assert rig.take() == [CableUnplugged(1)]
        assert not evse.is_contactor_closed
        assert ev.state_of_charge == pytest.approx(20 + FULL_POWER * 0.9 / 600)
        await trio.sleep(3600)
        assert evse.read_meter().energy_import == pytest.approx(FULL_POWER)


async def test_the_lock_does_not_hold_the_cars_end_of_the_cable(autojump_clock, charging):
    evse = SimulatedEvse()
    async with charging(evse) as rig:
        await rig.obey(LockConnector(1))
        evse.unplug(at_car=True)
        assert rig.take() == [CableUnplugged(1)]
        assert evse.is_locked()


async def test_a_broken_lock_holds_nothing_until_it_is_mended(autojump_clock, running):
    evse = SimulatedEvse()
    async with running(evse) as rig:
        rig.take()
        evse.plug_in(CAR)
        rig.take()
        evse.break_lock()
        assert await rig.obey(LockConnector(1)) == [LockFailed(1)]
        assert not evse.is_locked()
        evse.mend_lock()
        assert await rig.obey(LockConnector(1)) == [ConnectorLocked(1)]
        with pytest.raises(SimulatorError, match="not broken"):
            evse.mend_lock()


async def test_a_held_lock_fails_to_open_until_it_is_freed(autojump_clock, running):
    evse = SimulatedEvse(EvseHardware(connectors=2))
    async with running(evse) as rig:
        rig.take()
        evse.plug_in(CAR, connector=2)
        await rig.obey(LockConnector(1, 2))
        evse.hold_lock(2)
        assert await rig.obey(UnlockConnector(1, 2)) == [UnlockFailed(2)]
        assert evse.is_locked(2)
        assert await rig.obey(UnlockConnector(1, 1)) == [ConnectorUnlocked(1)]
        evse.free_lock(2)
        assert await rig.obey(UnlockConnector(1, 2)) == [ConnectorUnlocked(2)]
        evse.unplug()


async def test_a_bay_sensor_tells_of_the_car_around_the_cable(autojump_clock, running):
    evse = SimulatedEvse(EvseHardware(has_bay_sensor=True))
    async with running(evse) as rig:
        rig.take()
        evse.park()
        evse.plug_in(CAR)
        evse.unplug(leave=False)
        evse.drive_off()
        evse.plug_in(CAR)
        evse.unplug()
        around = [BayOccupied(), CablePlugged(1), CableUnplugged(1), BayVacated()]
        assert rig.take() == around * 2


# ---- faults


@pytest.mark.parametrize("code", FAULT_CODES)
async def test_a_fault_opens_the_contactor_by_itself(code, autojump_clock, charging):
    evse = SimulatedEvse()
    async with charging(evse) as rig:
        await trio.sleep(3600)
        evse.fault(code, "too much", vendor_id="acme", vendor_error_code="17")
        assert rig.take() == [FaultRaised(1, code, "too much", "acme", "17")]
        assert not evse.is_contactor_closed
        assert await rig.obey(CloseContactor(1)) == []
        evse.clear_fault()
        assert rig.take() == [FaultCleared(1)]
        assert await rig.obey(CloseContactor(1)) == [EnergyFlowing()]
        assert evse.read_meter().energy_import == pytest.approx(FULL_POWER)


async def test_two_faults_at_once_are_both_told(autojump_clock, running):
    evse = SimulatedEvse()
    async with running(evse) as rig:
        rig.take()
        evse.fault("GroundFailure")
        evse.fault("HighTemperature")
        assert rig.take() == [FaultRaised(1, "GroundFailure"), FaultRaised(1, "HighTemperature")]


async def test_a_fault_of_the_other_connector_does_not_end_the_charge(autojump_clock, charging):
    evse = SimulatedEvse(EvseHardware(connectors=2))
    async with charging(evse) as rig:
        evse.fault("ReaderFailure", connector=2)
        assert rig.take() == [FaultRaised(2, "ReaderFailure")]
        assert evse.is_taking_power
        evse.fault("GroundFailure")
        evse.clear_fault(2)
        assert rig.take() == [FaultRaised(1, "GroundFailure"), FaultCleared(2)]
        assert evse.is_faulted


# ---- wrong use


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda evse: evse.unplug(), "nothing is plugged in"),
        (lambda evse: evse.suspend_ev(), "nothing is plugged in"),
        (lambda evse: evse.drive_off(), "no car stands in the bay"),
        (lambda evse: evse.plug_in(CAR, 2), "no connector 2"),
        (lambda evse: evse.plug_in(CAR, 0), "no connector 0"),
        (lambda evse: evse.plug_in(Ev(ac_max_amperes=0)), "has no AC inlet"),
        (lambda evse: evse.present_token(""), "needs a value"),
        (lambda evse: evse.resume(), "not paused"),
        (lambda evse: evse.clear_fault(), "no fault to clear"),
        (lambda evse: evse.fault("NoError"), "no fault of 1.6"),
        (lambda evse: evse.fault("EVCommunicationError"), "no fault of 1.6"),
        (lambda evse: evse.fault("GroundFailure", connector=3), "no connector 3"),
        (lambda evse: evse.free_lock(), "not held"),
    ],
)
def test_wrong_use_of_an_empty_evse_is_refused(wrong, message):
    with pytest.raises(SimulatorError, match=message):
        wrong(SimulatedEvse())


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda evse: evse.plug_in(CAR), "connector 1 is in use"),
        (lambda evse: evse.park(), "stands in the bay already"),
        (lambda evse: evse.drive_off(), "still plugged in"),
        (lambda evse: (evse.pause(), evse.pause()), "paused already"),
    ],
)
def test_wrong_use_of_an_evse_with_a_car_is_refused(wrong, message):
    evse = SimulatedEvse()
    evse.plug_in(CAR)
    with pytest.raises(SimulatorError, match=message):
        wrong(evse)


def test_a_car_without_a_dc_inlet_does_not_fit_a_dc_evse():
    with pytest.raises(SimulatorError, match="no DC inlet"):
        SimulatedEvse(DC).plug_in(msgspec.structs.replace(CAR, dc_max_watts=0.0))
