"""Hours of a good station, written as others write them, are read whole and break no rule; one
fault in them is found in each format.
"""

import html
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pilotwire.engine.trace.logs import read
from pilotwire.engine.trace.verdict import Court, Verdict
from pilotwire.profiles.trace import Said

from ...profiles.trace.talk import Talk

WHO = {"station": ("ChargePoint", "CentralSystem"), "csms": ("CentralSystem", "ChargePoint")}


def frame(said: Said) -> list[Any]:
    if said.kind == "CALL":
        return [2, said.message_id, said.action, said.payload]
    return [3, said.message_id, said.payload]


def stamp(said: Said, timespec: str = "milliseconds") -> str:
    return datetime.fromtimestamp(said.at or 0.0, UTC).isoformat(timespec=timespec)[:-6]


def libocpp_text(talk: list[Said]) -> Iterator[str]:
    yield "2027-01-15T07:59:59.000Z: SYS> Session logging started. \n\n"
    for said in talk:
        told = json.dumps(frame(said), indent=2)
        sender, receiver = WHO[said.by]
        yield f"{stamp(said)}Z: {sender}>{receiver} {said.action or 'Response'} \n{told}\n\n"


def libocpp_page(talk: list[Said]) -> Iterator[str]:
    yield '<html><body><table class="log">\n'
    for said in talk:
        told = html.escape(json.dumps(frame(said), indent=2), quote=False)
        sender, receiver = WHO[said.by]
        yield (
            f'<tr class="{sender}"> <td>{stamp(said)}Z</td> <td>{sender}&gt;{receiver}</td> '
            f'<td><b>{said.action}</b></td><td><b></b></td> <td><pre lang="json">{told}</pre></td>'
            " </tr>\n"
        )


def steve(talk: list[Said]) -> Iterator[str]:
    for said in talk:
        at = stamp(said).replace("T", " ").replace(".", ",")
        how = "Received" if said.by == "station" else "Sending"
        yield (
            f"[INFO ] {at} de.rwth.idsg.steve.ocpp.ws.WebSocketLogger (qtp1-2) - "
            f"[chargeBoxId=CS-1, sessionId=d72-64] {how}: {json.dumps(frame(said))}\n"
        )


def json_lines(talk: list[Said]) -> Iterator[str]:
    for said in talk:
        told = {"timestamp": said.at, "from": said.by, "frame": frame(said)}
        yield json.dumps(told) + "\n"


def hours(version: str) -> Talk:
    talk = Talk(version)
    talk.boot()
    for status in ("Available", "Preparing") if version == "1.6" else ("Available", "Occupied"):
        talk.status(status)
    for _ in range(4):
        name = talk.start()
        for _ in range(5):
            talk.wait(200)
            talk.update(name)
        talk.stop(name)
        talk.wait(250)
        talk.heartbeat()
    return talk


def judged(path: Path, write: Callable[[list[Said]], Iterator[str]], talk: Talk) -> Verdict:
    path.write_text("".join(write([each for each in talk.items if isinstance(each, Said)])))
    court = Court(is_complete=True)
    court.hear(path, read(path))
    return court.verdict


@pytest.mark.parametrize("version", ["1.6", "2.0.1", "2.1"])
@pytest.mark.parametrize("write", [libocpp_text, libocpp_page, steve, json_lines])
def test_a_good_station_is_not_accused_and_a_bad_one_is(
    write: Callable[[list[Said]], Iterator[str]], version: str, tmp_path: Path
) -> None:
    talk = hours(version)
    verdict = judged(tmp_path / "CS-1.log", write, talk)
    assert verdict.broken == {}
    assert verdict.bad_lines == 0
    assert verdict.messages == len(talk.items)
    name = talk.start()
    talk.update(name, 10)
    assert judged(tmp_path / "CS-1.log", write, talk).broken.keys() == {"meter-forward"}
