"""The daemon starts on whatever stands where its journal should be: it begins anew beside what is
damaged, and ends with one line and exit code 1 where a person has to decide.
"""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import trio

from pilotwire.engine.central.central import CentralSystem
from pilotwire.engine.clock import Clock
from pilotwire.engine.config import Central
from pilotwire.engine.journal.journal import Journal

from ...faults.daemon import PATIENCE, Forker, forker, run_arguments

EVSES: list[dict[str, object]] = [{"kind": "AC"}]


def random_bytes(path: Path) -> None:
    path.write_bytes(random.Random(1).randbytes(20_000))


def nothing(path: Path) -> None:
    path.write_bytes(b"")


def torn(path: Path) -> None:
    whole = journal_at(path)
    path.write_bytes(whole[: len(whole) // 2])


def scribbled_on(path: Path) -> None:
    whole = bytearray(journal_at(path))
    chance = random.Random(2)
    for _ in range(len(whole) // 2):
        whole[chance.randrange(100, len(whole))] = chance.randrange(256)
    path.write_bytes(whole)


def journal_at(path: Path) -> bytes:
    journal = Journal.open(path, inline=True)
    for number in range(500):
        journal.put("some", str(number), b"value" * 20)
    journal.close()
    return path.read_bytes()


def directory(path: Path) -> None:
    path.mkdir()


def of_another_program(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE theirs (value)")
    database.close()


def of_a_later_version(path: Path) -> None:
    journal_at(path)
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 1000")
    database.close()


@pytest.fixture
def station(tmp_path: Path) -> Path:
    """The station's directory."""
    folder = tmp_path / "station"
    folder.mkdir()
    return folder


async def run_until_booted(daemons: Forker, station: Path, tmp_path: Path) -> int:
    """Run the daemon until its central system knows it, then stop it; give its exit code."""
    settings = Central(port=0, database=tmp_path / "central.sqlite")
    async with CentralSystem.open(settings, Clock()) as central:
        booted = trio.Event()
        central.on_event(lambda event: booted.set())
        url = f"ws://127.0.0.1:{central.port}"
        pid = await daemons.start(*run_arguments(station, url, evses=EVSES, variables={}))
        with trio.fail_after(PATIENCE):
            await booted.wait()
        os.kill(pid, signal.SIGTERM)
        return await daemons.ended()


@pytest.mark.parametrize(
    ("damage", "is_moved"),
    [(random_bytes, True), (nothing, False), (torn, True), (scribbled_on, True)],
)
async def test_a_station_boots_beside_a_damaged_journal(
    damage: Callable[[Path], None], is_moved: bool, station: Path, tmp_path: Path
) -> None:
    journal = station / "journal.sqlite"
    damage(journal)
    before = journal.read_bytes()
    log = tmp_path / "log"
    async with forker(log) as daemons:
        assert await run_until_booted(daemons, station, tmp_path) == 0, log.read_text()
    moved = station / "journal.sqlite.damaged-1"
    assert moved.exists() is is_moved
    if is_moved:
        assert moved.read_bytes() == before
        assert log.read_text().count("journal begun anew") == 1


@pytest.mark.parametrize(
    ("obstacle", "line"),
    [
        (directory, "cannot open journal {path}: unable to open database file"),
        (of_another_program, "{path} is a database of another program, not a journal"),
        (of_a_later_version, "the journal {path} was written by a later version of Pilotwire"),
    ],
)
async def test_what_a_person_has_to_decide_ends_it_with_a_line_and_exit_code_1(
    obstacle: Callable[[Path], None], line: str, station: Path, tmp_path: Path
) -> None:
    journal = station / "journal.sqlite"
    obstacle(journal)
    log = tmp_path / "log"
    async with forker(log) as daemons:
        arguments = run_arguments(station, "ws://127.0.0.1:9", evses=EVSES, variables={})
        await daemons.start(*arguments)
        assert await daemons.ended() == 1, log.read_text()
    told = [line for line in log.read_text().splitlines() if line.startswith("pilotwire: ")]
    assert len(told) == 1
    assert told[0].startswith(f"pilotwire: {line.format(path=journal)}")
    assert "Traceback" not in log.read_text()


PILOTWIRE = [
    sys.executable,
    "-c",
    "import sys; from pilotwire.engine.cli import main; sys.exit(main())",
]


@pytest.mark.parametrize("obstacle", ["full", "read-only"])
def test_a_disk_that_takes_no_journal_ends_it_with_a_line_and_exit_code_1(
    obstacle: str, station: Path, tmp_path: Path
) -> None:
    if shutil.which("unshare") is None:
        pytest.skip("needs unshare to mount a small file system")
    prepare = {
        "full": 'head -c 1000000 /dev/zero > "$1/ballast" 2>/dev/null || true',
        "read-only": 'mount -o remount,ro "$1"',
    }[obstacle]
    script = f'mount -t tmpfs -o size=200k none "$1"\n{prepare}\nshift\n"$@"'
    arguments = run_arguments(station, "ws://127.0.0.1:9", evses=EVSES, variables={})
    command = ["unshare", "--mount", "sh", "-ec", script, "sh", str(station)]
    done = subprocess.run(
        [*command, *PILOTWIRE, *arguments],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        cwd=tmp_path,
        check=False,
    )
    if "unshare failed" in done.stderr or "mount:" in done.stderr:
        pytest.skip(f"may not mount a small file system: {done.stderr}")
    assert done.returncode == 1, done.stderr
    assert done.stderr.startswith("pilotwire: cannot ")
    assert str(station / "journal.sqlite") in done.stderr
    assert done.stderr.count("\n") == 1
