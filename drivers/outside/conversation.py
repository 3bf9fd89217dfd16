"""One connection of a hardware program: greeting, lines both ways, pings, and its end.

Both sides say hello at once. Afterwards a line that is not understood is answered by an Error and
otherwise ignored; too many of them, silence, or a program that reads nothing end the connection.
"""

import math
from collections import deque
from typing import Protocol

import structlog
import trio

from ...machines.effects import Command
from .lines import TOO_LONG, LineSplitter
from .messages import (
    MAX_LINE,
    VERSION,
    Error,
    FromStation,
    Hello,
    Message,
    NotUnderstood,
    Ping,
    Pong,
    read_hello,
    read_message,
    written,
)

log = structlog.get_logger()

HELLO_SECONDS = 5.0  # until the program must have said hello
PINGS_MISSED = 3  # as many intervals without a line, and the program is taken for gone
FLUSH_SECONDS = 1.0  # that the last lines get
ERRORS = 10  # within ERROR_WINDOW; more of them end the connection
ERROR_WINDOW = 60.0  # s
_LINES = 256  # a program that lets more wait does not read
_CHUNK = 65_536  # bytes


class Refused(Exception):
    """The program may not stay; `str()` is what it is told."""


class Listener(Protocol):
    """Whom a conversation tells what the program says."""

    def greeted(self, conversation: "Conversation", hello: Hello) -> None:
        """Take the program's hello. May raise Refused."""
        ...

    def heard(self, message: Message) -> None:
        """Take a message, no ping. May raise NotUnderstood."""
        ...

    def parted(self, conversation: "Conversation") -> None:
        """Hear that it has ended, other than by cancellation; say nothing more there."""
        ...


class Conversation:
    """One connection. Afterwards `ending` says why it is over."""

    def __init__(self, stream: trio.abc.Stream, hello: Hello, listener: Listener) -> None:
        self._stream = stream
        self._hello = hello
        self._listener = listener
        self._send, self._waiting = trio.open_memory_channel[bytes](_LINES)
        self._talk = trio.CancelScope()
        self._flush = trio.CancelScope(shield=True)
        self._deadline = math.inf  # by which the next line must be here
        self._is_greeted = False
        self._lines = 0
        self._errors: deque[float] = deque()
        self.farewell: Command | None = None  # the last line, however it ends
        self.ending = "the connection was closed"

    def say(self, message: FromStation) -> None:
        """Send a message. A program that does not read is left."""
        try:
            self._send.send_nowait(written(message))
        except trio.WouldBlock:
            self._end("the program reads nothing")

    async def run(self) -> None:
        """Talk until it ends; what was said before is sent even when cancelled."""
        self.say(self._hello)
        self._deadline = trio.current_time() + HELLO_SECONDS
        try:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(self._write)
                await self._converse()
        finally:
            with trio.move_on_after(FLUSH_SECONDS, shield=True):
                await self._stream.aclose()

    async def _converse(self) -> None:
        try:
            with self._talk:
                async with trio.open_nursery() as nursery:
                    nursery.start_soon(self._ping)
                    await self._listen()
        finally:
            self._flush.deadline = trio.current_time() + FLUSH_SECONDS
            if self.farewell is not None:
                self.say(self.farewell)
            self._send.close()
        self._listener.parted(self)

    def _end(self, why: str) -> None:
        self.ending = why
        self._talk.cancel()

    # ---- the two directions

    async def _write(self) -> None:
        with self._flush:
            try:
                async for line in self._waiting:
                    await self._stream.send_all(line)
            except (trio.BrokenResourceError, trio.ClosedResourceError):
                self._end("the connection broke")

    async def _ping(self) -> None:
        while True:
            await trio.sleep(self._hello.ping_seconds)
            self.say(Ping())

    async def _listen(self) -> None:
        lines = LineSplitter(MAX_LINE)
        while True:
            with trio.move_on_at(self._deadline) as patience:
                data = await self._receive()
            if patience.cancelled_caught:
                self._give_up("no line came in time")
                return
            if not data:
                self._end("the program closed the connection")
                return
            for line in lines.feed(data):
                self._take(line)
                if self._talk.cancel_called:
                    return

    async def _receive(self) -> bytes:
        try:
            return bytes(await self._stream.receive_some(_CHUNK))
        except trio.BrokenResourceError:
            return b""

    # ---- lines

    def _take(self, line: bytes | None) -> None:
        self._lines += 1
        try:
            if line is TOO_LONG:
                raise NotUnderstood(f"more than {MAX_LINE} bytes in one line")
            if self._is_greeted:
                self._hear(read_message(line))
            else:
                self._greet(read_hello(line))
        except NotUnderstood as error:
            problem = str(error)
            log.warning(
                "hardware_line_refused", evse=self._hello.evse, line=self._lines, problem=problem
            )
            self.say(Error(problem, self._lines))
            self._count_error()
        except Refused as error:
            self._give_up(str(error))
        if self._is_greeted:
            patience = PINGS_MISSED * self._hello.ping_seconds
            self._deadline = trio.current_time() + patience

    def _greet(self, hello: Hello) -> None:
        if hello.version != VERSION:
            raise Refused(f"pilotwire-driver: version {VERSION} is spoken here")
        if hello.evse != self._hello.evse:
            raise Refused(f"evse: this is EVSE {self._hello.evse}")
        self._listener.greeted(self, hello)
        self._is_greeted = True

    def _hear(self, message: Message) -> None:
        if isinstance(message, Ping):
            self.say(Pong())
        elif not isinstance(message, Pong):
            self._listener.heard(message)

    def _count_error(self) -> None:
        now = trio.current_time()
        self._errors.append(now)
        while self._errors[0] < now - ERROR_WINDOW:
            self._errors.popleft()
        if not self._is_greeted:
            self._give_up("the first line must be a hello")
        elif len(self._errors) > ERRORS:
            self._give_up(f"more than {ERRORS} errors in {ERROR_WINDOW:.0f} s")

    def _give_up(self, why: str) -> None:
        self.say(Error(why))
        self._end(why)
