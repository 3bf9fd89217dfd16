"""The simulated EVSE behind the seam, in virtual time."""

import math

import msgspec
import pytest
import trio
import trio.testing

from pilotwire.drivers.driver import Driver
from pilotwire.drivers.ev import Ev
from pilotwire.drivers.hardware import EvseHardware
from pilotwire.drivers.simulator import SimulatedEvse, SimulatorError
from pilotwire.machines.effects import (
    CloseContactor,
    Command,
    LockConnector,
    OpenContactor,
    SetLimit,
)
from pilotwire.machines.events import (
    BayOccupied,
    BayVacated,
    CablePlugged,
    CableUnplugged,
    ConnectorLocked,
    EnergyFlowing,
    Event,
    FaultCleared,
    FaultRaised,
    IdToken,
    StoppedByEv,
    SuspendedByEv,
    SuspendedByEvse,
    TokenPresented,
)

CAR = Ev(battery_wh=60_000, state_of_charge=20, phases=3, ac_max_amperes=16, efficiency=0.9)
DC = EvseHardware(is_dc=True, voltage=400, max_watts=100_000)
FULL_POWER = 16 * 230 * 3  # W


def test_it_has_the_shape_of_the_seam():
    driver: Driver = SimulatedEvse()
    assert driver.read_meter().energy_import == 0


# ---- a run


async def test_a_run_begins_by_saying_how_things_stand(autojump_clock, running):
    evse = SimulatedEvse(EvseHardware(connectors=2, has_bay_sensor=True))
    async with running(evse) as rig:
        assert rig.take() == [
            BayVacated(),
            FaultCleared(1),
            CableUnplugged(1),
            FaultCleared(2),
            CableUnplugged(2),
        ]
        evse.plug_in(CAR, connector=2)
        await rig.obey(LockConnector(1, 2))
    evse.fault("GroundFailure")
    async with running(evse) as rig:
        assert rig.take() == [
            BayOccupied(),
            FaultCleared(1),
            CableUnplugged(1),
            FaultRaised(2, "GroundFailure"),
            ConnectorLocked(2),
            CablePlugged(2),
        ]


async def test_what_was_done_before_the_run_is_reported_when_it_begins(autojump_clock, running):
    evse = SimulatedEvse()
    evse.plug_in(CAR)
    evse.present_token("EARLY")
    evse.present_token("DEADBEEF")
    async with running(evse) as rig:
        token = TokenPresented(IdToken("DEADBEEF"))
        assert rig.take() == [FaultCleared(1), CablePlugged(1), token]
    async with running(evse) as rig:
        assert token not in rig.take()


async def test_cancelling_the_run_opens_the_contactor_and_keeps_the_energy(
    autojump_clock, charging
):
    evse = SimulatedEvse()
    async with charging(evse):
        await trio.sleep(3600)
    assert not evse.is_contactor_closed
    await trio.sleep(3600)
    assert evse.read_meter().energy_import == pytest.approx(FULL_POWER)
    assert evse.read_meter().power_import == 0


async def test_the_run_ends_when_its_commands_do(autojump_clock):
    evse = SimulatedEvse()
    send, receive = trio.open_memory_channel[Command](1)
    evse.plug_in(CAR)
    await send.send(CloseContactor(1))
    await send.aclose()
    reports: list[Event] = []
    await evse.run(receive, reports.append)
    assert reports[-1] == EnergyFlowing()
    assert not evse.is_contactor_closed


async def test_a_second_run_at_the_same_time_is_refused(autojump_clock, running):
    evse = SimulatedEvse()
    _, receive = trio.open_memory_channel[Command](0)
    async with running(evse):
        with pytest.raises(SimulatorError, match="run already"):
            await evse.run(receive, print)
        evse.present_token("A")  # the first still runs


async def test_a_limit_outlives_the_run(autojump_clock, running):
    evse = SimulatedEvse()
    async with running(evse) as rig:
        await rig.obey(SetLimit(1, amperes=0))
    evse.plug_in(CAR)
    async with running(evse) as rig:
        assert (await rig.obey(CloseContactor(1)))[-1] == SuspendedByEvse()


# ---- energy


async def test_closing_the_contactor_lets_the_car_draw_and_opening_it_ends_that(
    autojump_clock, running
):
    evse = SimulatedEvse(energy_import=1_000_000)
    async with running(evse) as rig:
        evse.plug_in(CAR)
        assert rig.take()[-1] == CablePlugged(1)
        assert await rig.obey(CloseContactor(1)) == [EnergyFlowing()]
        await trio.sleep(1800)
        assert await rig.obey(OpenContactor(1)) == []
        await trio.sleep(1800)
        assert evse.read_meter().energy_import == pytest.approx(1_000_000 + FULL_POWER / 2)
        assert evse.ev is not None
        assert evse.ev.state_of_charge == pytest.approx(20 + FULL_POWER / 2 * 0.9 / 600)
        assert await rig.obey(CloseContactor(1)) == [EnergyFlowing()]


async def test_the_contactor_does_not_close_on_an_empty_socket(autojump_clock, running):
    evse = SimulatedEvse()
    async with running(evse) as rig:
        rig.take()
        assert await rig.obey(CloseContactor(1)) == []
        evse.plug_in(CAR)
        assert not evse.is_contactor_closed
        assert rig.take() == [CablePlugged(1)]


async def test_a_full_car_is_reported_at_the_instant_when_it_ends(autojump_clock, charging):
    ev = msgspec.structs.replace(CAR, target_percent=50.0)
    evse = SimulatedEvse()
    async with charging(evse, ev) as rig:
        hours = 0.3 * 60_000 / 0.9 / FULL_POWER
        await trio.sleep(hours * 3600 - 1)
        assert rig.take() == []
        assert evse.is_taking_power
        await trio.sleep(2)
        assert rig.take() == [SuspendedByEv()]
        assert evse.ev is not None
        assert evse.ev.state_of_charge == 50.0
        assert evse.read_meter().power_import == 0
        await trio.sleep(10_000)
        assert rig.take() == []
        assert evse.read_meter().energy_import == pytest.approx(0.3 * 60_000 / 0.9)


async def test_nothing_wakes_while_nothing_changes(autojump_clock, charging):
    class Counter(trio.abc.Instrument):
        steps = 0

        def before_task_step(self, task: trio.lowlevel.Task) -> None:
            if task.name.endswith("PromptDriver.run"):
                self.steps += 1

    evse, counter = SimulatedEvse(), Counter()
    async with charging(evse) as rig:
        trio.lowlevel.add_instrument(counter)
        await trio.sleep(3600)
        assert counter.steps == 0
        await trio.sleep(24 * 3600)
        assert rig.take()[-1] == SuspendedByEv()
        assert 1 <= counter.steps <= 2  # the cancellation of its wait, at most one more
        trio.lowlevel.remove_instrument(counter)


@pytest.mark.parametrize("hardware", [EvseHardware(), DC], ids=["AC", "DC"])
async def test_the_totals_do_not_depend_on_how_often_the_meter_is_read(
    hardware, autojump_clock, charging
):
    often, seldom = SimulatedEvse(hardware), SimulatedEvse(hardware)
    ev = msgspec.structs.replace(CAR, state_of_charge=60.0)
    before = 0.0
    async with charging(often, ev) as rig, charging(seldom, ev):
        for _ in range(1000):
            await trio.sleep(17)
            if rig.evse.is_contactor_closed:
                await rig.obey(SetLimit(1))  # the same again: charges up to here
            assert often.read_meter().energy_import >= before
            before = often.read_meter().energy_import
        assert before == pytest.approx(seldom.read_meter().energy_import, rel=1e-9)
        assert often.ev is not None
        assert seldom.ev is not None
        assert often.ev.state_of_charge == pytest.approx(seldom.ev.state_of_charge, rel=1e-9)
        assert before > 10_000


async def test_a_limit_of_zero_and_a_pause_are_suspensions_by_the_evse(autojump_clock, charging):
    evse = SimulatedEvse()
    async with charging(evse) as rig:
        assert await rig.obey(SetLimit(1, amperes=0)) == [SuspendedByEvse()]
        assert await rig.obey(SetLimit(1, watts=0)) == []
        evse.pause()
        assert await rig.obey(SetLimit(1)) == []
        evse.resume()
        assert rig.take() == [EnergyFlowing()]
        evse.pause()
        assert rig.take() == [SuspendedByEvse()]
        assert evse.is_paused
        assert evse.read_meter().current_offered == 0


async def test_less_than_the_cars_least_current_is_a_suspension_by_the_ev(autojump_clock, charging):
    evse = SimulatedEvse()
    async with charging(evse) as rig:
        assert await rig.obey(SetLimit(1, amperes=5.9)) == [SuspendedByEv()]
        assert await rig.obey(SetLimit(1, amperes=6)) == [EnergyFlowing()]


async def test_suspension_by_the_evse_has_precedence_over_that_by_the_ev(autojump_clock, running):
    evse = SimulatedEvse()
    async with running(evse) as rig:
        evse.plug_in(msgspec.structs.replace(CAR, takes_power=False))
        rig.take()
        assert await rig.obey(CloseContactor(1)) == [SuspendedByEv()]
        assert await rig.obey(SetLimit(1, amperes=0)) == [SuspendedByEvse()]
        assert await rig.obey(SetLimit(1)) == [SuspendedByEv()]
        evse.resume_ev()
        assert rig.take() == [EnergyFlowing()]


async def test_a_car_may_stop_taking_power_and_take_it_again(autojump_clock, charging):
    evse = SimulatedEvse()
    async with charging(evse) as rig:
        await trio.sleep(3600)
        evse.suspend_ev()
        assert rig.take() == [SuspendedByEv()]
        await trio.sleep(3600)
        evse.resume_ev()
        assert rig.take() == [EnergyFlowing()]
        assert evse.read_meter().energy_import == pytest.approx(FULL_POWER)


async def test_a_car_may_end_its_charge_for_good(autojump_clock, charging):
    evse = SimulatedEvse()
    async with charging(evse) as rig:
        evse.stop_by_ev()
        assert rig.take() == [StoppedByEv(), SuspendedByEv()]
        await rig.obey(OpenContactor(1))
        evse.unplug()
        with pytest.raises(SimulatorError, match="nothing is plugged in"):
            evse.stop_by_ev()


async def test_a_limit_shows_in_the_power_and_in_the_offer(autojump_clock, charging):
    evse = SimulatedEvse()
    async with charging(evse) as rig:
        await rig.obey(SetLimit(1, amperes=10))
        sample = evse.read_meter()
        assert sample.power_import == pytest.approx(6900)
        assert sample.current_import == pytest.approx((10, 10, 10))
        assert (sample.current_offered, sample.power_offered) == (10, pytest.approx(6900))


# ---- the meter


def test_an_idle_meter_reads_without_a_clock():
    sample = SimulatedEvse(energy_import=42.0).read_meter()
    assert sample.energy_import == 42
    assert sample.power_import == 0
    assert sample.current_import == (0, 0, 0)
    assert sample.voltage == (230, 230, 230)
    assert sample.frequency == 50
    assert (sample.current_offered, sample.power_offered) == (0, 0)
    assert sample.state_of_charge is None


async def test_a_car_with_one_phase_loads_l1_only(autojump_clock, charging):
    evse = SimulatedEvse()
    async with charging(evse, msgspec.structs.replace(CAR, phases=1)):
        assert evse.read_meter().current_import == (pytest.approx(16), 0, 0)


async def test_a_dc_meter_has_one_voltage_no_frequency_and_the_state_of_charge(
    autojump_clock, charging
):
    evse = SimulatedEvse(DC)
    async with charging(evse):
        await trio.sleep(360)
        sample = evse.read_meter()
        assert sample.power_import == pytest.approx(100_000)
        assert sample.current_import == (pytest.approx(250),)
        assert sample.voltage == (400,)
        assert sample.frequency is None
        assert sample.state_of_charge == pytest.approx(20 + 10_000 * 0.9 / 600)


@pytest.mark.parametrize(("tells", "percent"), [(False, None), (True, 20)])
async def test_ac_tells_the_state_of_charge_by_option(tells, percent):
    evse = SimulatedEvse(EvseHardware(tells_state_of_charge=tells))
    evse.plug_in(CAR)
    assert evse.read_meter().state_of_charge == percent


async def test_noise_repeats_itself_by_its_seed_and_leaves_the_register_alone(
    autojump_clock, charging
):
    quiet, one, same = SimulatedEvse(), SimulatedEvse(noise_seed=7), SimulatedEvse(noise_seed=7)
    async with charging(quiet), charging(one), charging(same):
        await trio.sleep(3600)
        readings = [evse.read_meter() for evse in (quiet, one, same)]
    assert readings[1] == readings[2] != readings[0]
    assert readings[1].energy_import == readings[0].energy_import
    assert readings[1].voltage != readings[0].voltage
    assert readings[1].voltage == pytest.approx((230, 230, 230), rel=0.002)
    by_phase = zip(readings[1].voltage, readings[1].current_import, strict=True)
    assert readings[1].power_import == pytest.approx(math.fsum(u * i for u, i in by_phase))


# ---- waiting


async def test_a_wait_ends_when_what_is_waited_for_is_seen(autojump_clock, running):
    evse = SimulatedEvse()
    seen: list[float] = []

    async def wait() -> None:
        await evse.wait_until(lambda: evse.is_contactor_closed)
        seen.append(trio.current_time())

    async with running(evse) as rig, trio.open_nursery() as nursery:
        begin = trio.current_time()
        nursery.start_soon(wait)
        await trio.sleep(5)
        evse.plug_in(CAR)
        await trio.sleep(5)
        await rig.obey(CloseContactor(1))
        await trio.sleep(5)
    assert seen == [begin + 10]
