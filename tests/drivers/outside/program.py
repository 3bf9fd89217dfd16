"""A hardware program as a test plays it, and a door that it comes in by without a socket."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import trio
import trio.testing

from pilotwire.drivers.outside.door import Meet
from pilotwire.drivers.outside.evse import OutsideEvse
from pilotwire.machines.effects import Command
from pilotwire.machines.events import Event

HELLO = {"pilotwire-driver": 1, "evse": 1}
UNPLUGGED = {"type": "CableUnplugged"}
READ = {"type": "MeterRead", "energy_import": 100.0}
READY = {"type": "Ready"}


class Hardware:
    """The program's end of a connection."""

    def __init__(self, stream: trio.abc.Stream) -> None:
        self.stream = stream
        self._received = b""

    async def send(self, *messages: object) -> None:
        """Send messages; bytes as they are."""
        for message in messages:
            line = message if isinstance(message, bytes) else json.dumps(message).encode() + b"\n"
            await self.stream.send_all(line)
        await trio.testing.wait_all_tasks_blocked()

    async def said(self) -> list[Any]:
        """Give what the station has said since the last look."""
        messages: list[Any] = []
        with trio.move_on_after(0.001):  # of virtual time
            while line := await self.line():
                messages.append(json.loads(line))
        return messages

    async def heard_end(self) -> list[Any]:
        """Give what the station says until it closes the connection."""
        messages = []
        while line := await self.line():
            messages.append(json.loads(line))
        return messages

    async def line(self) -> bytes:
        while b"\n" not in self._received:
            data = await self.stream.receive_some()
            if not data:
                return b""
            self._received += data
        line, _, self._received = self._received.partition(b"\n")
        return line

    async def become_ready(self, *messages: object) -> list[Any]:
        """Greet, say how things stand, and give what the station said to that."""
        await self.send(HELLO, *(messages or (UNPLUGGED, READ)), READY)
        return await self.said()


class MemoryDoor:
    """Lets programs in that the test brings."""

    def __init__(self) -> None:
        self._send, self._receive = trio.open_memory_channel[trio.abc.Stream](10)

    async def serve(self, meet: Meet) -> None:
        async with trio.open_nursery() as nursery:
            async for stream in self._receive:
                nursery.start_soon(meet, stream)

    async def connect(self) -> Hardware:
        near, far = trio.testing.memory_stream_pair()
        await self.bring(near)
        return Hardware(far)

    async def bring(self, stream: trio.abc.Stream) -> None:
        await self._send.send(stream)
        await trio.testing.wait_all_tasks_blocked()


class Rig:
    """An outside EVSE that is run, and what it has reported since the last look."""

    def __init__(self, kind: type[OutsideEvse], **given: Any) -> None:
        self.door = MemoryDoor()
        self.evse = kind(self.door, evse_id=1, **given)
        self.reports: list[Event] = []
        self.commands: trio.MemorySendChannel[Command]

    def take(self) -> list[Event]:
        reports, self.reports = self.reports, []
        return reports

    async def obey(self, *commands: Command) -> None:
        for command in commands:
            await self.commands.send(command)
        await trio.testing.wait_all_tasks_blocked()


@asynccontextmanager
async def running(kind: type[OutsideEvse] = OutsideEvse, **given: Any) -> AsyncIterator[Rig]:
    rig = Rig(kind, **given)
    rig.commands, commands = trio.open_memory_channel[Command](0)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(rig.evse.run, commands, lambda fact: rig.reports.append(fact))
        await trio.testing.wait_all_tasks_blocked()
        yield rig
        nursery.cancel_scope.cancel()
