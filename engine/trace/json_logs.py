"""Logs in JSON lines: ours, and those of anybody who writes time, direction and frame."""

from collections.abc import Iterator
from typing import cast, get_args

import msgspec

from ...profiles.family import Role
from ...profiles.trace import Gap, Item, Kind, LinkChanged, Said
from ...profiles.trace.dialogue import other
from ..message_log.formats import LINK_CLOSED, LINK_OPENED
from .entries import Bad, Entry, Source, moment
from .frames import said_of

TIMES = ("time", "timestamp", "ts", "at", "date")
DIRECTIONS = ("direction", "dir", "from", "origin", "sender")
FRAMES = ("message", "frame", "raw", "msg", "payload", "data")
STATIONS = ("station", "identity", "charge_point_id", "chargePointId", "chargeBoxId", "stationId")
_SENDERS: dict[str, Role | bool] = {  # True: whoever wrote the log, False: the other
    **dict.fromkeys(("sent", "send", "sending", "out", "outgoing", "->", "tx"), True),
    **dict.fromkeys(("received", "receive", "recv", "in", "incoming", "<-", "rx"), False),
    **dict.fromkeys(("station", "chargepoint", "charge_point", "chargingstation", "cp"), "station"),
    **dict.fromkeys(("csms", "centralsystem", "central_system", "central", "server"), "csms"),
}
_KINDS = frozenset(get_args(Kind))
_CUT = " characters"  # what our log says of a frame that was too long for it


def ours(source: Source) -> Iterator[Entry | Bad]:
    """Read `messages.jsonl` of a station of ours, or the log of a fleet, which names them."""
    for number, line in source.lines:
        if not line.strip():
            continue
        told = json_object(line)
        item = None if told is None else _our_item(told, source.place(number))
        if told is not None and item is not None:
            station = told.get("station")
            yield Entry(item, station if isinstance(station, str) else None)
        elif told is None or "note" not in told:
            yield Bad(source.place(number), "no message of a log of ours")


def plain(source: Source) -> Iterator[Entry | Bad]:
    """Read JSON lines that hold a time, a direction and a frame under usual names."""
    for number, line in source.lines:
        if not line.strip():
            continue
        place = source.place(number)
        told = json_object(line)
        if told is None:
            yield Bad(place, "no JSON object")
            continue
        by = sender(_first(told, DIRECTIONS), source.sender)
        frame = _frame(told)
        if by is None:
            yield Bad(place, f"no direction: one of {', '.join(DIRECTIONS)} is needed")
        elif frame is None:
            yield Bad(place, f"no frame: one of {', '.join(FRAMES)} is needed")
        else:
            station = _first(told, STATIONS)
            said = said_of(by, frame, moment(_first(told, TIMES)), place)
            yield Entry(said, station if isinstance(station, str) else None)


def is_ours(told: dict[str, object]) -> bool:
    return {"direction", "type", "message_id"} <= told.keys() or told.keys() == {"note"}


def json_object(line: str) -> dict[str, object] | None:
    """Give the object that the line is; None where it is none."""
    try:
        return msgspec.json.decode(line, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None


def sender(word: object, writer: Role) -> Role | None:
    """Give who said it, by what a log calls the direction; None where that says nothing."""
    if not isinstance(word, str):
        return None
    found = _SENDERS.get(word.lower().replace(" ", ""))
    if isinstance(found, bool):
        return writer if found else other(writer)
    return found


def noted(text: str, place: str) -> Item | None:
    """Give what a remark in a log of ours says of the link or of missing messages."""
    if text.startswith((LINK_OPENED, LINK_CLOSED)):
        at = moment(text.rpartition(" ")[2])
        return LinkChanged(is_open=text.startswith(LINK_OPENED), at=at, place=place)
    if "are missing" in text:
        return Gap()
    return None


def told(
    kind: str,
    by: Role,
    *,
    at: float | None,
    place: str,
    message_id: str = "",
    action: str = "",
    payload: object = None,
    error: str = "",
) -> Item | None:
    """Give a message as a log of ours tells it; None where it is none."""
    if kind not in _KINDS:
        return None
    if kind == "unreadable" and error.endswith(_CUT):
        return Gap()
    word, _, description = error.partition(": ")
    is_request = kind in ("CALL", "SEND")
    return Said(
        by=by,
        kind=cast("Kind", kind),
        message_id=message_id,
        action=action if is_request else "",
        payload=payload,
        error="" if kind == "unreadable" else word,
        description=description,
        at=at,
        place=place,
    )


def _our_item(line: dict[str, object], place: str) -> Item | None:
    note = line.get("note")
    if isinstance(note, str):
        return noted(note, place)
    by = sender(line.get("direction"), "station")
    texts = {key: line.get(key, "") for key in ("type", "message_id", "action", "error")}
    if by is None or not all(isinstance(text, str) for text in texts.values()):
        return None
    return told(
        str(texts["type"]),
        by,
        at=moment(line.get("time")),
        place=place,
        message_id=str(texts["message_id"]),
        action=str(texts["action"]),
        payload=line.get("payload"),
        error=str(texts["error"]),
    )


def _first(told: dict[str, object], names: tuple[str, ...]) -> object:
    return next((told[name] for name in names if told.get(name) is not None), None)


def _frame(told: dict[str, object]) -> str | None:
    found = _first(told, FRAMES)
    if isinstance(found, str):
        return found
    return msgspec.json.encode(found).decode() if isinstance(found, list) else None
