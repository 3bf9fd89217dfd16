"""Logs in text: ours, libocpp's and SteVe's."""

import re
from collections.abc import Iterator

import msgspec

from ...profiles.family import Role
from ...profiles.trace import LinkChanged
from .entries import Bad, Entry, Source, moment
from .frames import said_of
from .json_logs import noted, told

OURS = re.compile(r"(?P<time>\d{4}-\S+Z) (?P<arrow>->|<-) (?P<kind>[A-Za-z]+)(?P<rest> .*)?$")
_TOLD = re.compile(
    r"(?P<words>(?: \S+){0,2}?)(?: EVSE \d+)?(?: [\d.e+]+ ms)? "
    r'(?P<payload>(?:[{\["]|null$).*)$'
)
_TOOK = re.compile(r" [\d.e+]+ ms ")
LIBOCPP = re.compile(
    r"(?P<time>\d{4}-\S+): (?P<who>ChargePoint>CentralSystem|CentralSystem>ChargePoint|SYS>)"
)
STEVE = re.compile(
    r"(?P<time>\d{4}-\d\d-\d\d[\sT]\d\d:\d\d:\d\d[.,]?\d*).*?"
    r"\[chargeBoxId=(?P<station>[^,\]]+),\s*sessionId=[^\]]*\]\s+(?P<what>.*)$"
)
_STEVE_FRAME = re.compile(r"(?P<how>Sending|Received)(?: message)?:\s*(?P<frame>.*)$")


def ours(source: Source) -> Iterator[Entry | Bad]:
    """Read `messages.log` of a station of ours."""
    for number, text in source.lines:
        line, place = text.rstrip("\n"), source.place(number)
        if line.startswith("# "):
            item = noted(line[2:], place)
            if item is not None:
                yield Entry(item)
        elif line:
            yield _our_line(line, place)


def _our_line(line: str, place: str) -> Entry | Bad:
    bad = Bad(place, "no message of a log of ours")
    found = OURS.match(line)
    if found is None:
        return bad
    kind, rest = found["kind"], found["rest"] or ""
    words: list[str] = []
    payload: object = None
    error = ""
    if kind in ("CALL", "SEND", "CALLRESULT"):
        said = _TOLD.match(rest)
        if said is None:
            return bad
        words = said["words"].split()
        try:
            payload = msgspec.json.decode(said["payload"])
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            return bad
    elif kind.endswith("ERROR"):
        words, error = _error(rest)
    else:
        error = rest.strip()
    by: Role = "station" if found["arrow"] == "->" else "csms"
    item = told(
        kind,
        by,
        at=moment(found["time"]),
        place=place,
        message_id=words[-1] if words else "",
        action=words[0] if len(words) == 2 else "",
        payload=payload,
        error=error,
    )
    return bad if item is None else Entry(item)


def _error(rest: str) -> tuple[list[str], str]:
    """Give the words before an error's own text, and that: they are its action and id where its
    call is known, which also tells how long it took, and its id alone where it is not.
    """
    took = _TOOK.search(rest)
    if took is not None:
        return rest[: took.start()].split()[:2], rest[took.end() :]
    before, _, text = rest.strip().partition(" ")
    return [before], text


def libocpp(source: Source) -> Iterator[Entry | Bad]:
    """Read libocpp's text: a line that says when and who, then the frame, then an empty line."""
    head: re.Match[str] | None = None
    place, frame = "", ""
    for number, line in source.lines:
        found = LIBOCPP.match(line)
        if found is None and line.strip():
            if head is None:
                yield Bad(source.place(number), "neither head nor frame of a libocpp log")
            frame += line
            continue
        if head is not None:
            yield from _libocpp(head, frame, place)
        head, frame, place = found, "", source.place(number)
    if head is not None:
        yield from _libocpp(head, frame, place)


def _libocpp(head: re.Match[str], frame: str, place: str) -> Iterator[Entry | Bad]:
    if head["who"] == "SYS>":
        return
    by: Role = "station" if head["who"].startswith("ChargePoint") else "csms"
    yield Entry(said_of(by, frame, moment(head["time"]), place))


def steve(source: Source) -> Iterator[Entry | Bad]:
    """Read SteVe's log: of all that it says, what concerns WebSockets."""
    for number, line in source.lines:
        found = STEVE.search(line.rstrip("\n"))
        if found is None:
            continue
        station, what, place = found["station"], found["what"], source.place(number)
        at = moment(" ".join(found["time"].split()))
        frame = _STEVE_FRAME.match(what)
        if frame is not None:
            by: Role = "csms" if frame["how"] == "Sending" else "station"
            yield Entry(said_of(by, frame["frame"], at, place), station)
        elif what.startswith("Connection is "):
            is_open = what.startswith("Connection is established")
            yield Entry(LinkChanged(is_open=is_open, at=at, place=place), station)
