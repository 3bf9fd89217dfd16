"""The log as one page that a browser shows at any time while it is written.

Rows are only ever appended, so the page never ends: browsers close what is open. Without its script
it is a list in the order of time, what the station said on the left, the central system's on the
right. The script joins each answer to its call. Nothing in a row can act: all text is escaped, and
the page admits only its own script and style, by their digests.
"""

import base64
import hashlib
import json
from datetime import datetime
from functools import cache
from html import escape
from pathlib import Path

from ..live.escaping import harmless
from ..live.facts import brief
from .entries import Entry

_LONGEST_LINE = 200_000  # characters; the reader of frames takes less


class Page:
    """HTML: one row a message."""

    suffix = ".html"

    def head(self, title: str, began: datetime) -> str:
        script, style = _asset("page.js"), _asset("page.css")
        policy = (
            f"default-src 'none'; base-uri 'none'; form-action 'none'; "
            f"script-src {_digest(script)}; style-src {_digest(style)}"
        )
        shown = _text(title)
        return (
            '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            '<meta name="color-scheme" content="light dark">\n'
            f"<title>{shown}</title>\n"
            f"<style>{style}</style>\n<script>{script}</script>\n"
            f"<header><h1>{shown}</h1>"
            f"<p>Times are UTC; + counts from {began:%Y-%m-%d %H:%M:%S}. "
            "<span>→ by the station, ← by the central system.</span></p></header>\n"
            f"{_TOP}"
            '<ol id="log">\n'
        )

    def row(self, entry: Entry, since: float) -> str:
        message = entry.message
        action = message.action or ("Answer to no call seen" if message.message_id else "Not OCPP")
        evse = "" if entry.evse is None else f'<span class="evse">EVSE {entry.evse}</span>'
        took = ""
        if message.latency is not None:
            took = f'<span class="took">{_took(message.latency)}</span>'
        data = {
            "kind": message.kind,
            "direction": message.direction,
            "id": message.message_id,
            "action": message.action,
            "evse": "" if entry.evse is None else str(entry.evse),
            "error": "yes" if message.error else "",
        }
        attributes = "".join(f' data-{name}="{_text(data[name])}"' for name in data if data[name])
        return (
            f'<li class="{message.direction}"{attributes}>'
            f'<div class="when"><time datetime="{entry.time.isoformat()}">'
            f"{_clock(entry.time)}</time> <span>{entry.time:%Y-%m-%d}</span> "
            f"<span>{_since(since)}</span></div>"
            f'<div class="what">{_arrow(message.direction)} <b>{_text(action)}</b> {evse}</div>'
            f"{_part(entry)}{took}\n"
        )

    def note(self, text: str) -> str:
        return f'<li class="note">{_text(text)}\n'


_TOP = (
    '<div id="top"><form id="filter" hidden>'
    '<label>Action <select name="action"><option value="">all</select></label>'
    '<label>EVSE <select name="evse"><option value="">all</select></label>'
    '<label class="check"><input type="checkbox" name="errors"> Errors only</label>'
    '<button type="button" name="open" aria-pressed="false">Open all</button>'
    '<button type="button" name="latest">Latest</button>'
    "<output></output></form>"
    '<div id="columns" aria-hidden="true"><span>Time</span><span>Action</span>'
    "<span>Station</span><span>Central system</span></div></div>\n"
)


def _part(entry: Entry) -> str:
    """Give what was said: what matters of it in a line, the whole of it on demand."""
    message = entry.message
    kind = "" if message.kind == "CALL" else f'<span class="kind">{message.kind}</span> '
    mark = f"{_arrow(message.direction)} {kind}"
    if message.error:
        said = f"{mark}<strong>{_text(message.error)}</strong>"
    elif message.payload in ({}, None):
        said = f'{mark}<span class="empty">no content</span>'
    else:
        said = (
            f"<details><summary>{mark}{_text(brief(message.payload)) or '…'}</summary>"
            f"<pre>{_pretty(message.payload)}</pre></details>"
        )
    return f'<div class="part {message.direction}{" error" if message.error else ""}">{said}</div>'


def _arrow(direction: str) -> str:
    sign, speaker = ("→", "Station") if direction == "sent" else ("←", "Central system")
    return f'<span class="arrow {direction}" title="{speaker}">{sign}</span>'


def _pretty(payload: object) -> str:
    """Give the payload indented, on one line of the file all the same."""
    text = json.dumps(payload, ensure_ascii=False, indent=2)
    if text.isascii() and "\x7f" not in text:  # JSON has escaped the other controls
        return escape(text).replace("\n", "&#10;")
    return "&#10;".join(_text(line, _LONGEST_LINE) for line in text.split("\n"))


def _text(text: str, most: int = 200) -> str:
    return escape(harmless(text, most))


def _clock(time: datetime) -> str:
    return time.strftime("%H:%M:%S.") + f"{time.microsecond // 1000:03}"


def _since(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:+.1f} s"  # less than 0 is what led to a session
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"+{hours}:{minutes:02}:{rest:02}" if hours else f"+{minutes}:{rest:02}"


def _took(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 10 else f"{seconds:.1f} s"


@cache
def _asset(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
