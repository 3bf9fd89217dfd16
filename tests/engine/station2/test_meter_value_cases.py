"""Meter values by the test cases of Part 6, and what every message of them must be."""

from collections.abc import Iterable
from typing import Any

import trio
from trio.testing import MockClock

from pilotwire.drivers.ev import Ev

from .conftest import Start
from .test_signed_values import signing
from .world import START, World

REGISTER = "Energy.Active.Import.Register"
MEASURANDS = (REGISTER, "Power.Active.Import", "Current.Import", "Voltage")
INTERVAL = 300  # s; START is a multiple of it since midnight
ALIGNED = {"AlignedDataCtrlr.Interval": INTERVAL, "AlignedDataCtrlr.Measurands": MEASURANDS}
QUIET = {"SampledDataCtrlr.TxUpdatedInterval": 0}


def values(request: Any) -> list[Any]:
    return [sampled for value in request.meter_value or () for sampled in value.sampled_value]


def contexts(request: Any) -> list[str]:
    """Give the occasion of each reading, in order."""
    return [value.sampled_value[0].context for value in request.meter_value or ()]


def moments(requests: Iterable[Any]) -> list[float]:
    """Give the times of readings, in s since the start."""
    return [v.timestamp.timestamp() - START for r in requests for v in r.meter_value]


def of(world: World, trigger: str) -> list[Any]:
    return [event for event in world.csms.events() if event.trigger_reason == trigger]


async def stop(world: World) -> Any:
    """Stop the transaction with its token, and give its last event."""
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(2)
    (ended,) = world.csms.events("Ended")
    return ended


# ---- J01: clock-aligned


async def test_TC_J_01_CS_clock_aligned_readings_without_a_transaction(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables=ALIGNED)
    await trio.sleep(3 * INTERVAL)
    told = world.csms.of("MeterValues")
    assert [request.evse_id for request in told] == [1, 2] * 3  # J01.FR.02: every EVSE
    assert moments(told) == [at for at in (300, 600, 900) for _ in (1, 2)]  # J01.FR.05, J01.FR.17
    for request in told:
        sampled = values(request)
        assert sampled  # J01.FR.06
        assert {each.measurand for each in sampled} == set(MEASURANDS)  # J01.FR.07
        assert {each.context for each in sampled} == {"Sample.Clock"}  # J01.FR.08
        assert {each.location for each in sampled} == {"Outlet"}  # J01.FR.09
        phases = [each.phase for each in sampled if each.measurand == "Voltage"]
        assert phases == ["L1-N", "L2-N", "L3-N"]  # J01.FR.10-11: as the meter has them


async def test_TC_J_02_CS_clock_aligned_readings_within_a_transaction(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables={**ALIGNED, **QUIET})
    await world.charge()
    await trio.sleep(3 * INTERVAL)
    aligned = of(world, "MeterValueClock")
    assert moments(aligned) == [300, 600, 900]
    assert {event.event_type for event in aligned} == {"Updated"}
    assert all(contexts(event) == ["Sample.Clock"] for event in aligned)
    assert {request.evse_id for request in world.csms.of("MeterValues")} == {2}  # J02.FR.22


async def test_TC_J_03_CS_clock_aligned_readings_at_the_end(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(
        variables={
            **QUIET,
            "AlignedDataCtrlr.TxEndedMeasurands": (REGISTER,),
            "AlignedDataCtrlr.TxEndedInterval": INTERVAL,
            "SampledDataCtrlr.TxEndedMeasurands": (REGISTER,),
        }
    )
    await world.charge()
    await trio.sleep(2 * INTERVAL)
    ended = await stop(world)
    assert contexts(ended)[-1] == "Transaction.End"
    aligned = [v for v in ended.meter_value if v.sampled_value[0].context == "Sample.Clock"]
    assert [v.timestamp.timestamp() - START for v in aligned] == [300, 600]


async def test_TC_J_04_CS_clock_aligned_readings_are_signed(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await signing(
        start,
        **{
            "AlignedDataCtrlr.TxEndedMeasurands": (REGISTER,),
            "AlignedDataCtrlr.TxEndedInterval": INTERVAL,
            "AlignedDataCtrlr.SignReadings": True,
            "SampledDataCtrlr.SignReadings": True,
        },
    )
    await world.charge()
    await trio.sleep(INTERVAL)
    ended = await stop(world)
    marked = {v.sampled_value[0].context: v.sampled_value[0] for v in ended.meter_value}
    assert {"Transaction.Begin", "Transaction.End"} <= marked.keys()
    for context in ("Transaction.Begin", "Transaction.End"):  # J01.FR.21, E12.FR.10
        assert marked[context].signed_meter_value.signed_meter_data


async def test_TC_J_06_CS_no_clock_aligned_readings_while_a_transaction_runs(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables={**ALIGNED, **QUIET, "AlignedDataCtrlr.SendDuringIdle": True})
    await trio.sleep(INTERVAL)
    assert {request.evse_id for request in world.csms.of("MeterValues")} == {1, 2}
    await world.charge()
    world.csms.forget()
    await trio.sleep(3 * INTERVAL)
    assert world.csms.of("MeterValues") == []
    assert of(world, "MeterValueClock") == []
    await stop(world)
    world.drivers[0].unplug()
    world.csms.forget()
    await trio.sleep(INTERVAL)
    assert {request.evse_id for request in world.csms.of("MeterValues")} == {1, 2}


# ---- J02: sampled


async def test_TC_J_07_CS_the_start_is_told_with_readings(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(
        variables={
            "TxCtrlr.TxStartPoint": ("EVConnected",),
            "SampledDataCtrlr.TxStartedMeasurands": MEASURANDS,
        }
    )
    world.drivers[0].plug_in(Ev())
    await trio.sleep(2)
    (started,) = world.csms.events("Started")
    assert started.trigger_reason == "CablePluggedIn"
    assert contexts(started) == ["Transaction.Begin"]
    assert {each.measurand for each in values(started)} == set(MEASURANDS)  # J02.FR.03
    (at,) = moments([started])
    assert at == started.timestamp.timestamp() - START  # J02.FR.10


async def test_TC_J_08_CS_the_readings_of_the_beginning_come_when_the_evse_is_known(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(
        variables={
            "TxCtrlr.TxStartPoint": ("Authorized",),
            "SampledDataCtrlr.TxStartedMeasurands": MEASURANDS,
        }
    )
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(2)
    (started,) = world.csms.events("Started")
    assert contexts(started) == []
    world.drivers[0].plug_in(Ev())
    await trio.sleep(2)
    begun = [e for e in world.csms.events("Updated") if "Transaction.Begin" in contexts(e)]
    # As soon as the EVSE is known, and as E01.FR.17 says when charging starts.
    assert [e.trigger_reason for e in begun] == ["CablePluggedIn", "ChargingStateChanged"]
    for event in begun:
        assert {each.measurand for each in values(event)} == set(MEASURANDS)


async def test_TC_J_09_CS_samples_come_at_their_interval(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(
        variables={
            "SampledDataCtrlr.TxUpdatedInterval": 30,
            "SampledDataCtrlr.TxUpdatedMeasurands": MEASURANDS,
        }
    )
    await world.charge()
    await trio.sleep(3 * 30)
    sampled = of(world, "MeterValuePeriodic")
    assert len(sampled) == 3
    first, second, third = moments(sampled)
    assert (second - first, third - second) == (30, 30)
    for event in sampled:
        assert event.event_type == "Updated"
        assert {each.context for each in values(event)} == {"Sample.Periodic"}
        assert {each.measurand for each in values(event)} == set(MEASURANDS)
    registers = [v.value for e in sampled for v in values(e) if v.measurand == REGISTER]
    assert registers == sorted(registers)  # J02.FR.16


async def test_TC_J_10_CS_the_end_is_told_with_the_samples_and_the_last_reading(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(
        variables={
            **QUIET,
            "SampledDataCtrlr.TxEndedMeasurands": (REGISTER,),
            "SampledDataCtrlr.TxEndedInterval": 60,
        }
    )
    await world.charge()
    await trio.sleep(150)
    ended = await stop(world)
    assert contexts(ended) == [
        "Transaction.Begin",
        "Sample.Periodic",
        "Sample.Periodic",
        "Transaction.End",
    ]
    assert moments([ended]) == sorted(moments([ended]))


async def test_TC_J_11_CS_samples_are_signed(start: Start, autojump_clock: MockClock) -> None:
    world = await signing(
        start,
        **{"SampledDataCtrlr.SignReadings": True, "SampledDataCtrlr.TxEndedInterval": 60},
    )
    await world.charge()
    await trio.sleep(100)
    ended = await stop(world)
    marked = {v.sampled_value[0].context: v.sampled_value[0] for v in ended.meter_value}
    for context in ("Transaction.Begin", "Transaction.End"):  # J02.FR.21
        assert marked[context].signed_meter_value.signed_meter_data


async def test_j02_fr_17_the_register_is_the_meters_own_and_never_begins_anew(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables={"SampledDataCtrlr.TxEndedMeasurands": (REGISTER,), **QUIET})
    ends: list[tuple[float, float]] = []
    for _ in range(2):
        await world.charge()
        await trio.sleep(100)
        ended = await stop(world)
        registers = [each.value for each in values(ended)]
        ends.append((registers[0], registers[-1]))
        world.drivers[0].unplug()
        await trio.sleep(5)
        world.csms.forget()
    (_, first_end), (second_begin, second_end) = ends
    assert second_begin >= first_end > 0
    assert second_end > second_begin
