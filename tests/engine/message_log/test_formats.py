"""The log as text and as JSON lines."""

import json
from collections.abc import Callable
from pathlib import Path

from pilotwire.engine.message_log.recorder import Missed, Recorder

from .conftest import Talk

HOSTILE = "\x1b[2Jn\u202eexe\nsecond line"


def test_text_is_one_line_a_message(
    tmp_path: Path, talk: Talk, recorder_of: Callable[..., Recorder]
) -> None:
    talk.sent([2, "1", "Heartbeat", {}], 0.25)
    talk.received([3, "1", {"currentTime": "2027-01-15T08:00:00Z"}], 0.2627)
    talk.received([2, "2", "Reset", {"type": "Soft"}], 1)
    talk.sent([4, "2", "NotSupported", "not here", {}], 1.5)
    talk.sent([2, "3", "StatusNotification", {"connectorId": 1, "status": "Available"}], 2)
    talk.received("nonsense", 3)
    talk.items.append(Missed(2))
    assert recorder_of("log").record(talk.take()).errors == []
    assert (tmp_path / "messages.log").read_text().splitlines() == [
        "2027-01-15T08:00:00.250Z -> CALL Heartbeat 1 {}",
        "2027-01-15T08:00:00.262Z <- CALLRESULT Heartbeat 1 12.7 ms "
        '{"currentTime":"2027-01-15T08:00:00Z"}',
        '2027-01-15T08:00:01.000Z <- CALL Reset 2 {"type":"Soft"}',
        "2027-01-15T08:00:01.500Z -> CALLERROR Reset 2 500 ms NotSupported: not here",
        "2027-01-15T08:00:02.000Z -> CALL StatusNotification 3 EVSE 1 "
        '{"connectorId":1,"status":"Available"}',
        "2027-01-15T08:00:03.000Z <- unreadable nonsense",
        "# 2 messages are missing here: too many waited to be written",
    ]


def test_json_is_one_object_a_line(
    tmp_path: Path, talk: Talk, recorder_of: Callable[..., Recorder]
) -> None:
    talk.sent([2, "1", "StatusNotification", {"connectorId": 2}], 0.25)
    talk.received([3, "1", {}], 0.5)
    talk.received([2, "2", "Reset", {}], 1)
    talk.sent([4, "2", "NotSupported", "", {}], 1)
    talk.items.append(Missed(2))
    recorder_of("json").record(talk.take())
    lines = [json.loads(line) for line in (tmp_path / "messages.jsonl").read_text().splitlines()]
    assert lines[0] == {
        "time": "2027-01-15T08:00:00.250Z",
        "direction": "sent",
        "type": "CALL",
        "message_id": "1",
        "action": "StatusNotification",
        "evse": 2,
        "payload": {"connectorId": 2},
    }
    assert (lines[1]["latency_ms"], lines[1]["evse"], lines[1]["payload"]) == (250.0, 2, {})
    assert lines[3]["error"] == "NotSupported"
    assert "payload" not in lines[3]
    assert lines[4] == {"note": "2 messages are missing here: too many waited to be written"}


def test_no_format_lets_text_act_or_break_its_line(
    tmp_path: Path, talk: Talk, recorder_of: Callable[..., Recorder]
) -> None:
    talk.received([2, "1", "DataTransfer", {"data": HOSTILE}], 1)
    talk.received(HOSTILE + "\udcff", 2)
    recorder_of("log", "json", "html").record(talk.take())
    for name, lines in (("messages.log", 2), ("messages.jsonl", 2), ("messages.html", 0)):
        text = (tmp_path / name).read_bytes().decode()
        assert "exe" in text
        assert not [each for each in text if not (each.isprintable() or each == "\n")]
        assert lines == 0 or text.count("\n") == lines
    told = json.loads((tmp_path / "messages.jsonl").read_text().splitlines()[0])
    assert told["payload"] == {"data": HOSTILE}


def test_no_secret_reaches_a_file(
    tmp_path: Path, talk: Talk, recorder_of: Callable[..., Recorder]
) -> None:
    secret = "hunter2hunter2hunter2"
    talk.received([2, "1", "ChangeConfiguration", {"key": "AuthorizationKey", "value": secret}])
    talk.received([2, "2", "GetDiagnostics", {"location": f"ftp://me:{secret}@files.example/"}])
    talk.received(
        f'[2, "3", "ChangeConfiguration", {{"key": "AuthorizationKey", "value": "{secret}'
    )
    talk.sent([2, "4", "Authorize", {"idTag": "04A1B2C3D4E5F6"}])
    recorder_of("log", "json", "html").record(talk.take())
    for suffix in ("log", "jsonl", "html"):
        text = (tmp_path / f"messages.{suffix}").read_text()
        assert "ChangeConfiguration" in text
        assert secret not in text
        assert "***E5F6" in text
        assert "04A1B2C3D4E5F6" not in text


def test_tokens_stand_in_full_where_that_is_wanted(
    tmp_path: Path, talk: Talk, recorder_of: Callable[..., Recorder]
) -> None:
    talk.sent([2, "4", "Authorize", {"idTag": "04A1B2C3D4E5F6"}])
    recorder_of("log", shows_tokens=True).record(talk.take())
    assert "04A1B2C3D4E5F6" in (tmp_path / "messages.log").read_text()
