"""Power that fails at a chosen step: before or after any commit of the journal, or before a frame
is sent. What is on the disk at that instant is all that the next life has.
"""

import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import trio

from pilotwire.engine.journal.batch import Batch
from pilotwire.engine.journal.journal import Journal
from pilotwire.engine.journal.store import Store

from .world import World


class PowerCut(BaseException):
    """The station has no power any more."""


class Fuse:
    """Blows at the step of this number, counted once it is armed."""

    def __init__(self, blows_at: int) -> None:
        self.left = blows_at
        self.is_armed = False
        self.has_blown = False
        self._blown = trio.Event()

    def step(self) -> None:
        if self.has_blown:
            raise PowerCut
        if not self.is_armed:
            return
        self.left -= 1
        if self.left < 0:
            self.has_blown = True
            self._blown.set()
            raise PowerCut

    async def blow(self) -> None:
        """End whatever this runs beside, wherever the exception of the step has ended."""
        await self._blown.wait()
        raise PowerCut


class FusedStore(Store):
    """Writes as long as there is power."""

    fuse: Fuse

    def write(self, batch: Batch) -> None:
        if batch.has_changes:
            self.fuse.step()
        super().write(batch)
        if batch.has_changes:
            self.fuse.step()


def fused_journal(folder: Path, fuse: Fuse) -> Journal:
    store = FusedStore.open(folder / "journal.sqlite")
    assert isinstance(store, FusedStore)
    store.fuse = fuse
    return Journal(store, store.load(), inline=True, limit=10_000)


def next_disk(folder: Path, to: Path) -> Path:
    """Give the disk as it is at this instant, nothing closed."""
    to.mkdir()
    for file in folder.glob("journal.sqlite*"):
        shutil.copy(file, to)
    return to


def watch_frames(world: World, fuse: Fuse) -> None:
    """Have the fuse see each frame before it is sent."""
    note = world.station.on_message
    assert note is not None

    def see(direction: str, text: str | bytes, at: float) -> None:
        if direction == "sent":
            fuse.step()
        note(direction, text, at)

    world.station.on_message = see


async def live(
    world: World,
    act: Callable[[World], Awaitable[Any]],
    seconds: float,
    fuse: Fuse | None = None,
) -> bool:
    """Run the station, do this and wait; say whether the power lasted."""
    lasted = True
    try:
        async with trio.open_nursery() as nursery:
            if fuse is not None:
                nursery.start_soon(fuse.blow)
            await nursery.start(world.live)
            await trio.sleep(2)
            await act(world)
            await trio.sleep(seconds)
            nursery.cancel_scope.cancel()
    except* PowerCut:
        lasted = False
    return lasted
