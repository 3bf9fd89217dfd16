"""Whether a run was good enough: its thresholds against what was measured."""

from collections.abc import Iterator

import msgspec

from .settings import Thresholds
from .tally import ActionTally, Tally

EVERY_ACTION = "*"


class Finding(msgspec.Struct, frozen=True):
    """A threshold, what was measured, and whether that is within."""

    what: str
    limit: str
    measured: str
    is_met: bool


def judge(tally: Tally, thresholds: Thresholds) -> list[Finding]:
    """Give a finding for each threshold that is set."""
    return [*_of_all(tally, thresholds), *_of_actions(tally, thresholds)]


def _of_all(tally: Tally, thresholds: Thresholds) -> Iterator[Finding]:
    if (most := thresholds.error_percent) is not None:
        percent = error_percent(tally)
        yield Finding("failed calls", f"{most:g} %", f"{percent:.3g} %", percent <= most)
    if (most := thresholds.never_connected) is not None:
        missing = tally.stations - tally.ever_online
        yield Finding("stations never online", str(most), str(missing), missing <= most)
    if (most := thresholds.still_queued) is not None:
        queued = tally.still_queued
        yield Finding("reports still queued", str(most), str(queued), queued <= most)
    if (most := thresholds.broken_rules) is not None:
        count = tally.broken.total()
        yield Finding("trace rules broken", str(most), str(count), count <= most)
    if (seconds := thresholds.boot_p99_seconds) is not None:
        measured = tally.boots.percentile(99)
        told = "no boot" if measured is None else f"{measured:.3g} s"
        is_met = measured is not None and measured <= seconds
        yield Finding("boot, 99 of 100", f"{seconds:g} s", told, is_met)


def _of_actions(tally: Tally, thresholds: Thresholds) -> Iterator[Finding]:
    limits = thresholds.p99_milliseconds
    for name in sorted(limits.keys() | (tally.actions.keys() if EVERY_ACTION in limits else ())):
        if name == EVERY_ACTION:
            continue
        limit = limits.get(name, limits.get(EVERY_ACTION, 0.0))
        found = tally.actions.get(name, ActionTally()).latencies.percentile(99)
        told = "never answered" if found is None else f"{found * 1000:.3g} ms"
        is_met = found is not None and found * 1000 <= limit
        yield Finding(f"{name}, 99 of 100", f"{limit:g} ms", told, is_met)


def error_percent(tally: Tally) -> float:
    return 100 * tally.failed / tally.calls if tally.calls else 0.0
