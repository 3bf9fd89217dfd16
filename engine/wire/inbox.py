"""Messages that wait for whoever asks for them, where no receiver takes them as they come."""

from collections import deque
from typing import Protocol

import trio

from .link import READ_AHEAD, Receiver


class Pausable(Protocol):
    def pause(self) -> None: ...

    def resume(self) -> None: ...


class Inbox:
    """The receiver of a link that has no other."""

    __slots__ = ("_arrived", "_link", "_messages")

    def __init__(self, link: Pausable) -> None:
        self._link = link
        self._messages: deque[str] = deque()
        self._arrived = trio.lowlevel.ParkingLot()

    def receive(self, text: str | bytes, /) -> None:
        self._messages.append(text if isinstance(text, str) else text.decode())
        self._arrived.unpark_all()
        if len(self._messages) >= READ_AHEAD:
            self._link.pause()

    def take(self) -> str | None:
        """The next message that is there."""
        if not self._messages:
            return None
        if len(self._messages) == READ_AHEAD:
            self._link.resume()
        return self._messages.popleft()

    async def wait(self) -> None:
        """Wait for a message, or the link's end."""
        await self._arrived.park()

    def end(self, failure: Exception | None, /) -> None:
        self._arrived.unpark_all()

    def empty_into(self, receiver: Receiver) -> None:
        while self._messages:
            receiver.receive(self._messages.popleft())
        self._link.resume()
