"""A connector's availability as dialogues, told by StatusNotification or as an event (G01)."""

from typing import Any

import trio
from trio.testing import MockClock

from pilotwire.drivers.ev import Ev
from pilotwire.engine.wire.session import CallRefused
from pilotwire.profiles.errors import NotSupported

from .conftest import Start
from .monitoring import events, monitor, set_level
from .world import World


async def plug(world: World) -> None:
    world.drivers[0].plug_in(Ev())
    await trio.sleep(1)
    world.drivers[0].unplug()
    await trio.sleep(1)


def told_by(world: World) -> set[str]:
    """The messages that told a status."""
    return {"NotifyEvent", "StatusNotification"} & set(world.csms.actions())


async def test_g01_fr_03_and_04_the_version_says_how_a_status_is_told(
    world: World, autojump_clock: MockClock
) -> None:
    await plug(world)
    assert world.csms.statuses() == ["Available", "Occupied", "Available"]  # B01.FR.05
    if world.number == "2.0.1":
        assert told_by(world) == {"StatusNotification"}
        return
    assert told_by(world) == {"NotifyEvent"}
    for request in world.csms.of("NotifyEvent"):
        (event,) = request.event_data
        assert (event.trigger, event.severity) == ("Delta", 8)
        assert event.event_notification_type == "HardWiredNotification"
        assert not event.variable_monitoring_id


async def test_a_csms_that_knows_no_events_hears_statuses(
    start: Start, autojump_clock: MockClock
) -> None:
    def refuse(request: Any) -> Any:
        raise NotSupported("NotifyEvent is not supported")

    def refusing(world: World) -> None:
        world.csms.on("NotifyEvent", refuse)

    world = await start(before=refusing)
    await plug(world)
    told = world.csms.of("StatusNotification")
    assert [each.connector_status for each in told if each.evse_id == 1] == [
        "Available",
        "Occupied",
        "Available",
    ]
    assert len(world.csms.of("NotifyEvent")) == (1 if world.number == "2.1" else 0)


async def test_who_wants_statuses_gets_them(start: Start, autojump_clock: MockClock) -> None:
    world = await start(variables={"MonitoringCtrlr.AvailabilityByEvent": False})
    await plug(world)
    assert told_by(world) == {"StatusNotification"}


async def test_who_wants_no_such_events_gets_statuses(
    world: World, autojump_clock: MockClock
) -> None:
    """The level holds for events (N05.FR.03); that the status is told does not depend on it."""
    await set_level(world, 7)
    world.csms.forget()
    await plug(world)
    assert told_by(world) == {"StatusNotification"}
    assert world.csms.statuses() == ["Occupied", "Available"]


async def test_f06_what_is_triggered_is_a_status(world: World, autojump_clock: MockClock) -> None:
    v2 = world.v2
    world.csms.forget()
    answer = await world.csms.call(
        v2.TriggerMessageRequest(
            requested_message="StatusNotification", evse=v2.EVSEType(id=1, connector_id=1)
        )
    )
    await trio.sleep(1)
    assert answer.status == "Accepted"
    assert world.csms.actions() == ["StatusNotification"]


async def test_a_faulted_connector_names_the_fault_as_the_cause(
    world: World, autojump_clock: MockClock
) -> None:
    world.drivers[0].fault("GroundFailure")
    await trio.sleep(1)
    assert world.csms.statuses()[-1] == "Faulted"
    if world.number == "2.1":
        (fault,) = events(world, "Connector(1,1).Problem")
        told = [data for r in world.csms.of("NotifyEvent") for data in r.event_data]
        (status,) = [data for data in told if data.actual_value == "Faulted"]
        assert status.cause == fault.event_id


async def test_a_monitor_of_the_same_variable_tells_for_itself(
    world: World, autojump_clock: MockClock
) -> None:
    number = await monitor(world, "Connector(1,1).AvailabilityState")
    await plug(world)
    assert world.csms.statuses()[1:] == ["Occupied", "Available"]
    told = [data for r in world.csms.of("NotifyEvent") for data in r.event_data]
    mine = [data.actual_value for data in told if data.variable_monitoring_id == number]
    assert mine == ["Occupied", "Available"]


async def test_a_status_that_the_csms_refuses_otherwise_is_told_again_later(
    world: World, autojump_clock: MockClock
) -> None:
    def refuse(request: Any) -> Any:
        raise CallRefused("InternalError", "", {})

    action = world.tells_status_by
    world.csms.on(action, refuse)
    world.drivers[0].plug_in(Ev())
    await trio.sleep(1)
    del world.csms.rules[action]
    world.csms.forget()
    await world.csms.drop()
    world.csms.come_back()
    await trio.sleep(60)
    assert world.csms.statuses() == ["Occupied"]
