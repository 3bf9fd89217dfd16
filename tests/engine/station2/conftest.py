"""Fixtures: worlds that run as long as the test, once in 2.0.1 and once in 2.1."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from ...trace import obeyed
from .networks import Networks
from .world import Number, World

Start = Callable[..., Awaitable[World]]


@pytest.fixture(params=["2.0.1", "2.1"])
def number(request: pytest.FixtureRequest) -> Number:
    value: Number = request.param
    return value


@pytest.fixture(autouse=True)
def _trace_rules() -> Iterator[None]:
    """Whatever stations a test has, they obey the trace rules."""
    with obeyed():
        yield


@pytest.fixture
async def start(
    number: Number, autojump_clock: MockClock, nursery: trio.Nursery
) -> AsyncIterator[Start]:
    """Give what starts a world and waits until its station has booted. In the end every frame that
    the station sent must have obeyed its schema.
    """
    worlds: list[World] = []

    async def start(before: Callable[[World], None] | None = None, **settings: Any) -> World:
        world = World(number, **settings)
        worlds.append(world)
        if before is not None:
            before(world)
        await nursery.start(world.live)
        await trio.sleep(1)
        return world

    yield start
    assert [violation for world in worlds for violation in world.violations] == []


@pytest.fixture
async def world(start: Start) -> World:
    return await start()


StartNetworks = Callable[..., Awaitable[Networks]]


@pytest.fixture
async def start_networks(
    number: Number, autojump_clock: MockClock, nursery: trio.Nursery
) -> AsyncIterator[StartNetworks]:
    """Give what starts a station with network profiles and waits until it has booted. In the end
    every frame that it sent must have obeyed its schema.
    """
    started: list[Networks] = []

    async def start(before: Callable[[Networks], None] | None = None, **settings: Any) -> Networks:
        networks = Networks(number, nursery, **settings)
        started.append(networks)
        if before is not None:
            before(networks)
        await nursery.start(networks.run)
        await trio.sleep(1)
        return networks

    yield start
    assert [violation for networks in started for violation in networks.violations] == []
