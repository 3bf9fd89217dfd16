"""The files of security events: whole lines, a bounded size, and a bad disk."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trio
from structlog.testing import capture_logs

from pilotwire.engine.station.security_log import SecurityLog

NOW = datetime(2027, 1, 15, 8, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "station" / "security.log"


def make(path: Path, max_bytes: int = 100_000, *, inline: bool = True) -> SecurityLog:
    return SecurityLog(path, max_bytes=max_bytes, max_files=2, inline=inline)


def written(path: Path) -> list[str]:
    return [json.loads(line).get("type", "") for line in path.read_text().splitlines()]


def test_a_line_is_an_object(path: Path) -> None:
    make(path).write(NOW, "ResetOrReboot", "", is_critical=True)
    assert path.read_text() == (
        '{"timestamp":"2027-01-15T08:00:00Z","type":"ResetOrReboot","critical":true}\n'
    )
    assert path.stat().st_mode & 0o007 == 0


def test_files_roll_over_and_old_ones_go(path: Path) -> None:
    log = make(path, 500)
    for number in range(40):
        log.write(NOW, f"Event{number}", "x" * 50, is_critical=False)
    files = sorted(each.name for each in path.parent.iterdir())
    assert files == ["security.1.log", "security.2.log", "security.log"]
    assert sum(each.stat().st_size for each in path.parent.iterdir()) <= 1500
    assert written(path)[-1] == "Event39"


def test_a_cleared_log_is_noticed_once(path: Path) -> None:
    log, noticed = make(path), []
    log.on_vanished = lambda: noticed.append(True)
    log.write(NOW, "A", "", is_critical=True)
    path.write_bytes(b"")
    for event in ("B", "C"):
        log.write(NOW, event, "", is_critical=True)
    assert noticed == [True]
    assert written(path) == ["B", "C"]


def test_a_log_that_was_never_written_to_was_not_cleared(path: Path) -> None:
    log, noticed = make(path), []
    log.on_vanished = lambda: noticed.append(True)
    log.write(NOW, "A", "", is_critical=True)
    assert noticed == []


def test_what_the_disk_refuses_is_counted_in_the_file_later(path: Path) -> None:
    log = make(path)
    path.parent.mkdir()
    path.mkdir()  # no file can be written there
    with capture_logs() as logs:
        log.write(NOW, "A", "", is_critical=True)
        log.write(NOW, "B", "", is_critical=True)
    assert [line["event"] for line in logs] == ["security_log_failed"]
    path.rmdir()
    log.write(NOW, "C", "", is_critical=True)
    note, line = (json.loads(text) for text in path.read_text().splitlines())
    assert note == {"note": "2 events are missing here: they were not written"}
    assert line["type"] == "C"


async def test_in_a_thread_lines_are_written_as_they_come_and_the_last_at_the_end(
    path: Path,
) -> None:
    log = make(path, inline=False)
    async with trio.open_nursery() as nursery:
        await nursery.start(log.run)
        log.write(NOW, "A", "", is_critical=True)
        with trio.fail_after(10):
            while not await trio.Path(path).exists():  # noqa: ASYNC110  # a thread makes it
                await trio.sleep(0.01)
        log.write(NOW, "B", "", is_critical=True)
        nursery.cancel_scope.cancel()
    assert written(path) == ["A", "B"]
