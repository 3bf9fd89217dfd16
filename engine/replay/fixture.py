"""A replay as a regression test: a directory with what is said, and the answers that are expected.

Passwords and keys are not kept; tokens are, as the peer would decide otherwise without them.
"""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import msgspec

from ...profiles.trace import LinkChanged, Said
from ..failure import Failure
from ..live.redaction import redacted
from ..message_log.formats import LINK_CLOSED, LINK_OPENED, stamp
from .play import Options
from .recording import NotReplayable, Recording, Step, record

_SETTINGS, _TALK = "replay.json", "talk.jsonl"


class Saved(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """How it is replayed."""

    side: Literal["station", "central"]
    against: str
    version: str
    station: str
    speed: float = 0.0
    strict: bool = False


def save(directory: Path, saved: Saved, recording: Recording, steps: Iterable[Step]) -> None:
    """Write the fixture: the recording, with the answers that came. Raises Failure."""
    lines = [line for step in steps for line in _lines(step)]
    try:
        directory.mkdir(parents=True, exist_ok=True)
        text = msgspec.json.format(msgspec.json.encode(saved), indent=2) + b"\n"
        (directory / _SETTINGS).write_bytes(text)
        (directory / _TALK).write_text("".join(lines), encoding="utf-8")
    except OSError as error:
        raise Failure(f"{directory}: cannot be written: {error.strerror}") from error


def load(directory: Path) -> tuple[Saved, Recording]:
    """Read a fixture. Raises Failure."""
    path = directory / _SETTINGS
    try:
        saved = msgspec.json.decode(path.read_bytes(), type=Saved)
    except OSError as error:
        raise NotReplayable(f"{path}: cannot be read: {error.strerror}") from error
    except msgspec.DecodeError as error:
        raise NotReplayable(f"{path}: {error}") from error
    recording = record(directory / _TALK, version=saved.version)
    return saved, msgspec.structs.replace(recording, station=saved.station)


def options(saved: Saved, timeout: float) -> Options:
    return Options(
        role="station" if saved.side == "station" else "csms",
        speed=saved.speed,
        is_strict=saved.strict,
        timeout=timeout,
    )


def _lines(step: Step) -> list[str]:
    item = step.item
    if isinstance(item, LinkChanged):
        what = LINK_OPENED if item.is_open else LINK_CLOSED
        return [json.dumps({"note": f"{what} {_time(item.at)}".strip()}) + "\n"]
    if not isinstance(item, Said) or item.kind == "unreadable":
        return []
    lines = [_line(item)]
    if step.answer is not None:  # whatever its own id was
        answer = msgspec.structs.replace(step.answer, message_id=item.message_id, at=item.at)
        lines.append(_line(answer))
    return lines


def _line(said: Said) -> str:
    told: dict[str, object] = {
        "time": _time(said.at),
        "direction": "sent" if said.by == "station" else "received",
        "type": said.kind,
        "message_id": said.message_id,
        "action": said.action,
    }
    if said.error:
        told["error"] = f"{said.error}: {said.description}" if said.description else said.error
    else:
        told["payload"] = redacted(said.payload, shows_tokens=True)
    return json.dumps(told) + "\n"


def _time(at: float | None) -> str:
    return "" if at is None else stamp(datetime.fromtimestamp(at, UTC))
