"""A program that lives through a charging session on a failing disk, again and again, by forking.

To be run with shim.c preloaded. A line on standard input is a JSON list: the journal, the number of
the operation that fails, the errno (0: the process dies there) and whether all after it fail too.
The answer is a line of JSON: the exit code, what was said, and the operations that were seen.
"""

import ctypes
import json
import os
import sys
from pathlib import Path
from typing import Any, NoReturn

import structlog
import trio
from trio.testing import MockClock

from pilotwire.engine.failure import Failure
from pilotwire.engine.journal.batch import Then
from pilotwire.engine.journal.journal import Entry, Journal, Writing
from pilotwire.profiles.report import Report, TransactionReport

from ..engine.bad_days.fragile import FragileWorld

DIED = 137


class TellingJournal(Journal):
    """Says "+" of each report that it was told is kept, "-" of each that is about to go."""

    def append(
        self, report: Report, memory: bytes | Writing | None = None, then: Then | None = None
    ) -> None:
        if not isinstance(report, TransactionReport):
            super().append(report, memory, then)
            return
        seq_no = self._numbered(report)[1].next_seq_no - 1

        def told(is_kept: bool) -> None:
            if is_kept:
                say(f"+{report.transaction_id} {seq_no}")
            if then is not None:
                then(is_kept)

        super().append(report, memory, told)

    def remove(self, entry: Entry) -> None:
        if isinstance(entry.report, TransactionReport):
            say(f"-{entry.report.transaction_id} {entry.report.seq_no}")
        super().remove(entry)


def say(line: str) -> None:
    os.write(1, f"{line}\n".encode())


async def session(path: Path) -> None:
    journal = TellingJournal.open(path, inline=True)
    world = FragileWorld(
        journal=journal, variables={"AuthCtrlr.OfflineTxForUnknownIdEnabled": True}
    )
    driver = world.drivers[0]
    async with trio.open_nursery() as nursery:
        await nursery.start(journal.run)
        await nursery.start(world.station.run)
        await trio.sleep(1)
        await world.csms.drop()
        await world.charge()
        await trio.sleep(130)
        if driver.is_contactor_closed:
            say("charges")
        driver.present_token("DEADBEEF")
        await trio.sleep(10)
        driver.unplug(at_car=True)
        world.csms.come_back()
        await trio.sleep(200)
        nursery.cancel_scope.cancel()
    say(f"waiting {journal.waiting_in('transactions')}")
    journal.close()


def live(path: str, first: int, error: int, stays: bool) -> NoReturn:
    """Be the daemon, as its command line would have it end."""
    code = 70  # a bug
    shim: Any = ctypes.CDLL(None)
    shim.fault_arm(Path(path).name.encode(), ctypes.c_long(first), error, stays)
    try:
        trio.run(session, Path(path), clock=MockClock(autojump_threshold=0))
        code = 0
    except Failure as failure:
        say(f"pilotwire: {failure}")
        code = Failure.exit_code
    finally:
        say(f"operations {shim.fault_disarm()}")
        if code != 70:
            os._exit(code)
    raise AssertionError


def serve() -> None:
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    for line in sys.stdin:
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.dup2(writing, 1)
            os.close(reading)
            live(*json.loads(line))
        os.close(writing)
        with os.fdopen(reading) as pipe:
            said = pipe.read().splitlines()
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        print(json.dumps([code, said]), flush=True)


if __name__ == "__main__":
    serve()
