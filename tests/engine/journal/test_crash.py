"""Real disks and real deaths: what was told as committed is there afterwards."""

import random
import shutil
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from pilotwire.engine.journal.journal import EVSE_MEMORY, Journal
from pilotwire.profiles.report import TransactionReport

# Appends steadily. "+n": report n was told of; "-n": report n is about to be removed.
WRITER = """
import sys
from pathlib import Path
import trio
from pilotwire.engine.journal.journal import EVSE_MEMORY, Journal
from pilotwire.profiles.report import TransactionReport

def say(word):
    sys.stdout.write(word + "\\n")
    sys.stdout.flush()

async def main(path, inline):
    journal = Journal.open(Path(path), inline=inline)
    total = int(journal.get(EVSE_MEMORY, "1") or -1) + 1
    async with trio.open_nursery() as nursery:
        await nursery.start(journal.run)
        for count in range(total, total + 100_000):
            report = TransactionReport(
                transaction_id="tx", kind="Updated", trigger="", time=0.0, evse=1
            )
            journal.put("count", "total", str(count + 1).encode())
            journal.append(report, str(count).encode(), lambda ok, n=count: say(f"+{n}"))
            if count % 5 == 0 and (head := journal.head()):
                say(f"-{head.report.seq_no}")
                journal.remove(head)
            await trio.sleep(0.0002)

trio.run(main, sys.argv[1], sys.argv[2] == "inline")
"""


def run_and_kill(path: Path, mode: str, seconds: float) -> tuple[set[int], set[int]]:
    """Let it write for a moment and kill it; give what it said was committed, and removed."""
    command = [sys.executable, "-c", WRITER, str(path), mode]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        said: list[str] = []
        while not said or said[-1].startswith("-"):
            said.append(writer.stdout.readline())
        time.sleep(seconds)
        writer.kill()
        said += writer.stdout.read().splitlines(keepends=True)
    whole = [word.strip() for word in said if word.endswith("\n")]
    committed = {int(word[1:]) for word in whole if word[0] == "+"}
    removed = {int(word[1:]) for word in whole if word[0] == "-"}
    assert committed
    return committed, removed


@pytest.mark.parametrize("mode", ["inline", "thread"])
def test_what_was_told_as_committed_outlives_a_kill(path: Path, mode: str) -> None:
    seeds = random.Random(mode)
    committed: set[int] = set()
    removed: set[int] = set()
    for _ in range(5):
        more, gone = run_and_kill(path, mode, seeds.uniform(0, 0.15))
        committed |= more
        removed |= gone
        with closing(Journal.open(path, inline=True)) as journal:
            assert journal.recovered_from is None
            entries = [*journal._waiting._entries.values()]
            found = [e.report.seq_no for e in entries if isinstance(e.report, TransactionReport)]
            memory = journal.get(EVSE_MEMORY, "1")
            total = journal.get("count", "total")
        assert committed - removed <= set(found)
        assert found == sorted(set(found))
        assert set(found) | removed == set(range(found[-1] + 1))
        # One SQL transaction: the memory and the number belong to the last report.
        assert memory == str(found[-1]).encode()
        # `put` came just before; in line it may be in a commit of its own.
        assert total in (str(found[-1] + 1).encode(), str(found[-1] + 2).encode())


# Fills a file system of 300 kB, frees some of it, and says what the journal made of that.
FILLER = """
import os, sys
from pathlib import Path
from pilotwire.engine.journal.journal import Journal
from pilotwire.profiles.report import TransactionReport

folder = Path(sys.argv[1])
ballast = folder / "ballast"
ballast.write_bytes(bytes(100_000))
journal = Journal.open(folder / "journal.db", inline=True)
journal.on_failure = lambda error: print("failure", error)
journal.on_recovery = lambda: print("recovery")
outcomes = []
while len(outcomes) < 5000 and outcomes[-3:] != [False] * 3:
    report = TransactionReport(transaction_id="t", kind="Updated", trigger="", time=0.0, evse=1)
    journal.append(report, None, outcomes.append)
assert outcomes[-4:] == [True, False, False, False], outcomes[-4:]
ballast.unlink()
journal.append(report, None, outcomes.append)
assert outcomes[-1] is True
print("appended", len(outcomes), "waiting", len(journal))
os._exit(0)  # without a word of farewell
"""


def test_a_disk_that_was_full_loses_and_skips_nothing(tmp_path: Path) -> None:
    if shutil.which("unshare") is None:
        pytest.skip("needs unshare to mount a small file system")
    folder, copy = tmp_path / "small", tmp_path / "copy"
    folder.mkdir()
    copy.mkdir()
    mount = ["unshare", "--mount", "sh", "-ec"]
    script = 'mount -t tmpfs -o size=300k none "$1"; "$2" -c "$3" "$1"; cp "$1"/journal.db* "$4"'
    done = subprocess.run(
        [*mount, script, "sh", folder, sys.executable, FILLER, copy],
        capture_output=True,
        text=True,
        check=False,
    )
    if "unshare failed" in done.stderr or "mount:" in done.stderr:
        pytest.skip(f"may not mount a small file system: {done.stderr}")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == (
        f"failure cannot write journal {folder / 'journal.db'}: database or disk is full"
    )
    assert lines[1] == "recovery"
    assert len(lines) == 3
    appended = int(lines[2].split()[1])
    with closing(Journal.open(copy / "journal.db", inline=True)) as journal:
        entries = [*journal._waiting._entries.values()]
    found = [e.report.seq_no for e in entries if isinstance(e.report, TransactionReport)]
    assert found == [*range(appended)]
