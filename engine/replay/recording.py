"""A recorded dialogue, whole: its frames in order, each call with its answer."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from ...profiles.family import VERSIONS, Role, Version
from ...profiles.trace import Item, Judge, LinkChanged, Said
from ...profiles.trace.dialogue import other
from ...profiles.trace.transactions import mark_of_retry
from ..failure import Failure
from ..live.escaping import harmless
from ..trace.entries import Bad, version_named
from ..trace.logs import read


class NotReplayable(Failure):
    """The log does not hold what a replay needs."""

    exit_code = 2


class Step(msgspec.Struct, frozen=True):
    """A frame or a change of the link; of a call, the answer that the log holds."""

    item: Item
    answer: Said | None = None
    is_repeat: bool = False
    """A transaction's message that stands in the log once more, and has its answer there: the
    station told it again, as an answer was lost or came too late.
    """

    def is_call_of(self, role: Role) -> bool:
        return isinstance(self.item, Said) and self.item.kind == "CALL" and self.item.by == role


class Recording(msgspec.Struct, frozen=True):
    station: str
    version: Version
    steps: Sequence[Step]
    bad_lines: int = 0

    @property
    def began(self) -> float:
        """Give when its first frame was sent (s since 1970)."""
        for step in self.steps:
            if isinstance(step.item, Said) and step.item.at is not None:
                return step.item.at
        return 0.0

    @property
    def items(self) -> list[Item]:
        """Give what was said and what became of the link, each answer behind its call."""
        return [
            item for step in self.steps for item in (step.item, step.answer) if item is not None
        ]


def record(
    path: Path, *, station: str | None = None, version: str | None = None, sender: Role = "station"
) -> Recording:
    """Read a log for a replay. Raises Failure."""
    bad_lines = 0
    by_station: dict[str, list[Item]] = {}
    for entry in read(path, sender):
        if isinstance(entry, Bad):
            bad_lines += 1
        else:
            by_station.setdefault(entry.station or path.stem, []).append(entry.item)
    name = _chosen(path, by_station, station)
    items = by_station[name]
    return Recording(name, _version(path, items, version), _steps(items), bad_lines)


def _chosen(path: Path, by_station: dict[str, list[Item]], station: str | None) -> str:
    names = [harmless(each, 60) for each in by_station]
    if station is not None and station in by_station:
        return station
    if station is not None and len(by_station) != 1:
        raise NotReplayable(f"{path}: no station {harmless(station, 60)}: {', '.join(names[:20])}")
    if not by_station:
        raise NotReplayable(f"{path}: no message could be read")
    if len(by_station) > 1:
        raise NotReplayable(f"{path}: say which with --station: {', '.join(names[:20])}")
    return next(iter(by_station))


def _version(path: Path, items: Iterable[Item], named: str | None) -> Version:
    """Give the version that is named, or the oldest one that all frames fit."""
    if named is not None:
        return version_named(named)
    judge = Judge("", ())
    fitting = list(VERSIONS.values())
    for item in items:
        judge.take(item)
        fitting = [each for each in fitting if each in judge.dialogue.versions]  # of this link
        if not fitting:
            raise NotReplayable(f"{path}: speaks several versions: say which with --version")
    if len(fitting) == len(VERSIONS):
        raise NotReplayable(f"{path}: no frame tells the version: say which with --version")
    return fitting[0]


def _steps(items: Iterable[Item]) -> list[Step]:
    steps: list[Step] = []
    waiting: dict[tuple[Role, str], int] = {}  # where in `steps` a call waits for its answer
    for item in items:
        if isinstance(item, LinkChanged):
            waiting.clear()
        if not isinstance(item, Said) or item.is_request:
            if isinstance(item, Said) and item.kind == "CALL":
                waiting[item.by, item.message_id] = len(steps)
            steps.append(Step(item))
            continue
        place = waiting.pop((other(item.by), item.message_id), None)
        if place is not None:
            steps[place] = Step(steps[place].item, item)
    return _with_repeats(steps)


def _with_repeats(steps: Sequence[Step]) -> list[Step]:
    """Mark them: of messages that tell the same, all but the first that was answered."""
    counts: dict[int, int] = {}  # mark: the place of the one that counts
    for place, step in enumerate(steps):
        mark = mark_of_retry(step.item)
        if mark is not None:
            counting = counts.setdefault(mark, place)
            if steps[counting].answer is None and step.answer is not None:
                counts[mark] = place
    return [
        msgspec.structs.replace(step, is_repeat=counts.get(mark, place) != place)
        if (mark := mark_of_retry(step.item)) is not None
        else step
        for place, step in enumerate(steps)
    ]
