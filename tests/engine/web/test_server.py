"""The API on a real port: how it begins, serves and ends."""

import socket
from pathlib import Path

import httpx
import pytest
import trio
import trio.lowlevel

from pilotwire.engine.config import Api as ApiSettings
from pilotwire.engine.config import Config, ConfigError, load
from pilotwire.engine.failure import Failure
from pilotwire.engine.web.server import LocalApi

from ...ports import free_port
from ..station.world import World

STOP_SECONDS = 5.0  # that the daemon has in all


class Served:
    """An API on a port of its own."""

    def __init__(self) -> None:
        self.config = Config(api=ApiSettings(port=free_port()))
        self.api = LocalApi(self.config)
        self.url = f"http://127.0.0.1:{self.config.api.port}"
        self.stopping = trio.Event()
        self.ended = trio.Event()
        world = World()
        world.station.on_change = self.api.watch.change
        self.world = world
        self.api.watch.watch_station(world.station)

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        await self.api.run(self.stopping, task_status=task_status)
        self.ended.set()


@pytest.fixture
async def served(nursery: trio.Nursery) -> Served:
    served = Served()
    await nursery.start(served.world.station.run)
    await nursery.start(served.run)
    return served


async def test_it_serves_and_ends_the_news_when_it_shall_stop(served: Served) -> None:
    async with (
        httpx.AsyncClient(base_url=served.url, timeout=5) as client,
        client.stream("GET", "/api/events") as response,
    ):
        assert response.headers["content-type"].startswith("text/event-stream")
        assert "no-cache" in response.headers["cache-control"]
        lines = response.aiter_lines()
        assert await anext(lines) == "event: station"
        plugged = await client.post("/api/evses/1/plug-in", json={"name": "mine"})
        assert plugged.json()["simulation"]["ev"]["name"] == "mine"
        served.stopping.set()
        with trio.fail_after(STOP_SECONDS):
            text = "\n".join([line async for line in lines])
            await served.ended.wait()
    assert "event: evse" in text
    with pytest.raises(OSError, match=r"refused|failed"):
        await trio.open_tcp_stream("127.0.0.1", served.config.api.port)


async def test_a_reader_that_stands_still_does_not_keep_it_from_stopping(served: Served) -> None:
    stuck = socket.socket()
    with stuck:
        stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        stuck.connect(("127.0.0.1", served.config.api.port))
        stuck.sendall(b"GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        with trio.fail_after(5):
            while not served.api.watch.feed.has_readers:  # noqa: ASYNC110  # it has no event
                await trio.sleep(0.01)
        for _ in range(100):  # more than the buffers of both sides hold
            served.api.watch.feed.publish("message", "x" * 100_000)
            await trio.lowlevel.checkpoint()
        started = trio.current_time()
        served.stopping.set()
        with trio.fail_after(STOP_SECONDS):
            await served.ended.wait()
        assert trio.current_time() - started > 0.5  # it was stuck indeed


async def test_a_port_that_is_taken_is_told_in_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        api = LocalApi(Config(api=ApiSettings(port=port)))
        with pytest.raises(Failure, match=f"^the API cannot listen on 127.0.0.1 port {port}: Addr"):
            await api.run(trio.Event())


async def test_an_address_that_is_nowhere_is_told_in_one_line() -> None:
    api = LocalApi(Config(api=ApiSettings(host="127.0.0.1.invalid.", enabled=False)))
    with pytest.raises(Failure, match=r"^the API cannot listen on 127\.0\.0\.1\.invalid\. port"):
        await api.run(trio.Event())


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "station.example"])
def test_an_address_for_other_machines_needs_a_token(tmp_path: Path, host: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(f'[api]\nhost = "{host}"\n')
    with pytest.raises(ConfigError) as caught:
        load(Config, file, environment={})
    assert str(caught.value) == (
        f"{file}: api.host: other machines reach that address: secrets.api.token must be set first"
    )
    load(Config, file, environment={}, overrides=["api.enabled=false"])
    secrets = tmp_path / "secrets.toml"
    secrets.write_text('[api]\ntoken = "s3cret"\n')
    secrets.chmod(0o600)
    config = load(Config, file, environment={})
    assert config.secrets.api.token is not None
    assert config.secrets.api.token.reveal() == b"s3cret"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_an_address_of_this_machine_needs_none(tmp_path: Path, host: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(f'[api]\nhost = "{host}"\n')
    assert load(Config, file, environment={}).api.host == host
