"""How a program comes in, over real sockets."""

import json
import os
import socket
import stat
from pathlib import Path

import pytest
import trio
from trio.testing import wait_all_tasks_blocked

from pilotwire.drivers.outside import door as doors
from pilotwire.drivers.outside.address import TcpAddress, UnixAddress
from pilotwire.drivers.outside.door import DiallingDoor, DoorError, ListeningDoor
from pilotwire.drivers.outside.evse import OutsideEvse
from pilotwire.machines.effects import Command
from pilotwire.machines.events import CableUnplugged, Event, FaultCleared, FaultRaised

LINES = (
    b'{"pilotwire-driver":1,"evse":1}\n{"type":"CableUnplugged"}\n'
    b'{"type":"MeterRead","energy_import":5}\n{"type":"Ready"}\n'
)


async def echo(stream: trio.abc.Stream) -> None:
    async with stream:
        await stream.send_all(await stream.receive_some())


async def echoes(stream: trio.abc.Stream) -> bool:
    async with stream:
        await stream.send_all(b"x")
        return bytes(await stream.receive_some()) == b"x"


async def test_a_unix_socket_is_for_its_owner_only_and_is_gone_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "evse1.sock"
    with trio.fail_after(5):
        async with trio.open_nursery() as nursery:
            await nursery.start(ListeningDoor(UnixAddress(path)).serve, echo)
            assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
            assert await echoes(await trio.open_unix_socket(str(path)))
            nursery.cancel_scope.cancel()
    assert not path.exists()


async def test_a_stale_socket_file_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "evse1.sock"
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(str(path))
    with trio.fail_after(5):
        async with trio.open_nursery() as nursery:
            await nursery.start(ListeningDoor(UnixAddress(path)).serve, echo)
            assert await echoes(await trio.open_unix_socket(str(path)))
            nursery.cancel_scope.cancel()


async def test_a_socket_that_another_program_listens_on_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "evse1.sock"
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(path))
        other.listen()
        with pytest.raises(DoorError, match=r"evse1\.sock: cannot listen: another program"):
            await ListeningDoor(UnixAddress(path)).serve(echo)
        assert path.exists()


async def test_a_file_that_is_no_socket_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "evse1.sock"
    path.write_text("precious")
    with pytest.raises(DoorError, match="something that is no socket stands there"):
        await ListeningDoor(UnixAddress(path)).serve(echo)
    assert path.read_text() == "precious"


async def test_a_directory_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DoorError, match=r"no/evse1\.sock: cannot listen: No such file"):
        await ListeningDoor(UnixAddress(tmp_path / "no" / "evse1.sock")).serve(echo)


async def test_a_port_that_is_taken_is_named() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        address = TcpAddress("127.0.0.1", other.getsockname()[1])
        with pytest.raises(DoorError, match=rf"{address}: cannot listen: "):
            await ListeningDoor(address).serve(echo)


async def test_a_tcp_door_listens_on_loopback() -> None:
    with trio.fail_after(5):
        async with trio.open_nursery() as nursery:
            port = await nursery.start(ListeningDoor(TcpAddress("127.0.0.1", 0)).serve, echo)
            assert await echoes(await trio.open_tcp_stream("127.0.0.1", port))
            nursery.cancel_scope.cancel()


async def test_the_station_dials_until_somebody_is_there_and_again_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "RETRY_SECONDS", 0.05)
    path = tmp_path / "program.sock"
    met = trio.open_memory_channel[None](10)

    async def meet(stream: trio.abc.Stream) -> None:
        async with stream:
            assert bytes(await stream.receive_some()) == b"hello"
            await met[0].send(None)

    async def program(stream: trio.abc.Stream) -> None:
        async with stream:
            await stream.send_all(b"hello")

    with trio.fail_after(5):
        async with trio.open_nursery() as nursery:
            nursery.start_soon(DiallingDoor(UnixAddress(path)).serve, meet)
            await trio.sleep(0.1)  # nobody is there
            await nursery.start(ListeningDoor(UnixAddress(path)).serve, program)
            await met[1].receive()
            await met[1].receive()
            nursery.cancel_scope.cancel()


async def test_an_evse_comes_into_service_over_a_unix_socket(tmp_path: Path) -> None:
    path = tmp_path / "evse1.sock"
    evse = OutsideEvse(ListeningDoor(UnixAddress(path)), evse_id=1)
    _send, commands = trio.open_memory_channel[Command](0)
    tell, told = trio.open_memory_channel[Event](10)
    with trio.fail_after(5):
        async with trio.open_nursery() as nursery:
            nursery.start_soon(evse.run, commands, tell.send_nowait)
            await wait_all_tasks_blocked(0.05)
            async with await trio.open_unix_socket(str(path)) as stream:
                await stream.send_all(LINES)
                facts = [await told.receive() for _ in range(3)]
                assert facts[1:] == [CableUnplugged(1), FaultCleared(1)]
                said = bytes(await stream.receive_some()).splitlines()
                assert json.loads(said[0])["pilotwire-driver"] == 1
            assert isinstance(await told.receive(), FaultRaised)
            nursery.cancel_scope.cancel()
    assert evse.read_meter().energy_import == 5.0
