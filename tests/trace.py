"""Holds what is said in a test to the trace rules."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pilotwire.engine.central.events import (
    CentralEvent,
    MessageSeen,
    StationConnected,
    StationGone,
)
from pilotwire.engine.trace.frames import said_of
from pilotwire.profiles.trace import Finding, Judge, LinkChanged

START = 1_800_000_000.0


_TRACES: "list[Trace]" = []  # of the test that runs


@contextmanager
def obeyed() -> Iterator[None]:
    """See to it that within the block no station of a trace breaks a rule."""
    _TRACES.clear()
    yield
    broken = [each for trace in _TRACES for each in trace.broken_by_station()]
    _TRACES.clear()
    assert not broken, broken


class Trace:
    """The trace of one station, judged as it grows. Its time is Trio's."""

    def __init__(self, *, is_complete: bool = True) -> None:
        self._judge = Judge("CS-1", is_complete=is_complete)
        self.findings: list[Finding] = []
        self._forgiven: set[str] = set()
        _TRACES.append(self)

    def forgive(self, rule: str) -> None:
        """Let the station break this rule: the test makes it."""
        self._forgiven.add(rule)

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
            if each.by != "csms" and each.rule not in self._forgiven
        ]


class CentralTraces:
    """The traces of a central system's stations (its `on_event`), for what it breaks itself."""

    def __init__(self) -> None:
        self._judges: dict[str, Judge] = {}
        self.broken: list[str] = []

    def __call__(self, event: CentralEvent) -> None:
        judge = self._judges.setdefault(event.station_id, Judge(event.station_id))
        at = event.at.timestamp()
        match event:
            case MessageSeen(direction=direction, text=text):
                by: Any = "csms" if direction == "sent" else "station"
                self._note(judge.take(said_of(by, text, at)))
            case StationConnected() | StationGone():
                is_open = isinstance(event, StationConnected)
                self._note(judge.take(LinkChanged(is_open=is_open, at=at)))

    def _note(self, findings: list[Finding]) -> None:
        self.broken += [f"{each.rule}: {each.text}" for each in findings if each.by == "csms"]
