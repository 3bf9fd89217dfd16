"""Hours of a station of ours and a central system of ours, with cars, commands, a reset, links that
break and power that fails, are replayed from both sides without a difference.
"""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import trio

from pilotwire.engine.central.central import CentralSystem
from pilotwire.engine.cli import main
from pilotwire.engine.fleet.run import Run
from pilotwire.engine.fleet.virtual import VirtualRun
from pilotwire.engine.virtual_time import run_virtually
from pilotwire.engine.wire.session import CallFailed
from pilotwire.profiles.family import VERSIONS
from pilotwire.profiles.messages.base import decode

from ..fleet.runs import read

STATION = """
stations = 1
[[groups]]
identity = "CS-{number}"
versions = ["%s"]
[groups.visitors]
first_arrival_seconds = 300
gap_seconds = [300.0, 900.0]
dwell_seconds = [900.0, 2400.0]
[[phases]]
kind = "ramp"
[[faults]]
kind = "loss"
every_seconds = 3600
[[faults]]
kind = "power_cut"
every_seconds = 5400
seconds = [60, 600]
"""
HOURS = 4
ROUNDS = 12


def _commands(is_16: bool, round: int, running: str | None) -> Iterator[tuple[str, Any]]:
    """Give what the central system asks for in a round."""
    if is_16:
        yield "GetConfiguration", {"key": ["HeartbeatInterval", "NoSuchKey"]}
        yield "ChangeAvailability", {"connectorId": 2, "type": _word(round, "Inoperative")}
        yield "RemoteStartTransaction", {"connectorId": 1, "idTag": "REMOTE"}
        stop = "RemoteStopTransaction", {"transactionId": int(running or 99)}
        yield "UnlockConnector", {"connectorId": 1 + round % 2}
    else:
        component = {"component": {"name": "OCPPCommCtrlr"}}
        names = [{"name": "HeartbeatInterval"}, {"name": "NoSuchVariable"}]
        data = [component | {"variable": name} for name in names]
        yield "GetVariables", {"getVariableData": data}
        status = {"evse": {"id": 2}, "operationalStatus": _word(round, "Inoperative")}
        yield "ChangeAvailability", status
        token = {"idToken": "REMOTE", "type": "Central"}
        yield "RequestStartTransaction", {"evseId": 1, "remoteStartId": round, "idToken": token}
        stop = "RequestStopTransaction", {"transactionId": running or "none"}
        yield "UnlockConnector", {"evseId": 1 + round % 2, "connectorId": 1}
        yield "GetTransactionStatus", {"transactionId": running or "none"}
    yield "ClearCache", {}
    if round % 3 == 2:
        yield stop
    if round % 4 == 2:
        yield "Reset", {"type": "Soft" if is_16 else "Immediate"}


def _word(round: int, every_third: str) -> str:
    return every_third if round % 3 == 0 else "Operative"


async def _command(central: CentralSystem, is_16: bool) -> None:
    for round in range(ROUNDS):
        await trio.sleep(HOURS * 3600 / ROUNDS - 10)
        connection = central.connections.get("CS-1")
        if connection is None:
            continue
        running = next(
            (each for each in central.store.transactions(limit=-1) if each.is_running), None
        )
        name = None if running is None else running.transaction_id
        for action, payload in _commands(is_16, round, name):
            request = decode(connection.version.actions()[action], json.dumps(payload).encode())
            try:
                await central.issue_command("CS-1", request)
            except CallFailed:
                break


@pytest.fixture(scope="module", params=VERSIONS)
def recorded(request: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """A log of such hours, in the version."""
    folder = tmp_path_factory.mktemp("recorded")
    fleet = msgspec.structs.replace(
        read(folder, STATION % request.param), duration_seconds=HOURS * 3600.0
    )
    run = VirtualRun(fleet, folder / "log.jsonl")

    async def show(_: Run) -> None:
        assert run.world is not None
        await _command(run.world.central, request.param == "ocpp1.6")

    async def go() -> None:
        await run.go(show, trio.Event())

    run_virtually(1, go)
    return request.param, folder / "log.jsonl"


def test_the_log_holds_what_it_should(recorded: tuple[str, Path]) -> None:
    version, log = recorded
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    said = Counter(
        (line["direction"], line["action"]) for line in lines if line.get("type") == "CALL"
    )
    notes = Counter(str(line.get("note", "")).partition(",")[0].partition(" ")[0] for line in lines)
    assert said["received", "Reset"] >= 1
    assert said["sent", "BootNotification"] >= 3
    start = "StartTransaction" if version == "ocpp1.6" else "TransactionEvent"
    assert said["sent", start] > 5
    assert notes["loss"] >= 2
    assert notes["power_cut"] >= 1


@pytest.mark.parametrize("side", ["station", "central"])
@pytest.mark.parametrize("speed", ["0", "1"])
def test_it_is_replayed_without_a_difference(
    recorded: tuple[str, Path], side: str, speed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    version, log = recorded
    arguments = ["--as", side, "--against", "embedded", "--version", version, "--speed", speed]
    code = main(["replay", str(log), *arguments, "--json"])
    told = json.loads(capsys.readouterr().out)
    assert told["differences"] == []
    assert code == 0
    assert told["compared"] > 50
    assert told["lost_links"] == 0
    if side == "central":
        assert "StartTransaction" not in told["not_asked"]
        assert "StopTransaction" not in told["not_asked"]
        if speed == "1":  # the whole course comes again, its meter values and heartbeats too
            assert sum(told["not_asked"].values()) < 8
