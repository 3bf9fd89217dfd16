"""Processes beside this one: workers with their share of the fleet, a central system to aim at.

A child gets all it needs as one line of JSON on its standard input (passwords are in it, so it is
no argument), tells how it gets on by lines on its standard output, and ends in order when its input
ends. It is in a session of its own, so that Ctrl-C reaches the parent only.
"""

import math
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import structlog
import trio

from ..central.central import CentralSystem
from ..clock import Clock
from ..config import Central
from ..failure import Failure
from ..secrets import Secret
from .memory import child_environment
from .plan import course
from .settings import Fleet
from .tally import Second, Totals
from .worker import Worker

log = structlog.get_logger()

TELL_SECONDS = 1.0  # between two lines
END_SECONDS = 4.0  # that a child gets to end in order
_START_SECONDS = 30.0
_RECEIVE_BYTES = 65_536


class WorkerOrders(msgspec.Struct, tag="worker", frozen=True):
    """What a worker is to do."""

    fleet: Fleet
    target: str
    place: int
    workers: int


class CentralOrders(msgspec.Struct, tag="central", frozen=True):
    """What a central system is to do."""

    settings: Central


Orders = WorkerOrders | CentralOrders


class Listening(msgspec.Struct, tag="listening", frozen=True):
    """A central system listens."""

    port: int


class Failed(msgspec.Struct, tag="failed", frozen=True):
    """The child cannot go on, for a reason that a person must mend."""

    reason: str
    exit_code: int


class Begun(msgspec.Struct, tag="begun", frozen=True):
    """A worker's stations are made, and its course begins."""


class Progress(msgspec.Struct, tag="progress", frozen=True):
    """How a worker gets on: its totals so far, of the seconds those that are new."""

    totals: Totals


Word = Listening | Failed | Begun | Progress


def encode(orders: Orders) -> bytes:
    """Write orders, passwords included: for a pipe, never for a file or a log."""
    return msgspec.json.encode(orders, enc_hook=_plain)


def decode(text: bytes) -> Orders:
    orders: Orders = msgspec.json.decode(text, type=Orders, dec_hook=_unplain)
    return orders


def _plain(value: Any) -> object:  # Any: whatever msgspec has no words for
    if isinstance(value, Secret):
        return value.reveal().hex()
    if isinstance(value, Path):
        return str(value)
    raise NotImplementedError(type(value).__name__)


def _unplain(wanted: type, value: Any) -> object:  # Any: JSON
    if wanted is Secret:
        return Secret(bytes.fromhex(value))
    if issubclass(wanted, Path):
        return Path(value)
    raise NotImplementedError(wanted.__name__)


# ---- the parent's side


class Child:
    """A process that follows orders. Make it with `start`, in a nursery that outlives it."""

    def __init__(self, orders: Orders) -> None:
        self.orders = orders
        self.totals = Totals()
        self.port = 0
        self.began_at = math.inf  # on Trio's clock: when its course did
        self.failure: Failed | None = None
        self._seconds: dict[int, Second] = {}
        self._process: trio.Process | None = None

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Start it, and follow it until it ends. Cancelled, it is told to end, and killed late."""
        # -P: nothing in the folder that one happens to be in is taken for a module.
        command = [sys.executable, "-P", "-m", __package__]
        self._process = await trio.lowlevel.open_process(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
            env=child_environment(),
        )
        try:
            assert self._process.stdin is not None
            await self._process.stdin.send_all(encode(self.orders) + b"\n")
            await self._follow(task_status)
        finally:
            with trio.CancelScope(shield=True):
                await self._end()

    async def _follow(self, task_status: trio.TaskStatus[None]) -> None:
        has_started = False
        async for line in _lines(self._process):
            word: Word = msgspec.json.decode(line, type=Word)
            match word:
                case Listening(port=port):
                    self.port = port
                case Failed():
                    self.failure = word
                case Begun():
                    self.began_at = trio.current_time()
                case Progress(totals=totals):
                    self._take(totals)
            if not has_started:
                has_started = True
                task_status.started()
        if not has_started:
            self.failure = Failed("a process of the fleet ended at its start", 1)
            task_status.started()

    def _take(self, totals: Totals) -> None:
        self._seconds.update(totals.seconds)
        self.totals = msgspec.structs.replace(totals, seconds=self._seconds)

    async def _end(self) -> None:
        process = self._process
        assert process is not None
        assert process.stdin is not None
        assert process.stdout is not None
        await process.stdin.aclose()
        with trio.move_on_after(END_SECONDS):
            async for line in _lines(process):
                word: Word = msgspec.json.decode(line, type=Word)
                if isinstance(word, Progress):
                    self._take(word.totals)
            await process.wait()
        if process.poll() is None:
            process.kill()
            await process.wait()
        await process.stdout.aclose()


async def _lines(process: trio.Process | None) -> AsyncIterator[bytes]:
    assert process is not None
    assert process.stdout is not None
    buffer = bytearray()
    while data := await process.stdout.receive_some(_RECEIVE_BYTES):
        buffer += data
        *whole, rest = bytes(buffer).split(b"\n")
        buffer = bytearray(rest)
        for line in whole:
            yield line


# ---- the child's side


async def follow_orders(orders: Orders) -> None:
    """Do what the orders say, until done, or until the standard input ends."""
    async with trio.open_nursery() as nursery:
        nursery.start_soon(_cancel_at_end_of_input, nursery.cancel_scope)
        try:
            match orders:
                case WorkerOrders():
                    await _work(orders)
                case CentralOrders():
                    await _be_central(orders)
        except* Failure as failures:
            first = failures.exceptions[0]
            code = first.exit_code if isinstance(first, Failure) else 1
            _say(Failed(" ".join(str(first).split()), code))
        nursery.cancel_scope.cancel()


async def _cancel_at_end_of_input(scope: trio.CancelScope) -> None:
    async with trio.lowlevel.FdStream(0) as stdin:
        while await stdin.receive_some(_RECEIVE_BYTES):
            pass
    scope.cancel()


def worker_of(orders: WorkerOrders) -> Worker:
    return Worker(
        orders.fleet,
        orders.target,
        course(orders.fleet),
        place=orders.place,
        workers=orders.workers,
    )


async def _work(orders: WorkerOrders) -> None:
    worker = worker_of(orders)
    try:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_tell_progress, worker)
            async with trio.open_nursery() as running:
                await running.start(worker.run)
                _say(Begun())
            nursery.cancel_scope.cancel()
    finally:
        _say(Progress(worker.tally.totals()))


async def _tell_progress(worker: Worker) -> None:
    told = 0
    while True:
        totals = worker.tally.totals()
        totals.seconds = {n: s for n, s in totals.seconds.items() if n >= told}
        told = max(totals.seconds, default=told)
        _say(Progress(totals))
        await trio.sleep(TELL_SECONDS)


async def _be_central(orders: CentralOrders) -> None:
    async with CentralSystem.open(orders.settings, Clock()) as central:
        _say(Listening(central.port))
        await trio.sleep_forever()


def _say(word: Word) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(word) + b"\n")
    sys.stdout.buffer.flush()


def main() -> None:
    line = _first_line()
    if line is not None:
        trio.run(follow_orders, decode(line))


def _first_line() -> bytes | None:
    """Read byte by byte up to the first line's end: what follows is Trio's to read. None where the
    input ends before: the fleet was stopped while this process started.
    """
    line = bytearray()
    while (byte := os.read(0, 1)) != b"\n":
        if not byte:
            return None
        line += byte
    return bytes(line)
