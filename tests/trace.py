"""Holds what is said in a test to the trace rules."""

from typing import Any

from pilotwire.engine.trace.frames import said_of
from pilotwire.profiles.trace import Finding, Judge, LinkChanged

START = 1_800_000_000.0


class Trace:
    """The trace of one station, judged as it grows. Its time is Trio's."""

    def __init__(self, *, is_complete: bool = True) -> None:
        self._judge = Judge("CS-1", is_complete=is_complete)
        self.findings: list[Finding] = []

    def frame(self, direction: str, text: str | bytes, at: float) -> None:
        """Take a frame as the station sees it (its `on_message`)."""
        by: Any = "station" if direction == "sent" else "csms"
        self.findings += self._judge.take(said_of(by, text, START + at))

    def link(self, *, is_open: bool, at: float) -> None:
        self.findings += self._judge.take(LinkChanged(is_open=is_open, at=START + at))

    def broken_by_station(self) -> list[str]:
        """Give what the station broke, a line each: a scripted CSMS may have good reasons."""
        return [
            f"{each.rule}: {each.text} (message {each.message_id})"
            for each in self.findings
            if each.by != "csms" and not _is_owed_by_csms(each)
        ]


def _is_owed_by_csms(finding: Finding) -> bool:
    """An answer that never came is told at the station's next word, and is not its fault."""
    return finding.rule == "call-answered" and " of the station " in finding.text
