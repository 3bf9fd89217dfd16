"""What answers a CALL, at once or later."""

from collections.abc import Callable

import trio

from ...profiles.messages.base import Response

After = Callable[[], None]
"""Runs when the response is on its way."""
Reply = Response | tuple[Response, After]


class Later:
    """A reply that somebody will give without a task: a task for each costs more than its message.

    Whoever promises it calls `come`, once, with what gives the reply, or raises as an answer does.
    """

    __slots__ = ("_give", "_take")

    def __init__(self) -> None:
        self._give: Callable[[], Reply] | None = None
        self._take: Callable[[Callable[[], Reply]], None] | None = None

    def come(self, give: Callable[[], Reply]) -> None:
        self._give = give
        if self._take is not None:
            self._take(give)

    def hand_to(self, take: Callable[[Callable[[], Reply]], None]) -> None:
        """Have it called as soon as the reply can be given."""
        self._take = take
        if self._give is not None:
            take(self._give)

    async def reply(self) -> Reply:
        """Wait for it, where there is a task already."""
        has_come = trio.Event()
        self.hand_to(lambda _: has_come.set())
        await has_come.wait()
        assert self._give is not None
        return self._give()
