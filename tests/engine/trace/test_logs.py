"""Logs of ours and of others, read as traces."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pilotwire.engine.log_file import Rotation
from pilotwire.engine.message_log.entries import Frame
from pilotwire.engine.message_log.formats import FileFormat, Formats
from pilotwire.engine.message_log.recorder import Began, Layout, Missed, Recorder
from pilotwire.engine.trace.entries import Bad, Entry
from pilotwire.engine.trace.logs import UnreadableLog, read
from pilotwire.profiles.trace import Gap, LinkChanged, Said

START = 1_800_000_000.0  # 2027-01-15 08:00:00 UTC
BOOT = [2, "1", "BootNotification", {"chargePointVendor": "V <&>", "chargePointModel": "M"}]
ACCEPTED = [3, "1", {"status": "Accepted", "currentTime": "2027-01-15T08:00:00Z", "interval": 300}]
CLEAR = [2, "c 1", "ClearCache", {}]
REFUSED = [4, "c 1", "InternalError", "no: really", {}]
TALK = (("sent", BOOT), ("received", ACCEPTED), ("received", CLEAR), ("sent", REFUSED))

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(text: str) -> Path:
        path = tmp_path / "talk.log"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def said(path: Path, **options: Any) -> list[Any]:
    """The frames that are read, each in short."""
    found: list[Any] = []
    for entry in read(path, **options):
        item = entry.item if isinstance(entry, Entry) else entry
        if isinstance(item, Said):
            content = item.payload if item.kind in ("CALL", "CALLRESULT") else item.error
            found.append((item.by, item.kind, item.message_id, item.action, content, item.at))
        else:
            found.append(item)
    return found


def expected() -> list[Any]:
    return [
        ("station", "CALL", "1", "BootNotification", BOOT[3], START),
        ("csms", "CALLRESULT", "1", "", ACCEPTED[2], START + 1),
        ("csms", "CALL", "c 1", "ClearCache", {}, START + 2),
        ("station", "CALLERROR", "c 1", "", "InternalError", START + 3),
    ]


@pytest.mark.parametrize("name", ["log", "html", "json"])
def test_a_log_of_ours_is_read_as_it_was_written(name: FileFormat, tmp_path: Path) -> None:
    layout = Layout(
        directory=tmp_path,
        formats=(Formats.ALL[name],),
        has_sessions=False,
        rotation=Rotation(),
        max_sessions=0,
        shows_tokens=False,
    )
    recorder = Recorder(layout)
    frames = [
        Frame(direction, json.dumps(content).replace("c 1", "c1"), float(n), START + n)
        for n, (direction, content) in enumerate(TALK)
    ]
    recorder.record([Began("CS-1", 0.0, START, (1,)), *frames, Missed(3), *frames[:1]])
    path = next(tmp_path.glob("messages.*"))
    found = said(path)
    assert found[:4] == [
        tuple("c1" if part == "c 1" else part for part in each) for each in expected()
    ]
    assert found[4] == Gap()
    assert len(found) == 6


LIBOCPP = """\
2027-01-15T07:59:59.000Z: SYS> Session logging started. \n\n
2027-01-15T08:00:00.000Z: ChargePoint>CentralSystem BootNotification \n{boot}\n
2027-01-15T08:00:01.000Z: CentralSystem>ChargePoint  BootNotificationResponse\n{accepted}\n
2027-01-15T08:00:02.000Z: CentralSystem>ChargePoint  ClearCache\n{clear}\n
2027-01-15T08:00:03.000Z: ChargePoint>CentralSystem CALLERROR \n{refused}\n
"""
ROW = (
    '<tr class="{origin}"> <td>2027-01-15T08:00:0{n}.000Z</td> <td>{origin}&gt;x</td> '
    '<td><b>a</b></td><td><b></b></td> <td><pre lang="json">{frame}</pre></td> </tr>\n'
)


def indented(frame: list[Any]) -> str:
    return json.dumps(frame, indent=2)


def test_text_of_libocpp(write: Write) -> None:
    frames = {"boot": BOOT, "accepted": ACCEPTED, "clear": CLEAR, "refused": REFUSED}
    text = LIBOCPP.format(**{name: indented(frame) for name, frame in frames.items()})
    assert said(write(text)) == expected()


def test_pages_of_libocpp(write: Write) -> None:
    rows = [
        ROW.format(
            origin="ChargePoint" if direction == "sent" else "CentralSystem",
            n=n,
            frame=indented(frame).replace("<", "&lt;").replace(">", "&gt;"),
        )
        for n, (direction, frame) in enumerate(TALK)
    ]
    page = '<html><body><table class="log">\n' + ROW.format(origin="SYS", n=0, frame="")
    assert said(write(page + "".join(rows))) == expected()


def test_steves_log_with_its_links(write: Write) -> None:
    head = "[INFO ] 2027-01-15 08:00:0{} de.rwth.idsg.steve.ocpp.ws.WebSocketLogger (qtp1-2) - "
    place = "[chargeBoxId=CS 1, sessionId=d72-64] "
    lines = [
        f"{head.format(f'{n},000')}{place}{how}: {json.dumps(frame)}\n"
        for n, (direction, frame) in enumerate(TALK)
        for how in ["Received" if direction == "sent" else "Sending"]
    ]
    established = head.format("0,000") + place + "Connection is established\n"
    noise = "[INFO ] 2027-01-15 08:00:00,001 org.jooq.Constants (main) - Thank you\n"
    closed = head.format("9,500") + place + "Connection is closed, status: CloseStatus[code=1006]\n"
    found = list(read(write(noise + established + "".join(lines) + closed)))
    assert {entry.station for entry in found if isinstance(entry, Entry)} == {"CS 1"}
    items = [entry.item for entry in found if isinstance(entry, Entry)]
    first, *frames, last = items
    assert (first, last) == (
        LinkChanged(is_open=True, at=START, place=f"{first.place}"),  # type: ignore[union-attr]
        LinkChanged(is_open=False, at=START + 9.5, place=f"{last.place}"),  # type: ignore[union-attr]
    )
    assert [frame.by for frame in frames] == ["station", "csms", "csms", "station"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "line",
    [
        {"time": "2027-01-15T08:00:00Z", "direction": "sent", "message": BOOT},
        {"timestamp": START, "dir": "out", "frame": json.dumps(BOOT)},
        {"ts": START * 1000, "from": "ChargePoint", "raw": json.dumps(BOOT)},
        {"at": "2027-01-15 08:00:00", "origin": "station", "msg": BOOT, "chargeBoxId": "A"},
    ],
)
def test_json_lines_of_anybody(line: dict[str, Any], write: Write) -> None:
    assert said(write(json.dumps(line) + "\n\n")) == expected()[:1]


def test_a_csms_says_sent_of_what_it_sent_itself(write: Write) -> None:
    path = write(json.dumps({"time": START, "direction": "received", "message": BOOT}))
    assert said(path, sender="csms") == expected()[:1]


def test_bad_lines_are_named_and_the_rest_is_read(write: Write) -> None:
    good = json.dumps({"time": START, "direction": "sent", "message": BOOT})
    path = write(f'{good}\n{{"time": 1}}\nno JSON\n{{"direction": "sent"}}\n{good}\n')
    bad = [entry for entry in read(path) if isinstance(entry, Bad)]
    assert [each.place.rpartition(":")[2] for each in bad] == ["2", "3", "4"]
    assert [each.why.partition(":")[0] for each in bad] == [
        "no direction",
        "no JSON object",
        "no frame",
    ]
    assert len(said(path)) == 5


@pytest.mark.parametrize("text", ["", "Dear diary\n", "\0\0\0", "[1, 2]\n"])
def test_what_is_no_log_is_told_in_one_line(text: str, write: Write) -> None:
    with pytest.raises(UnreadableLog, match="no message log that is known"):
        list(read(write(text)))


def test_what_is_no_file_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(UnreadableLog, match="cannot be read: No such file"):
        list(read(tmp_path / "none"))
    with pytest.raises(UnreadableLog, match="cannot be read: Is a directory"):
        list(read(tmp_path))
