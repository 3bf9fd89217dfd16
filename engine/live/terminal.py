"""A terminal that is painted on as a whole, on its alternate screen.

It is opened anew by its name, not blocking: one that takes nothing (Ctrl-S, a stalled connection)
holds up the display and never the station.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TextIO

import trio

from ..failure import Failure

# DEC private modes: 1049 the alternate screen, 25 the cursor, 7 wrapping, 2026 paint in one go.
_ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l"
_LEAVE = "\x18\x1b[?2026l\x1b[?7h\x1b[?25h\x1b[?1049l"  # CAN ends a sequence that was cut
_BEGIN, _END = "\x1b[?2026h\x1b[H", "\x1b[?2026l"
_LEAVE_PATIENCE = 0.5  # s
_PLAIN = str.maketrans("→←⇒●○─…·", "><=*o-.-")  # where the terminal has no Unicode


class Terminal:
    """A terminal to paint on."""

    def __init__(self, stream: TextIO, device: str) -> None:
        self.stream = stream
        self._device = device
        self._fd = stream.fileno()

    @classmethod
    def of(cls, stream: TextIO) -> "Terminal | None":
        """Give the stream's terminal; None when it has none, or one that cannot be painted on."""
        if not stream.isatty() or os.environ.get("TERM", "dumb") == "dumb":
            return None
        try:
            device = os.ttyname(stream.fileno())
        except OSError:
            device = "/dev/tty"  # a container need not show the terminal's own name
        return cls(stream, device) if os.access(device, os.W_OK) else None

    def size(self) -> tuple[int, int]:
        """Give columns and lines."""
        columns, lines = os.get_terminal_size(self._fd)
        return columns or 80, lines or 24

    @asynccontextmanager
    async def opened(self) -> AsyncIterator["Canvas"]:
        """Have the alternate screen while the block lasts. Raises Failure when it goes away."""
        try:
            fd = os.open(self._device, os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
        except OSError as error:
            raise Failure(f"{self._device}: cannot be opened: {error.strerror}") from error
        async with trio.lowlevel.FdStream(fd) as out:
            canvas = Canvas(out, self.stream.encoding)
            try:
                await canvas.send(_ENTER)
                yield canvas
            except trio.BrokenResourceError as error:
                raise Failure("the terminal is gone") from error
            finally:
                with trio.move_on_after(_LEAVE_PATIENCE, shield=True):
                    await canvas.leave()


class Canvas:
    """The alternate screen."""

    def __init__(self, out: "trio.abc.SendStream", encoding: str) -> None:
        self._out = out
        self._encoding = encoding
        self._is_unicode = encoding.lower().replace("-", "").startswith("utf")
        self._last = ""

    async def paint(self, lines: list[str]) -> None:
        """Show these lines, if they are not what is shown already."""
        # Erased before it is written: with wrapping off, the cursor stays on the last column.
        frame = _BEGIN + "\r\n".join(f"\x1b[K{line}" for line in lines) + _END
        if frame != self._last:
            self._last = frame
            await self.send(frame)

    async def leave(self) -> None:
        try:
            await self.send(_LEAVE)
        except trio.BrokenResourceError:
            return  # there is no terminal left to restore

    async def send(self, text: str) -> None:
        shown = text if self._is_unicode else text.translate(_PLAIN)
        await self._out.send_all(shown.encode(self._encoding, errors="replace"))
