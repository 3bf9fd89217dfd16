"""The verdict on traces: which rules are broken, how often, and where first."""

from collections.abc import Collection, Iterable
from pathlib import Path

import msgspec

from ...profiles.family import Version
from ...profiles.trace import RULES, Finding, Judge, Said
from .entries import Bad, Entry

_BAD_LINES_NAMED = 5  # of a file


class Broken(msgspec.Struct):
    """A rule that is broken."""

    rule: str
    requirements: tuple[str, ...]
    count: int
    first: Finding


class Verdict(msgspec.Struct):
    """What the rules say of all that was read."""

    messages: int = 0
    stations: list[str] = []
    broken: dict[str, Broken] = {}
    bad_lines: int = 0
    first_bad_lines: list[Bad] = []

    @property
    def is_clean(self) -> bool:
        return not self.broken

    def add(self, finding: Finding) -> None:
        broken = self.broken.get(finding.rule)
        if broken is None:
            requirements = RULES[finding.rule].requirements
            self.broken[finding.rule] = Broken(finding.rule, requirements, 1, finding)
        else:
            broken.count += 1


class Court:
    """Judges files, one after the other. A file's dialogues are judged station by station."""

    def __init__(
        self,
        names: Collection[str] = RULES.keys(),
        versions: Iterable[Version] | None = None,
        *,
        is_complete: bool = False,
    ) -> None:
        self.verdict = Verdict()
        self._names = names
        self._versions = None if versions is None else tuple(versions)
        self._is_complete = is_complete

    def hear(self, path: Path, entries: Iterable[Entry | Bad]) -> None:
        verdict = self.verdict
        judges: dict[str, Judge] = {}
        bad_lines = 0
        for entry in entries:
            if isinstance(entry, Bad):
                bad_lines += 1
                if bad_lines <= _BAD_LINES_NAMED:
                    verdict.first_bad_lines.append(entry)
                continue
            station = entry.station or path.stem
            judge = judges.get(station)
            if judge is None:
                judge = judges[station] = self._judge(station)
            verdict.messages += isinstance(entry.item, Said)
            for finding in judge.take(entry.item):
                verdict.add(finding)
        verdict.bad_lines += bad_lines
        verdict.stations.extend(each for each in judges if each not in verdict.stations)

    def _judge(self, station: str) -> Judge:
        return Judge(station, self._names, versions=self._versions, is_complete=self._is_complete)
