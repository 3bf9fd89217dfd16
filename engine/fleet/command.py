"""`pilotwire fleet`: a fleet against a central system, watched, told of in a report, judged."""

import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import msgspec
import trio

from ..clock import Clock
from ..config import load
from ..config.fields import ENVIRONMENT_PREFIX
from ..config.shipped import shipped_file
from .report import as_json, as_page, figures, write
from .run import FleetUnusable, Run, Show
from .settings import Fleet
from .show import line, lines_for, show_for
from .tally import Tally
from .verdict import Finding, judge

NAME = "fleet.toml"
VIRTUAL_NAME = "virtual.toml"  # cars as in reality: days of fleet.toml's would be very long
_LINES = 30  # of a virtual run's progress
_LEAST_LINE_SECONDS = 10.0
PREFIX = f"{ENVIRONMENT_PREFIX}FLEET__"


def read(file: Path | None, overrides: Sequence[str], *, is_virtual: bool = False) -> Fleet:
    """Read the fleet's file, by default ./fleet.toml (./virtual.toml) or else the one shipped.

    Raises Failure.
    """
    name = VIRTUAL_NAME if is_virtual else NAME
    here = Path(name)
    path = file or (here if here.exists() else shipped_file(name))
    return load(
        Fleet,
        path,
        environment=_environment(),
        overrides=overrides,
        directory=Path() if file is None else None,
    )


def _environment() -> dict[str, str]:
    """Give what is meant for the fleet, as the loader reads it: the rest is for a daemon."""
    return {
        ENVIRONMENT_PREFIX + name.removeprefix(PREFIX): text
        for name, text in os.environ.items()
        if name.startswith(PREFIX)
    }


Start = Callable[[Callable[[], Awaitable[None]]], None]
"""Runs a task with Trio."""


def command_for(
    fleet: Fleet, *, dask: str | None, virtual: str | None, log: Path | None
) -> "tuple[FleetCommand, Start]":
    """Give the run that is asked for, and how to start it. Raises Failure."""
    if virtual is None:
        if log is not None:
            raise FleetUnusable("--log needs --virtual")
        return FleetCommand(Run(fleet, dask)), trio.run
    from ..virtual_time import run_virtually  # only where it is wanted
    from .virtual import VirtualRun, duration

    seconds = duration(virtual)
    if dask is not None or fleet.duration_seconds is not None:
        raise FleetUnusable("--virtual goes neither with --dask nor with duration_seconds")
    run = VirtualRun(msgspec.structs.replace(fleet, duration_seconds=seconds), log)
    show = lines_for(sys.stdout, max(_LEAST_LINE_SECONDS, seconds / _LINES))
    return FleetCommand(run, show), partial(run_virtually, fleet.seed)


class FleetCommand:
    """One run of a fleet. Run it with Trio, then `tell`."""

    def __init__(self, run: Run, show: Show | None = None) -> None:
        self.run = run
        self._show = show or show_for(sys.stdout)
        self._tally = Tally()
        self._began_at = datetime.fromtimestamp(0, UTC)

    async def go(self) -> None:
        """Run until the course is over, or cancelled. Raises Failure."""
        self._began_at = Clock().now()
        stopping = trio.Event()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_set_when_cancelled, stopping)
            with trio.CancelScope(shield=True):
                self._tally = await self.run.go(self._show, stopping)
            nursery.cancel_scope.cancel()

    def tell(self) -> int:
        """Write the reports, say how it went, and give the exit code. Raises Failure."""
        return tell(self.run, self._tally, self._began_at)


async def _set_when_cancelled(event: trio.Event) -> None:
    try:
        await trio.sleep_forever()
    finally:
        event.set()


def tell(run: Run, tally: Tally, began_at: datetime) -> int:
    """Write the reports, say how it went, and give the exit code."""
    fleet = run.fleet
    findings = judge(tally, fleet.thresholds)
    told = figures(fleet, run.target, tally, findings, began_at)
    if fleet.report.json is not None:
        write(fleet.report.json, as_json(told))
    if fleet.report.html is not None:
        write(fleet.report.html, as_page(told, tally))
    _say(run, tally, findings)
    return 0 if told.is_good_enough else 1


def _say(run: Run, tally: Tally, findings: Sequence[Finding]) -> None:
    print(line(max(tally.seconds, default=0), tally))
    missing = tally.stations - tally.ever_online
    for reason, count in tally.failures.most_common(5) if missing else ():
        print(f"{missing} of {tally.stations} stations never came online; {count} times: {reason}")
    for rule, count in tally.broken.most_common():
        print(f"{count} times a trace rule was broken: {rule}")
    for finding in findings:
        if not finding.is_met:
            print(f"not good enough: {finding.what}: {finding.measured}, at most {finding.limit}")
    for path in (run.fleet.report.html, run.fleet.report.json):
        if path is not None:
            print(path)
