"""Logs as pages: ours and libocpp's."""

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser

import msgspec

from ...profiles.family import Role
from ...profiles.trace import Item
from .entries import Bad, Entry, Source, moment
from .frames import said_of
from .json_logs import noted, sender, told

_LIBOCPP_ROW = re.compile(
    r'<tr class="(?P<who>ChargePoint|CentralSystem|SYS)">\s*<td>(?P<time>[^<]*)</td>.*?'
    r"<pre[^>]*>(?P<frame>.*?)</pre>",
    re.DOTALL,
)
_LONGEST_ROW = 2_000_000  # characters


def ours(source: Source) -> Iterator[Entry | Bad]:
    """Read `messages.html` of a station of ours: a row a line."""
    for number, line in source.lines:
        if not line.startswith("<li "):
            continue
        row = _Row()
        row.feed(line)
        item = row.item(source.place(number))
        if item is not None:
            yield Entry(item)
        elif not row.is_note:
            yield Bad(source.place(number), "no row of a page of ours")


def libocpp(source: Source) -> Iterator[Entry | Bad]:
    """Read libocpp's page: rows of a table, of several lines each."""
    row, place = "", ""
    for number, line in source.lines:
        at = line.find("<tr class=")
        if at >= 0:
            row, place = line[at:], source.place(number)
        elif row:
            row += line
        if row and "</tr>" in row:
            yield from _libocpp(row, place)
            row = ""
        elif len(row) > _LONGEST_ROW:
            yield Bad(place, "a row without an end")
            row = ""


def _libocpp(row: str, place: str) -> Iterator[Entry | Bad]:
    found = _LIBOCPP_ROW.search(row)
    if found is None:
        yield Bad(place, "no row of a libocpp page")
    elif found["who"] != "SYS":
        by: Role = "station" if found["who"] == "ChargePoint" else "csms"
        yield Entry(said_of(by, unescape(found["frame"]), moment(found["time"]), place))


class _Row(HTMLParser):
    """A row of our page."""

    def __init__(self) -> None:
        super().__init__()
        self._data: dict[str, str] = {}
        self._time: str | None = None
        self._texts = {"pre": "", "strong": "", "li": ""}
        self._within = ""
        self.is_note = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "li":
            self._data = told
            self.is_note = told.get("class") == "note"
        elif tag == "time":
            self._time = told.get("datetime")
        if tag in self._texts:
            self._within = tag

    def handle_endtag(self, tag: str) -> None:
        self._within = ""

    def handle_data(self, data: str) -> None:
        if self._within:
            self._texts[self._within] += data

    def item(self, place: str) -> Item | None:
        if self.is_note:
            return noted(self._texts["li"].strip(), place)
        by = sender(self._data.get("class"), "station")
        if by is None:
            return None
        payload: object = {}
        if self._texts["pre"]:
            try:
                payload = msgspec.json.decode(self._texts["pre"])
            except (msgspec.DecodeError, UnicodeError, RecursionError):
                return None
        return told(
            self._data.get("data-kind", ""),
            by,
            at=moment(self._time),
            place=place,
            message_id=self._data.get("data-id", ""),
            action=self._data.get("data-action", ""),
            payload=payload,
            error=self._texts["strong"],
        )
