"""docs/drivers.md says what is so: its examples run, its tables are those of the code."""

import json
import re
import sys
import types
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from pilotwire.drivers.display import Notice
from pilotwire.drivers.factory import EvseSetup
from pilotwire.drivers.hardware import FAULT_CODES
from pilotwire.drivers.outside.address import UnixAddress
from pilotwire.drivers.outside.door import ListeningDoor
from pilotwire.drivers.outside.evse import OutsideEvse
from pilotwire.drivers.outside.messages import FROM_PROGRAM, Hello
from pilotwire.engine.config import Config, load
from pilotwire.machines.effects import Command, RefuseToken, ShowMasterPass
from pilotwire.machines.events import Event, IdToken, TransactionsChosen
from pilotwire.machines.meter import MeterSample
from pilotwire.profiles.messages import v16

from ..engine.station.world import World
from .outside.program import MemoryDoor

GUIDE = (Path(__file__).parents[2] / "docs" / "drivers.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)


def table(first_column: str) -> dict[str, list[str]]:
    """Give the rows of a table: the word in the first column, and the cells beside it."""
    (found,) = re.findall(rf"^\| {first_column} \|.*\n\|[- |]+\n((?:\|.*\n)+)", GUIDE, re.MULTILINE)
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in found.splitlines()]
    return {row[0].strip("`"): row[1:] for row in rows}


def fields_of(struct: type[msgspec.Struct]) -> list[str]:
    return [field.encode_name for field in msgspec.structs.fields(struct)]


def words(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_every_command_is_told_with_its_fields() -> None:
    told = {name: words(cells[0]) for name, cells in table("Command").items()}
    assert told == {kind.__name__: fields_of(kind) for kind in typing.get_args(Command)}


def test_every_message_of_a_program_is_told_with_its_fields() -> None:
    told = {name: words(cells[0]) for name, cells in table("Fact").items()}
    kinds = {kind.__name__: fields_of(kind) for kind in FROM_PROGRAM}
    further = [name for name, cells in table("Message").items() if cells[0] != "station"]
    assert sorted([*told, *further]) == sorted(kinds)
    assert {name: sorted(fields) for name, fields in told.items()} == {
        name: sorted(kinds[name]) for name in told
    }


def test_every_field_of_a_reading_and_of_the_hello_is_told() -> None:
    fields = [field for field in fields_of(MeterSample) if field != "signed"]
    assert list(table("Field")) == fields
    assert list(table("Hello")) == fields_of(Hello)


def test_every_error_code_is_told() -> None:
    (told,) = re.findall(r"`error_code` is one of (.*?);", GUIDE, re.DOTALL)
    assert tuple(words(told)) == FAULT_CODES


@pytest.mark.parametrize("text", blocks("toml"))
def test_what_is_to_be_configured_is_accepted(text: str, tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(text)
    station = load(Config, file, environment={}).station
    assert station.evses[0].driver != "simulated" or station.display.driver is not None


class Board:
    """The hardware of the example: a directory of files, and the physics behind it."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        for name in ("contactor", "lock", "cable", "leak", "watts", "wh", "amperes"):
            self.set(name, 0)

    def get(self, name: str) -> float:
        return float((self.directory / name).read_text())

    def set(self, name: str, value: float) -> None:
        (self.directory / name).write_text(str(value))

    async def run(self) -> None:
        while True:
            self.set("watts", 3600 if self.get("contactor") and self.get("cable") else 0)
            await trio.sleep(1)
            self.set("wh", self.get("wh") + self.get("watts") / 3600)


async def test_the_driver_of_the_guide_charges_a_car(
    tmp_path: Path, autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    source = blocks("python")[0]
    assert len([line for line in source.splitlines() if line.strip()]) < 60
    module: Any = types.ModuleType("sysfs")
    exec(compile(source, "docs/drivers.md", "exec"), module.__dict__)
    board = Board(tmp_path)
    driver = module.make(EvseSetup(evse=1, options={"directory": str(tmp_path)}))
    world = World(connectors=(1,), drivers=[driver])
    nursery.start_soon(board.run)
    await nursery.start(world.station.run)
    await trio.sleep(1)
    board.set("cable", 1)
    await trio.sleep(1)
    await world.csms.call(v16.RemoteStartTransactionRequest(id_tag="DEADBEEF", connector_id=1))
    await trio.sleep(100)
    assert board.get("contactor") == board.get("lock") == 1
    assert world.csms.statuses(1)[-1] == "Charging"
    board.set("leak", 1)
    await trio.sleep(5)
    assert board.get("contactor") == 0
    assert world.csms.statuses(1)[-1] == "Faulted"
    board.set("leak", 0)
    await trio.sleep(95)
    assert world.csms.statuses(1)[-1] == "Charging"
    await world.csms.call(v16.RemoteStopTransactionRequest(transaction_id=2))
    await trio.sleep(3)
    assert board.get("contactor") == board.get("lock") == 0
    board.set("cable", 0)
    await trio.sleep(1)
    assert world.csms.statuses(1)[-1] == "Available"
    (stop,) = world.csms.of(v16.StopTransactionRequest)
    assert stop.meter_stop == pytest.approx(195, abs=3)


async def test_the_session_of_the_guide_is_spoken_so(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    door = MemoryDoor()
    world = World(connectors=(1,), drivers=[OutsideEvse(door, evse_id=1)])
    await nursery.start(world.station.run)
    program = await door.connect()
    (session,) = blocks("session")
    for line in session.splitlines():
        side, text = line.split(" ", 1)
        if side == ">":
            await program.send(text.encode() + b"\n")
            await trio.sleep(0.01)
            continue
        with trio.fail_after(1):
            assert json.loads(await program.line()) == json.loads(text)
    assert await program.said() == []
    await trio.sleep(1)
    assert world.csms.statuses(1)[-1] == "Available"
    (stop,) = world.csms.of(v16.StopTransactionRequest)
    assert stop.meter_stop == 1003


async def test_the_display_of_the_guide_shows_and_lets_choose(autojump_clock: MockClock) -> None:
    found: dict[str, Any] = {}
    exec(blocks("python")[2], found)
    written: list[tuple[int, str]] = []

    class Screen(found["Screen"]):  # type: ignore[misc]  # what the guide defines
        def write(self, evse: int, text: str) -> None:
            written.append((evse, text))

        async def choose(self, running: tuple[int, ...]) -> tuple[int, ...]:
            return running[:1]

    send, receive = trio.open_memory_channel[Notice](5)
    refused = RefuseToken(1, IdToken("A"), "Blocked")
    send.send_nowait(Notice(refused, "de"))
    send.send_nowait(Notice(ShowMasterPass(1, IdToken("A"), (2, 3)), "en"))
    send.close()
    facts: list[Event] = []
    await Screen().run(receive, facts.append)
    assert written == [(1, "Diese Karte ist gesperrt")]
    assert facts == [TransactionsChosen((2,))]


async def until(holds: Callable[[], bool]) -> None:
    """Wait until that holds, in real time."""
    with trio.fail_after(10):
        while not holds():  # noqa: ASYNC110  what the scripted CSMS has seen is no event
            await trio.sleep(0.02)


async def test_the_program_of_the_guide_charges_over_a_real_socket(
    tmp_path: Path, nursery: trio.Nursery
) -> None:
    source = tmp_path / "program.py"
    source.write_text(blocks("python")[1])
    path = tmp_path / "evse1.sock"
    world = World(
        connectors=(1,), drivers=[OutsideEvse(ListeningDoor(UnixAddress(path)), evse_id=1)]
    )
    await nursery.start(world.station.run)
    await wait_all_tasks_blocked(0.05)

    async with trio.open_nursery() as programs:
        command = [sys.executable, str(source), str(path)]
        process = await programs.start(trio.run_process, command)
        await until(lambda: world.csms.statuses(1)[-1:] == ["Charging"])
        assert world.csms.of(v16.StartTransactionRequest)[0].meter_start == 1000
        await until(lambda: world.station.read_meter(1).energy_import > 1000)
        programs.cancel_scope.cancel()
    assert process.returncode is not None
    await until(lambda: world.csms.statuses(1)[-1:] == ["Faulted"])
    assert world.csms.of(v16.StopTransactionRequest) == []
