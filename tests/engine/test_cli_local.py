"""The commands that ask a daemon: each against a real one, and what they say when there is none."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from pilotwire.engine import cli

from ..ports import free_port

PROGRAM = "import sys; from pilotwire.engine.cli import main; sys.exit(main())"
SECONDS = 30  # more than anything here takes on a loaded machine
TOKEN = "s3cret"
VARIABLE = "PILOTWIRE_SECRETS__API__TOKEN"


def environment() -> dict[str, str]:
    own = {k: v for k, v in os.environ.items() if not k.startswith("PILOTWIRE_")}
    return own | {VARIABLE: TOKEN}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A daemon with two EVSEs, its own central system, and an API that wants a token."""
    directory = tmp_path_factory.mktemp("daemon")
    api, central = free_port(), free_port()
    settings = [
        f"api.port={api}",
        f"central.port={central}",
        f"station.network.profiles[1].url=ws://127.0.0.1:{central}",
        'station.versions=["ocpp1.6"]',
        "simulator.visitors=false",
        "log.format=json",
    ]
    log = directory / "log"
    options = [word for setting in settings for word in ("--set", setting)]
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, "run", "--duration", "120", *options],
            cwd=directory,
            env=environment(),
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until(lambda: b"api_listening" in log.read_bytes(), process)
        wait_until(lambda: b"boot_answered" in log.read_bytes(), process)
        yield f"http://127.0.0.1:{api}"
        process.send_signal(signal.SIGTERM)
        assert process.wait(SECONDS) == 0, log.read_text()
    finally:
        process.kill()
        process.wait()


def wait_until(holds: Callable[[], bool], process: "subprocess.Popen[Any] | None" = None) -> None:
    deadline = time.monotonic() + SECONDS
    while not holds():
        assert process is None or process.poll() is None, "the daemon ended"
        assert time.monotonic() < deadline
        time.sleep(0.05)


class Ended(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def answer(self) -> Any:
        assert self.code == 0, self.err
        return json.loads(self.out)


Run = Callable[..., Ended]


@pytest.fixture
def run(
    url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Run]:
    """Run a command in this process against the daemon; afterwards nobody is at its EVSEs."""
    for name in [name for name in os.environ if name.startswith("PILOTWIRE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv(VARIABLE, TOKEN)

    def run(*words: str) -> Ended:
        capsys.readouterr()
        code = cli.main([*words, "--url", url])
        return Ended(code, *capsys.readouterr())

    yield run
    for evse in run("status", "--json").answer["evses"]:
        number = str(evse["evse"])
        if evse["simulation"]["is_paused"]:
            run("resume", number)
        if evse["simulation"]["ev"]:
            run("unplug", number, "--at-car")


def evse(run: Run, number: int) -> Any:
    return run("status", "--json").answer["evses"][number - 1]


# ---- a charge, command by command


def test_a_charge_from_plug_to_unplug(run: Run) -> None:
    plugged = run("plug", "--name", "mine", "--state-of-charge", "50", "--battery-wh", "40000")
    assert plugged == Ended(0, "EVSE 1: Preparing, plugged first\n", "")
    ev = evse(run, 1)["simulation"]["ev"]
    assert (ev["name"], ev["state_of_charge"], ev["battery_wh"]) == ("mine", 50, 40_000)
    assert run("token", "DEADBEEF") == Ended(0, "shown at EVSE 1\n", "")
    wait_until(lambda: evse(run, 1)["energy"] == "charging")
    assert run("pause") == Ended(0, "EVSE 1: SuspendedEVSE, active, suspended evse, paused\n", "")
    assert run("resume") == Ended(0, "EVSE 1: Charging, active, charging\n", "")
    shown = run("status").out
    assert "PILOTWIRE-1" in shown
    assert "online ws://127.0.0.1" in shown
    (row,) = [line for line in shown.splitlines() if "mine" in line]
    assert "Charging" in row
    assert "11.04 kW" in row
    assert "***BEEF" in row
    wait_until(lambda: evse(run, 1)["transaction"]["csms_transaction_id"] is not None)
    assert evse(run, 1)["transaction"]["csms_transaction_id"] in run("status").out
    assert run("unplug") == Ended(1, "", "pilotwire: the lock of connector 1 holds the cable\n")
    assert run("unplug", "--at-car") == Ended(0, "EVSE 1: Available, idle\n", "")


def test_a_token_at_an_evse(run: Run) -> None:
    assert run("token", "CAFE", "--evse", "2", "--json").answer == {"evse": 2}
    wait_until(lambda: evse(run, 2)["session"] == "token_first")
    assert run("token", "CAFE", "--evse", "2").code == 0  # who comes again changes his mind
    wait_until(lambda: evse(run, 2)["session"] == "idle")


def test_a_car_shows_its_contract(run: Run, tmp_path: Path) -> None:
    chain = tmp_path / "chain.pem"
    missing = run("token", "NLPWRC12345678", "--contract", str(chain))
    assert missing == Ended(
        1, "", f"pilotwire: {chain}: cannot be read: No such file or directory\n"
    )
    chain.write_text("PEM")
    shown = run("token", "NLPWRC12345678", "--contract", str(chain), "--evse", "2")
    assert shown == Ended(0, "shown at EVSE 2\n", "")


def test_a_fault_comes_and_goes(run: Run) -> None:
    raised = run("fault", "2", "GroundFailure", "--info", "wet\x1b[31m")
    assert raised == Ended(0, "EVSE 2: Faulted (GroundFailure wet\\x1b[31m), idle\n", "")
    assert "GroundFailure" in run("status").out
    assert run("clear-fault", "2") == Ended(0, "EVSE 2: Available, idle\n", "")
    assert run("clear-fault", "2") == Ended(1, "", "pilotwire: there is no fault to clear\n")


def test_an_evse_starts_anew(run: Run) -> None:
    assert run("reset", "2") == Ended(0, "resets now\n", "")
    wait_until(lambda: evse(run, 2)["connectors"][0]["status"] == "Available")
    run("plug", "2")
    run("token", "CAFE", "--evse", "2")
    wait_until(lambda: evse(run, 2)["transaction"] is not None)
    scheduled = Ended(0, "resets when its transactions have ended\n", "")
    assert run("reset", "2", "--on-idle") == scheduled
    assert run("reset", "9") == Ended(1, "", "pilotwire: evse: there is no EVSE 9\n")


def test_the_link_is_cut_and_comes_back(run: Run) -> None:
    assert run("disconnect") == Ended(0, "offline, slot 1\n", "")
    assert run("status", "--json").answer["connection"]["state"] == "offline"
    assert run("connect", "--json").answer["state"] in ("dialling", "online")
    wait_until(lambda: run("status", "--json").answer["connection"]["state"] == "online")


def test_messages_as_lines_and_as_json(run: Run) -> None:
    out = run("messages", "--limit", "1000", "--action", "BootNotification").out
    question, answer = out.splitlines()[:2]
    assert "-> CALL       BootNotification" in question
    assert "<- CALLRESULT BootNotification (" in answer
    assert "Accepted" in answer
    lines = run("messages", "--limit", "2", "--json").out.splitlines()
    assert len(lines) == 2
    assert all(json.loads(line)["kind"].startswith("CALL") for line in lines)


def test_messages_are_followed_until_interrupted(run: Run, url: str, tmp_path: Path) -> None:
    log = tmp_path / "followed"
    command = [sys.executable, "-c", PROGRAM, "messages", "--follow", "--json", "--limit", "3"]
    with (
        log.open("wb") as out,
        subprocess.Popen([*command, "--url", url], stdout=out, env=environment()) as follower,
    ):
        try:
            wait_until(lambda: log.read_bytes().count(b"\n") >= 3)
            run("plug", "2")
            wait_until(lambda: b'"Preparing"' in log.read_bytes())
        finally:
            follower.send_signal(signal.SIGINT)
        assert follower.wait(SECONDS) == 130
    names = [json.loads(line)["message_id"] for line in log.read_text().splitlines()]
    assert len(names) > 3


# ---- the console


def test_the_console_takes_the_same_commands_from_a_pipe(run: Run, url: str) -> None:
    lines = [
        "# comments are passed over",
        "",
        "plug 2 --name 'my car'",
        "status --json",
        "frobnicate 1",
        "--version",
        "help",
        "help plug",
        "plug 2",
        "plug two",
        'token "unclosed',
        "exit",
        "unplug 2",
    ]
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, "console", "--url", url],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        env=environment(),
    )
    assert ended.stderr.splitlines() == [
        'Received unknown command "frobnicate"; help lists them',
        'Received unknown command "--version"; help lists them',
        "pilotwire: connector 1 is in use: an EVSE serves one car",
        'pilotwire: Invalid value for EVSE: unable to convert "two" into int.',
        "No closing quotation",
    ]
    assert ended.returncode == 2
    first, second, *rest = ended.stdout.splitlines()
    assert first == "EVSE 2: Preparing, plugged first"
    assert json.loads(second)["evses"][1]["simulation"]["ev"]["name"] == "my car"
    help_ = "\n".join(rest)
    for command in ("status", "clear-fault", "messages", "--state-of-charge"):
        assert command in help_
    assert "Run a station" not in help_
    assert evse(run, 2)["simulation"]["ev"] is not None  # what comes after exit is not done


def test_a_pipe_without_mistakes_ends_with_0(run: Run, url: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, "console", "--json", "--url", url],
        input="disconnect\nconnect",
        capture_output=True,
        text=True,
        timeout=SECONDS,
        env=environment(),
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert [json.loads(line)["slot"] for line in ended.stdout.splitlines()] == [1, 1]
    wait_until(lambda: run("status", "--json").answer["connection"]["state"] == "online")


# ---- what goes wrong


@pytest.mark.parametrize(
    ("words", "code", "line"),
    [
        (["pause", "7"], 1, "evse: there is no EVSE 7"),
        (["resume"], 1, "the EVSE is not paused"),
        (["fault", "1", "Nope"], 2, "error_code: expected one of ConnectorLockFailure, "),
        (["plug", "--state-of-charge", "101"], 2, "state_of_charge: state_of_charge of the car"),
        (["plug", "0"], 2, 'Invalid value "0" for EVSE. Must be >= 1.'),
        (["token", "x" * 256], 2, "value: Expected `str` of length <= 255"),
        (["messages", "--limit", "0"], 2, 'Invalid value "0" for --limit. Must be >= 1.'),
        (["token"], 2, "Command "),
    ],
)
def test_what_cannot_be_done_is_one_line(run: Run, words: list[str], code: int, line: str) -> None:
    ended = run(*words)
    assert (ended.code, ended.out) == (code, "")
    assert ended.err.startswith(f"pilotwire: {line}")
    assert ended.err.count("\n") == 1


def test_without_the_token_nothing_is_told(
    run: Run, url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    file.chmod(0o600)
    with monkeypatch.context() as bare:
        bare.delenv(VARIABLE)
        refused = run("status")
        assert refused.code == 1
        assert refused.err.startswith("pilotwire: a bearer token is needed")
        assert f"set {VARIABLE}" in refused.err
        assert run("status", "--token-file", str(file)).code == 0
        file.chmod(0o644)
        open_file = run("status", "--token-file", str(file))
        assert (open_file.code, open_file.out) == (2, "")
        assert "chmod 600" in open_file.err


def test_where_no_daemon_runs_it_says_how_to_start_one(capsys: pytest.CaptureFixture[str]) -> None:
    address = f"http://127.0.0.1:{free_port()}"
    for words in (["status"], ["messages", "--follow"], ["plug"]):
        assert cli.main([*words, "--url", address]) == 1
        assert capsys.readouterr() == (
            "",
            f"pilotwire: nothing runs at {address}; start it with: pilotwire run\n",
        )


@pytest.mark.parametrize(
    "address", ["127.0.0.1:9311", "ftp://127.0.0.1", "http://", "http://[::1", "http://h:x"]
)
def test_an_address_that_is_none(capsys: pytest.CaptureFixture[str], address: str) -> None:
    assert cli.main(["status", "--url", address]) == 2
    assert capsys.readouterr().err == (
        f'pilotwire: --url: expected an address like "http://127.0.0.1:9311", got "{address}"\n'
    )
