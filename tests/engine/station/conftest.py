"""Fixtures: a world that runs as long as the test."""

from collections.abc import Iterator

import pytest
import trio
from trio.testing import MockClock

from ...trace import obeyed
from .world import World


@pytest.fixture
async def world(autojump_clock: MockClock, nursery: trio.Nursery) -> World:
    """A world whose station has booted. A test asks for the clock as well."""
    world = World()
    await nursery.start(world.station.run)
    await trio.sleep(1)
    return world


@pytest.fixture(autouse=True)
def _trace_rules() -> Iterator[None]:
    """Whatever stations a test has, they obey the trace rules."""
    with obeyed():
        yield
