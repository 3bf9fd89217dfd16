"""An EVSE whose hardware is a program: how one comes, is spoken with, and is lost."""

import pytest
import trio
from trio.testing import MockClock

from pilotwire.drivers.outside.door import DoorError, Meet
from pilotwire.drivers.outside.evse import OutsideEvse
from pilotwire.machines.effects import (
    CloseContactor,
    Command,
    LockConnector,
    OpenContactor,
    SetLimit,
    UnlockConnector,
)
from pilotwire.machines.events import (
    CablePlugged,
    CableUnplugged,
    FaultCleared,
    FaultRaised,
    IdToken,
    TokenPresented,
    UnlockFailed,
)
from pilotwire.machines.meter import MeterSample

from .program import HELLO, READ, READY, UNPLUGGED, running


def errors(said: list[dict[str, object]]) -> list[object]:
    return [message["problem"] for message in said if message.get("type") == "Error"]


async def test_without_a_program_every_connector_is_faulted(autojump_clock: MockClock) -> None:
    async with running(connectors=2, energy_import=7.0) as rig:
        assert rig.take() == [
            FaultRaised(1, "InternalError", "hardware: no program yet"),
            FaultRaised(2, "InternalError", "hardware: no program yet"),
        ]
        assert rig.evse.read_meter() == MeterSample(energy_import=7.0)
        assert not rig.evse.is_ready


async def test_a_program_says_how_things_stand_and_is_taken_into_service(
    autojump_clock: MockClock,
) -> None:
    async with running() as rig:
        rig.take()
        program = await rig.door.connect()
        assert await program.said() == [
            {"pilotwire-driver": 1, "evse": 1, "connectors": 1, "ping_seconds": 5.0}
        ]
        await program.send(HELLO)
        assert await program.said() == [{"type": "OpenContactor", "evse": 1}]
        await program.send({"type": "CablePlugged", "connector": 1}, READ)
        assert rig.take() == [CablePlugged(1)]
        assert not rig.evse.is_ready
        await program.send(READY)
        assert rig.take() == [FaultCleared(1)]
        assert rig.evse.is_ready
        assert rig.evse.read_meter().energy_import == 100.0


async def test_commands_and_facts_go_through(autojump_clock: MockClock) -> None:
    async with running() as rig:
        program = await rig.door.connect()
        await program.become_ready()
        rig.take()
        await rig.obey(
            LockConnector(1, 1), SetLimit(1, amperes=10.0), CloseContactor(1), OpenContactor(1)
        )
        assert await program.said() == [
            {"type": "LockConnector", "evse": 1, "connector": 1},
            {"type": "SetLimit", "evse": 1, "amperes": 10.0, "watts": None},
            {"type": "CloseContactor", "evse": 1},
            {"type": "OpenContactor", "evse": 1},
        ]
        await program.send({"type": "TokenPresented", "id_token": {"value": "DEADBEEF"}})
        assert rig.take() == [TokenPresented(IdToken("DEADBEEF"))]


async def test_ready_needs_a_reading_and_the_cable_of_every_connector(
    autojump_clock: MockClock,
) -> None:
    async with running(connectors=2) as rig:
        rig.take()
        program = await rig.door.connect()
        assert errors(await program.become_ready({"type": "FaultCleared"})) == [
            "Ready: a MeterRead must come before it"
        ]
        await program.send(READ, UNPLUGGED, READY)
        assert errors(await program.said()) == [
            "Ready: CablePlugged or CableUnplugged must come before it, for connector 2"
        ]
        assert rig.take() == [CableUnplugged(1)]  # what is over was never shown to be
        await program.send({"type": "CableUnplugged", "connector": 2}, READY)
        assert rig.take() == [CableUnplugged(2), FaultCleared(1), FaultCleared(2)]


async def test_a_fault_told_before_ready_stays(autojump_clock: MockClock) -> None:
    async with running() as rig:
        rig.take()
        program = await rig.door.connect()
        fault = {"type": "FaultRaised", "error_code": "GroundFailure", "info": "RCD"}
        await program.become_ready(fault, UNPLUGGED, READ)
        assert rig.take() == [FaultRaised(1, "GroundFailure", "RCD"), CableUnplugged(1)]
        await program.send({"type": "FaultCleared"})
        assert rig.take() == [FaultCleared(1)]


async def test_a_lost_program_faults_the_evse_and_leaves_only_the_registers(
    autojump_clock: MockClock,
) -> None:
    async with running() as rig:
        program = await rig.door.connect()
        await program.become_ready(
            UNPLUGGED,
            {"type": "MeterRead", "energy_import": 150.0, "energy_export": 2, "power_import": 7e3},
        )
        rig.take()
        assert rig.evse.read_meter().power_import == 7000.0
        await program.stream.aclose()
        await trio.testing.wait_all_tasks_blocked()
        assert rig.take() == [
            FaultRaised(1, "InternalError", "hardware: the program closed the connection"[:50])
        ]
        assert rig.evse.read_meter() == MeterSample(energy_import=150.0, energy_export=2.0)
        assert not rig.evse.is_ready


async def test_the_next_program_gets_limit_and_locks_and_an_open_contactor(
    autojump_clock: MockClock,
) -> None:
    async with running() as rig:
        first = await rig.door.connect()
        await first.become_ready()
        await rig.obey(SetLimit(1, amperes=16.0), LockConnector(1, 1), CloseContactor(1))
        await first.stream.aclose()
        await trio.testing.wait_all_tasks_blocked()
        await rig.obey(SetLimit(1, amperes=8.0))  # while nobody is there
        second = await rig.door.connect()
        await second.send(HELLO)
        assert (await second.said())[1:] == [
            {"type": "OpenContactor", "evse": 1},
            {"type": "SetLimit", "evse": 1, "amperes": 8.0, "watts": None},
            {"type": "LockConnector", "evse": 1, "connector": 1},
        ]


async def test_the_contactor_is_not_closed_before_the_program_is_ready(
    autojump_clock: MockClock,
) -> None:
    async with running() as rig:
        program = await rig.door.connect()
        await program.send(HELLO)
        await program.said()
        await rig.obey(CloseContactor(1))
        await program.send(UNPLUGGED, READ, READY)
        assert await program.said() == []


async def test_unlocking_without_a_program_fails_at_once_and_is_done_later(
    autojump_clock: MockClock,
) -> None:
    async with running() as rig:
        rig.take()
        await rig.obey(UnlockConnector(1, 1))
        assert rig.take() == [UnlockFailed(1)]
        program = await rig.door.connect()
        await program.send(HELLO)
        assert (await program.said())[-1] == {"type": "UnlockConnector", "evse": 1, "connector": 1}


async def test_a_register_that_runs_back_is_refused(autojump_clock: MockClock) -> None:
    async with running(energy_import=120.0) as rig:
        program = await rig.door.connect()
        assert errors(await program.become_ready(UNPLUGGED, READ)) == [
            "energy_import of MeterRead: 100 is less than 120, and a register never runs back",
            "Ready: a MeterRead must come before it",
        ]
        await program.send({"type": "MeterRead", "energy_import": 120.0})
        assert await program.said() == []
        assert rig.evse.read_meter().energy_import == 120.0


async def test_a_new_meter_may_begin_anew_once(autojump_clock: MockClock) -> None:
    async with running(energy_import=120.0) as rig:
        program = await rig.door.connect()
        await program.send({**HELLO, "new_meter": True}, UNPLUGGED, READ, READY)
        assert errors(await program.said()) == []
        assert rig.evse.read_meter().energy_import == 100.0
        await program.send({"type": "MeterRead", "energy_import": 99.0})
        assert len(errors(await program.said())) == 1


async def test_there_is_one_program_an_evse(autojump_clock: MockClock) -> None:
    async with running() as rig:
        first = await rig.door.connect()
        await first.become_ready()
        rig.take()
        second = await rig.door.connect()
        await second.send(HELLO)
        assert (await second.heard_end())[1:] == [
            {"type": "Error", "problem": "EVSE 1 has its program already", "line": None}
        ]
        assert rig.evse.is_ready
        assert rig.take() == []
        await rig.obey(CloseContactor(1))
        assert await first.said() == [{"type": "CloseContactor", "evse": 1}]


async def test_a_connector_that_the_evse_lacks_is_an_error(autojump_clock: MockClock) -> None:
    async with running() as rig:
        rig.take()
        program = await rig.door.connect()
        await program.send(HELLO, {"type": "CablePlugged", "connector": 2})
        assert errors(await program.said()) == ["connector 2 of CablePlugged: this EVSE has 1"]
        assert rig.take() == []


async def test_a_cancelled_run_opens_the_contactor_and_reports_nothing_more(
    autojump_clock: MockClock,
) -> None:
    async with running() as rig:
        program = await rig.door.connect()
        await program.become_ready()
        rig.take()
    assert await program.heard_end() == [{"type": "OpenContactor", "evse": 1}]
    assert rig.take() == []


async def test_the_run_ends_with_its_commands(autojump_clock: MockClock) -> None:
    async with running() as rig:
        program = await rig.door.connect()
        rig.commands.close()
        await trio.testing.wait_all_tasks_blocked()
        assert (await program.heard_end())[1:] == []
        assert not rig.evse.is_ready


class ClosedDoor:
    async def serve(self, meet: Meet) -> None:
        raise DoorError("/run/evse1.sock: cannot listen: Permission denied")


async def test_a_door_that_does_not_open_ends_the_run_with_its_line() -> None:
    send, receive = trio.open_memory_channel[Command](0)
    with send, pytest.raises(DoorError, match="cannot listen: Permission denied"):
        await OutsideEvse(ClosedDoor(), evse_id=1).run(receive, lambda fact: None)
