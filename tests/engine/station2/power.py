"""A station of 2.x whose power comes and goes; its journal and its hardware stay."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import trio

from .world import Number, World, journal_in


class PowerCycle:
    """Its journal is in this directory."""

    def __init__(self, number: Number, directory: Path, **settings: Any) -> None:
        self.number = number
        self.directory = directory
        self.settings = settings
        self.drivers: list[Any] | None = None

    async def powered(self, live: Callable[[World], Awaitable[None]], **settings: Any) -> World:
        """Run `live(world)` with the station on; then the power fails. Give the world it was."""
        journal = journal_in(self.directory)
        world = World(self.number, journal, drivers=self.drivers, **{**self.settings, **settings})
        self.drivers = world.drivers
        async with trio.open_nursery() as nursery:
            await nursery.start(world.live)
            await trio.sleep(1)
            await live(world)
            await world.csms.drop()
            nursery.cancel_scope.cancel()
        journal.close()
        assert world.violations == []
        return world
