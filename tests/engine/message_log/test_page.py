"""The page: what stands in it, and what a browser makes of it."""

import html
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from pilotwire.engine.message_log.recorder import Recorder

from .conftest import Talk

SECONDS = 60  # more than a browser's start takes on a loaded machine
HOSTILE = (
    "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
    "</pre></li><!-- <style>*{display:none}</style>' onclick='x \u202egnp.exe \x1b[2J &amp;"
)


class Rows(HTMLParser):
    """The rows of a page (or its elements of another tag), by their attributes."""

    def __init__(self, text: str, tag: str = "li") -> None:
        super().__init__()
        self.tag = tag
        self.rows: list[dict[str, str | None]] = []
        self.tags: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == self.tag:
            self.rows.append(dict(attrs))


@pytest.fixture
def page(tmp_path: Path, talk: Talk, recorder_of: Callable[..., Recorder]) -> Path:
    """Write a page with all kinds of rows."""
    talk.sent([2, "a", "BootNotification", {"chargePointModel": "M"}], 1)
    talk.sent([2, "b", "StatusNotification", {"connectorId": 2}], 1.5)
    talk.received([3, "a", {"status": "Accepted"}], 2)
    talk.received([3, "b", {}], 2.25)
    talk.received([2, "a", "GetDiagnostics", {"location": "ftp://x/"}], 3)  # the CSMS's own "a"
    talk.sent([4, "a", "NotSupported", "no", {}], 3.5)
    talk.received([2, "c", "DataTransfer", {"data": HOSTILE, HOSTILE: 1}], 4)
    talk.sent([3, "c", {"status": HOSTILE}], 4.1)
    talk.received([2, HOSTILE[:36], HOSTILE, {}], 5)
    talk.received(HOSTILE, 6)
    talk.received([2, "d", "Reset", {"type": "Soft"}], 7)
    talk.received([3, "unasked", {}], 8)
    talk.sent([2, "e", "Heartbeat", {}], 4000)
    assert recorder_of("html").record(talk.take()).errors == []
    return tmp_path / "messages.html"


def test_a_message_is_one_row_on_one_line(page: Path) -> None:
    lines = [line for line in page.read_text().splitlines() if line.startswith("<li")]
    rows = Rows(page.read_text()).rows
    assert len(lines) == len(rows) == 13
    assert rows[1] == {
        "class": "sent",
        "data-kind": "CALL",
        "data-direction": "sent",
        "data-id": "b",
        "data-action": "StatusNotification",
        "data-evse": "2",
    }
    assert rows[5]["data-error"] == "yes"
    assert rows[5]["data-action"] == "GetDiagnostics"


def test_it_tells_the_moment_the_time_since_the_beginning_and_the_latency(page: Path) -> None:
    answer = next(
        line for line in page.read_text().splitlines() if 'data-kind="CALLRESULT"' in line
    )
    assert '<time datetime="2027-01-15T08:00:02+00:00">08:00:02.000</time>' in answer
    assert "<span>+2.0 s</span>" in answer
    assert '<span class="took">1000 ms</span>' in answer
    assert page.read_text().rstrip().endswith("</div>")
    assert "<span>+1:06:40</span>" in page.read_text()


def test_hostile_text_adds_no_element_and_no_attribute(page: Path) -> None:
    text = page.read_text()
    body = text[text.index('<ol id="log">') :]
    found = Rows(body)
    assert found.tags == {
        "ol", "li", "div", "time", "span", "b", "details", "summary", "pre", "strong",
    }  # fmt: skip
    names = {name for row in found.rows for name in row}
    assert names <= {"class"} | {
        f"data-{name}" for name in ("kind", "direction", "id", "action", "evse", "error")
    }
    assert "\u202e" not in text
    assert "\x1b" not in text


def test_the_payload_is_there_whole_and_indented(page: Path) -> None:
    row = next(line for line in page.read_text().splitlines() if 'data-id="c"' in line)
    found = re.search("<pre>(.*)</pre>", row)
    assert found is not None
    shown = html.unescape(found[1])
    assert shown.splitlines()[0] == "{"
    escaped = HOSTILE.replace("\u202e", "\\u202e")
    assert json.loads(shown)["data"] in (HOSTILE, escaped)


def test_only_the_page_s_own_script_and_style_may_act(page: Path) -> None:
    policy = re.search('http-equiv="Content-Security-Policy" content="([^"]*)"', page.read_text())
    assert policy is not None
    assert "default-src 'none'" in policy[1]
    assert "unsafe" not in policy[1]
    assert policy[1].count("'sha256-") == 2
    assert not re.search(r"(?:src|href)=[\"']", page.read_text().split("<ol")[0])


# ---- in a browser

_CHROMIUM = shutil.which("chromium")


@pytest.fixture
def shown(tmp_path: Path) -> Callable[..., str]:
    """Give the document as a browser has it, once its script has run."""
    if _CHROMIUM is None and os.environ.get("CI") != "true":
        pytest.skip("Chromium is not installed")

    def show(page: Path, fragment: str = "") -> str:
        done = subprocess.run(
            [
                _CHROMIUM or "chromium",
                "--headless",
                "--no-sandbox",  # as root there is none
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                f"--user-data-dir={tmp_path / 'profile'}",
                "--virtual-time-budget=2000",
                "--dump-dom",
                page.as_uri() + fragment,
            ],
            capture_output=True,
            text=True,
            timeout=SECONDS,
            stdin=subprocess.DEVNULL,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return show


def rows_of(document: str) -> list[str]:
    log = document[document.index('<ol id="log">') :]
    return re.findall(r"<li .*?</li>", log, re.DOTALL)


def parts_of(row: str) -> list[dict[str, str | None]]:
    """Give what was said in a row: of one class each, which places it in its speaker's column."""
    return [each for each in Rows(row, "div").rows if (each["class"] or "").startswith("part")]


def test_a_browser_joins_answers_to_their_calls(page: Path, shown: Callable[..., str]) -> None:
    document = shown(page)
    rows = rows_of(document)
    assert len(rows) == 9  # of 13 messages, 4 were answers to calls
    boot, status, diagnostics = rows[0], rows[1], rows[2]
    assert 'data-action="BootNotification"' in boot
    assert "Accepted" in boot
    assert "1000 ms" in boot
    assert [each.get("class") for each in parts_of(boot)] == ["part sent", "part received"]
    assert "750 ms" in status
    assert 'data-error="yes"' in diagnostics
    assert "NotSupported: no" in diagnostics
    assert 'data-direction="received"' in diagnostics
    classes = [each.get("class") for each in parts_of(diagnostics)]
    assert classes == ["part received", "part sent error"]
    assert "no answer" in rows[6]  # the Reset's, for more than half an hour
    assert 'data-error="yes"' in rows[6]
    assert "no answer yet" in rows[8]
    assert "data-error" not in rows[8]
    assert "<output>9 messages</output>" in document


def test_in_a_browser_hostile_text_is_inert(page: Path, shown: Callable[..., str]) -> None:
    document = shown(page)
    assert "<title>Messages of CS-1</title>" in document
    assert "<img" not in document
    assert len(re.findall("<script", document)) == 1
    assert len(re.findall("<style", document)) == 1


EVERY = ["BootNotification", "StatusNotification", "GetDiagnostics", "DataTransfer", "</script"]
EVERY += ["", "Reset", "", "Heartbeat"]


@pytest.mark.parametrize(
    ("fragment", "actions", "count"),
    [
        ("#errors=yes", ["GetDiagnostics", "</script", "", "Reset"], "4 of 9 messages"),
        ("#action=BootNotification", ["BootNotification"], "1 of 9 messages"),
        ("#evse=2", ["StatusNotification"], "1 of 9 messages"),
        ("#action=BootNotification&errors=yes", [], "0 of 9 messages"),
        ("#action=%3Cb%3E", EVERY, "9 messages"),  # a choice that there is not
    ],
)
def test_a_browser_shows_what_the_filter_lets_through(
    page: Path, shown: Callable[..., str], fragment: str, actions: list[str], count: str
) -> None:
    document = shown(page, fragment)
    visible = [row for row in Rows(document).rows if "hidden" not in row]
    assert [(row.get("data-action") or "")[:18].partition(">")[0] for row in visible] == actions
    assert f"<output>{count}</output>" in document
    assert '<form id="filter">' in document  # hidden without a script
