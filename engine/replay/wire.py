"""OCPP-J for a replay: frames are sent as they were recorded, with ids of their own."""

import json
from collections.abc import Callable
from uuid import uuid4

import trio

from ...profiles.family import Role
from ...profiles.trace import Said
from ...profiles.trace.dialogue import other
from ..trace.frames import said_of
from ..wire.link import Link
from ..wire.link_errors import LinkClosed

Reply = Callable[[Said], list[object]]
"""Answers a CALL of the peer: gives the frame."""


class ReplayWire:
    """One side's end of a link. `run` has to run."""

    def __init__(self, link: Link, role: Role, reply: Reply) -> None:
        self.link = link
        self._role: Role = role
        self._reply = reply
        self._waiting: dict[str, Said | None] = {}
        self._arrived = trio.Condition()

    async def call(self, action: str, payload: object, timeout: float) -> Said | None:
        """Send a CALL and give its answer; None: none came in time (s). Raises LinkClosed."""
        message_id = str(uuid4())
        self._waiting[message_id] = None
        await self.link.send(json.dumps([2, message_id, action, payload]))
        with trio.move_on_after(timeout):
            async with self._arrived:
                while self._waiting[message_id] is None and self.link.closed is None:
                    await self._arrived.wait()
        answer = self._waiting.pop(message_id)
        if answer is None and self.link.closed is not None:
            raise self.link.closed
        return answer

    async def send(self, action: str, payload: object) -> None:
        """Send a SEND, which nothing answers. Raises LinkClosed."""
        await self.link.send(json.dumps([6, str(uuid4()), action, payload]))

    async def run(self) -> None:
        """Read, and answer the peer's calls, until the link ends."""
        try:
            while True:
                await self._take(await self.link.receive())
        except LinkClosed:
            async with self._arrived:
                self._arrived.notify_all()

    async def _take(self, text: str) -> None:
        said = said_of(other(self._role), text, None)
        if said.kind == "CALL":
            await self.link.send(json.dumps(self._reply(said)))
        elif said.message_id in self._waiting:
            self._waiting[said.message_id] = said
            async with self._arrived:
                self._arrived.notify_all()
