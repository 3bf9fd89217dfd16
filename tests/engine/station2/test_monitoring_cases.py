"""Test cases of 2.0.1 part 6 (with errata) for monitoring, as dialogues."""

from pathlib import Path

import trio
from trio.testing import MockClock

from pilotwire.drivers.ev import Ev
from pilotwire.machines.events import ResetRequested
from pilotwire.profiles.device_model import Definition, Key
from pilotwire.profiles.standard import STANDARD

from .conftest import Start
from .monitoring import (
    clear,
    events,
    monitor,
    notices,
    reported,
    set_base,
    set_level,
    set_monitors,
    wanted,
)
from .world import START, World, journal_in

POWER = "EVSE(1).Power"  # the threshold monitor's variable
STATION, EVSE = "ChargingStation.AvailabilityState", "EVSE(1).AvailabilityState"
CONNECTOR = "Connector(1,1).AvailabilityState"
LIMIT = "OCPPCommCtrlr.OfflineThreshold"  # the numeric delta monitor's
RESTART = ResetRequested(patience=1.0)


async def stop_charge(world: World, evse: int = 1) -> None:
    world.drivers[evse - 1].present_token("DEADBEEF")
    await trio.sleep(3)


# ---- reports


async def test_TC_N_01_CS_a_report_by_criteria(world: World, autojump_clock: MockClock) -> None:
    for type_, name in (
        ("LowerThreshold", POWER),
        ("UpperThreshold", POWER),
        ("Periodic", POWER),
        ("Delta", LIMIT),
        ("PeriodicClockAligned", LIMIT),
    ):
        await monitor(world, name, type_, 900.0)
    for criteria, types in (
        (("ThresholdMonitoring",), {"UpperThreshold", "LowerThreshold"}),
        (
            ("ThresholdMonitoring", "DeltaMonitoring"),
            {"UpperThreshold", "LowerThreshold", "Delta"},
        ),
        (("DeltaMonitoring", "PeriodicMonitoring"), {"Delta", "Periodic", "PeriodicClockAligned"}),
    ):
        told = await reported(world, criteria=criteria, request_id=11)
        assert {each.type for _, each in told} == types


async def test_TC_N_02_CS_a_report_by_component_and_variable(
    world: World, autojump_clock: MockClock
) -> None:
    await monitor(world, STATION)
    await monitor(world, EVSE)
    told = await reported(world, STATION, "EVSE(1).")
    of_state = {name: each.type for name, each in told if name.endswith("AvailabilityState")}
    assert of_state == {STATION: "Delta", EVSE: "Delta"}
    assert {name.partition(".")[0] for name, _ in told} == {"ChargingStation", "EVSE(1)"}


async def test_TC_N_03_CS_a_report_by_criteria_and_component(
    world: World, autojump_clock: MockClock
) -> None:
    await monitor(world, STATION)
    await monitor(world, EVSE)
    assert await reported(world, STATION, EVSE, criteria=("ThresholdMonitoring",)) == []
    told = await reported(world, STATION, EVSE, criteria=("DeltaMonitoring",))
    assert [(name, each.type) for name, each in told] == [(STATION, "Delta"), (EVSE, "Delta")]


async def test_TC_N_47_CS_a_report_of_everything(world: World, autojump_clock: MockClock) -> None:
    await monitor(world, STATION)
    await monitor(world, EVSE)
    names = [name for name, _ in await reported(world)]
    assert {STATION, EVSE} < {*names}


# ---- the base


async def test_TC_N_05_CS_all_three_bases_are_accepted(
    world: World, autojump_clock: MockClock
) -> None:
    for base in ("All", "FactoryDefault", "HardWiredOnly"):
        assert await set_base(world, base) == "Accepted"


async def test_TC_N_06_CS_custom_monitors_go_with_the_base(
    world: World, autojump_clock: MockClock
) -> None:
    await monitor(world, STATION)
    assert [each.type for _, each in await reported(world, STATION)] == ["Delta"]
    assert await set_base(world, "HardWiredOnly") == "Accepted"
    assert await reported(world, STATION) == []


async def test_TC_N_41_CS_the_preconfigured_monitor_returns_with_the_factorys_default(
    world: World, autojump_clock: MockClock
) -> None:
    name = "OCPPCommCtrlr.ActiveNetworkProfile"
    await set_base(world, "FactoryDefault")
    before = dict(await reported(world))[name]
    await monitor(world, name, before.type, before.value, before.severity + 1, id=before.id)
    ((_, own),) = await reported(world, name)
    assert (own.id, own.severity) == (before.id, before.severity + 1)
    assert await set_base(world, "FactoryDefault") == "Accepted"
    ((_, after),) = await reported(world, name)
    assert (after.id, after.severity) == (before.id, before.severity)


# ---- setting


async def test_TC_N_08_CS_one_monitor_is_set(world: World, autojump_clock: MockClock) -> None:
    number = await monitor(world, EVSE, "Delta", 1.0, 8)
    told = await reported(world, EVSE)
    assert [(name, each.id, each.type) for name, each in told] == [(EVSE, number, "Delta")]


async def test_TC_N_09_CS_monitors_on_several_variables_are_set(
    world: World, autojump_clock: MockClock
) -> None:
    results = await set_monitors(world, wanted(world, EVSE), wanted(world, STATION))
    assert [result.status for result in results] == ["Accepted"] * 2
    assert {name for name, _ in await reported(world, EVSE, STATION)} == {EVSE, STATION}


async def test_TC_N_10_CS_several_monitors_on_a_variable_are_set(
    world: World, autojump_clock: MockClock
) -> None:
    items = [wanted(world, EVSE, "Delta", 1.0, severity) for severity in (8, 7)]
    results = await set_monitors(world, *items)
    assert [(each.status, each.severity) for each in results] == [("Accepted", 8), ("Accepted", 7)]
    assert len({each.id for each in results}) == 2


async def test_TC_N_11_CS_an_unknown_component(world: World, autojump_clock: MockClock) -> None:
    results = await set_monitors(
        world,
        wanted(world, "EVSE(99).AvailabilityState"),
        wanted(world, "NonExistent.Power", "UpperThreshold", 1234.0),
    )
    assert [each.status for each in results] == ["UnknownComponent"] * 2
    assert not any(each.id for each in results)


async def test_TC_N_37_CS_an_unknown_variable(world: World, autojump_clock: MockClock) -> None:
    (result,) = await set_monitors(world, wanted(world, "EVSE(1).unknownVariable"))
    assert (result.status, result.type) == ("UnknownVariable", "Delta")
    assert (result.component.name, result.variable.name) == ("EVSE", "unknownVariable")


async def test_TC_N_12_CS_a_delta_out_of_range(world: World, autojump_clock: MockClock) -> None:
    (result,) = await set_monitors(world, wanted(world, LIMIT, "Delta", -1.0))
    assert (result.status, bool(result.id)) == ("Rejected", False)
    assert result.status_info.reason_code == "ValuePositiveOnly"


async def test_TC_N_13_CS_a_threshold_out_of_range(world: World, autojump_clock: MockClock) -> None:
    most = world.model.definition(Key.parse(LIMIT)).maximum
    assert most is not None
    (result,) = await set_monitors(world, wanted(world, LIMIT, "UpperThreshold", most + 1))
    assert (result.status, bool(result.id)) == ("Rejected", False)
    assert result.status_info.reason_code == "ValueOutOfRange"


async def test_TC_N_43_CS_one_that_fails_leaves_the_others_alone(
    world: World, autojump_clock: MockClock
) -> None:
    results = await set_monitors(
        world,
        wanted(world, POWER, "UpperThreshold", 5000.0),
        wanted(world, LIMIT, "Delta", -1.0),
        wanted(world, POWER, "LowerThreshold", 10.0),
    )
    assert [(each.status, each.type) for each in results] == [
        ("Accepted", "UpperThreshold"),
        ("Rejected", "Delta"),
        ("Accepted", "LowerThreshold"),
    ]


async def test_TC_N_15_CS_the_same_twice(world: World, autojump_clock: MockClock) -> None:
    item = wanted(world, EVSE)
    results = await set_monitors(world, item, item)
    assert [each.status for each in results] == ["Accepted", "Duplicate"]
    assert results[1].status_info.reason_code == "InvalidValue"


async def test_TC_N_24_CS_a_periodic_event(world: World, autojump_clock: MockClock) -> None:
    await set_level(world, 8)
    await monitor(world, POWER, "Periodic", 30.0, 5)
    await trio.sleep(100)
    told = events(world, POWER)
    assert [event.trigger for event in told] == ["Periodic"] * 3
    moments = [event.timestamp.timestamp() for event in told]
    assert [round(moment - START) for moment in moments] == [31, 61, 91]


async def test_TC_N_38_CS_a_type_that_the_variable_cannot_have(
    world: World, autojump_clock: MockClock
) -> None:
    (result,) = await set_monitors(world, wanted(world, EVSE, "UpperThreshold"))
    assert (result.status, result.type) == ("UnsupportedMonitorType", "UpperThreshold")


async def test_TC_N_39_CS_another_variable_than_the_monitors(
    world: World, autojump_clock: MockClock
) -> None:
    number = await monitor(world, EVSE)
    (result,) = await set_monitors(world, wanted(world, LIMIT, id=number))
    assert (result.status, result.variable.name) == ("Rejected", "OfflineThreshold")
    told = {name: each for name, each in await reported(world) if each.id == number}
    assert [(name, each.type, each.value) for name, each in told.items()] == [(EVSE, "Delta", 1.0)]


async def test_TC_N_40_CS_a_monitor_is_replaced(world: World, autojump_clock: MockClock) -> None:
    number = await monitor(world, EVSE, "Delta", 1.0, 5)
    assert await monitor(world, EVSE, "Delta", 1.0, 4, id=number) == number
    ((_, own),) = await reported(world, EVSE, criteria=("DeltaMonitoring",))
    assert own.severity == 4


# ---- changing and removing a monitor whose threshold is exceeded


async def test_TC_N_51_CS_a_changed_threshold_is_exceeded(
    world: World, autojump_clock: MockClock
) -> None:
    await set_level(world, 8)
    number = await monitor(world, POWER, "UpperThreshold", 100_000.0, 5)
    await world.charge()
    await trio.sleep(3)
    assert events(world, POWER) == []
    assert await monitor(world, POWER, "UpperThreshold", 100.0, 5, id=number) == number
    await trio.sleep(1)
    (event,) = events(world, POWER)
    assert event.trigger == "Alerting"
    assert float(event.actual_value) > 100


async def test_TC_N_52_CS_a_removed_monitor_tells_no_more(
    world: World, autojump_clock: MockClock
) -> None:
    number = await monitor(world, POWER, "UpperThreshold", 100.0, 5)
    await world.charge()
    await trio.sleep(3)
    assert len(events(world, POWER)) == 1
    assert await clear(world, number) == ["Accepted"]
    assert await reported(world, POWER, criteria=("ThresholdMonitoring",)) == []
    await stop_charge(world)
    assert len(events(world, POWER)) == 1


# ---- the level


async def test_TC_N_16_CS_what_is_above_the_level_is_not_told(
    world: World, autojump_clock: MockClock
) -> None:
    await monitor(world, EVSE, "Delta", 1.0, 8)
    assert await set_level(world, 7) == "Accepted"
    world.csms.forget()
    world.drivers[0].plug_in(Ev())
    await trio.sleep(5)
    assert world.csms.of("NotifyEvent") == []


async def test_TC_N_17_CS_there_are_ten_levels(world: World, autojump_clock: MockClock) -> None:
    assert await set_level(world, 10) == "Rejected"
    if world.number == "2.0.1":  # the schema of 2.1 refuses it
        assert await set_level(world, -1) == "Rejected"


# ---- clearing


async def test_TC_N_18_CS_monitors_are_cleared(world: World, autojump_clock: MockClock) -> None:
    ids = [await monitor(world, STATION), await monitor(world, EVSE)]
    assert await clear(world, *ids) == ["Accepted"] * 2
    assert await reported(world, STATION, EVSE) == []


async def test_TC_N_19_CS_what_is_not_there_is_not_cleared(
    world: World, autojump_clock: MockClock
) -> None:
    number = await monitor(world, EVSE)
    highest = max(each.id for _, each in await reported(world))
    assert highest == number
    assert await clear(world, highest + 1) == ["NotFound"]


async def test_TC_N_44_CS_a_hard_coded_monitor_is_not_cleared(
    world: World, autojump_clock: MockClock
) -> None:
    first, *_ = await reported(world)
    assert await clear(world, first[1].id) == ["Rejected"]


# ---- alerts


async def test_TC_N_20_CS_a_threshold_is_exceeded_and_another_undercut(
    world: World, autojump_clock: MockClock
) -> None:
    await set_base(world, "All")
    await set_level(world, 8)
    upper = await monitor(world, POWER, "UpperThreshold", 100.0, 5)
    await world.charge()
    await trio.sleep(3)
    (begin, *_) = world.csms.events("Started")
    transaction_id = begin.transaction_info.transaction_id
    (alert,) = events(world, POWER)
    assert (alert.trigger, alert.variable_monitoring_id) == ("Alerting", upper)
    assert float(alert.actual_value) > 100
    assert not alert.cleared
    lower = await monitor(world, POWER, "LowerThreshold", 10.0, 5)
    await stop_charge(world)
    _, cleared, undercut = events(world, POWER)
    assert (cleared.variable_monitoring_id, cleared.cleared) == (upper, True)
    assert undercut.variable_monitoring_id == lower
    assert not undercut.cleared
    for event in events(world, POWER):
        assert event.transaction_id == transaction_id
        assert event.event_notification_type == "CustomMonitor"
    assert {request.seq_no for request in notices(world)} == {0}


async def test_TC_N_21_CS_a_hard_wired_notification(
    world: World, autojump_clock: MockClock
) -> None:
    world.drivers[0].fault("GroundFailure")
    await trio.sleep(1)
    told = [event.event_notification_type for event in events(world)]
    assert "HardWiredNotification" in told
    assert {request.seq_no for request in notices(world)} == {0}


async def test_TC_N_45_CS_a_delta_is_exceeded(world: World, autojump_clock: MockClock) -> None:
    await set_level(world, 8)
    number = await monitor(world, POWER, "Delta", 100.0, 5)
    await world.charge()
    await trio.sleep(3)
    event, *_ = events(world, POWER)
    assert (event.trigger, event.variable_monitoring_id) == ("Delta", number)


async def test_TC_N_56_CS_what_is_no_number_changes(
    world: World, autojump_clock: MockClock
) -> None:
    number = await monitor(world, EVSE, "Delta", 1.0)
    world.drivers[0].plug_in(Ev())
    await trio.sleep(1)
    (event,) = events(world, EVSE)
    assert (event.trigger, event.variable_monitoring_id) == ("Delta", number)


async def test_TC_N_61_CS_a_number_that_reaches_the_delta_is_not_told(
    world: World, autojump_clock: MockClock
) -> None:
    before = world.model.integer(Key.parse(LIMIT)) - 2
    await world.set_variables(OCPPCommCtrlr__OfflineThreshold=before)
    await monitor(world, LIMIT, "Delta", 1.0)
    await world.set_variables(OCPPCommCtrlr__OfflineThreshold=before + 1)
    await trio.sleep(1)
    assert events(world, LIMIT) == []
    await world.set_variables(OCPPCommCtrlr__OfflineThreshold=before + 2)
    await trio.sleep(1)
    assert [event.actual_value for event in events(world, LIMIT)] == [str(before + 2)]


async def test_TC_N_48_CS_the_value_of_a_password_is_not_told(
    start: Start, autojump_clock: MockClock
) -> None:
    password = Key("SecurityCtrlr", "BasicAuthPassword")
    its_own = Definition(
        key=password, type="string", default="", meaning="", mutability="WriteOnly", maximum=64
    )
    is_known = any(definition.key == password for definition in STANDARD)
    world = await start(own_variables=() if is_known else (its_own,))
    await monitor(world, str(password))
    await world.set_variables(SecurityCtrlr__BasicAuthPassword="0123456789abcdef")
    await trio.sleep(1)
    (event,) = events(world, str(password))
    assert event.actual_value == ""


async def test_TC_N_53_CS_monitors_survive_a_reboot(
    start: Start, tmp_path: Path, autojump_clock: MockClock
) -> None:
    world = await start(journal=journal_in(tmp_path))
    number = await monitor(world, POWER, "UpperThreshold", 5000.0)
    world.station.deliver(0, RESTART)
    await trio.sleep(1)
    world.journal.close()
    again = await start(journal=journal_in(tmp_path))
    ((name, own),) = await reported(again, criteria=("ThresholdMonitoring",))
    assert (name, own.id, own.type) == (POWER, number, "UpperThreshold")


# ---- offline


async def test_TC_N_22_CS_what_is_severe_enough_is_queued(
    world: World, autojump_clock: MockClock
) -> None:
    await world.set_variables(MonitoringCtrlr__OfflineQueuingSeverity=5)
    await monitor(world, EVSE, "Delta", 1.0, 5)
    await world.csms.drop()
    await trio.sleep(1)
    world.drivers[0].plug_in(Ev())
    await trio.sleep(30)
    assert events(world) == []
    world.csms.come_back()
    await trio.sleep(60)
    (event,) = events(world, EVSE)
    assert (event.trigger, event.actual_value) == ("Delta", "Occupied")
    assert START + 1 <= event.timestamp.timestamp() <= START + 3


async def test_TC_N_23_CS_what_is_not_severe_enough_is_not_queued(
    world: World, autojump_clock: MockClock
) -> None:
    await world.set_variables(MonitoringCtrlr__OfflineQueuingSeverity=5)
    numbers = [await monitor(world, name, "Delta", 1.0, 6) for name in (EVSE, CONNECTOR)]
    world.drivers[0].plug_in(Ev())
    await trio.sleep(1)
    told = [data for request in world.csms.of("NotifyEvent") for data in request.event_data]
    online = [each for each in told if each.variable_monitoring_id in numbers]
    assert [each.actual_value for each in online] == ["Occupied"] * 2
    await world.csms.drop()
    await trio.sleep(1)
    world.csms.forget()
    world.drivers[0].unplug()
    await trio.sleep(1)
    world.drivers[0].plug_in(Ev())
    await trio.sleep(30)
    world.csms.come_back()
    await trio.sleep(60)
    assert world.csms.of("NotifyEvent") == []
