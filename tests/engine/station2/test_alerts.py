"""Functional block N as dialogues: what monitors find, and how it is told (N07)."""

from pathlib import Path
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from pilotwire.drivers.ev import Ev
from pilotwire.machines.events import ResetRequested
from pilotwire.profiles.device_model import Attribute, Definition, Key

from .conftest import Start
from .monitoring import clear, events, monitor, notices, reported, set_base, set_level, values
from .world import World, journal_in

POWER, STATE = "EVSE(1).Power", "EVSE(1).AvailabilityState"
LIMIT = "OCPPCommCtrlr.OfflineThreshold"
TEMPERATURE = "Cabinet(1).Temperature"
CABINET = Definition(
    key=Key.parse(TEMPERATURE),
    type="decimal",
    default=20.0,
    meaning="Inside",
    minimum=-40,
    maximum=120,
    more=(Attribute(type="Target", default=25.0),),
)
SECRET = Definition(
    key=Key("Cabinet", "Code"), type="string", default="", meaning="", mutability="WriteOnly"
)
CODE = "Cabinet.Code"
RESTART = ResetRequested(patience=1.0)


@pytest.fixture
async def cabinet(start: Start) -> World:
    """A station with a cabinet that has a temperature and a code."""
    return await start(own_variables=(CABINET, SECRET))


async def warm(world: World, *degrees: float) -> None:
    for each in degrees:
        world.model.configure(CABINET.key, float(each))
        await trio.sleep(1)


async def set_limit(world: World, *seconds: int) -> None:
    for each in seconds:
        assert await world.set_variables(OCPPCommCtrlr__OfflineThreshold=each) == ["Accepted"]
        await trio.sleep(1)


def told(world: World, name: str) -> list[tuple[str, str, bool]]:
    """The events of a variable: trigger, value, whether cleared."""
    return [
        (event.trigger, event.actual_value, event.cleared is True) for event in events(world, name)
    ]


# ---- thresholds


async def test_n07_fr_16_and_02_a_value_above_the_threshold_alerts_until_it_is_back(
    cabinet: World, autojump_clock: MockClock
) -> None:
    number = await monitor(cabinet, TEMPERATURE, "UpperThreshold", 70.0, 4)
    await warm(cabinet, 60, 70, 71, 90, 70, 50)
    assert told(cabinet, TEMPERATURE) == [("Alerting", "71", False), ("Alerting", "70", True)]
    for request in notices(cabinet):
        assert request.seq_no == 0  # N07.FR.07
        assert not request.tbc
    for event in events(cabinet):  # N07.FR.06
        assert event.variable_monitoring_id == number
        assert event.event_notification_type == "CustomMonitor"
        assert (event.component.name, event.component.evse.id) == ("Cabinet", 1)
        assert event.variable.name == "Temperature"
        if cabinet.number == "2.1":
            assert event.severity == 4  # N07.FR.20
    ids = [event.event_id for event in events(cabinet)]
    assert len(set(ids)) == 2


async def test_n07_fr_17_a_value_below_the_threshold_alerts(
    cabinet: World, autojump_clock: MockClock
) -> None:
    await monitor(cabinet, TEMPERATURE, "LowerThreshold", 0.0)
    await warm(cabinet, 0, -0.5, -20, 0)
    assert told(cabinet, TEMPERATURE) == [("Alerting", "-0.5", False), ("Alerting", "0", True)]


async def test_a_value_that_exceeds_it_already_alerts_after_the_answer(
    cabinet: World, autojump_clock: MockClock
) -> None:
    await monitor(cabinet, TEMPERATURE, "UpperThreshold", 10.0)
    assert events(cabinet) == []
    await trio.sleep(1)
    assert values(cabinet) == ["20"]


async def test_n07_fr_22_and_23_a_value_off_its_target_alerts(
    cabinet: World, autojump_clock: MockClock
) -> None:
    if cabinet.number == "2.0.1":
        return
    number = await monitor(cabinet, TEMPERATURE, "TargetDelta", 10.0, 5)
    await warm(cabinet, 35, 36, 15, 14, 20)
    assert told(cabinet, TEMPERATURE) == [
        ("Alerting", "36", False),
        ("Alerting", "15", True),
        ("Alerting", "14", False),
        ("Alerting", "20", True),
    ]
    await clear(cabinet, number)
    cabinet.csms.forget()
    await monitor(cabinet, TEMPERATURE, "TargetDeltaRelative", 0.4, 5)
    await warm(cabinet, 35, 36, 25)
    assert values(cabinet) == ["36", "25"]


async def test_n07_fr_22_another_target_alerts_at_once(
    cabinet: World, autojump_clock: MockClock
) -> None:
    if cabinet.number == "2.0.1":
        return
    await monitor(cabinet, TEMPERATURE, "TargetDelta", 10.0, 5)
    await warm(cabinet, 20)
    assert cabinet.model.set(Key.parse(TEMPERATURE), "60", "Target") == "Accepted"
    await trio.sleep(1)
    assert told(cabinet, TEMPERATURE) == [("Alerting", "20", False)]


async def test_n07_fr_11_a_changed_threshold_is_looked_at_at_once(
    cabinet: World, autojump_clock: MockClock
) -> None:
    number = await monitor(cabinet, TEMPERATURE, "UpperThreshold", 70.0)
    await warm(cabinet, 50)
    await monitor(cabinet, TEMPERATURE, "UpperThreshold", 40.0, id=number)
    await trio.sleep(1)
    assert told(cabinet, TEMPERATURE) == [("Alerting", "50", False)]
    await monitor(cabinet, TEMPERATURE, "UpperThreshold", 60.0, id=number)
    await trio.sleep(1)
    assert told(cabinet, TEMPERATURE)[1:] == [("Alerting", "50", True)]
    await monitor(cabinet, TEMPERATURE, "UpperThreshold", 80.0, id=number)
    await trio.sleep(1)
    assert len(events(cabinet)) == 2


async def test_n07_fr_12_who_removes_a_monitor_hears_no_more_of_it(
    cabinet: World, autojump_clock: MockClock
) -> None:
    number = await monitor(cabinet, TEMPERATURE, "UpperThreshold", 10.0)
    await trio.sleep(1)
    await clear(cabinet, number)
    await warm(cabinet, 5, 50)
    assert values(cabinet) == ["20"]
    await monitor(cabinet, TEMPERATURE, "UpperThreshold", 10.0)
    await set_base(cabinet, "FactoryDefault")
    await warm(cabinet, 5)
    assert values(cabinet) == ["20", "50"]


async def test_n07_fr_14_what_has_returned_over_a_restart_is_cleared(
    start: Start, tmp_path: Path, autojump_clock: MockClock
) -> None:
    world = await start(journal=journal_in(tmp_path), own_variables=(CABINET,))
    number = await monitor(world, TEMPERATURE, "UpperThreshold", 50.0)
    await warm(world, 60)
    (alert,) = events(world)
    world.station.deliver(0, RESTART)
    await trio.sleep(1)
    world.journal.close()
    again = await start(journal=journal_in(tmp_path), own_variables=(CABINET,))
    (event,) = events(again)  # it stands at 20 again
    assert told(again, TEMPERATURE) == [("Alerting", "20", True)]
    assert event.variable_monitoring_id == number
    assert event.event_id > alert.event_id


async def test_an_excess_that_lasts_over_a_restart_is_not_told_again(
    start: Start, tmp_path: Path, autojump_clock: MockClock
) -> None:
    world = await start(journal=journal_in(tmp_path), own_variables=(CABINET,))
    await monitor(world, TEMPERATURE, "UpperThreshold", 10.0)
    await trio.sleep(1)
    world.station.deliver(0, RESTART)
    await trio.sleep(1)
    world.journal.close()
    again = await start(journal=journal_in(tmp_path), own_variables=(CABINET,))
    assert events(again) == []
    await warm(again, 5)
    assert told(again, TEMPERATURE) == [("Alerting", "5", True)]


# ---- deltas


async def test_n07_fr_18_a_number_is_told_when_it_is_further_off_than_the_delta(
    world: World, autojump_clock: MockClock
) -> None:
    await set_limit(world, 60)
    await monitor(world, LIMIT, "Delta", 2.0)
    await set_limit(world, 61, 62, 63, 65, 60)
    assert told(world, LIMIT) == [("Delta", "63", False), ("Delta", "60", False)]


async def test_n07_fr_19_whatever_is_no_number_is_told_at_every_change(
    world: World, autojump_clock: MockClock
) -> None:
    await monitor(world, STATE, "Delta", 1000.0)
    world.drivers[0].plug_in(Ev())
    await trio.sleep(1)
    world.drivers[0].unplug()
    await trio.sleep(1)
    assert told(world, STATE) == [("Delta", "Occupied", False), ("Delta", "Available", False)]


async def test_the_answer_to_what_causes_an_event_comes_before_it(
    world: World, autojump_clock: MockClock
) -> None:
    await monitor(world, LIMIT, "Delta", 1.0)
    await set_limit(world, 60)
    await monitor(world, POWER, "LowerThreshold", 100.0)
    await trio.sleep(1)
    told = [frame for direction, frame in world.messages if direction == "sent"]
    for at, frame in enumerate(told):
        if frame[0] == 2 and frame[2] == "NotifyEvent" and "Power" in str(frame):
            assert told[at - 1][0] == 3
            assert "setMonitoringResult" in told[at - 1][2]
        if frame[0] == 2 and frame[2] == "NotifyEvent" and "OfflineThreshold" in str(frame):
            assert told[at - 1][0] == 3
            assert "setVariableResult" in told[at - 1][2]
    assert len(events(world)) == 2


async def test_a_delta_counts_anew_from_a_restart_on(
    start: Start, tmp_path: Path, autojump_clock: MockClock
) -> None:
    world = await start(journal=journal_in(tmp_path))
    await set_limit(world, 60)
    await monitor(world, LIMIT, "Delta", 5.0)
    await set_limit(world, 64)
    world.station.deliver(0, RESTART)
    await trio.sleep(1)
    world.journal.close()
    again = await start(journal=journal_in(tmp_path))
    await set_limit(again, 68, 70)
    assert values(again, LIMIT) == ["70"]


async def test_n07_fr_10_the_value_of_what_may_only_be_written_is_not_told(
    cabinet: World, autojump_clock: MockClock
) -> None:
    await monitor(cabinet, CODE)
    assert await cabinet.set_variables(Cabinet__Code="4711") == ["Accepted"]
    await trio.sleep(1)
    assert told(cabinet, CODE) == [("Delta", "", False)]


async def test_several_monitors_tell_each_for_itself(
    cabinet: World, autojump_clock: MockClock
) -> None:
    ids = [
        await monitor(cabinet, TEMPERATURE, "UpperThreshold", 50.0, 5),
        await monitor(cabinet, TEMPERATURE, "UpperThreshold", 70.0, 3),
        await monitor(cabinet, TEMPERATURE, "Delta", 5.0, 8),
    ]
    await warm(cabinet, 55, 90)
    assert [event.variable_monitoring_id for event in events(cabinet)] == [
        ids[0],
        ids[2],
        ids[1],
        ids[2],
    ]
    assert len(notices(cabinet)) == 2  # each moment in one message


# ---- values that live


async def test_live_values_are_looked_at_while_they_are_monitored(
    world: World, autojump_clock: MockClock
) -> None:
    number = await monitor(world, POWER, "UpperThreshold", 3000.0)
    await world.charge()
    await trio.sleep(5)
    (alert,) = events(world, POWER)
    (begin, *_) = world.csms.events("Started")
    assert alert.transaction_id == begin.transaction_info.transaction_id
    assert float(alert.actual_value) > 3000
    world.csms.forget()
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(5)
    (cleared,) = events(world, POWER)
    assert (cleared.cleared, cleared.actual_value) == (True, "0")
    assert cleared.transaction_id == alert.transaction_id
    assert cleared.variable_monitoring_id == number


async def test_no_value_is_looked_at_without_a_monitor(
    world: World, autojump_clock: MockClock
) -> None:
    """A fleet of thousands must not read its meters for nobody."""
    readings = 0
    read = world.drivers[0].read_meter

    def counted() -> Any:
        nonlocal readings
        readings += 1
        return read()

    world.drivers[0] = world.station.evses[0].driver = Counting(world.drivers[0], counted)
    await trio.sleep(600)
    assert readings == 0
    number = await monitor(world, POWER, "Delta", 100.0)
    await trio.sleep(60)
    assert 59 <= readings <= 61
    await clear(world, number)
    readings = 0
    await trio.sleep(600)
    assert readings == 0


class Counting:
    """A driver whose meter readings are counted."""

    def __init__(self, driver: Any, read_meter: Any) -> None:
        self._driver = driver
        self.read_meter = read_meter

    def __getattr__(self, name: str) -> Any:
        return getattr(self._driver, name)


async def test_a_monitor_of_transactions_sleeps_while_none_runs(
    cabinet: World, autojump_clock: MockClock
) -> None:
    await monitor(cabinet, TEMPERATURE, "Delta", 5.0, 5, transaction=True)
    await monitor(cabinet, TEMPERATURE, "UpperThreshold", 50.0, 5, transaction=True)
    await warm(cabinet, 40, 60)
    assert events(cabinet) == []
    await cabinet.charge()
    await trio.sleep(1)
    (begin, *_) = cabinet.csms.events("Started")
    transaction_id = begin.transaction_info.transaction_id
    assert told(cabinet, TEMPERATURE) == [("Alerting", "60", False)]
    await warm(cabinet, 66)
    assert told(cabinet, TEMPERATURE)[1:] == [("Delta", "66", False)]
    assert {event.transaction_id for event in events(cabinet)} == {transaction_id}
    cabinet.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    cabinet.drivers[0].unplug()
    await trio.sleep(1)
    cabinet.csms.forget()
    await warm(cabinet, 20)
    assert events(cabinet) == []


# ---- who may tell


async def test_n05_fr_03_and_n07_fr_15_what_is_not_severe_enough_is_not_told(
    cabinet: World, autojump_clock: MockClock
) -> None:
    for severity in (3, 4, 5):
        await monitor(cabinet, TEMPERATURE, "UpperThreshold", 50.0, severity)
    await set_level(cabinet, 4)
    await warm(cabinet, 60)
    by_id = {each.id: each.severity for _, each in await reported(cabinet, TEMPERATURE)}
    heard = [by_id[event.variable_monitoring_id] for event in events(cabinet)]
    assert heard == [3, 4]
    await set_level(cabinet, 9)  # it has not gone away
    await trio.sleep(1)
    assert [by_id[event.variable_monitoring_id] for event in events(cabinet)] == [3, 4, 5]


async def test_nothing_is_told_while_monitoring_is_disabled(
    cabinet: World, autojump_clock: MockClock
) -> None:
    await monitor(cabinet, TEMPERATURE, "UpperThreshold", 50.0)
    assert await cabinet.set_variables(MonitoringCtrlr__Enabled="false") == ["Accepted"]
    await warm(cabinet, 60)
    assert events(cabinet) == []
    assert await cabinet.set_variables(MonitoringCtrlr__Enabled="true") == ["Accepted"]
    await trio.sleep(1)
    assert values(cabinet, TEMPERATURE) == ["60"]


async def test_n07_fr_04_what_is_severe_enough_waits_for_the_station_to_be_back(
    cabinet: World, autojump_clock: MockClock
) -> None:
    await cabinet.set_variables(MonitoringCtrlr__OfflineQueuingSeverity=5)
    await monitor(cabinet, TEMPERATURE, "UpperThreshold", 50.0, 5)
    await monitor(cabinet, TEMPERATURE, "Delta", 5.0, 6)
    await cabinet.csms.drop()
    await trio.sleep(1)
    await warm(cabinet, 60, 40, 70, 40)
    cabinet.csms.come_back()
    await trio.sleep(60)
    assert told(cabinet, TEMPERATURE) == [
        ("Alerting", "60", False),
        ("Alerting", "40", True),
        ("Alerting", "70", False),
        ("Alerting", "40", True),
        ("Delta", "40", False),  # as things stand now
    ]
    gone = [event.timestamp for event in events(cabinet)]
    assert gone == sorted(gone)
    assert (gone[-1] - gone[0]).total_seconds() > 3


async def test_what_is_not_queued_and_over_when_the_station_is_back_is_never_told(
    cabinet: World, autojump_clock: MockClock
) -> None:
    await cabinet.set_variables(MonitoringCtrlr__OfflineQueuingSeverity=5)
    await monitor(cabinet, TEMPERATURE, "UpperThreshold", 50.0, 6)
    await cabinet.csms.drop()
    await trio.sleep(1)
    await warm(cabinet, 60, 40)
    cabinet.csms.come_back()
    await trio.sleep(60)
    assert events(cabinet) == []


async def test_n07_fr_04_what_waits_survives_a_restart(
    start: Start, tmp_path: Path, autojump_clock: MockClock
) -> None:
    world = await start(journal=journal_in(tmp_path), own_variables=(CABINET,))
    await monitor(world, TEMPERATURE, "UpperThreshold", 50.0, 3)
    await world.csms.drop()
    await trio.sleep(1)
    await warm(world, 60)
    world.station.deliver(0, RESTART)
    await trio.sleep(2)
    world.journal.close()
    again = await start(journal=journal_in(tmp_path), own_variables=(CABINET,))
    assert told(again, TEMPERATURE) == [("Alerting", "60", False), ("Alerting", "20", True)]


async def test_what_a_pending_station_finds_waits_for_its_acceptance(
    start: Start, autojump_clock: MockClock
) -> None:
    left = ["Pending", "Accepted"]

    def answers(world: World) -> None:
        world.csms.on(
            "BootNotification",
            lambda request: request.response(
                status=left.pop(0), current_time=world.csms.now, interval=100
            ),
        )

    world = await start(before=answers, own_variables=(CABINET,))
    await monitor(world, TEMPERATURE, "UpperThreshold", 50.0, 3)
    await warm(world, 60)
    assert events(world) == []
    await trio.sleep(100)
    assert values(world, TEMPERATURE) == ["60"]


# ---- notifications of one's own


async def test_hardware_code_can_tell_of_what_no_monitor_watches(
    cabinet: World, autojump_clock: MockClock
) -> None:
    door = Key("AccessBarrier", "Problem")
    first = cabinet.station.monitors.notify(door, True, 2, tech_code="D1", tech_info="forced")
    cabinet.station.monitors.notify(door, False, 2, cleared=True)
    await trio.sleep(1)
    assert told(cabinet, "AccessBarrier.Problem") == [
        ("Alerting", "true", False),
        ("Alerting", "false", True),
    ]
    event = events(cabinet)[0]
    assert (event.event_id, event.tech_code, event.tech_info) == (first, "D1", "forced")
    assert event.event_notification_type == "HardWiredNotification"
    await set_level(cabinet, 1)
    assert cabinet.station.monitors.notify(door, True, 2) is None
