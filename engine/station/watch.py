"""Waiting for a fact: for answers that the hardware decides (unlocking a connector)."""

from collections.abc import Collection

import trio

from ...machines.events import Event


class _Watch:
    def __init__(self, evse_id: int, connector: int, kinds: Collection[type[Event]]) -> None:
        self.evse_id = evse_id
        self.connector = connector
        self.kinds = tuple(kinds)
        self.seen: Event | None = None
        self.has_seen = trio.Event()

    def waits_for(self, evse_id: int, fact: Event) -> bool:
        connector = getattr(fact, "connector", self.connector)
        is_here = (self.evse_id, self.connector) == (evse_id, connector)
        return is_here and isinstance(fact, self.kinds)


class Watchers:
    """Those who wait for a fact from an EVSE's connector."""

    __slots__ = ("_watches",)

    def __init__(self) -> None:
        self._watches: list[_Watch] = []

    def see(self, evse_id: int, fact: Event) -> None:
        """Wake who waits for this."""
        for watch in self._watches:
            if watch.seen is None and watch.waits_for(evse_id, fact):
                watch.seen = fact
                watch.has_seen.set()

    def expect(self, evse_id: int, connector: int, kinds: Collection[type[Event]]) -> _Watch:
        """Begin to watch, before what may cause the fact is done."""
        watch = _Watch(evse_id, connector, kinds)
        self._watches.append(watch)
        return watch

    async def wait(self, watch: _Watch, seconds: float) -> Event | None:
        """Give the first such fact, or None when none comes in time."""
        try:
            with trio.move_on_after(seconds):
                await watch.has_seen.wait()
            return watch.seen
        finally:
            self._watches.remove(watch)
