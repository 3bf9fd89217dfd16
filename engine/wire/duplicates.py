"""Two connections of one identity: which of them stays.

On an unauthenticated listener anybody can claim an identity, so there a station that is alive keeps
its connection; but a dead one must not keep the station out. With credentials the newest wins.
"""

from typing import Literal

import structlog
import trio

from .link import POLICY_VIOLATION, Link

PING_TIMEOUT = 5.0  # s
Verdict = Literal["refuse_new", "replace_old"]

log = structlog.get_logger()


def verdict(*, is_new_authenticated: bool, is_old_alive: bool) -> Verdict:
    """What becomes of a second connection of the same identity."""
    if is_new_authenticated or not is_old_alive:
        return "replace_old"
    return "refuse_new"


class Seat:
    """The place of an identity's one connection."""

    __slots__ = ("_left", "link", "scope")

    def __init__(self) -> None:
        self.link: Link | None = None  # None while its handshake is under way
        self.scope = trio.CancelScope()  # around its handler
        self._left: trio.Event | None = None  # made when somebody waits for it

    async def is_alive(self) -> bool:
        if self.link is None:
            return True
        return self.link.closed is None and await self.link.ping(PING_TIMEOUT)

    async def vacated(self) -> None:
        """Wait until its connection has left it. To be asked while it has not."""
        if self._left is None:
            self._left = trio.Event()
        await self._left.wait()

    def leave(self) -> None:
        if self._left is not None:
            self._left.set()


class Seats:
    """Who is connected, by identity."""

    def __init__(self) -> None:
        self._taken: dict[str, Seat] = {}

    def __len__(self) -> int:
        return len(self._taken)

    def link_of(self, identity: str) -> Link | None:
        seat = self._taken.get(identity)
        return None if seat is None else seat.link

    async def take(self, identity: str, *, is_authenticated: bool) -> Seat | None:
        """A seat for a new connection, the old one's handler having ended; None to refuse it."""
        while (old := self._taken.get(identity)) is not None:
            is_alive = is_authenticated or await old.is_alive()
            if self._taken.get(identity) is not old:
                continue  # things have changed while we asked
            decision = verdict(is_new_authenticated=is_authenticated, is_old_alive=is_alive)
            log.warning("duplicate_connection", identity=identity, decision=decision)
            if decision == "refuse_new":
                return None
            await self._clear(identity, old)
        seat = self._taken[identity] = Seat()
        return seat

    async def _clear(self, identity: str, old: Seat) -> None:
        if old.link is not None:
            await old.link.close(POLICY_VIOLATION, "replaced by a newer connection")
        old.scope.cancel()
        if self._taken.get(identity) is old:
            await old.vacated()

    def leave(self, identity: str, seat: Seat) -> None:
        """The connection has ended."""
        if self._taken.get(identity) is seat:
            del self._taken[identity]
        seat.leave()
