"""One connection: hello, errors that it survives, silence, and a program that does not read."""

import pytest
import trio
from trio.testing import MockClock

from pilotwire.drivers.outside.messages import MAX_LINE
from pilotwire.machines.effects import OpenContactor, SetLimit
from pilotwire.machines.events import FaultRaised

from .program import HELLO, READ, UNPLUGGED, running


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"POST / HTTP/1.1\r\n", "the first line must be a hello"),
        (b'{"type":"Ready"}\n', "the first line must be a hello"),
        (b"\n", "the first line must be a hello"),
        (b"x" * (MAX_LINE + 9) + b"\n", "the first line must be a hello"),
        (b'{"pilotwire-driver":2,"evse":1}\n', "pilotwire-driver: version 1 is spoken here"),
        (b'{"pilotwire-driver":1,"evse":2}\n', "evse: this is EVSE 1"),
    ],
)
async def test_who_does_not_greet_rightly_is_sent_away(
    autojump_clock: MockClock, line: bytes, told: str
) -> None:
    async with running() as rig:
        rig.take()
        program = await rig.door.connect()
        await program.send(line)
        assert (await program.heard_end())[-1]["problem"] == told
        assert rig.take() == []


async def test_who_says_nothing_is_sent_away_after_5_s(autojump_clock: MockClock) -> None:
    async with running() as rig:
        program = await rig.door.connect()
        await program.send(b" ")  # a byte is no line
        before = trio.current_time()
        assert (await program.heard_end())[-1]["problem"] == "no line came in time"
        assert trio.current_time() - before == pytest.approx(5.0)


@pytest.mark.parametrize(
    ("line", "named"),
    [
        (b'{"type":"CablePluged"}', "CablePluged"),
        (b'{"type":"CablePlugged","connector":"1"}', "$.connector"),
        (b'{"type":"CablePlugged","connector":0}', "$.connector"),
        (b'{"type":"CablePlugged","conector":1}', "conector"),
        (b'{"type":"FaultRaised"}', "error_code"),
        (b'{"type":"FaultRaised","error_code":"NoError"}', "$.error_code"),
        (b'{"type":"FaultRaised","error_code":"OtherError","info":"' + b"x" * 51 + b'"}', "$.info"),
        (b'{"type":"TokenPresented","id_token":{"value":""}}', "$.id_token.value"),
        (b'{"type":"TokenPresented","id_token":"DEADBEEF"}', "$.id_token"),
        (b'{"type":"MeterRead"}', "energy_import"),
        (b'{"type":"MeterRead","energy_import":-1}', "$.energy_import"),
        (b'{"type":"MeterRead","energy_import":1,"voltage":[230,"x"]}', "$.voltage[1]"),
        (b'{"type":"MeterRead","energy_import":1,"state_of_charge":101}', "$.state_of_charge"),
        (b'{"type":"MeterRead","energy_import":NaN}', "malformed"),
        (b'{"type":"MeterRead","energy_import":1e999}', "out of range"),
        (b'{"connector":1}', "type"),
        (b'{"type":"Ready"', "truncated"),
        (b"\xff\xfe", "malformed"),
        (b"[1]", "array"),
        (b"", "truncated"),
        (b'{"type":"CablePlugged","connector":1' + b" " * MAX_LINE + b"}", "more than 16384 bytes"),
    ],
)
async def test_a_bad_line_is_one_error_that_names_what_is_wrong(
    autojump_clock: MockClock, line: bytes, named: str
) -> None:
    async with running() as rig:
        program = await rig.door.connect()
        await program.send(HELLO, UNPLUGGED)
        await program.said()
        rig.take()
        await program.send(line + b"\n")
        (error,) = await program.said()
        assert error["type"] == "Error"
        assert named in error["problem"]
        assert error["line"] == 3
        assert rig.take() == []
        await program.send(READ, {"type": "Ready"})
        assert rig.evse.is_ready


async def test_too_many_errors_end_the_connection(autojump_clock: MockClock) -> None:
    async with running() as rig:
        program = await rig.door.connect()
        await program.become_ready()
        rig.take()
        await program.send(b"x\n" * 12)
        told = [message.get("problem") for message in await program.heard_end()]
        assert told[10:] == [told[0], "more than 10 errors in 60 s", None]
        assert rig.take() == [
            FaultRaised(1, "InternalError", "hardware: more than 10 errors in 60 s")
        ]


async def test_errors_now_and_then_are_survived(autojump_clock: MockClock) -> None:
    async with running() as rig:
        program = await rig.door.connect()
        await program.become_ready()
        for _ in range(30):
            await program.send(b"x\n")
            await trio.sleep(7)
        assert rig.evse.is_ready


async def test_pings_go_both_ways(autojump_clock: MockClock) -> None:
    async with running() as rig:
        program = await rig.door.connect()
        await program.become_ready()
        for _ in range(5):
            await trio.sleep(5)
            await trio.testing.wait_all_tasks_blocked()
            assert await program.said() == [{"type": "Ping"}]
            await program.send({"type": "Pong"})
        assert rig.evse.is_ready
        await program.send({"type": "Ping"})
        assert await program.said() == [{"type": "Pong"}]


async def test_silence_for_three_pings_is_a_lost_program(autojump_clock: MockClock) -> None:
    async with running() as rig:
        program = await rig.door.connect()
        await program.become_ready()
        rig.take()
        await trio.sleep(14.5)
        assert rig.evse.is_ready
        await trio.sleep(1)
        assert rig.take() == [FaultRaised(1, "InternalError", "hardware: no line came in time")]
        assert (await program.heard_end())[-2:] == [
            {"type": "Error", "problem": "no line came in time", "line": None},
            {"type": "OpenContactor", "evse": 1},
        ]


async def test_a_program_that_does_not_read_is_left(autojump_clock: MockClock) -> None:
    async with running() as rig:
        near, far = trio.testing.lockstep_stream_pair()  # a send waits until it is read
        await rig.door.bring(near)
        await far.send_all(b'{"pilotwire-driver":1,"evse":1}\n')
        await trio.testing.wait_all_tasks_blocked()
        rig.take()
        for amperes in range(300):
            await rig.obey(SetLimit(1, amperes=amperes))
        await trio.sleep(2)
        assert rig.take() == [
            FaultRaised(1, "InternalError", "hardware: the program reads nothing")
        ]
        await rig.obey(OpenContactor(1))


async def test_windows_line_ends_are_read_too(autojump_clock: MockClock) -> None:
    async with running() as rig:
        program = await rig.door.connect()
        await program.send(b'{"pilotwire-driver":1,"evse":1}\r\n{"type":"Ping"}\r\n')
        assert (await program.said())[-1] == {"type": "Pong"}
