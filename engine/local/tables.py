"""Answers of the local API as tables and lines for a person."""

import sys
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

Json = dict[str, Any]  # as the API answers it
_WIDE = 160  # columns where there is no terminal to measure


def console() -> Console:
    is_terminal = sys.stdout.isatty()
    return Console(width=None if is_terminal else _WIDE, highlight=False, markup=False, emoji=False)


def printable(text: object) -> str:
    """Give text of others without what a terminal would obey."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in str(text))


def show_station(station: Json) -> None:
    out = console()
    for line in _head(station):
        out.print(Text(printable(line)))
    table = Table(box=box.SIMPLE, pad_edge=False)
    for heading in ("EVSE", "Status", "Session", "Car", "Power", "Energy", "Transaction", "Token"):
        is_number = heading in ("Power", "Energy")
        table.add_column(heading, justify="right" if is_number else "left", overflow="fold")
    for evse in station["evses"]:
        table.add_row(*(Text(printable(each)) for each in _row(evse)))
    out.print(table)


def _head(station: Json) -> list[str]:
    connection = station["connection"]
    version = f", {connection['version']}" if connection["version"] else ""
    problem = f" ({connection['problem']})" if connection["problem"] else ""
    lines = [
        f"{station['identity']}  {station['vendor']} {station['model']}  {station['clock']}",
        f"{connection['state']} {connection['url']} slot {connection['slot']}{version}{problem}",
        f"registration {station['registration']}, {station['availability']}, "
        f"{station['queued_reports']} reports wait for the CSMS",
    ]
    if station["reservation"]:
        lines.append(_reservation(station["reservation"]))
    return lines


def _row(evse: Json) -> list[str]:
    transaction = evse["transaction"] or {}
    csms_id = transaction.get("csms_transaction_id")
    energy = evse["session_energy_wh"]
    return [
        str(evse["evse"]),
        ", ".join(_connector(connector) for connector in evse["connectors"]),
        _session(evse),
        _car(evse),
        f"{(evse['power_watts'] or 0) / 1000:.2f} kW",
        "" if energy is None else f"{energy / 1000:.3f} kWh",
        csms_id or transaction.get("transaction_id", ""),
        transaction.get("id_token") or "",
    ]


def _connector(connector: Json) -> str:
    fault = connector["fault"]
    told = f" ({fault['error_code']} {fault['info']}".rstrip() + ")" if fault else ""
    scheduled = " (change scheduled)" if connector["availability"] == "change_scheduled" else ""
    lock = " (lock stuck)" if connector["lock"] == "stuck" else ""
    return f"{connector['status']}{told}{scheduled}{lock}"


def _session(evse: Json) -> str:
    states = [evse["session"].replace("_", " ")]
    if evse["energy"] != "off":
        states.append(evse["energy"].replace("_", " "))
    if (evse["simulation"] or {}).get("is_paused"):
        states.append("paused")
    if evse["reservation"]:
        states.append(_reservation(evse["reservation"]))
    return ", ".join(states)


def _reservation(reservation: Json) -> str:
    return f"reservation {reservation['reservation_id']} for {reservation['id_token']}"


def _car(evse: Json) -> str:
    ev = (evse["simulation"] or {}).get("ev") or {}
    charge = evse["meter"].get("state_of_charge")
    return " ".join(filter(None, [ev.get("name"), "" if charge is None else f"{charge:.1f} %"]))


def show_evse(evse: Json) -> None:
    statuses = "/".join(_connector(connector) for connector in evse["connectors"])
    console().print(Text(printable(f"EVSE {evse['evse']}: {statuses}, {_session(evse)}")))


def show_token(taken: Json) -> None:
    where = f"at EVSE {taken['evse']}" if taken["evse"] else "at the station's own reader"
    console().print(f"shown {where}")


def show_connection(connection: Json) -> None:
    console().print(Text(printable(f"{connection['state']}, slot {connection['slot']}")))


def show_reset(reset: Json) -> None:
    waits = "when its transactions have ended" if reset["is_scheduled"] else "now"
    console().print(Text(f"resets {waits}"))


def show_message(message: Json) -> None:
    arrow = "->" if message["direction"] == "sent" else "<-"
    time = message["time"].partition("T")[2][:12]
    latency = message["latency_seconds"]
    took = "" if latency is None else f" ({latency * 1000:.0f} ms)"
    action = message["action"] or message["message_id"]
    line = f"{time} {arrow} {message['kind']:<10} {action}{took} {message['summary']}"
    console().print(Text(printable(line)), soft_wrap=True)
    sys.stdout.flush()
