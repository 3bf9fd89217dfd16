"""Draws a picture into lines of a given width and height.

From the top: the station, its EVSEs, the messages and the log (newest last), the counts. EVSEs
come first: each has two lines where there is room (one on a wide terminal), else one, and where
even that is too much, those that are in use are shown and the others counted.
"""

from collections import Counter
from collections.abc import Iterable

from rich.text import Text

from .cells import cell, fitted, joined, spread
from .columns import LONG_WIDTH, details, heading, row
from .escaping import harmless
from .picture import Exchange, LogRecord, Picture, Row, StationPicture, Totals
from .snapshot import EvseSnapshot

_FEWEST_ROWS = 4  # of messages, before EVSEs lose their second line
_LEVELS = {"warning": "yellow", "error": "bold red", "critical": "bold red", "debug": "dim"}
_CONNECTIONS = {
    "online": ("● online", "green"),
    "dialling": ("○ dialling", "yellow"),
    "backing_off": ("○ offline, waits to dial again", "red"),
    "failing_over": ("○ offline, waits to dial the next profile", "red"),
    "falling_back": ("○ offline, waits to dial what worked last", "red"),
    "offline": ("○ offline", "red"),
}
_REGISTRATIONS = {
    "accepted": ("Accepted", "green"),
    "pending": ("Pending", "yellow"),
    "rejected": ("Rejected", "bold red"),
    "asking": ("boots", "yellow"),
    "unanswered": ("BootNotification unanswered", "red"),
    "unregistered": ("", ""),
}


def draw(picture: Picture, width: int, height: int) -> list[Text]:
    """Give the lines, at most `height`, each at most `width` columns wide."""
    top = [*_station(picture.station, width), _rule("", width)]
    bottom = [_rule("", width), _totals(picture, width)]
    room = max(1, height - len(top) - len(bottom))
    evses = _evses(picture.evses, width, room)
    rule = _rule("messages", width)
    rows = [_row(each, width) for each in picture.rows[-max(0, room - len(evses) - 1) :]]
    rows = rows[: max(0, room - len(evses) - 1)]
    middle = [*evses, rule, *rows] if room > len(evses) + 1 else evses
    blank = [Text("", end="") for _ in range(room - len(middle))]
    return [fitted(line, width) for line in [*top, *middle, *blank, *bottom][:height]]


# ---- the station


def _station(station: StationPicture, width: int) -> list[Text]:
    connection, colour = _CONNECTIONS[station.connection]
    registration, shade = _REGISTRATIONS[station.registration]
    left = joined(
        [
            (harmless(station.identity), "bold"),
            (connection, colour),
            (station.version, "cyan"),
            (registration, shade),
        ]
    )
    heard = f"heard {station.last_heard:%H:%M:%S} UTC" if station.last_heard else ""
    heartbeat = f"heartbeat {station.heartbeat_seconds} s" if station.heartbeat_seconds else ""
    address = [(f"{harmless(station.url)} (slot {station.slot})", "dim"), (station.problem, "red")]
    return [
        spread(left, joined([(heard, "dim")]), width),
        spread(joined(address), joined([(heartbeat, "dim")]), width),
    ]


def _rule(title: str, width: int) -> Text:
    line = f"── {title} " if title else ""
    return Text(line + "─" * (width - len(line)), style="bright_black", end="")


# ---- EVSEs


def _evses(evses: list[EvseSnapshot], width: int, room: int) -> list[Text]:
    has_details = width < LONG_WIDTH and 2 * len(evses) + 2 + _FEWEST_ROWS <= room
    lines = [heading(width)]
    most = max(1, room - 2 - min(_FEWEST_ROWS, room // 3))
    shown, rest = evses, ""
    if not has_details and len(evses) > most:
        shown, rest = _most_important(evses, most - 1)
    for evse in shown:
        lines.append(row(evse, width))
        if has_details:
            lines.append(details(evse, width))
    if rest:
        lines.append(cell(rest, width, "dim"))
    return lines


def _most_important(evses: list[EvseSnapshot], most: int) -> tuple[list[EvseSnapshot], str]:
    """Give those in use or faulted first, in their order, and the others in words."""
    by_weight = sorted(evses, key=lambda evse: evse.session == "idle" and not evse.fault)
    chosen = {evse.evse for evse in by_weight[:most]}
    others = Counter(evse.status for evse in evses if evse.evse not in chosen)
    counts = ", ".join(f"{count} {status}" for status, count in others.most_common())
    return [e for e in evses if e.evse in chosen], f"and {len(evses) - len(chosen)} more: {counts}"


# ---- messages and the log


def _row(entry: Row, width: int) -> Text:
    return _exchange(entry, width) if isinstance(entry, Exchange) else _record(entry, width)


def _exchange(exchange: Exchange, width: int) -> Text:
    is_sent = exchange.direction == "sent"
    parts = [
        cell(f"{exchange.time:%H:%M:%S}", 9, "dim"),
        cell("→" if is_sent else "←", 2, "cyan" if is_sent else "magenta"),
        cell(exchange.action, _action_width(width), "" if not exchange.error else "red"),
        Text(" "),
    ]
    if width >= 100:
        parts.append(cell(exchange.message_id[:8], 10, "bright_black"))
    latency = "" if exchange.latency is None else _milliseconds(exchange.latency)
    end = cell(latency, 9, "dim", is_right=True)
    room = width - sum(part.cell_len for part in parts) - end.cell_len
    return _assembled([*parts, _dialogue(exchange, room), end])


def _dialogue(exchange: Exchange, room: int) -> Text:
    """Put what was asked and what was answered into the room; the answer keeps at least half."""
    answer, style = exchange.answer, "yellow" if exchange.is_refusal else "green"
    if exchange.error:
        answer, style = exchange.error, "bold red"
    if not answer:
        return cell(exchange.asked, room)
    tail = Text(f"⇒ {answer}", style=style)
    asked = Text(exchange.asked)
    if asked.cell_len + 1 + tail.cell_len > room:
        asked.truncate(max(room - 1 - tail.cell_len, room // 2), overflow="ellipsis")
    text = _assembled([asked, Text(" " if asked else ""), tail])
    text.truncate(room, overflow="ellipsis")
    text.pad_right(room - text.cell_len)
    return text


def _record(record: LogRecord, width: int) -> Text:
    style = _LEVELS.get(record.level, "blue")
    parts = [cell(f"{record.time:%H:%M:%S}", 9, "dim"), cell("·", 2, style)]
    parts += [cell(record.event, _action_width(width), style), Text(" ")]
    if width >= 100:
        parts.append(cell("", 10))
    room = width - sum(part.cell_len for part in parts)
    return _assembled([*parts, cell(record.fields, room, style)])


def _action_width(width: int) -> int:
    return 22 if width < 100 else 27  # RemoteStartTransaction has 22 letters


def _assembled(parts: Iterable[Text]) -> Text:
    line = Text("", no_wrap=True, end="")
    for part in parts:
        line.append_text(part)
    return line


def _milliseconds(seconds: float) -> str:
    if seconds < 0.001:
        return "<1 ms"
    return f"{seconds * 1000:.0f} ms" if seconds < 10 else f"{seconds:.1f} s"


# ---- counts


def _totals(picture: Picture, width: int) -> Text:
    totals: Totals = picture.totals
    queued = (f"{totals.queued} queued", "yellow" if totals.queued > 1 else "")
    left = joined(
        [
            (f"{totals.sessions} session{'' if totals.sessions == 1 else 's'}", ""),
            (f"{totals.energy_wh / 1000:.3f} kWh", ""),
            (f"{totals.messages} message{'' if totals.messages == 1 else 's'}", ""),
            queued,
            (picture.central, ""),
        ],
        gap=" · ",
    )
    return fitted(spread(left, joined([("Ctrl-C stops", "dim")]), width), width)
