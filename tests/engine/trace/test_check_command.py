"""`pilotwire check`, as a person and as a script use it."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pilotwire.engine.cli import main
from pilotwire.engine.trace import reference
from pilotwire.profiles.trace import RULES

START = 1_800_000_000.0
BOOT = [2, "1", "BootNotification", {"chargePointVendor": "V", "chargePointModel": "M"}]
ACCEPTED = [3, "1", {"status": "Accepted", "currentTime": "2027-01-15T08:00:00Z", "interval": 300}]
BAD_START = [2, "2\x1b[31m", "StartTransaction", {"connectorId": 1, "idTag": "SECRET99"}]
REFUSED = [4, "2\x1b[31m", "OccurrenceConstraintViolation", "", {}]
CLEAN = [("sent", BOOT), ("received", ACCEPTED)]
BROKEN = [*CLEAN, ("sent", BAD_START), ("received", REFUSED)]

Write = Callable[..., str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(talk: list[tuple[str, Any]], name: str = "CS-7.jsonl", more: str = "") -> str:
        lines = [
            json.dumps({"time": START + n, "direction": direction, "message": frame})
            for n, (direction, frame) in enumerate(talk)
        ]
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n" + more)
        return str(path)

    return write


def test_a_clean_log_gives_0(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", write(CLEAN)]) == 0
    assert capsys.readouterr().out == "2 messages of 1 station: no rule is broken\n"


def test_a_broken_rule_gives_1_and_tells_its_first_place_and_no_secret(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(BROKEN, more="not a line\n")
    assert main(["check", path]) == 1
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        f"{path}:4: error-code-known (OCPP-J 4.2.3, OCPP-J 4.3), 1x: CS-7 message 2\\x1b[31m at "
        "2027-01-15T08:00:03.000Z: the csms answered with the code 'OccurrenceConstraintViolation'",
        f"{path}:3: request-valid (OCPP-J 4.2.1), 1x: CS-7 message 2\\x1b[31m at "
        "2027-01-15T08:00:02.000Z: StartTransaction: A required field is missing at $.meterStart",
        "4 messages of 1 station: 2 rules are broken; 1 lines could not be read",
    ]
    assert err == f"{path}:5: no JSON object\n"
    assert "SECRET99" not in out


def test_the_same_as_json(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", write(BROKEN), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["clean"] is False
    assert [each["rule"] for each in told["broken"]] == ["error-code-known", "request-valid"]
    assert told["broken"][1]["first"]["place"].endswith("CS-7.jsonl:3")


def test_rules_are_chosen_and_skipped(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(BROKEN)
    assert main(["check", path, "--rule", "seq-no-gap"]) == 0
    assert main(["check", path, "--skip", "error-code-known", "--skip", "request-valid"]) == 0


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ((), "name a message log to check; --list explains the rules"),
        (("none.log",), "none.log: cannot be read: No such file or directory"),
        (("x", "--rule", "seqno-gap"), "no rule is called seqno-gap; did you mean seq-no-gap?"),
        (("x", "--version", "3"), "no version is called 3: there are 1.6, 2.0.1, 2.1"),
    ],
)
def test_wrong_use_gives_2_and_one_line(
    arguments: tuple[str, ...], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", *arguments]) == 2
    assert capsys.readouterr().err == f"pilotwire: {why}\n"


def test_the_version_may_be_told(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    heartbeat = [2, "9", "Heartbeat", {}]
    start = [2, "9", "StartTransaction", {}]
    for frame, broken in ((heartbeat, 0), (start, 1)):
        path = write([("sent", frame)])
        assert main(["check", path, "--version", "2.0.1", "--rule", "action-known"]) == broken


def test_the_rules_explain_themselves(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--list"]) == 0
    out = capsys.readouterr().out
    assert all(f"{name}\n" in out for name in RULES)
    assert main(["check", "--list", "--json", "--rule", "meter-forward"]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert told["rule"] == "meter-forward"
    assert told["versions"] == ["1.6", "2.0.1", "2.1"]


def test_as_a_program_of_its_own(write: Write) -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("pilotwire")), "check", write(BROKEN)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "2 rules are broken" in done.stdout
    assert done.stderr == ""


def test_the_page_of_the_rules_is_fresh() -> None:
    assert reference.main(["--check"]) == 0
