"""A central system, and stations that speak to it in literal frames.

A test that waits takes `autojump_clock` itself: pytest-trio sees no clock that a fixture asks for.
"""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import trio
from trio.testing import wait_all_tasks_blocked

from pilotwire.engine.central.central import CentralSystem, Policy
from pilotwire.engine.central.store import Store
from pilotwire.engine.clock import Clock
from pilotwire.engine.config import AcceptedToken, Central
from pilotwire.engine.wire.link import Link
from pilotwire.engine.wire.memory import memory_link_pair

from ...trace import CentralTraces

START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
BOOT = '[2,"b","BootNotification",{"chargePointVendor":"Acme","chargePointModel":"One"}]'
BOOT_2 = (
    '[2,"b","BootNotification",{"reason":"PowerUp",'
    '"chargingStation":{"vendorName":"Acme","model":"One","serialNumber":"S-1"}}]'
)


class RawStation:
    """The station's end of a link: text goes out, text comes in."""

    def __init__(self, link: Link) -> None:
        self.link = link

    async def say(self, frame: str) -> str:
        """Send a frame, and give the next one that comes."""
        await self.link.send(frame)
        return await self.hear()

    async def hear(self) -> str:
        with trio.fail_after(5):
            heard = await self.link.receive()
        return heard if isinstance(heard, str) else heard.decode()

    async def call(self, action: str, payload: str) -> dict[str, Any]:
        """The payload that answers a CALL."""
        kind, _, answer = json.loads(await self.say(f'[2,"c","{action}",{payload}]'))
        assert kind == 3
        assert isinstance(answer, dict)
        return answer

    async def boot(self) -> None:
        frame = BOOT if self.link.subprotocol == "ocpp1.6" else BOOT_2
        assert json.loads(await self.say(frame))[2]["status"] == "Accepted"


Connect = Callable[..., Awaitable[RawStation]]
MakeCentral = Callable[..., CentralSystem]


@pytest.fixture
async def store(tmp_path: Path):
    store = Store.open(tmp_path / "central.sqlite", is_inline=True)
    yield store
    store.close()


@pytest.fixture
async def make_central(store: Store) -> AsyncIterator[MakeCentral]:
    """Give what makes a central system, which in the end must have broken no trace rule."""
    traces: list[CentralTraces] = []

    def make(policy: Policy | None = None, store: Store = store, **settings: Any) -> CentralSystem:
        settings.setdefault("accept_unknown_tokens", False)
        settings.setdefault("tokens", (AcceptedToken(value="GOOD", parent="FAMILY"),))
        clock = Clock(START.timestamp())
        central = CentralSystem(Central(**settings), clock, store, policy=policy)
        traces.append(CentralTraces())
        central.on_event(traces[-1])
        return central

    yield make
    assert [broken for trace in traces for broken in trace.broken] == []


@pytest.fixture
async def central(make_central: MakeCentral) -> CentralSystem:
    return make_central()


@pytest.fixture
async def connect(nursery: trio.Nursery) -> Connect:
    async def connect(
        central: CentralSystem,
        station_id: str = "CS-1",
        *,
        boots: bool = True,
        subprotocol: str = "ocpp1.6",
    ) -> RawStation:
        near, far = await memory_link_pair(nursery, subprotocol)
        nursery.start_soon(central.accept, far, station_id)
        await wait_all_tasks_blocked()
        station = RawStation(near)
        if boots:
            await station.boot()
        return station

    return connect


@pytest.fixture
async def station(central: CentralSystem, connect: Connect) -> RawStation:
    return await connect(central)


@pytest.fixture(params=["ocpp2.0.1", "ocpp2.1"])
def subprotocol(request: pytest.FixtureRequest) -> str:
    value: str = request.param
    return value


@pytest.fixture
async def station2(central: CentralSystem, connect: Connect, subprotocol: str) -> RawStation:
    """A station that speaks 2.0.1, and one that speaks 2.1."""
    return await connect(central, subprotocol=subprotocol)
