"""The display's lines, at the widths that people have."""

from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from rich.cells import cell_len

from pilotwire.engine.live.drawing import draw
from pilotwire.engine.live.picture import (
    ConnectionState,
    Exchange,
    LogRecord,
    Picture,
    RegistrationState,
    Row,
    StationPicture,
    Totals,
)
from pilotwire.engine.live.snapshot import EvseSnapshot
from pilotwire.machines.connection import ConnectionChart
from pilotwire.machines.registration import RegistrationChart

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)


def evse(number: int = 1, **changes: Any) -> EvseSnapshot:
    idle: dict[str, Any] = {
        "evse": number,
        "connector": None,
        "statuses": ("Available",),
        "session": "idle",
        "energy": "off",
        "fault": "",
        "is_plugged": False,
        "car": "",
        "state_of_charge": None,
        "power_watts": 0.0,
        "amperes": 0.0,
        "register_wh": 1234.0,
        "session_wh": None,
        "session_seconds": None,
        "transaction_id": None,
        "csms_transaction_id": None,
        "token": None,
    }
    return EvseSnapshot(**(idle | changes))


def charging(number: int = 1, **changes: Any) -> EvseSnapshot:
    session: dict[str, Any] = {
        "connector": 1,
        "statuses": ("Charging",),
        "session": "active",
        "energy": "charging",
        "is_plugged": True,
        "car": "compact 3",
        "state_of_charge": 44.4,
        "power_watts": 11040.0,
        "amperes": 16.0,
        "session_wh": 3210.0,
        "session_seconds": 3723.0,
        "transaction_id": "3f2a1b9c-0000",
        "csms_transaction_id": "102467608",
        "token": "DEADBEEF",
    }
    return evse(number, **(session | changes))


def station(**changes: Any) -> StationPicture:
    online: dict[str, Any] = {
        "identity": "PILOTWIRE-1",
        "connection": "online",
        "url": "ws://127.0.0.1:9310",
        "slot": 1,
        "version": "ocpp1.6",
        "registration": "accepted",
        "heartbeat_seconds": 300,
        "last_heard": NOON,
        "problem": "",
    }
    return StationPicture(**(online | changes))


def exchange(**changes: Any) -> Exchange:
    call: dict[str, Any] = {
        "time": NOON,
        "direction": "sent",
        "action": "StartTransaction",
        "message_id": "f3a6344b-afe4",
        "asked": "connector 1, token ***BEEF",
        "answer": "Accepted, transaction 77",
        "latency": 0.012,
    }
    return Exchange(**(call | changes))


def lines(
    width: int = 80,
    height: int = 24,
    *,
    evses: list[EvseSnapshot] | None = None,
    rows: list[Row] | None = None,
    of: StationPicture | None = None,
) -> list[str]:
    picture = Picture(
        station=of or station(),
        evses=[evse()] if evses is None else evses,
        rows=rows or [],
        totals=Totals(sessions=2, energy_wh=4321.0, messages=1, queued=3),
        central="central :9310, 1 station",
    )
    return [text.plain.rstrip() for text in draw(picture, width, height)]


def test_80_by_24() -> None:
    shown = lines(evses=[charging(), evse(2)], rows=[exchange()])
    rule = "─" * 80
    assert shown[:11] == [
        "PILOTWIRE-1  ● online  ocpp1.6  Accepted                      heard 12:00:00 UTC",
        "ws://127.0.0.1:9310 (slot 1)                                     heartbeat 300 s",
        rule,
        "EVSE  Status         Car                       Power Current    Session     Time",
        "1     Charging       44 %  compact 3        11.04 kW  16.0 A  3.210 kWh  1:02:03",
        "      active, charging  tx 102467608 (3f2a1b9c)  ***BEEF  register 1.234 kWh",
        "2     Available",
        "      idle  register 1.234 kWh",
        "── messages " + "─" * 68,
        "12:00:00 → StartTransaction       connector 1, toke… ⇒ Accepted, trans…    12 ms",
        "",
    ]
    assert shown[22] == rule
    assert shown[23] == "2 sessions · 4.321 kWh · 1 message · 3 queued · central :9310, 1 station"


def test_140_by_40_has_everything_in_one_line() -> None:
    shown = lines(140, 40, evses=[charging()], rows=[exchange()])
    assert shown[3].split() == [
        "EVSE", "Status", "Regions", "Car", "Power", "Current", "Session", "Time", "Register",
        "Transaction", "Token",
    ]  # fmt: skip
    for part in ("active, charging", "1.234 kWh", "102467608 (3f2a1b9c)", "***BEEF"):
        assert part in shown[4]
    assert shown[6] == (
        "12:00:00 → StartTransaction            f3a6344b  "
        "connector 1, token ***BEEF ⇒ Accepted, transaction 77" + " " * 33 + "12 ms"
    )
    assert len(shown) == 40


@pytest.mark.parametrize("width", [20, 40, 60, 79, 80, 100, 135, 136, 140, 220])
@pytest.mark.parametrize("height", [1, 5, 8, 12, 24, 60])
@pytest.mark.parametrize("count", [1, 3, 30])
def test_it_fits(width: int, height: int, count: int) -> None:
    evses = [charging(number, car="充电充电充电充电") for number in range(1, count + 1)]
    rows: list[Row] = [exchange(asked="Zoë 充电 " * 30) for _ in range(80)]
    shown = lines(width, height, evses=evses, rows=rows, of=station(problem="x" * 300))
    assert len(shown) == height
    assert max(cell_len(line) for line in shown) <= width


def test_the_newest_message_is_the_last_and_the_oldest_go() -> None:
    rows: list[Row] = [exchange(action=f"Action{number}") for number in range(50)]
    shown = lines(rows=rows)
    assert "Action49" in shown[21]
    assert not any("Action30 " in line for line in shown)


def test_of_too_many_evses_those_in_use_are_shown() -> None:
    evses = [evse(number) for number in range(1, 41)]
    evses[33] = charging(34)
    evses[35] = evse(36, statuses=("Faulted",), fault="GroundFailure")
    shown = lines(evses=evses)
    assert any(line.startswith("34    Charging") for line in shown)
    assert any(line.startswith("36    Faulted") for line in shown)
    rest = next(line for line in shown if line.startswith("and "))
    hidden = 40 - sum(line[:1].isdigit() for line in shown[4:16])
    assert f"and {hidden} more: {hidden} Available" == rest


def test_several_connectors_show_which_is_in_use() -> None:
    shown = lines(
        evses=[
            charging(connector=2, statuses=("Unavailable", "Charging")),
            evse(2, statuses=("Available", "Faulted"), fault="GroundFailure wet"),
        ]
    )
    assert shown[4].startswith("1/2   Charging ")
    assert shown[6].startswith("2     Available/Fa…")
    assert shown[7].startswith("      GroundFailure wet  idle")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"connection": "dialling", "version": ""}, "○ dialling"),
        ({"connection": "backing_off"}, "offline, waits to dial again"),
        ({"connection": "failing_over"}, "waits to dial the next profile"),
        ({"registration": "pending"}, "Pending"),
        ({"registration": "rejected"}, "Rejected"),
        ({"registration": "unanswered"}, "BootNotification unanswered"),
    ],
)
def test_the_first_line_tells_how_the_link_is(changes: dict[str, Any], words: str) -> None:
    assert words in lines(of=station(**changes))[0]


def test_why_there_is_no_link_is_told() -> None:
    assert "connection refused" in lines(of=station(problem="connection refused"))[1]


def test_errors_are_red_and_markup_means_nothing() -> None:
    picture = Picture(
        station=station(),
        evses=[],
        rows=[
            exchange(error="Error: [green]x[/green]", answer=None),
            LogRecord(time=NOON, level="error", event="driver failed", fields="[b]x[/b]"),
        ],
        totals=Totals(),
    )
    texts = [text for text in draw(picture, 120, 24) if "12:00:00" in text.plain[:8]]
    assert "Error: [green]x[/green]" in texts[0].plain
    assert "[b]x[/b]" in texts[1].plain
    for text in texts:
        assert any("red" in str(span.style) for span in text.spans)
        assert not any("green" in str(span.style) for span in text.spans)


def test_a_call_without_an_answer_yet_stands_alone() -> None:
    shown = lines(rows=[exchange(answer=None, latency=None)])
    assert any(line.endswith("connector 1, token ***BEEF") for line in shown)


@pytest.mark.parametrize("state", ConnectionChart.declaration.states_map)
def test_every_state_of_the_connection_can_be_shown(state: str) -> None:
    assert state in get_args(ConnectionState)
    assert lines(of=station(connection=state))


@pytest.mark.parametrize("state", RegistrationChart.declaration.states_map)
def test_every_state_of_the_registration_can_be_shown(state: str) -> None:
    assert state in get_args(RegistrationState)
    assert lines(of=station(registration=state))
