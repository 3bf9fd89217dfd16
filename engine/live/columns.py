"""The columns of an EVSE's row, and the second line that takes up what a narrow terminal's row
cannot.
"""

from collections.abc import Callable
from typing import NamedTuple

from rich.text import Text

from .cells import cell, joined
from .escaping import harmless
from .redaction import mask
from .snapshot import EvseSnapshot

LONG_WIDTH = 136  # columns from which all stands in one line
_GAP = 2
_NARROWEST_CAR = 10
_STATUSES = {
    "Charging": "bold green",
    "Occupied": "green",
    "Available": "",
    "Preparing": "cyan",
    "Finishing": "cyan",
    "Reserved": "magenta",
    "SuspendedEV": "yellow",
    "SuspendedEVSE": "yellow",
    "Unavailable": "red",
    "Faulted": "bold red",
}


class Column(NamedTuple):
    heading: str
    width: int  # 0: what the others leave
    value: Callable[[EvseSnapshot], str]
    is_right: bool = False


def _place(evse: EvseSnapshot) -> str:
    has_several = len(evse.statuses) > 1
    return f"{evse.evse}/{evse.connector}" if has_several and evse.connector else str(evse.evse)


def _car(evse: EvseSnapshot) -> str:
    charge = "" if evse.state_of_charge is None else f"{evse.state_of_charge:.0f} %"
    name = harmless(evse.car, 40)
    return "  ".join(filter(None, [charge, name])) or ("cable" if evse.is_plugged else "")


def _power(evse: EvseSnapshot) -> str:
    return "" if not evse.power_watts else f"{evse.power_watts / 1000:.2f} kW"


def _current(evse: EvseSnapshot) -> str:
    return "" if not evse.amperes else f"{evse.amperes:.1f} A"


def _energy(evse: EvseSnapshot) -> str:
    return "" if evse.session_wh is None else f"{evse.session_wh / 1000:.3f} kWh"


def _duration(evse: EvseSnapshot) -> str:
    if evse.session_seconds is None:
        return ""
    minutes, seconds = divmod(int(evse.session_seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


def _register(evse: EvseSnapshot) -> str:
    return f"{evse.register_wh / 1000:.3f} kWh"


def _transaction(evse: EvseSnapshot) -> str:
    own = (evse.transaction_id or "")[:8]
    csms = harmless(evse.csms_transaction_id or "", 40)
    return own if not csms or csms == evse.transaction_id else f"{csms} ({own})"


def _token(evse: EvseSnapshot) -> str:
    return "" if evse.token is None else harmless(mask(evse.token))


def _regions(evse: EvseSnapshot) -> str:
    states = [evse.session.replace("_", " ")]
    if evse.energy != "off":
        states.append(evse.energy.replace("_", " "))
    return ", ".join(states)


_NARROW = (
    Column("EVSE", 4, _place),
    Column("Status", 13, lambda evse: evse.status),
    Column("Car", 0, _car),
    Column("Power", 9, _power, is_right=True),
    Column("Current", 7, _current, is_right=True),
    Column("Session", 10, _energy, is_right=True),
    Column("Time", 8, _duration, is_right=True),
)
_LEFT_OUT = ("Current", "Time", "Session")  # in this order, where there is no room
_WIDE = (
    *_NARROW[:2],
    Column("Regions", 20, _regions),
    *_NARROW[2:],
    Column("Register", 12, _register, is_right=True),
    Column("Transaction", 20, _transaction),
    Column("Token", 7, _token),
)


def _columns(width: int) -> tuple[Column, ...]:
    columns: tuple[Column, ...] = _WIDE if width >= LONG_WIDTH else _NARROW
    for heading in _LEFT_OUT:
        if _rest(columns, width) < _NARROWEST_CAR:
            columns = tuple(column for column in columns if column.heading != heading)
    return columns


def _rest(columns: tuple[Column, ...], width: int) -> int:
    """Give what the columns leave for the one without a width of its own."""
    return width - sum(_gap(column) + column.width for column in columns[1:]) - columns[0].width


def _gap(column: Column) -> int:
    return 1 if column.is_right else _GAP  # a number seldom fills its column


def heading(width: int) -> Text:
    return _line(width, lambda column: (column.heading, "bright_black"))


def row(evse: EvseSnapshot, width: int) -> Text:
    def content(column: Column) -> tuple[str, str]:
        style = _STATUSES.get(evse.status, "") if column.heading == "Status" else ""
        return column.value(evse), style

    return _line(width, content)


def _line(width: int, content: Callable[[Column], tuple[str, str]]) -> Text:
    columns = _columns(width)
    rest = max(0, _rest(columns, width))
    line = Text("", no_wrap=True, end="")
    for column in columns:
        text, style = content(column)
        line.append(" " * _gap(column) if line else "")
        line.append_text(cell(text, column.width or rest, style, is_right=column.is_right))
    line.truncate(width)
    return line


def details(evse: EvseSnapshot, width: int) -> Text:
    """Give the second line: what the columns do not say."""
    transaction = _transaction(evse)
    line = joined(
        [
            (" " * 4, ""),
            (harmless(evse.fault), "red"),
            (_regions(evse), "dim"),
            (f"tx {transaction}" if transaction else "", "dim"),
            (_token(evse), "dim"),
            (f"register {_register(evse)}", "dim"),
        ]
    )
    line.truncate(width, overflow="ellipsis")
    return line
