"""`pilotwire replay`: one side of a log is said again, and what is answered otherwise is shown."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from pilotwire.engine.central.central import CentralSystem
from pilotwire.engine.central.store import Store
from pilotwire.engine.cli import main
from pilotwire.engine.clock import Clock
from pilotwire.engine.config import Central
from pilotwire.engine.replay.peers import central_at, embedded_central, station_to
from pilotwire.engine.replay.play import Options, Outcome, Replay
from pilotwire.engine.replay.recording import NotReplayable, record
from pilotwire.engine.wire.dial import Dial, open_link
from pilotwire.profiles.family import OCPP_16

from ...ports import free_port

START = 1_800_000_000.0  # 2027-01-15 08:00:00 UTC
TIME = "2027-01-15T08:00:00Z"
BOOT = {"chargePointVendor": "V", "chargePointModel": "M"}
ACCEPTED = {"status": "Accepted", "currentTime": TIME, "interval": 300}
START_REQUEST = {"connectorId": 1, "idTag": "DEADBEEF", "meterStart": 0, "timestamp": TIME}
STARTED = {"idTagInfo": {"status": "Accepted"}, "transactionId": 77}
STOP = {"transactionId": 77, "meterStop": 900, "timestamp": TIME}

Call = tuple[str, str, Any, Any]  # who, action, payload, answer
Write = Callable[..., Path]
CHARGE: list[Call] = [
    ("sent", "BootNotification", BOOT, ACCEPTED),
    ("sent", "StartTransaction", START_REQUEST, STARTED),
    ("sent", "StopTransaction", STOP, {}),
]
COMMANDS: list[Call] = [
    CHARGE[0],
    ("received", "ClearCache", {}, {"status": "Accepted"}),
    ("received", "GetConfiguration", {"key": ["NoSuchKey"]}, {"unknownKey": ["NoSuchKey"]}),
]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(calls: list[Call], apart: float = 1.0, name: str = "CS-7.jsonl") -> Path:
        lines = []
        at = START
        for number, (who, action, payload, answer) in enumerate(calls):
            other = "received" if who == "sent" else "sent"
            frames: list[tuple[str, Any]] = [(who, [2, f"m{number}", action, payload])]
            if isinstance(answer, str):
                frames.append((other, [4, f"m{number}", answer, "no", {}]))
            elif answer is not None:
                frames.append((other, [3, f"m{number}", answer]))
            for direction, frame in frames:
                lines.append({"time": at, "direction": direction, "message": frame})
            at += apart
        path = tmp_path / name
        path.write_text("".join(json.dumps(line) + "\n" for line in lines))
        return path

    return write


def changed(calls: list[Call], place: int, answer: Any) -> list[Call]:
    """The calls, one of them answered otherwise."""
    who, action, payload, _ = calls[place]
    return [*calls[:place], (who, action, payload, answer), *calls[place + 1 :]]


def against_central(path: Path, *more: str) -> int:
    return main(["replay", str(path), "--as", "station", "--against", "embedded", *more])


# ---- the station's side


def test_a_charge_is_answered_as_it_was_under_a_number_of_today(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    assert against_central(write(CHARGE)) == 0
    first, last = capsys.readouterr().out.splitlines()
    assert first == "3 messages said, 3 answers compared: none differs"
    assert last.startswith("not compared: message ids, date-times, customData, requestId, transac")


def test_what_is_answered_otherwise_is_shown_with_its_place(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    refused = {"idTagInfo": {"status": "Invalid", "parentIdTag": "SECRETIVE"}, "transactionId": 7}
    path = write(changed(changed(CHARGE, 1, refused), 2, "InternalError"))
    assert against_central(path) == 1
    shown = capsys.readouterr().out
    assert shown.splitlines()[:3] == [
        f"{path}:3: StartTransaction $.idTagInfo.status: Invalid was recorded, Accepted came",
        f"{path}:3: StartTransaction $.idTagInfo.parentIdTag: ***TIVE was recorded, nothing came",
        f"{path}:5: StopTransaction answer: CALLERROR InternalError was recorded, CALLRESULT came",
    ]
    assert "SECRETIVE" not in shown


def test_strictly_times_and_numbers_differ_too(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    assert against_central(write(CHARGE), "--strict", "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert "$.transactionId" in [each["path"] for each in told["differences"]]
    assert (told["same"], told["said"], told["compared"]) == (False, 3, 3)


def test_a_log_becomes_a_test_with_one_command(
    write: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    directory = tmp_path / "fixture"
    path = write(changed(CHARGE, 1, {"idTagInfo": {"status": "Blocked"}, "transactionId": 7}))
    assert against_central(path, "--save", str(directory)) == 1  # it is answered otherwise today
    assert main(["replay", str(directory)]) == 0  # and that is expected from now on
    talk = directory / "talk.jsonl"
    talk.write_text(talk.read_text().replace('"status": "Accepted"}', '"status": "Expired"}'))
    assert main(["replay", str(directory)]) == 1
    assert "Expired was recorded, Accepted came" in capsys.readouterr().out


def test_a_fixture_keeps_no_password(write: Write, tmp_path: Path) -> None:
    key = {"key": "AuthorizationKey", "value": "0011223344556677"}
    calls = [*CHARGE, ("received", "ChangeConfiguration", key, {"status": "Accepted"})]
    against_central(write(calls), "--save", str(tmp_path / "fixture"))
    saved = (tmp_path / "fixture" / "talk.jsonl").read_text()
    assert "ChangeConfiguration" in saved
    assert "0011223344556677" not in saved
    assert "DEADBEEF" in saved


# ---- the central system's side


def test_commands_are_answered_as_they_were_by_the_station_of_today(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(changed(COMMANDS, 2, {"unknownKey": ["AnotherKey"]}))
    assert main(["replay", str(path), "--as", "central", "--against", "embedded"]) == 1
    first, second, *_ = capsys.readouterr().out.splitlines()
    assert first.endswith("$.unknownKey[0]: AnotherKey was recorded, NoSuchKey came")
    assert second == "2 messages said, 2 answers compared: 1 difference"


def test_with_their_timing_in_no_time_against_our_own(write: Write) -> None:
    path = write(COMMANDS, apart=3000.0)
    options = ("--as", "central", "--against", "embedded", "--speed", "1")
    assert main(["replay", str(path), *options]) == 0


# ---- what a station tells once more


def retold(answers: list[Any]) -> list[Call]:
    """A start that is told as often as it has answers here (None: that was lost), and its stop."""
    starts: list[Call] = [("sent", "StartTransaction", START_REQUEST, each) for each in answers]
    return [CHARGE[0], *starts, CHARGE[2]]


@pytest.mark.parametrize(
    ("answers", "compared"),
    [
        ([None, STARTED], 3),
        ([STARTED, {"idTagInfo": {"status": "ConcurrentTx"}, "transactionId": 78}], 3),
        ([STARTED, "InternalError"], 3),
        ([None, "InternalError", STARTED], 3),  # differs: the first answer is what counts
    ],
)
def test_a_start_that_is_told_again_is_compared_once(
    write: Write, capsys: pytest.CaptureFixture[str], answers: list[Any], compared: int
) -> None:
    code = against_central(write(retold(answers)), "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["compared"] == compared
    assert told["unanswered_then"] == 0
    assert told["said"] == 2 + len(answers)
    assert code == ("InternalError" in answers and None in answers)


def test_a_station_of_today_that_tells_it_once_lacks_nothing(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    stop = ("sent", "StopTransaction", {**STOP, "reason": "Remote"}, {})
    remote_stop = (
        "received",
        "RemoteStopTransaction",
        {"transactionId": 77},
        {"status": "Accepted"},
    )
    again = ("sent", "StartTransaction", START_REQUEST, {**STARTED, "transactionId": 78})
    path = write([CHARGE[0], CHARGE[1], again, remote_stop, stop])
    assert main(["replay", str(path), "--as", "central", "--against", "embedded", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["compared"], told["differences"]) == (1, [])
    assert told["not_asked"] == {}


# ---- what was done at the station is done again


def test_cars_come_as_they_came(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    status = {"errorCode": "NoError", "connectorId": 1}
    unlock = ("received", "UnlockConnector", {"connectorId": 2}, {"status": "Unlocked"})
    calls: list[Call] = [
        CHARGE[0],
        ("received", "RemoteStopTransaction", {"transactionId": 77}, {"status": "Rejected"}),
        ("sent", "StatusNotification", {**status, "status": "Preparing"}, {}),
        CHARGE[1],  # nobody asked for its token, which stands in a list there
        ("received", "RemoteStopTransaction", {"transactionId": 77}, {"status": "Accepted"}),
        ("sent", "StopTransaction", {**STOP, "reason": "Remote"}, {}),
        ("received", "RemoteStopTransaction", {"transactionId": 77}, {"status": "Rejected"}),
        unlock,
    ]
    path = write(calls)
    assert main(["replay", str(path), "--as", "central", "--against", "embedded"]) == 0
    first, *rest = capsys.readouterr().out.splitlines()
    assert first == "4 messages said, 4 answers compared: none differs"
    assert not any("did not come" in line for line in rest)


def test_the_version_is_that_of_all_links_together(tmp_path: Path) -> None:
    new = {"chargingStation": {"vendorName": "V", "model": "M"}, "reason": "PowerUp"}
    link = {"note": "The link opened at 2027-01-15T08:00:00.000Z"}
    ours = {"type": "CALL", "direction": "sent", "message_id": "b", "action": "BootNotification"}
    path = tmp_path / "log.jsonl"
    lines = [{**ours, "payload": BOOT}, link, {**ours, "action": "Heartbeat", "payload": {}}]
    path.write_text("".join(json.dumps(each) + "\n" for each in lines))
    assert record(path).version is OCPP_16
    path.write_text(path.read_text() + json.dumps({**ours, "payload": new}) + "\n")
    with pytest.raises(NotReplayable, match="speaks several versions: say which with --version"):
        record(path)


# ---- over sockets, and how links come and go


async def replayed(path: Path, meet: Any, role: Any = "station", speed: float = 0.0) -> Outcome:
    options = Options(role=role, speed=speed, timeout=5.0)
    with trio.fail_after(4000):
        return await Replay(record(path), options, meet, Clock(START)).run()


async def test_against_a_central_system_elsewhere(write: Write, nursery: trio.Nursery) -> None:
    store = Store.open(None, is_inline=True)
    central = CentralSystem(Central(port=0), Clock(START), store)
    port = await nursery.start(central.run)
    meet = central_at(f"ws://127.0.0.1:{port}", "CS-7", OCPP_16, None)
    outcome = await replayed(write(CHARGE), meet)
    assert (outcome.said, outcome.differences) == (3, [])
    assert len(store.transactions("CS-7", limit=-1)) == 1
    store.close()
    nursery.cancel_scope.cancel()


async def test_against_a_station_that_comes(write: Write, nursery: trio.Nursery) -> None:
    url = f"ws://127.0.0.1:{free_port()}"
    heard: list[Any] = []

    async def station() -> None:
        dial = Dial(url=url, identity="CS-7", subprotocols=("ocpp1.6",))
        link = await open_link(nursery, dial)
        await link.send(json.dumps([2, "b", "BootNotification", BOOT]))
        heard.append(json.loads(await link.receive()))
        for _ in range(2):
            kind, message_id, action, _ = json.loads(await link.receive())
            heard.append((kind, action))
            await link.send(json.dumps([4, message_id, "NotSupported", "", {}]))

    async with station_to(url, OCPP_16) as meet:
        nursery.start_soon(station)
        outcome = await replayed(write(COMMANDS), meet, "csms")
    assert heard[0][2]["status"] == "Accepted"
    assert heard[1:] == [(2, "ClearCache"), (2, "GetConfiguration")]
    assert [each.found for each in outcome.differences] == ["CALLERROR NotSupported"] * 2


async def test_the_timing_is_kept_at_the_speed_that_is_wished(
    write: Write, autojump_clock: MockClock
) -> None:
    for speed, seconds in ((1.0, 2000.0), (10.0, 200.0), (0.0, 0.0)):
        async with embedded_central("CS-7", OCPP_16, Clock(START)) as meet:
            began = trio.current_time()
            await replayed(write(CHARGE, apart=1000.0), meet, speed=speed)
            assert trio.current_time() - began == pytest.approx(seconds, abs=2)


async def test_it_dials_again_where_the_log_has_the_link_closed(
    write: Write, tmp_path: Path, autojump_clock: MockClock
) -> None:
    path = tmp_path / "ours.jsonl"
    line: dict[str, Any] = {"type": "CALL", "direction": "sent", "action": "Heartbeat"}
    boot = {**line, "action": "BootNotification", "message_id": "b", "payload": BOOT}
    beat = {**line, "message_id": "h", "payload": {}}
    answer = {"type": "CALLRESULT", "direction": "received", "payload": {"currentTime": TIME}}
    booted = {**answer, "message_id": "b", "payload": ACCEPTED}
    lines = [boot, booted, {"note": "The link closed at 2027-01-15T08:00:00.000Z"}, beat]
    lines.append({**answer, "message_id": "h"})
    path.write_text("".join(json.dumps(each) + "\n" for each in lines))
    links = 0
    async with embedded_central("CS-7", OCPP_16, Clock(START)) as embedded:

        async def meet(nursery: trio.Nursery) -> Any:
            nonlocal links
            links += 1
            return await embedded(nursery)

        outcome = await replayed(path, meet)
    assert links == 2
    assert outcome.differences == []


# ---- bad input


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("none.jsonl", "--as", "station", "--against", "embedded"), "none.jsonl: cannot be read"),
        (("{log}",), "say whose side is replayed, and against whom: --as and --against"),
        (
            ("{log}", "--as", "central", "--against", "embedded"),
            "holds no call of the central with its answer",
        ),
        (
            ("{log}", "--as", "station", "--against", "embedded", "--version", "9"),
            "no version is called 9: there are 1.6, 2.0.1, 2.1",
        ),
        (("{folder}",), "replay.json: cannot be read: No such file or directory"),
        (("{log}", "--as", "station", "--against", "ws://127.0.0.1:1"), "ws://127.0.0.1:1: "),
    ],
)
def test_bad_input_is_one_line(
    arguments: tuple[str, ...],
    why: str,
    write: Write,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    named = {"log": write(CHARGE), "folder": tmp_path}
    code = main(["replay", *(each.format(**named) for each in arguments)])
    assert code in (1, 2)
    (line,) = capsys.readouterr().err.splitlines()
    assert why in line


def test_a_password_that_others_can_read_is_not_used(
    write: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    password = tmp_path / "password"
    password.write_text("0123456789abcdef")
    password.chmod(0o644)
    assert against_central(write(CHARGE), "--password-file", str(password)) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line == f"pilotwire: {password}: open to group or others; remedy: chmod 600 {password}"
    password.chmod(0o600)
    assert against_central(write(CHARGE), "--password-file", str(password)) == 0


def test_a_damaged_fixture_is_told_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "replay.json").write_text('{"side": "both"}')
    assert main(["replay", str(tmp_path)]) == 2
    assert "replay.json: Invalid enum value 'both'" in capsys.readouterr().err


def test_of_several_stations_one_has_to_be_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "all.jsonl"
    lines = [
        {"station": name, "time": START, "direction": direction, "message": frame}
        for name in ("A", "B")
        for direction, frame in (
            ("sent", [2, "1", "BootNotification", BOOT]),
            ("received", [3, "1", ACCEPTED]),
        )
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert against_central(path) == 2
    assert "say which with --station: A, B" in capsys.readouterr().err
    assert against_central(path, "--station", "B") == 0


def test_as_a_program_of_its_own(write: Write) -> None:
    program = str(Path(sys.executable).with_name("pilotwire"))
    arguments = ["replay", str(write(CHARGE)), "--as", "station", "--against", "embedded"]
    done = subprocess.run(
        [program, *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "none differs" in done.stdout
