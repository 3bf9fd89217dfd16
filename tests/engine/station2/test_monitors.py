"""Functional block N as dialogues: what the CSMS does with monitors (N02 to N06)."""

from pathlib import Path
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from pilotwire.engine.wire.session import CallRefused
from pilotwire.machines.events import ResetRequested
from pilotwire.profiles.device_model import Attribute, Definition, Key, PresetMonitor

from .conftest import Start
from .monitoring import (
    clear,
    events,
    monitor,
    reported,
    set_base,
    set_level,
    set_monitors,
    wanted,
)
from .world import World, journal_in

POWER, STATE = "EVSE(1).Power", "EVSE(1).AvailabilityState"
LIMIT = "OCPPCommCtrlr.OfflineThreshold"
RESTART = ResetRequested(patience=1.0)
PRESET = Definition(
    key=Key("Cabinet", "Temperature", evse=1),
    type="decimal",
    default=20.0,
    meaning="Inside",
    unit="Celsius",
    minimum=-40,
    maximum=120,
    more=(Attribute(type="Target", default=25.0),),
    monitors=(PresetMonitor(type="UpperThreshold", value=70, severity=4),),
)
SLOT = "OCPPCommCtrlr.ActiveNetworkProfile"  # of the preconfigured monitor
WIRED = {"ChargingStation.Problem", "EVSE(1).Problem", "EVSE(2).Problem"}
TEMPERATURE = "Cabinet(1).Temperature"


@pytest.fixture
async def preset(start: Start) -> World:
    """A station with a preconfigured monitor."""
    return await start(own_variables=(PRESET,))


# ---- N02


async def test_n02_fr_11_without_criteria_every_monitor_is_reported(
    preset: World, autojump_clock: MockClock
) -> None:
    number = await monitor(preset, POWER, "UpperThreshold", 1000.0, 5, transaction=True)
    told = await reported(preset, request_id=7)
    assert [name for name, _ in told] == [
        "ChargingStation.Problem",
        "EVSE(1).Problem",
        "EVSE(2).Problem",
        SLOT,
        TEMPERATURE,
        POWER,
    ]
    _, own = told[-1]
    assert (own.id, own.type, own.value, own.severity) == (number, "UpperThreshold", 1000.0, 5)
    assert own.transaction is True
    assert told[0][1].transaction is False
    assert len({each.id for _, each in told}) == len(told)
    if preset.number == "2.1":  # N02.FR.22
        origins = [each.event_notification_type for _, each in told]
        wired = ["HardWiredMonitor"] * 3
        assert origins == [*wired, *["PreconfiguredMonitor"] * 2, "CustomMonitor"]


async def test_n02_fr_12_to_14_criteria_choose_by_the_type(
    preset: World, autojump_clock: MockClock
) -> None:
    for type_ in ("LowerThreshold", "UpperThreshold", "Delta", "Periodic", "PeriodicClockAligned"):
        await monitor(preset, POWER, type_, 900.0)

    async def types(*criteria: str) -> list[str]:
        told = await reported(preset, "EVSE(1).Power", criteria=criteria)  # N02.FR.05
        return sorted(each.type for _, each in told)

    assert await types("ThresholdMonitoring") == ["LowerThreshold", "UpperThreshold"]
    assert await types("DeltaMonitoring") == ["Delta"]
    assert await types("PeriodicMonitoring") == ["Periodic", "PeriodicClockAligned"]
    assert len(await types("ThresholdMonitoring", "PeriodicMonitoring")) == 4
    told = await reported(preset, criteria=("ThresholdMonitoring",))  # N02.FR.06
    assert [name for name, _ in told] == [TEMPERATURE, POWER, POWER]


async def test_n02_fr_08_components_and_variables_choose(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(own_variables=(PRESET,), connectors=(2, 1))
    places = ("ChargingStation", "EVSE(1)", "Connector(1,1)", "Connector(1,2)", "Connector(2,1)")
    for place in places:
        await monitor(world, f"{place}.AvailabilityState")
    await monitor(world, POWER)

    async def names(*asked: str) -> list[str]:
        return [name for name, _ in await reported(world, *asked)]

    assert await names("EVSE(1).") == ["EVSE(1).Problem", STATE, POWER]  # N02.FR.16
    assert await names("evse(1).power") == [POWER]
    assert await names("EVSE.AvailabilityState") == [STATE]  # N02.FR.19
    assert await names("Connector(1).") == [  # N02.FR.18
        "Connector(1,1).AvailabilityState",
        "Connector(1,2).AvailabilityState",
    ]
    assert await names("Connector(1,2).", "ChargingStation.AvailabilityState") == [
        "ChargingStation.AvailabilityState",
        "Connector(1,2).AvailabilityState",
    ]


async def test_n02_fr_17_to_21_instances_choose_and_none_means_all(
    start: Start, autojump_clock: MockClock
) -> None:
    names = ("Fan[Left].Speed[Now]", "Fan[Left].Speed[Aim]", "Fan[Right].Speed[Now]")
    fans = tuple(
        Definition(key=Key.parse(name), type="integer", default=0, meaning="") for name in names
    )
    world = await start(own_variables=fans)
    for name in names:
        await monitor(world, name)

    async def told(*asked: str) -> list[str]:
        return [name for name, _ in await reported(world, *asked)]

    assert await told("Fan[Left].Speed") == [*names[:2]]  # N02.FR.17, N02.FR.20
    assert await told("Fan.Speed[Now]") == [names[0], names[2]]  # N02.FR.21
    assert await told("Fan.") == [*names]


async def test_n02_fr_10_what_chooses_nothing_is_an_empty_result(
    world: World, autojump_clock: MockClock
) -> None:
    request = world.v2.GetMonitoringReportRequest(
        request_id=1, monitoring_criteria=("PeriodicMonitoring",)
    )
    answer = await world.csms.call(request)
    assert (answer.status, answer.status_info.reason_code) == ("EmptyResultSet", "NotFound")
    await trio.sleep(1)
    assert world.csms.of("NotifyMonitoringReport") == []


async def test_n02_fr_02_the_schema_knows_no_criteria_but_those_that_are_supported(
    world: World, autojump_clock: MockClock
) -> None:
    request = world.v2.GetMonitoringReportRequest(request_id=1, monitoring_criteria=("Some",))  # type: ignore[arg-type]
    with pytest.raises(CallRefused):
        await world.csms.call(request)


async def test_n02_fr_07_no_more_variables_are_asked_for_than_the_station_takes(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables={"DeviceDataCtrlr.ItemsPerMessage[GetReport]": 2})
    with pytest.raises(CallRefused) as refusal:
        await reported(world, "EVSE(1).", "EVSE(2).", "ChargingStation.")
    assert refusal.value.code == "OccurrenceConstraintViolation"


async def test_n02_fr_09_a_long_report_comes_in_numbered_parts(
    world: World, autojump_clock: MockClock
) -> None:
    count = 0
    for severity in range(10):
        for type_ in ("LowerThreshold", "UpperThreshold", "Delta", "Periodic"):
            names = (POWER, "EVSE(2).Power", LIMIT, "OCPPCommCtrlr.HeartbeatInterval")
            items = [wanted(world, name, type_, 10.0, severity) for name in names]
            count += len(await set_monitors(world, *items))
    told = await reported(world, request_id=5)  # N02.FR.03-04: see `reported`
    assert len(told) == count + len(WIRED) + 1
    assert len(world.csms.of("NotifyMonitoringReport")) > 1


# ---- N03


async def test_n03_the_base_says_which_of_the_manufacturers_monitors_are_active(
    preset: World, autojump_clock: MockClock
) -> None:
    await monitor(preset, POWER)
    assert await set_base(preset, "All") == "Accepted"  # N03.FR.01
    assert {TEMPERATURE, POWER} < await names(preset)  # N03.FR.03
    assert await set_base(preset, "HardWiredOnly") == "Accepted"
    assert await names(preset) == WIRED  # N03.FR.05
    await monitor(preset, POWER)
    assert await set_base(preset, "FactoryDefault") == "Accepted"
    assert TEMPERATURE in await names(preset)  # N03.FR.04
    assert POWER not in await names(preset)


async def names(world: World) -> set[str]:
    return {name for name, _ in await reported(world)}


async def test_n03_fr_02_the_schema_knows_no_base_but_those_that_are_supported(
    world: World, autojump_clock: MockClock
) -> None:
    with pytest.raises(CallRefused):
        await set_base(world, "Some")


async def test_the_base_and_the_level_stand_in_the_device_model(
    world: World, autojump_clock: MockClock
) -> None:
    await set_base(world, "FactoryDefault")
    await set_level(world, 6)
    for name, value in (
        ("ActiveMonitoringBase", "FactoryDefault"),
        ("MonitoringBase", "FactoryDefault"),
        ("ActiveMonitoringLevel", 6),
        ("MonitoringLevel", 6),
    ):
        assert world.model.told(Key("MonitoringCtrlr", name)) == value


# ---- N04


async def test_n04_fr_01_each_monitor_has_its_own_result(
    world: World, autojump_clock: MockClock
) -> None:
    items = [
        wanted(world, POWER, "UpperThreshold", 10.0),
        wanted(world, "Nothing.Here"),  # N04.FR.03
        wanted(world, "EVSE(9).Power"),
        wanted(world, "EVSE(1).Colour"),  # N04.FR.04
        wanted(world, STATE, "UpperThreshold"),  # N04.FR.05
        wanted(world, POWER, "LowerThreshold", -5.0),  # N04.FR.06
        wanted(world, POWER, "Delta", -1.0),  # N04.FR.14
        wanted(world, POWER, "UpperThreshold", 99.0),  # N04.FR.10
        wanted(world, POWER, "UpperThreshold", 99.0, 6),
        wanted(world, POWER, "Delta", 1.0, 10),
        wanted(world, POWER, "Periodic", 0.0),
    ]
    results = await set_monitors(world, *items)
    assert [status_and_reason(each) for each in results] == [
        "Accepted",
        "UnknownComponent NotFound",
        "UnknownComponent UnknownEvse",
        "UnknownVariable NotFound",
        "UnsupportedMonitorType UnsupportedParam",
        "Rejected ValueOutOfRange",
        "Rejected ValuePositiveOnly",
        "Duplicate InvalidValue",
        "Accepted",
        "Rejected ValueOutOfRange",
        "Rejected ValueTooLow",
    ]
    for item, result in zip(items, results, strict=True):  # N04.FR.02
        assert (result.component, result.variable) == (item.component, item.variable)
        assert (result.type, result.severity) == (item.type, item.severity)
        assert bool(result.id) == (result.status == "Accepted")  # N04.FR.08, N04.FR.11


def status_and_reason(result: Any) -> str:
    reason = result.status_info.reason_code if result.status_info else ""
    return f"{result.status} {reason}".strip()


async def test_n04_fr_12_a_monitor_is_replaced_by_its_id(
    world: World, autojump_clock: MockClock
) -> None:
    number = await monitor(world, POWER, "UpperThreshold", 1000.0)
    assert await monitor(world, POWER, "Delta", 5.0, 4, id=number) == number
    told = await reported(world, POWER)
    assert [(each.id, each.type, each.severity) for _, each in told] == [(number, "Delta", 4)]


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        (POWER, 4711),  # N04.FR.13
        ("EVSE(1).Problem", 2),  # N04.FR.18
        (POWER, 2),  # N04.FR.16
    ],
)
async def test_n04_what_may_not_be_replaced_stays(
    world: World, name: str, taken: int, autojump_clock: MockClock
) -> None:
    before = await reported(world)
    (result,) = await set_monitors(world, wanted(world, name, severity=7, id=taken))
    assert (result.status, bool(result.id)) == ("Rejected", False)
    assert await reported(world) == before


async def test_n04_fr_15_who_replaces_a_preconfigured_one_makes_it_a_custom_one(
    preset: World, autojump_clock: MockClock
) -> None:
    ((_, before),) = await reported(preset, TEMPERATURE)
    await monitor(preset, TEMPERATURE, "UpperThreshold", 10.0, 6, id=before.id)
    await trio.sleep(1)
    (event,) = events(preset, TEMPERATURE)
    assert event.event_notification_type == "CustomMonitor"
    await set_base(preset, "FactoryDefault")
    ((_, after),) = await reported(preset, TEMPERATURE)
    assert after == before


async def test_n04_fr_09_a_request_may_not_be_larger_than_the_station_takes(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(
        variables={
            "MonitoringCtrlr.ItemsPerMessage[SetVariableMonitoring]": 2,
            "MonitoringCtrlr.BytesPerMessage[SetVariableMonitoring]": 300,
        }
    )
    item = wanted(world, POWER)
    with pytest.raises(CallRefused) as refusal:
        await set_monitors(world, item, item, item)
    assert refusal.value.code == "OccurrenceConstraintViolation"
    with pytest.raises(CallRefused) as refusal:
        await set_monitors(world, wanted(world, f"Component.{'V' * 50}[{'I' * 50}]"), item)
    assert refusal.value.code == "FormatViolation"
    assert [result.status for result in await set_monitors(world, item)] == ["Accepted"]


async def test_targets_are_watched_where_there_is_one_and_the_version_has_a_word_for_it(
    preset: World, autojump_clock: MockClock
) -> None:
    items = [
        wanted(preset, name, type_, 10.0)
        for name in (TEMPERATURE, POWER)
        for type_ in ("TargetDelta", "TargetDeltaRelative")
    ]
    if preset.number == "2.0.1":
        with pytest.raises(CallRefused):
            await set_monitors(preset, *items)
        return
    statuses = [result.status for result in await set_monitors(preset, *items)]
    assert statuses == ["Accepted"] * 2 + ["UnsupportedMonitorType"] * 2
    told = await reported(preset, criteria=("DeltaMonitoring",))  # N02.FR.13, N02.FR.23
    assert [each.type for _, each in told if each.value == 10.0] == [
        "TargetDelta",
        "TargetDeltaRelative",
    ]


async def test_a_stream_of_events_is_not_promised(world: World, autojump_clock: MockClock) -> None:
    if world.number == "2.0.1":
        return
    stream = world.v2.PeriodicEventStreamParamsType(interval=1)  # type: ignore[attr-defined]
    item = wanted(world, POWER, "Periodic", 10.0, periodic_event_stream=stream)
    (result,) = await set_monitors(world, item)
    assert (result.status, result.status_info.reason_code) == ("Rejected", "UnsupportedParam")


# ---- N05, N06


async def test_n05_fr_02_a_level_out_of_range_is_rejected(
    world: World, autojump_clock: MockClock
) -> None:
    assert [await set_level(world, level) for level in (0, 9, 10)] == [
        "Accepted",  # N05.FR.01
        "Accepted",
        "Rejected",
    ]


async def test_n06_monitors_are_cleared_by_their_ids(
    preset: World, autojump_clock: MockClock
) -> None:
    number = await monitor(preset, POWER)
    ((_, preconfigured),) = await reported(preset, TEMPERATURE)
    statuses = await clear(preset, number, 1, 99, preconfigured.id)  # N06.FR.05: see `clear`
    assert statuses == [
        "Accepted",  # N06.FR.01
        "Rejected",  # N06.FR.03
        "NotFound",  # N06.FR.02
        "Accepted",
    ]
    assert await names(preset) == {*WIRED, SLOT}


async def test_n06_fr_06_and_07_a_request_may_not_be_larger_than_the_station_takes(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(
        variables={
            "MonitoringCtrlr.ItemsPerMessage[ClearVariableMonitoring]": 3,
            "MonitoringCtrlr.BytesPerMessage[ClearVariableMonitoring]": 30,
        }
    )
    with pytest.raises(CallRefused) as refusal:
        await clear(world, 1, 2, 3, 4)
    assert refusal.value.code == "OccurrenceConstraintViolation"
    with pytest.raises(CallRefused) as refusal:
        await clear(world, 2**30, 2**30, 2**30)
    assert refusal.value.code == "FormatViolation"
    assert await clear(world, 77) == ["NotFound"]


# ---- over a restart


async def test_n07_fr_13_monitors_survive_a_restart(
    start: Start, tmp_path: Path, autojump_clock: MockClock
) -> None:
    settings: dict[str, Any] = {"own_variables": (PRESET,)}
    world = await start(journal=journal_in(tmp_path), **settings)
    await monitor(world, POWER, "UpperThreshold", 5000.0, 4, transaction=True)
    await set_level(world, 6)
    ((_, preconfigured),) = await reported(world, TEMPERATURE)
    await clear(world, preconfigured.id)
    before = await reported(world)
    world.station.deliver(0, RESTART)
    await trio.sleep(1)
    world.journal.close()
    again = await start(journal=journal_in(tmp_path), **settings)
    assert await reported(again) == before
    assert again.model.told(Key("MonitoringCtrlr", "ActiveMonitoringLevel")) == 6
