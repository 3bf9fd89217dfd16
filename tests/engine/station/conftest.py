"""Fixtures: a world that runs as long as the test."""

from collections.abc import AsyncIterator

import pytest
import trio
from trio.testing import MockClock

from .world import World


@pytest.fixture
async def world(autojump_clock: MockClock, nursery: trio.Nursery) -> AsyncIterator[World]:
    """A world whose station has booted, and that in the end has obeyed the trace rules. A test asks
    for the clock as well.
    """
    world = World()
    await nursery.start(world.station.run)
    await trio.sleep(1)
    yield world
    assert world.trace.broken_by_station() == []
