"""Fixtures: a station under virtual time, and the API that watches it, without sockets."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import trio
from litestar.types import ASGIApp
from trio.testing import MockClock

from pilotwire.engine.config import Config
from pilotwire.engine.web.app import create_app
from pilotwire.engine.web.watch import Watch

from ..station.world import World


class Api:
    """The API of a world's station."""

    def __init__(self, world: World, config: Config) -> None:
        self.world = world
        self.watch = Watch(config)
        self.app: ASGIApp = create_app(self.watch, config)
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app),  # type: ignore[arg-type]  # ASGI by another name
            base_url="http://127.0.0.1:9311",
        )
        self.look_at(world)

    def look_at(self, world: World) -> None:
        """Have the API watch this world's station from now on."""
        world.station.on_message = self.watch.message
        world.station.on_change = self.watch.change
        world.station.on_call = self.watch.metrics.call_ended
        self.watch.watch_station(world.station)

    async def get(self, path: str, **query: Any) -> Any:
        response = await self.client.get(path, params=query)
        assert response.status_code == 200, response.text
        return response.json()

    async def post(self, path: str, **fields: Any) -> Any:
        response = await self.client.post(path, json=fields)
        assert response.status_code == 200, response.text
        return response.json()

    async def refusal(self, path: str, body: Any = None, status: int = 400) -> dict[str, Any]:
        """Give the answer to a POST that is refused in this way."""
        response = await self.client.post(path, json=body)
        assert response.status_code == status, response.text
        problem = response.json()
        assert problem.keys() == {"error", "field"}
        return dict(problem)

    async def evse(self, evse: int = 1) -> Any:
        return (await self.get("/api/station"))["evses"][evse - 1]


class Listener:
    """Somebody who reads /api/events, as an ASGI server would serve it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._goes = trio.Event()
        self.can_take = trio.Event()  # while it is not set, the listener's connection is full
        self.can_take.set()
        self.status = 0
        self.text = ""
        self._forgotten = 0
        self.has_ended = False

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        scope = {
            "type": "http",
            "method": "GET",
            "path": "/api/events",
            "raw_path": b"/api/events",
            "root_path": "",
            "query_string": b"",
            "headers": [(b"host", b"localhost")],
            "http_version": "1.1",
            "scheme": "http",
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 9311),
            "extensions": {},
        }

        async def send(message: Any) -> None:
            await self.can_take.wait()
            if message["type"] == "http.response.start":
                self.status = message["status"]
                return
            if not self.text:
                task_status.started()
            self.text += message["body"].decode()
            self.has_ended = not message["more_body"]

        await self._app(scope, self._receive, send)  # type: ignore[arg-type]  # a dict is what servers give

    async def _receive(self) -> Any:
        await self._goes.wait()
        return {"type": "http.disconnect"}

    def go(self) -> None:
        self._goes.set()

    @property
    def blocks(self) -> list[str]:
        return [block for block in self.text[self._forgotten :].split("\n\n") if block]

    def names(self) -> list[str]:
        """Give the names of the events, in order; a comment is itself."""
        return [block.partition("\n")[0].removeprefix("event: ") for block in self.blocks]

    def forget(self) -> None:
        self._forgotten = len(self.text)


@pytest.fixture
async def api(autojump_clock: MockClock, nursery: trio.Nursery) -> AsyncIterator[Api]:
    """The API of a station that has booted. A test asks for the clock as well."""
    world = World()
    api = Api(world, Config())
    await nursery.start(world.station.run)
    await trio.sleep(1)
    async with api.client:
        yield api
