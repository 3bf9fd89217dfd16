"""`pilotwire replay`: a recorded dialogue against the other role of today, and the difference."""

import sys
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import Literal

import msgspec
import trio

from ...profiles.family import Role
from ..clock import Clock
from ..config import Log
from ..live.escaping import harmless
from ..log import set_up
from ..secrets import read_private
from ..virtual_time import run_virtually
from .compare import IGNORED_WORDS, Difference
from .embedded_station import drivers, embedded_station, evses
from .fixture import Saved, load, options, save
from .hands import Hands
from .peers import central_at, embedded_central, station_to
from .play import MeetPeer, Outcome, Replay
from .recording import NotReplayable, Recording, record

Side = Literal["station", "central"]
EMBEDDED = "embedded"
_SEED = 1  # so that each replay is like the last


class Wishes(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line says."""

    side: Side | None = None
    against: str | None = None
    speed: float | None = None
    strict: bool = False
    station: str | None = None
    identity: str | None = None
    version: str | None = None
    sender: Role = "station"
    timeout: float = 30.0
    password_file: Path | None = None
    save: Path | None = None
    as_json: bool = False


def run(
    source: Path,
    wishes: Wishes,
    until_stopped: Callable[[Callable[[], Awaitable[object]]], Awaitable[None]],
) -> int:
    """Replay, tell what differs, and give 0 when nothing does, otherwise 1. Raises Failure."""
    saved, recording = _prepared(source, wishes)
    side: Role = "station" if saved.side == "station" else "csms"
    if not any(step.answer is not None and step.answer.by != side for step in recording.steps):
        raise NotReplayable(f"{source}: holds no call of the {saved.side} with its answer")
    outcomes: list[Outcome] = []
    is_embedded = saved.against == EMBEDDED
    file = wishes.password_file
    password = None if file is None else read_private(file).strip()
    set_up(Log(level="error"), sys.stderr)

    async def go() -> None:
        clock = Clock(recording.began) if is_embedded and recording.began else Clock()
        wished = options(saved, wishes.timeout)
        if is_embedded and side == "csms":
            fitted = evses(recording)
            simulated = drivers(fitted)
            hands = Hands(recording, simulated)
            async with embedded_station(recording.version, fitted, simulated, clock) as meet:
                outcomes.append(await Replay(recording, wished, meet, clock, hands).run())
            return
        async with _peer(saved, recording, clock, password) as meet:
            outcomes.append(await Replay(recording, wished, meet, clock).run())

    if is_embedded:
        run_virtually(_SEED, partial(until_stopped, go))
    else:
        trio.run(until_stopped, go)
    if not outcomes:
        return 1  # stopped
    outcome = outcomes[0]
    if wishes.save is not None:
        save(wishes.save, saved, recording, outcome.steps)
    _tell(saved, recording, outcome, as_json=wishes.as_json)
    return 1 if outcome.differences else 0


def _prepared(source: Path, wishes: Wishes) -> tuple[Saved, Recording]:
    if source.is_dir():
        saved, recording = load(source)
        changes = {
            "against": wishes.against or saved.against,
            "speed": saved.speed if wishes.speed is None else wishes.speed,
            "strict": saved.strict or wishes.strict,
            "station": wishes.identity or saved.station,
        }
        return msgspec.structs.replace(saved, **changes), recording
    if wishes.side is None or wishes.against is None:
        raise NotReplayable("say whose side is replayed, and against whom: --as and --against")
    recording = record(source, station=wishes.station, version=wishes.version, sender=wishes.sender)
    saved = Saved(
        side=wishes.side,
        against=wishes.against,
        version=recording.version.subprotocol,
        station=wishes.identity or recording.station,
        speed=wishes.speed or 0.0,
        strict=wishes.strict,
    )
    return saved, recording


def _peer(
    saved: Saved, recording: Recording, clock: Clock, password: bytes | None
) -> AbstractAsyncContextManager[MeetPeer]:
    version = recording.version
    match saved.side, saved.against:
        case "station", "embedded":
            return embedded_central(saved.station, version, clock)
        case "station", url:
            return nullcontext(central_at(url, saved.station, version, password))
        case _, url:
            return station_to(url, version)


# ---- told


def _tell(saved: Saved, recording: Recording, outcome: Outcome, *, as_json: bool) -> None:
    if as_json:
        told = {
            "same": not outcome.differences,
            "said": outcome.said,
            "compared": outcome.compared,
            "unanswered_then": outcome.unanswered_then,
            "not_asked": outcome.not_asked,
            "lost_links": outcome.lost_links,
            "bad_lines": recording.bad_lines,
            "differences": outcome.differences,
        }
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(told), indent=2).decode() + "\n")
        return
    for difference in outcome.differences:
        sys.stdout.write(_line(difference))
    sys.stdout.write(_summary(saved, recording, outcome))


def _line(difference: Difference) -> str:
    place = f"{difference.place}: " if difference.place else ""
    return (
        f"{place}{harmless(difference.action, 40)} {harmless(difference.path, 100)}: "
        f"{difference.recorded} was recorded, {difference.found} came\n"
    )


def _summary(saved: Saved, recording: Recording, outcome: Outcome) -> str:
    count = len(outcome.differences)
    differ = {0: "none differs", 1: "1 difference"}.get(count, f"{count} differences")
    other = "central system" if saved.side == "station" else "station"
    missing = ", ".join(f"{count} {action}" for action, count in outcome.not_asked.most_common())
    lines = [f"{outcome.said} messages said, {outcome.compared} answers compared: {differ}"]
    for number, what in (
        (outcome.unanswered_then, "calls have no answer in the recording"),
        (outcome.not_asked.total(), f"recorded calls of the {other} did not come: {missing}"),
        (outcome.lost_links, "times the link was lost"),
        (recording.bad_lines, "lines could not be read"),
    ):
        if number:
            lines.append(f"{number} {what}")
    ignored = "nothing but redacted values" if saved.strict else IGNORED_WORDS
    lines.append(f"not compared: {ignored}")
    return "\n".join(lines) + "\n"
