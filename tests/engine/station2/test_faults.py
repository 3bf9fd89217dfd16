"""Faults as events: what is broken reaches a CSMS of 2.x with its code (N07, G05)."""

from pathlib import Path
from typing import Any

import trio
from trio.testing import MockClock

from pilotwire.machines.events import FaultCleared, FaultRaised, ResetRequested

from .conftest import Start
from .monitoring import events, monitor, set_level, values
from .world import World, journal_in

RESTART = ResetRequested(patience=1.0)
FAULT = FaultRaised(1, "GroundFailure", "leak", "org.example", "E17")
PROBLEM = "Connector(1,1).Problem"


def raised(world: World, fault: Any = FAULT, evse: int = 1) -> None:
    world.station.deliver(evse, fault)


async def test_a_fault_is_a_hard_wired_notification_with_its_codes(
    world: World, autojump_clock: MockClock
) -> None:
    raised(world)
    await trio.sleep(1)
    (event,) = events(world, PROBLEM)
    assert (event.trigger, event.actual_value) == ("Alerting", "true")
    assert event.event_notification_type == "HardWiredNotification"
    assert (event.tech_code, event.tech_info) == ("E17", "GroundFailure; leak; org.example")
    assert not event.cleared
    assert not event.variable_monitoring_id
    if world.number == "2.1":
        assert event.severity == 3  # N07.FR.21


async def test_n07_fr_05_what_the_fault_brings_about_names_it_as_its_cause(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(connectors=(1,))
    await monitor(world, "EVSE(1).AvailabilityState")
    raised(world)
    await trio.sleep(1)
    (fault,) = events(world, PROBLEM)
    for name, value in (
        ("EVSE(1).Problem", "true"),
        ("ChargingStation.Problem", "true"),
        ("EVSE(1).AvailabilityState", "Faulted"),
    ):
        (event,) = events(world, name)
        assert (event.trigger, event.actual_value) == ("Delta", value)
        assert event.cause == fault.event_id
    (wired,) = events(world, "EVSE(1).Problem")
    assert wired.event_notification_type == "HardWiredMonitor"
    assert wired.variable_monitoring_id


async def test_the_end_of_a_fault_clears_it(world: World, autojump_clock: MockClock) -> None:
    raised(world)
    await trio.sleep(1)
    raised(world, FaultCleared(1))
    await trio.sleep(1)
    fault, cleared = events(world, PROBLEM)
    assert (cleared.actual_value, cleared.cleared) == ("false", True)
    assert cleared.cause == fault.event_id
    assert values(world, "EVSE(1).Problem") == ["true", "false"]
    assert not events(world, "EVSE(1).Problem")[1].cause


async def test_a_fault_without_a_vendors_code_is_told_by_its_own(
    world: World, autojump_clock: MockClock
) -> None:
    raised(world, FaultRaised(1, "OverVoltage", "L2"))
    await trio.sleep(1)
    (event,) = events(world, PROBLEM)
    assert (event.tech_code, event.tech_info) == ("OverVoltage", "L2")


async def test_another_fault_is_told_too(world: World, autojump_clock: MockClock) -> None:
    raised(world)
    raised(world)
    raised(world, FaultRaised(1, "HighTemperature"))
    await trio.sleep(1)
    assert [event.tech_code for event in events(world, PROBLEM)] == ["E17", "HighTemperature"]
    raised(world, FaultCleared(1))
    await trio.sleep(1)
    assert values(world, PROBLEM) == ["true", "true", "false"]
    assert values(world, "EVSE(1).Problem") == ["true", "false"]


async def test_g05_fr_02_a_lock_that_fails_is_told_of_as_the_lock(
    world: World, autojump_clock: MockClock
) -> None:
    raised(world, FaultRaised(1, "ConnectorLockFailure"))
    await trio.sleep(1)
    (event,) = events(world, "ConnectorPlugRetentionLock(1,1).Problem")
    assert (event.actual_value, event.tech_code) == ("true", "ConnectorLockFailure")
    assert events(world, PROBLEM) == []
    raised(world, FaultRaised(1, "OverVoltage"))
    await trio.sleep(1)
    assert values(world, "ConnectorPlugRetentionLock(1,1).Problem") == ["true", "false"]
    assert values(world, PROBLEM) == ["true"]


async def test_a_fault_within_a_transaction_names_it(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge()
    raised(world)
    await trio.sleep(1)
    (event,) = events(world, PROBLEM)
    (begin, *_) = world.csms.events("Started")
    assert event.transaction_id == begin.transaction_info.transaction_id


async def test_a_fault_while_offline_waits_for_the_station_to_be_back(
    world: World, autojump_clock: MockClock
) -> None:
    await world.csms.drop()
    await trio.sleep(1)
    raised(world)
    await trio.sleep(10)
    raised(world, FaultCleared(1))
    await trio.sleep(10)
    world.csms.come_back()
    await trio.sleep(60)
    assert values(world, PROBLEM) == ["true", "false"]


async def test_a_fault_that_was_not_to_be_told_is_when_it_stands_later(
    world: World, autojump_clock: MockClock
) -> None:
    await set_level(world, 1)
    raised(world)
    raised(world, FAULT, evse=2)
    await trio.sleep(1)
    raised(world, FaultCleared(1), evse=2)
    assert events(world) == []
    await set_level(world, 9)
    await trio.sleep(1)
    assert [e.tech_code for e in events(world) if e.component.name == "Connector"] == ["E17"]


async def test_a_fault_that_has_gone_over_a_restart_is_cleared(
    start: Start, tmp_path: Path, autojump_clock: MockClock
) -> None:
    world = await start(journal=journal_in(tmp_path))
    world.drivers[0].fault("GroundFailure")
    world.drivers[1].fault("OverVoltage")
    await trio.sleep(1)
    world.station.deliver(0, RESTART)
    await trio.sleep(1)
    world.journal.close()
    again = await start(
        before=lambda world: world.drivers[1].fault("OverVoltage"), journal=journal_in(tmp_path)
    )
    (event,) = events(again, PROBLEM)
    assert (event.cleared, event.tech_code) == (True, "GroundFailure")
    assert events(again, "Connector(2,1).Problem") == []  # it stands as it was told
