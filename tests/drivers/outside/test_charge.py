"""A charge at an outside EVSE as the CSMS sees it: its program is lost and comes back."""

import trio
from trio.testing import MockClock

from pilotwire.drivers.outside.evse import OutsideEvse
from pilotwire.profiles.messages import v16

from ...engine.station.world import World
from .program import READ, Hardware, MemoryDoor

PLUGGED = {"type": "CablePlugged"}
TOKEN = {"type": "TokenPresented", "id_token": {"value": "DEADBEEF"}}


async def charging(nursery: trio.Nursery) -> tuple[World, MemoryDoor, Hardware]:
    """A station whose EVSE charges, at the hands of a program."""
    door = MemoryDoor()
    world = World(connectors=(1,), drivers=[OutsideEvse(door, evse_id=1)])
    await nursery.start(world.station.run)
    program = await door.connect()
    await program.become_ready(PLUGGED, READ)
    await trio.sleep(1)
    await program.send(TOKEN)
    await trio.sleep(1)
    await program.send({"type": "ConnectorLocked"})
    await program.send({"type": "EnergyFlowing"})
    await trio.sleep(1)
    assert world.csms.statuses(1)[-1] == "Charging"
    return world, door, program


async def test_a_lost_program_withholds_power_and_its_successor_goes_on(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    world, door, first = await charging(nursery)
    await first.stream.aclose()
    await trio.sleep(30)
    told = world.csms.of(v16.StatusNotificationRequest)[-1]
    assert (told.status, told.error_code) == ("Faulted", "InternalError")
    assert told.info == "hardware: the program closed the connection"
    second = await door.connect()
    assert [message.get("type") for message in await second.become_ready(PLUGGED, READ)] == [
        None,  # the hello
        "OpenContactor",
        "LockConnector",
        "CloseContactor",
    ]
    await second.send({"type": "EnergyFlowing"})
    await trio.sleep(1)
    assert world.csms.statuses(1)[-1] == "Charging"
    assert world.csms.of(v16.StopTransactionRequest) == []
    assert len(world.csms.of(v16.StartTransactionRequest)) == 1


async def test_a_cable_that_went_meanwhile_ends_the_transaction(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    world, door, first = await charging(nursery)
    await first.stream.aclose()
    await trio.sleep(30)
    second = await door.connect()
    said = await second.become_ready({"type": "CableUnplugged"}, READ)
    assert "CloseContactor" not in [message.get("type") for message in said]
    await trio.sleep(1)
    (stop,) = world.csms.of(v16.StopTransactionRequest)
    assert (stop.reason, stop.meter_stop) == ("EVDisconnected", 100)
    assert world.csms.statuses(1)[-1] == "Available"


async def test_a_reset_by_the_csms_leaves_the_contactor_open(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    world, _, program = await charging(nursery)
    await program.said()
    await world.csms.call(v16.ResetRequest(type="Soft"))
    said = await program.heard_end()
    assert said[0] == {"type": "OpenContactor", "evse": 1}
    assert said[-1] == {"type": "OpenContactor", "evse": 1}
