"""Messages that wait for whoever asks for them, where no receiver takes them as they come."""

from collections import deque
from collections.abc import Callable
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

    async def next(self, has_ended: Callable[[], bool]) -> str | None:
        """The next message, once there is one; None after the last of a link that has ended."""
        while not self._messages:
            if has_ended():
                return None
            await self._arrived.park()
        if len(self._messages) == READ_AHEAD:
            self._link.resume()
        return self._messages.popleft()

    def end(self, failure: Exception | None, /) -> None:
        self._arrived.unpark_all()

    def empty_into(self, receiver: Receiver) -> None:
        while self._messages:
            receiver.receive(self._messages.popleft())
        self._link.resume()
