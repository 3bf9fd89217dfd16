"""Functional block J as dialogues."""

from typing import Any

import trio
from trio.testing import MockClock

from .conftest import Start
from .world import START, World

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
