"""Tables and lines for a person."""

import pytest

from pilotwire.engine.local import tables


def test_what_a_terminal_would_obey_is_written_out() -> None:
    assert tables.printable("a\x1b[2Jb\rc\u202ed é 漢") == "a\\x1b[2Jb\\rc\\u202ed é 漢"
    assert tables.printable("[bold]x[/bold]") == "[bold]x[/bold]"


def test_a_message_is_one_line_however_long(capsys: pytest.CaptureFixture[str]) -> None:
    tables.show_message(
        {
            "time": "2027-01-15T08:00:01.250000Z",
            "direction": "received",
            "kind": "CALLERROR",
            "message_id": "7",
            "action": "",
            "summary": "[red]NotSupported\n" + "x" * 500,
            "latency_seconds": 0.0125,
        }
    )
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    assert out.startswith("08:00:01.250 <- CALLERROR  7 (12 ms) [red]NotSupported\\nxxx")


def test_reservations_and_waiting_changes_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    connector = {
        "status": "Reserved",
        "fault": None,
        "availability": "change_scheduled",
        "lock": "stuck",
    }
    evse = {
        "evse": 1,
        "connectors": [connector],
        "session": "idle",
        "energy": "off",
        "simulation": None,
        "reservation": {"reservation_id": 7, "id_token": "***BABE"},
    }
    tables.show_evse(evse)
    assert capsys.readouterr().out == (
        "EVSE 1: Reserved (change scheduled) (lock stuck), idle, reservation 7 for ***BABE\n"
    )
