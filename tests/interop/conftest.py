"""Fixtures: a station in a world of its own, and stations that speak to a central system in frames.

A test that waits takes `autojump_clock` itself: pytest-trio sees no clock that a fixture asks for.
"""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from pilotwire.engine.central.central import CentralSystem
from pilotwire.engine.central.store import Store
from pilotwire.engine.clock import Clock
from pilotwire.engine.config import Central
from pilotwire.engine.wire.link import Link
from pilotwire.engine.wire.memory import memory_link_pair

from ..engine.station.world import World

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture
async def world(autojump_clock: MockClock, nursery: trio.Nursery) -> World:
    """A world whose station has booted."""
    world = World()
    await nursery.start(world.station.run)
    await trio.sleep(1)
    return world


class FieldStation:
    """A station of some vendor: what it sends is text, right or wrong."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self._number = 0

    async def say(self, text: str) -> list[Any]:
        """Send a frame, and give the next one that comes."""
        await self.link.send(text)
        return await self.hear()

    async def hear(self) -> list[Any]:
        with trio.fail_after(5):
            frame = json.loads(await self.link.receive())
        assert isinstance(frame, list)
        return frame

    async def call(self, action: str, payload: dict[str, Any]) -> Any:
        """The payload of the answer; of a refusal, its code."""
        self._number += 1
        frame = [2, str(self._number), action, payload]
        kind, message_id, answer, *_ = await self.say(json.dumps(frame))
        assert message_id == str(self._number)
        assert kind in (3, 4)
        return answer

    async def start(self, **changed: Any) -> int:
        """Tell a transaction, and give its id."""
        told = {"connectorId": 1, "idTag": "CARD", "meterStart": 0, "timestamp": TIME}
        answer = await self.call("StartTransaction", told | changed)
        return int(answer["transactionId"])

    async def stop(self, transaction_id: int, **changed: Any) -> Any:
        told = {"transactionId": transaction_id, "meterStop": 10, "timestamp": TIME}
        return await self.call("StopTransaction", told | changed)


TIME = "2026-01-02T03:00:00Z"
Connect = Callable[..., Awaitable[FieldStation]]


@pytest.fixture
async def central() -> AsyncIterator[CentralSystem]:
    store = Store.open(None, is_inline=True)
    settings = Central(accept_unknown_tokens=True)
    yield CentralSystem(settings, Clock(NOW.timestamp()), store)
    store.close()


@pytest.fixture
async def connect(central: CentralSystem, nursery: trio.Nursery) -> Connect:
    async def connect(station_id: str = "CS-1", *, boots: bool = True) -> FieldStation:
        near, far = await memory_link_pair(nursery, "ocpp1.6")
        nursery.start_soon(central.accept, far, station_id)
        await wait_all_tasks_blocked()
        station = FieldStation(near)
        if boots:
            boot = {"chargePointVendor": "Acme", "chargePointModel": "One"}
            assert (await station.call("BootNotification", boot))["status"] == "Accepted"
        return station

    return connect


@pytest.fixture
async def station(connect: Connect) -> FieldStation:
    return await connect()
