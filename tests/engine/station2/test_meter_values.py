"""Functional block J as dialogues."""

import itertools
from typing import Any

import msgspec
import pytest
import trio
from trio.testing import MockClock

from pilotwire.drivers.simulator import SimulatedEvse
from pilotwire.engine.journal.journal import Journal
from pilotwire.engine.station.registering import REGISTRATION
from pilotwire.machines.meter import MeterSample
from pilotwire.profiles.measurands import MEASURANDS
from pilotwire.profiles.network import Reach

from .conftest import Start
from .world import START, Number, World

REGISTER = ("Energy.Active.Import.Register",)
ALIGNED = {"AlignedDataCtrlr.Interval": 900}


def times(requests: list[Any]) -> list[float]:
    return [r.meter_value[0].timestamp.timestamp() - START for r in requests]


async def test_j01_fr_14_without_a_transaction_aligned_readings_are_meter_values(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables=ALIGNED)
    await trio.sleep(1800)
    told = world.csms.of("MeterValues")
    assert [(r.evse_id, t) for r, t in zip(told, times(told), strict=True)] == [
        (1, 900),
        (2, 900),
        (1, 1800),
        (2, 1800),
    ]
    assert told[0].meter_value[0].sampled_value[0].context == "Sample.Clock"


async def test_j01_fr_22_within_a_transaction_they_are_transaction_events(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables={**ALIGNED, "SampledDataCtrlr.TxUpdatedInterval": 0})
    await world.charge()
    await trio.sleep(900)
    aligned = [e for e in world.csms.events() if e.trigger_reason == "MeterValueClock"]
    assert times(aligned) == [900]
    assert [r.evse_id for r in world.csms.of("MeterValues")] == [2]


async def test_j01_fr_20_send_during_idle_stops_them_while_a_transaction_runs(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables={**ALIGNED, "AlignedDataCtrlr.SendDuringIdle": True})
    await world.charge()
    await trio.sleep(900)
    assert not world.csms.of("MeterValues")
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(900)
    assert [r.evse_id for r in world.csms.of("MeterValues")] == [1, 2]


async def test_j02_fr_11_samples_come_at_the_interval_and_never_run_back(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge()
    await trio.sleep(601)
    sampled = [e for e in world.csms.events() if e.trigger_reason == "MeterValuePeriodic"]
    assert len(sampled) == 10
    registers = [
        value.value
        for event in sampled
        for value in event.meter_value[0].sampled_value
        if value.measurand == "Energy.Active.Import.Register"
    ]
    assert registers == sorted(registers)
    assert registers[-1] > registers[0]
    soc = [v for v in sampled[0].meter_value[0].sampled_value if v.measurand == "SoC"]
    assert {v.location for v in soc} <= {"EV"}


async def test_the_interval_that_the_csms_sets_counts_at_once(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge()
    assert await world.set_variables(SampledDataCtrlr__TxUpdatedInterval=10) == ["Accepted"]
    await trio.sleep(35)
    sampled = [e for e in world.csms.events() if e.trigger_reason == "MeterValuePeriodic"]
    assert len(sampled) == 3


async def test_clock_aligned_readings_for_the_end_have_an_interval_of_their_own(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(
        variables={
            "SampledDataCtrlr.TxEndedMeasurands": (),
            "AlignedDataCtrlr.TxEndedMeasurands": ("Energy.Active.Import.Register",),
            "AlignedDataCtrlr.TxEndedInterval": 300,
        }
    )
    await world.charge()
    await trio.sleep(1000)
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    (ended,) = world.csms.events("Ended")
    assert [v.timestamp.timestamp() - START for v in ended.meter_value] == [300, 600, 900]
    assert not world.csms.of("MeterValues")


async def test_j01_fr_19_or_only_of_the_evse_where_it_runs(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables=ALIGNED)
    v2 = world.v2
    item = v2.SetVariableDataType(
        component=v2.ComponentType(name="AlignedDataCtrlr", evse=v2.EVSEType(id=1)),
        variable=v2.VariableType(name="SendDuringIdle"),
        attribute_value="true",
    )
    answer = await world.csms.call(v2.SetVariablesRequest(set_variable_data=(item,)))
    assert [r.attribute_status for r in answer.set_variable_result] == ["Accepted"]
    await world.charge()
    await trio.sleep(900)
    assert [r.evse_id for r in world.csms.of("MeterValues")] == [2]
    assert not [e for e in world.csms.events() if e.trigger_reason == "MeterValueClock"]
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(900)
    assert [r.evse_id for r in world.csms.of("MeterValues")] == [2, 1, 2]


@pytest.mark.parametrize("kind", ["Sampled", "Aligned"])
async def test_either_kind_of_data_may_be_turned_off(
    start: Start, autojump_clock: MockClock, kind: str
) -> None:
    world = await start(
        variables={
            **ALIGNED,
            "AlignedDataCtrlr.TxEndedInterval": 300,
            "AlignedDataCtrlr.TxEndedMeasurands": REGISTER,
            "SampledDataCtrlr.TxEndedMeasurands": REGISTER,
            f"{kind}DataCtrlr.Enabled": False,
        }
    )
    await world.charge()
    await trio.sleep(1000)
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    contexts = {
        sampled.context
        for event in world.csms.events()
        for value in event.meter_value or ()
        for sampled in value.sampled_value
    }
    sampled = {"Transaction.Begin", "Sample.Periodic", "Transaction.End"}
    assert contexts == ({"Sample.Clock"} if kind == "Sampled" else sampled)
    assert bool(world.csms.of("MeterValues")) is (kind == "Sampled")


class MeterOfPhases(SimulatedEvse):
    """Knows the register of each phase, and what is not simulated."""

    def read_meter(self) -> MeterSample:
        sample = super().read_meter()
        third = sample.energy_import / 3
        return msgspec.structs.replace(
            sample,
            energy_import_phases=(third, third, third),
            energy_export=0.0,
            energy_reactive_import=sample.energy_import / 50,
            energy_reactive_export=0.0,
            energy_apparent_import=sample.energy_import * 1.1,
            energy_apparent_export=0.0,
            power_export=0.0,
            power_reactive_import=12.0,
            power_reactive_export=0.0,
            power_factor=0.98,
            current_export=(0.0, 0.0, 0.0),
            state_of_charge=50.0,
        )


@pytest.mark.parametrize(("without", "phases"), [(False, [None, "L1", "L2", "L3"]), (True, [None])])
async def test_the_register_is_told_with_or_without_its_phases(
    start: Start, autojump_clock: MockClock, without: bool, phases: list[str | None]
) -> None:
    """2.x part 2 J 2.3."""
    world = await start(
        drivers=[MeterOfPhases(), MeterOfPhases()],
        variables={
            "SampledDataCtrlr.TxUpdatedMeasurands": REGISTER,
            "SampledDataCtrlr.RegisterValuesWithoutPhases": without,
        },
    )
    await world.charge()
    await trio.sleep(61)
    (sampled,) = [e for e in world.csms.events() if e.trigger_reason == "MeterValuePeriodic"]
    assert [v.phase or None for v in sampled.meter_value[0].sampled_value] == phases  # J02.FR.06


OF_2X = [measurand for measurand in MEASURANDS if measurand != "Temperature"]


@pytest.mark.parametrize("measurands", [OF_2X[:13], OF_2X[13:]], ids=["first", "second"])
async def test_j02_fr_03_every_measurand_that_the_meter_delivers_is_told(
    start: Start, autojump_clock: MockClock, measurands: list[str]
) -> None:
    world = await start(drivers=[MeterOfPhases(), MeterOfPhases()])
    names = ",".join(measurands)
    assert await world.set_variables(SampledDataCtrlr__TxUpdatedMeasurands=names) == ["Accepted"]
    await world.charge()
    await trio.sleep(61)
    (sampled,) = [e for e in world.csms.events() if e.trigger_reason == "MeterValuePeriodic"]
    (value,) = sampled.meter_value  # J02.FR.02, J02.FR.18: one timestamp for all of it
    told = {v.measurand for v in value.sampled_value}
    assert told == set(measurands)
    assert {v.context for v in value.sampled_value} == {"Sample.Periodic"}  # J02.FR.04
    locations = {v.measurand: v.location for v in value.sampled_value}  # J02.FR.05
    assert all(place == ("EV" if name == "SoC" else "Outlet") for name, place in locations.items())


async def test_an_interval_is_the_energy_since_the_sample_before(
    start: Start, autojump_clock: MockClock
) -> None:
    interval = "Energy.Active.Import.Interval"
    world = await start(
        variables={
            "SampledDataCtrlr.TxUpdatedMeasurands": (*REGISTER, interval),
            "SampledDataCtrlr.TxEndedMeasurands": (interval,),
            "SampledDataCtrlr.TxEndedInterval": 100,
        }
    )
    await world.charge()
    await trio.sleep(250)
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    registers, intervals = [0.0], []
    for event in world.csms.events("Updated"):
        for sampled in event.meter_value[0].sampled_value if event.meter_value else ():
            (registers if sampled.measurand in REGISTER else intervals).append(sampled.value)
    assert intervals == pytest.approx([b - a for a, b in itertools.pairwise(registers)], abs=0.01)
    (ended,) = world.csms.events("Ended")
    told = [value.sampled_value[0].value for value in ended.meter_value]
    assert len(told) == 3  # two of 100 s, and what was left
    assert sum(told) == pytest.approx(11_040 * 250 / 3600, abs=10)


async def test_j02_fr_20_readings_of_the_end_are_thinned_out_between_its_first_and_last(
    start: Start, autojump_clock: MockClock
) -> None:
    interval = "Energy.Active.Import.Interval"
    world = await start(
        variables={
            "SampledDataCtrlr.TxEndedMeasurands": (*REGISTER, interval),
            "SampledDataCtrlr.TxEndedInterval": 10,
            "SampledDataCtrlr.TxUpdatedInterval": 0,
            "OCPP16LegacyCtrlr.StopTransactionMaxMeterValues": 20,
        }
    )
    await world.charge()
    await trio.sleep(1800)
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    (ended,) = world.csms.events("Ended")
    times = [value.timestamp.timestamp() for value in ended.meter_value]
    assert 10 <= len(times) <= 20
    assert times[-1] - times[0] == pytest.approx(1801, abs=2)
    steps = [round(b - a) for a, b in itertools.pairwise(times[1:-1])]
    # Evenly: E06.FR.13, E07.FR.10, E08.FR.11, E09.FR.07, E10.FR.06, E12.FR.09, E15.FR.03,
    # F03.FR.06, F04.FR.06.
    assert set(steps) == {steps[0]}
    told: dict[str, list[float]] = {}
    for value in ended.meter_value:
        for sampled in value.sampled_value:
            told.setdefault(sampled.measurand, []).append(sampled.value)
    registers = told[REGISTER[0]]
    # No energy is lost with the readings that went.
    assert sum(told[interval]) == pytest.approx(registers[-1] - registers[0], abs=1)


async def test_a_late_reading_makes_no_later_one_late(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge()
    await world.set_variables(SampledDataCtrlr__TxUpdatedInterval=10)
    autojump_clock.jump(13)  # as when the process has had no turn
    await trio.sleep(22)
    sampled = [e for e in world.csms.events() if e.trigger_reason == "MeterValuePeriodic"]
    first, *later = times(sampled)
    assert [time - first for time in later] == [7, 17]


async def test_readings_that_were_missed_are_not_made_up_for(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge()
    await world.set_variables(SampledDataCtrlr__TxUpdatedInterval=10)
    autojump_clock.jump(43)
    await trio.sleep(12)
    sampled = [e for e in world.csms.events() if e.trigger_reason == "MeterValuePeriodic"]
    first, *later = times(sampled)
    assert [time - first for time in later] == [10]


async def test_before_the_first_link_readings_follow_the_version_that_is_offered(
    start: Start, number: Number, autojump_clock: MockClock
) -> None:
    def out_of_reach(world: World) -> None:
        world.csms.is_reachable = False

    variables = {
        "SampledDataCtrlr.TxUpdatedInterval": 30,
        "SampledDataCtrlr.TxEndedInterval": 100,
        "SampledDataCtrlr.TxEndedMeasurands": REGISTER,
        "AuthCtrlr.OfflineTxForUnknownIdEnabled": True,
    }
    journal = Journal.open(None, inline=True)
    journal.put(REGISTRATION, "1", b"Accepted")  # in an earlier run: nobody charges before
    reach = Reach(subprotocols=(f"ocpp{number}",))
    world = await start(out_of_reach, journal=journal, variables=variables, reach=reach)
    await world.charge()
    await trio.sleep(350)
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(10)
    world.csms.come_back()
    await trio.sleep(600)
    (ended,) = world.csms.events("Ended")
    contexts = [value.sampled_value[0].context for value in ended.meter_value]
    assert contexts == ["Transaction.Begin", *["Sample.Periodic"] * 3, "Transaction.End"]
