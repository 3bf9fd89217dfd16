"""The display on a real pseudo-terminal, with a real station behind it."""

import os
import pty
import re
import termios
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from typing import Any, TextIO

import pytest
import structlog
import trio

from pilotwire.drivers.ev import Ev
from pilotwire.engine import log
from pilotwire.engine.config.settings import Config, Log
from pilotwire.engine.live import Live
from pilotwire.engine.live.display import Display
from pilotwire.engine.live.terminal import Terminal

OnStage = Callable[[Live], AbstractAsyncContextManager[Any]]
ENTER, LEAVE = "\x1b[?1049h", "\x1b[?1049l"


class Pty:
    """A terminal of 80 by 24, and what was written to it."""

    def __init__(self, encoding: str = "utf-8") -> None:
        self.master, slave = pty.openpty()
        os.set_blocking(self.master, False)
        self.stream: TextIO = open(slave, "w", encoding=encoding)  # noqa: SIM115  # closed below
        self.written = ""

    def read(self) -> str:
        try:
            while data := os.read(self.master, 65536):
                self.written += data.decode("utf-8", errors="replace")
        except BlockingIOError:
            return self.written
        return self.written

    def close(self) -> None:
        self.stream.close()
        if self.master >= 0:
            os.close(self.master)


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pty]:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    screen = Pty()
    yield screen
    screen.close()
    structlog.reset_defaults()


def live_on(screen: Pty, **settings: Any) -> Live:
    config = Config(log=Log(**settings))
    log.set_up(config.log, screen.stream)
    return Live(config, screen.stream)


def plain(live: Live, width: int = 80, height: int = 24) -> list[str]:
    assert isinstance(live._view, Display)
    lines = live._view.lines(width, height)
    return [re.sub(r"\x1b\[[0-9;]*m", "", line).rstrip() for line in lines]


def test_a_display_needs_a_terminal_that_can_be_painted_on(
    screen: Pty, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    assert isinstance(live_on(screen)._view, Display)
    assert isinstance(live_on(screen, format="console")._view, Display)
    assert not isinstance(live_on(screen, format="json")._view, Display)
    with (tmp_path / "file").open("w") as file:
        assert Terminal.of(file) is None
    monkeypatch.setenv("TERM", "dumb")
    assert not isinstance(live_on(screen)._view, Display)


async def test_it_shows_a_charge(screen: Pty, on_stage: OnStage, autojump_clock: object) -> None:
    live = live_on(screen)
    async with on_stage(live) as stage:
        stage.evses[0].plug_in(Ev(name="compact 3"))
        await trio.sleep(2)
        stage.evses[0].present_token("DEADBEEF")
        await trio.sleep(600)
        shown = plain(live)
    assert shown[0].startswith("PILOTWIRE-1  ● online  ocpp1.6  Accepted ")
    assert shown[4] == (
        "1     Charging       33 %  compact 3        11.04 kW  16.0 A  1.840 kWh  0:10:02"
    )
    assert re.fullmatch(
        r"      active, charging  tx 77 \([0-9a-f]{8}\)  \*\*\*BEEF  register 1\.840 kWh", shown[5]
    )
    assert shown[6].startswith("2     Available")
    start = next(line for line in shown if "StartTransaction" in line)
    assert "→ StartTransaction" in start
    assert "⇒ Accepted" in start
    assert shown[23].startswith("1 session · 1.840 kWh · ")
    assert "DEADBEEF" not in "".join(shown)


async def test_a_stranger_cannot_reach_the_terminal(
    screen: Pty, on_stage: OnStage, autojump_clock: object
) -> None:
    live = live_on(screen)
    hostile = (
        '[2,"\\u001b]0;x\\u0007","\\u001b[2J[red]",{"a":"\\u202e\\u009b1m","\\r\\n":[":smile:"]}]'
    )
    async with on_stage(live) as stage:
        live.message("received", hostile, trio.current_time())
        live.message("received", "\x1b[2J\r\n\x9b31m", trio.current_time())
        stage.evses[0].fault("GroundFailure", "\x1b[5m\u202eloud\n")
        await trio.sleep(1)
        assert isinstance(live._view, Display)
        raw = "".join(live._view.lines(200, 24))
        shown = "\n".join(plain(live, 200))
    assert set(re.findall(r"\x1b\[[0-9;]*(.)", raw)) == {"m"}
    assert "\x9b" not in raw
    assert "\u202e" not in raw
    assert "\r" not in raw
    assert "\x07" not in raw
    assert "\\x1b[2J[red]" in shown
    assert ":smile:" in shown
    assert "GroundFailure" in shown


async def test_messages_can_be_left_out(
    screen: Pty, on_stage: OnStage, autojump_clock: object
) -> None:
    live = live_on(screen, messages=False)
    async with on_stage(live):
        shown = plain(live)
    assert not any("BootNotification" in line for line in shown)
    assert "10 messages" in shown[23]


async def test_a_terminal_is_restored_and_warnings_are_said_again(screen: Pty) -> None:
    live = live_on(screen)
    async with trio.open_nursery() as nursery:
        await nursery.start(live.run)
        structlog.get_logger().warning("link_failed", reason="refused\x1b[2J")
        structlog.get_logger().info("only_passing")
        await trio.sleep(0.6)
        during = screen.read()
        nursery.cancel_scope.cancel()
    after = screen.read()[len(during) :]
    assert ENTER in during
    assert LEAVE not in during
    assert "link_failed" not in during.replace("link failed", "")  # no line tears the display
    assert LEAVE in after
    assert "\x1b[?25h" in after[: after.index(LEAVE)]
    afterwards = after[after.index(LEAVE) :]
    assert "link_failed" in afterwards
    assert "refused\\x1b[2J" in afterwards
    assert "only_passing" not in afterwards
    assert "display_ended" in afterwards
    structlog.get_logger().info("and_the_log_is_the_log_again")
    assert "and_the_log_is_the_log_again" in screen.read()


async def test_a_terminal_is_restored_when_something_fails(screen: Pty) -> None:
    live = live_on(screen)

    async def fail() -> None:
        async with trio.open_nursery() as nursery:
            await nursery.start(live.run)
            raise ValueError("a bug")

    with pytest.RaisesGroup(ValueError):
        await fail()
    assert LEAVE in screen.read()


async def test_a_terminal_that_takes_nothing_holds_up_nobody(screen: Pty) -> None:
    live = live_on(screen)
    termios.tcflow(screen.stream.fileno(), termios.TCOOFF)  # Ctrl-S
    with trio.fail_after(3):
        async with trio.open_nursery() as nursery:
            nursery.start_soon(live.run)
            await trio.sleep(0.3)  # the program goes on
            assert screen.read() == ""
            termios.tcflow(screen.stream.fileno(), termios.TCOON)
            await trio.sleep(0.3)
            nursery.cancel_scope.cancel()
    assert ENTER in screen.read()


async def test_nothing_is_painted_where_nothing_changes(screen: Pty, on_stage: OnStage) -> None:
    live = live_on(screen)
    async with trio.open_nursery() as nursery:
        await nursery.start(live.run)
        async with on_stage(live) as stage:
            await trio.sleep(0.3)
            before = screen.read()
            await trio.sleep(1.5)
            assert screen.read() == before
            stage.evses[0].plug_in(Ev())
            await trio.sleep(0.6)
            assert "Preparing" in screen.read()[len(before) :]
        nursery.cancel_scope.cancel()


class Csms:
    port = 9310
    connections = ("CS-1", "CS-2")


async def test_the_central_system_is_shown_where_there_is_one(
    screen: Pty, on_stage: OnStage, autojump_clock: object
) -> None:
    live = live_on(screen)
    async with on_stage(live):
        assert "central" not in plain(live)[23]
        live.watch_central(Csms())
        assert "central :9310, 2 stations" in plain(live)[23]
        live.watch_central(None)
        assert "central" not in plain(live)[23]


async def test_without_unicode_the_signs_are_plain(
    monkeypatch: pytest.MonkeyPatch, on_stage: OnStage
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    screen = Pty("ascii")
    live = live_on(screen)
    async with trio.open_nursery() as nursery:
        await nursery.start(live.run)
        async with on_stage(live):
            await trio.sleep(0.3)
        nursery.cancel_scope.cancel()
    shown = screen.read()
    assert "* online" in shown
    assert "-- messages ----" in shown
    assert shown.isascii()
    screen.close()
    structlog.reset_defaults()
