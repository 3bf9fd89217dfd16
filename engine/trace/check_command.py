"""`pilotwire check`: message logs judged by the trace rules, and the rules explained."""

import difflib
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ...profiles.family import Role, Version
from ...profiles.trace import RULES, Finding
from ..failure import Failure
from ..live.escaping import harmless
from .entries import version_named
from .logs import read
from .reference import explain
from .verdict import Broken, Court, Verdict


class WrongUse(Failure):
    """The options do not go together, or name what there is not."""

    exit_code = 2


def run(
    logs: Sequence[Path],
    *,
    rules: Sequence[str] = (),
    skipped: Sequence[str] = (),
    version: str | None = None,
    sender: Role = "station",
    is_complete: bool = False,
    as_json: bool = False,
    lists: bool = False,
) -> int:
    """Judge the logs and tell the verdict; give 0 when no rule is broken, otherwise 1.

    Raises Failure with exit code 2 for what cannot be read.
    """
    names = _chosen(rules, skipped)
    if lists:
        sys.stdout.write(explain(names, as_json=as_json))
        return 0
    if not logs:
        raise WrongUse("name a message log to check; --list explains the rules")
    court = Court(names, _versions(version), is_complete=is_complete)
    for path in logs:
        court.hear(path, read(path, sender))
    verdict = court.verdict
    if not verdict.messages:
        raise WrongUse(f"{', '.join(map(str, logs))}: no message could be read")
    if as_json:
        sys.stdout.write(_json(verdict))
    else:
        _tell(verdict)
    return 0 if verdict.is_clean else 1


def _chosen(rules: Sequence[str], skipped: Sequence[str]) -> list[str]:
    for name in (*rules, *skipped):
        if name not in RULES:
            near = difflib.get_close_matches(name, RULES, n=1)
            hint = f"; did you mean {near[0]}?" if near else "; --list names them"
            raise WrongUse(f"no rule is called {name}{hint}")
    return [name for name in RULES if (not rules or name in rules) and name not in skipped]


def _versions(name: str | None) -> list[Version] | None:
    return None if name is None else [version_named(name)]


# ---- told


def _json(verdict: Verdict) -> str:
    told = {
        "clean": verdict.is_clean,
        "messages": verdict.messages,
        "stations": verdict.stations,
        "bad_lines": verdict.bad_lines,
        "first_bad_lines": verdict.first_bad_lines,
        "broken": [
            {
                "rule": broken.rule,
                "requirements": broken.requirements,
                "count": broken.count,
                "first": broken.first,
            }
            for broken in _sorted(verdict)
        ],
    }
    return msgspec.json.format(msgspec.json.encode(told), indent=2).decode() + "\n"


def _sorted(verdict: Verdict) -> list[Broken]:
    return sorted(verdict.broken.values(), key=lambda each: list(RULES).index(each.rule))


def _tell(verdict: Verdict) -> None:
    for bad in verdict.first_bad_lines:
        sys.stderr.write(f"{bad.place}: {bad.why}\n")
    if verdict.broken:
        if sys.stdout.isatty():
            _draw(verdict)
        else:
            for broken in _sorted(verdict):
                sys.stdout.write(_line(broken))
    sys.stdout.write(_summary(verdict))


def _line(broken: Broken) -> str:
    ids = ", ".join(broken.requirements)
    return f"{broken.first.place}: {broken.rule} ({ids}), {broken.count}x: {_first(broken.first)}\n"


def _draw(verdict: Verdict) -> None:
    table = Table(box=box.SIMPLE, pad_edge=False)
    for heading in ("Rule", "Requirement", "Count", "First", "What"):
        justify = "right" if heading == "Count" else "left"
        table.add_column(heading, justify=justify, overflow="fold")  # type: ignore[arg-type]
    for broken in _sorted(verdict):
        table.add_row(
            Text(broken.rule, style="bold red"),
            Text(", ".join(broken.requirements)),
            Text(str(broken.count)),
            Text(broken.first.place),
            Text(_first(broken.first)),
        )
    Console(highlight=False, markup=False, emoji=False).print(table)


def _first(finding: Finding) -> str:
    """Give the first place where it is broken: station, message and time, and what is wrong."""
    when = ""
    if finding.at is not None:
        moment = datetime.fromtimestamp(finding.at, UTC)
        when = " at " + moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    message = f" message {harmless(finding.message_id, 60)}" if finding.message_id else ""
    return f"{harmless(finding.station, 60)}{message}{when}: {harmless(finding.text)}"


def _summary(verdict: Verdict) -> str:
    broken = len(verdict.broken)
    how = "no rule is broken" if not broken else f"{broken} rules are broken"
    if broken == 1:
        how = "1 rule is broken"
    stations = len(verdict.stations)
    whose = f"{stations} stations" if stations != 1 else "1 station"
    bad = f"; {verdict.bad_lines} lines could not be read" if verdict.bad_lines else ""
    return f"{verdict.messages} messages of {whose}: {how}{bad}\n"
