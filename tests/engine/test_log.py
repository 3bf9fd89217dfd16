"""The log: one line a record, short, harmless, and without secrets."""

import errno
import io
import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Literal

import pytest
import structlog

from pilotwire.engine import log
from pilotwire.engine.config import Log, StationSecrets
from pilotwire.engine.secrets import Secret

from ..logs import log_as_before


@pytest.fixture(autouse=True)
def _restore() -> Iterator[None]:
    with log_as_before():
        yield


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def set_up(format: Literal["auto", "console", "json"] = "json", **settings: Any) -> io.StringIO:
    stream = io.StringIO()
    log.set_up(Log(format=format, **settings), stream)
    return stream


def records(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_json_is_one_ascii_line_a_record_with_the_time_first() -> None:
    stream = set_up()
    structlog.get_logger().info("plugged\nin", evse=1, name="Zoë\u202e", ratio=0.5)
    assert stream.getvalue().isascii()
    assert stream.getvalue().count("\n") == 1
    (record,) = records(stream)
    assert list(record) == ["timestamp", "level", "event", "evse", "name", "ratio"]
    assert record["event"] == "plugged\\x0ain"
    assert record["name"] == "Zoë\\u202e"


def test_a_clock_can_be_given() -> None:
    stream = io.StringIO()
    log.set_up(Log(format="json"), stream, now=lambda: datetime(2030, 1, 1, tzinfo=UTC))
    structlog.get_logger().info("x")
    assert records(stream)[0]["timestamp"] == "2030-01-01T00:00:00+00:00"


def test_console_lines_carry_no_control_or_direction_characters() -> None:
    stream = set_up("console")
    evil = "".join(map(chr, [*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), 0x2066]))
    structlog.get_logger().info(evil, field=evil, nested={evil: [evil]})
    line = stream.getvalue()
    assert line.count("\n") == 1
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", line)
    assert "\\x1b" in line


def test_auto_is_for_reading_on_a_terminal_and_json_elsewhere() -> None:
    assert records_of_auto(io.StringIO()).startswith("{")
    assert "\x1b[" in records_of_auto(Terminal())


def records_of_auto(stream: io.StringIO) -> str:
    log.set_up(Log(format="auto"), stream)
    structlog.get_logger().info("x")
    return stream.getvalue()


def test_fields_are_cut_at_one_kilobyte() -> None:
    stream = set_up()
    structlog.get_logger().info(
        "x" * 5000, text="é" * 900, many=list(range(1000)), short="é" * 500, odd="\x00" * 1000
    )
    (record,) = records(stream)
    for key in ("event", "text", "many", "odd"):
        assert len(record[key].encode()) <= 1024
        assert record[key].endswith("…")
    assert record["short"] == "é" * 500


def test_secrets_are_stars_wherever_they_stand() -> None:
    secret = Secret(b"hunter2")
    for format in ("json", "console"):
        stream = set_up(format)  # type: ignore[arg-type]  # a tuple of literals is one of str
        structlog.get_logger().info(
            "x", a=secret, b=[secret], c={"d": secret}, e=StationSecrets(passwords={1: secret})
        )
        assert "***" in stream.getvalue()
        assert "hunter2" not in stream.getvalue()


def test_what_json_does_not_know_is_still_json() -> None:
    stream = set_up()
    structlog.get_logger().info("x", a=float("nan"), b=b"\x00", c=ValueError("no"), d="\ud800")
    (record,) = records(stream)
    assert (record["a"], record["b"], record["c"]) == ("nan", "b'\\x00'", "no")
    assert record["d"] == "\\ud800"


def test_the_level_is_the_least_that_is_logged() -> None:
    stream = set_up(level="warning")
    structlog.get_logger().info("quiet")
    structlog.get_logger().warning("loud")
    assert [record["event"] for record in records(stream)] == ["loud"]


def test_a_traceback_is_whole_and_stays_in_its_record() -> None:
    stream = set_up()
    try:
        raise RuntimeError("boom \x1b[31m")
    except RuntimeError:
        structlog.get_logger().exception("failed")
    (record,) = records(stream)
    assert record["exception"].startswith("Traceback")
    assert record["exception"].endswith("RuntimeError: boom \\x1b[31m")


def test_warnings_of_libraries_come_into_the_log() -> None:
    stream = set_up()
    logging.getLogger("some.library").warning("odd %s", "thing")
    logging.getLogger("some.library").info("chatter")
    (record,) = records(stream)
    assert (record["event"], record["logger"]) == ("odd thing", "some.library")


def test_what_nobody_caught_is_logged_once_and_ends_the_program() -> None:
    program = (
        "from pilotwire.engine import log; from pilotwire.engine.config import Log\n"
        "log.set_up(Log(format='json'))\n"
        "raise RuntimeError('boom')"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=30)
    assert ended.returncode == 1
    assert ended.stderr == b""
    record = json.loads(ended.stdout)
    assert record["event"] == "uncaught error"
    assert "RuntimeError: boom" in record["exception"]


class FullDisk(io.StringIO):
    """Standard output into a file, on a disk that is full for a while."""

    error: OSError | None = None

    def flush(self) -> None:
        if self.error is not None:
            self.truncate(0)
            self.seek(0)
            raise self.error


def test_a_full_disk_loses_lines_and_ends_nothing() -> None:
    stream = FullDisk()
    log.set_up(Log(format="json"), stream)
    stream.error = OSError(errno.ENOSPC, "No space left on device")
    for _ in range(3):
        structlog.get_logger().info("unseen")
    stream.error = None
    structlog.get_logger().info("seen")
    events = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [event["event"] for event in events] == ["log_lines_missing", "seen"]
    assert events[0]["lines"] == 3


def test_a_reader_that_went_away_is_told_to_the_command_line() -> None:
    stream = FullDisk()
    log.set_up(Log(format="json"), stream)
    stream.error = BrokenPipeError(errno.EPIPE, "Broken pipe")
    with pytest.raises(BrokenPipeError):
        structlog.get_logger().info("unseen")
