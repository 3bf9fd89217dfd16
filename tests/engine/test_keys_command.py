"""`pilotwire keys`: the reference of configuration keys on the command line."""

import json
from pathlib import Path

import pytest

from pilotwire.engine.cli import main

ROOT = Path(__file__).parents[2]


def test_the_committed_page_is_what_the_table_says() -> None:
    page = ROOT / "docs" / "keys16.md"
    assert main(["keys", "--format", "md", "--output", str(page), "--check"]) == 0


def test_keys_are_found_whatever_their_case(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys", "websocketPINGinterval", "NumberOfConnectors", "--format", "json"]) == 0
    ping, number = json.loads(capsys.readouterr().out)
    assert ping["key"] == "WebSocketPingInterval"
    assert ping["variable"] == "OCPPCommCtrlr.WebSocketPingInterval"
    assert (number["access"], number["type"]) == ("R", "integer")


def test_a_table_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys", "HeartbeatInterval"]) == 0
    heading, row = capsys.readouterr().out.splitlines()
    assert heading.split()[:4] == ["Key", "Type", "Default", "Access"]
    assert row.split()[:5] == ["HeartbeatInterval", "integer", "86400", "RW", "s"]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["Hartbeat"], "no key is called Hartbeat"),
        (["HartbeatInterval"], "did you mean HeartbeatInterval?"),
        (["--check"], "--check compares with a file: say which with --output"),
    ],
)
def test_wrong_usage_is_a_line(
    arguments: list[str], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["keys", *arguments]) == 2
    (told,) = capsys.readouterr().err.splitlines()
    assert line in told


def test_a_page_that_is_stale_or_missing_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "keys.md"
    options = ["keys", "--format", "md", "--output", str(page)]
    assert main([*options, "--check"]) == 1
    assert capsys.readouterr().err == f"pilotwire: {page}: missing\n"
    assert main(options) == 0
    assert main([*options, "--check"]) == 0
    page.write_text("old")
    assert main([*options, "--check"]) == 1
    assert capsys.readouterr().err == f"pilotwire: {page}: stale\n"
    assert main(["keys", "--output", str(tmp_path / "absent" / "x")]) == 1
    assert "cannot be written" in capsys.readouterr().err
