"""The disk fails at its N-th operation, for every N of a charging session: with an error once,
with an error from then on, or because the process dies there. What was told as kept is found.
"""

import errno
import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import trio
from trio.testing import MockClock

from pilotwire.engine.journal.journal import Journal
from pilotwire.profiles.report import TransactionReport

from ...faults.shim import build
from .fragile import FragileWorld

ROOT = Path(__file__).parents[3]
Numbers = dict[str, set[int]]  # by transaction


class Lives:
    """The program that lives through sessions (tests/faults/session.py)."""

    def __init__(self, process: "subprocess.Popen[str]", folder: Path) -> None:
        self._process = process
        self._folder = folder
        self._count = 0

    def live(self, first: int, error: int, *, stays: bool) -> tuple[Path, int, list[str]]:
        """Give the journal, the exit code, and what was said."""
        self._count += 1
        path = self._folder / f"journal-{self._count}"
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([str(path), first, error, stays]) + "\n")
        self._process.stdin.flush()
        code, said = json.loads(self._process.stdout.readline())
        return path, code, said


@contextmanager
def lives(tmp_path: Path) -> Iterator[Lives]:
    environment = {**os.environ, "LD_PRELOAD": str(build(tmp_path))}
    command = [sys.executable, "-m", "tests.faults.session"]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT, env=environment
    ) as process:
        yield Lives(process, tmp_path)
        assert process.stdin is not None
        process.stdin.close()


def numbers(said: list[str], sign: str) -> Numbers:
    found: Numbers = defaultdict(set)
    for line in said:
        if line.startswith(sign):
            transaction_id, seq_no = line[1:].split()
            found[transaction_id].add(int(seq_no))
    return found


def check_journal(path: Path, said: list[str]) -> None:
    """What was told as kept is there or was delivered, and no number is missing."""
    kept, gone = numbers(said, "+"), numbers(said, "-")
    found: Numbers = defaultdict(set)
    with closing(Journal.open(path, inline=True)) as journal:
        assert journal.recovered_from is None
        for entry in journal._waiting._entries.values():
            assert isinstance(entry.report, TransactionReport)
            found[entry.report.transaction_id].add(entry.report.seq_no)
    for transaction_id in kept.keys() | found.keys():
        there = found[transaction_id] | gone[transaction_id]
        assert kept[transaction_id] <= there
        assert there == set(range(max(there) + 1))


async def live_on(path: Path) -> None:
    """A station comes up on what was left, and tells it."""
    journal = Journal.open(path, inline=True)
    world = FragileWorld(journal=journal)
    async with trio.open_nursery() as nursery:
        await nursery.start(world.station.run)
        await trio.sleep(60)
        assert world.station.tree.is_accepted
        assert len(journal) == 0
        await world.charge()
        assert world.drivers[0].is_contactor_closed
        nursery.cancel_scope.cancel()
    journal.close()


def operations(said: list[str]) -> int:
    return int(said[-1].removeprefix("operations "))


@pytest.mark.parametrize(
    ("error", "stays", "step"),
    [(errno.EIO, False, 1), (errno.ENOSPC, True, 1), (errno.EROFS, True, 5), (0, False, 1)],
    ids=["EIO once", "full from then on", "read-only from then on", "death"],
)
def test_whichever_operation_fails_what_was_told_as_kept_is_found(
    error: int, stays: bool, step: int, tmp_path: Path
) -> None:
    with lives(tmp_path) as program:
        _, code, said = program.live(0, 0, stays=False)
        total = operations(said)
        assert (code, said.count("charges"), said[-2]) == (0, 1, "waiting 0")
        assert total > 30
        for first in range(1, total + 1, step):
            path, code, said = program.live(first, error, stays=stays)
            check_end(code, said, error, stays)
            check_journal(path, said)
            if first % 8 == 0:
                trio.run(live_on, path, clock=MockClock(autojump_threshold=0))


def check_end(code: int, said: list[str], error: int, stays: bool) -> None:
    """It lived on, or died where it had to, or could not begin and said why."""
    if error == 0:
        assert code == 137, said
    elif code == 1:
        assert said[-2].startswith("pilotwire: cannot "), said
    else:
        assert code == 0, said
        if not stays:
            assert said[-2] == "waiting 0"
            assert said.count("charges") == 1
