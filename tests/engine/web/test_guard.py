"""Who may use the API, and who may not: other machines, web pages, whoever lacks the token."""

import httpx
import pytest
import trio
from trio.testing import MockClock

from pilotwire.engine.config import Api as ApiSettings
from pilotwire.engine.config import ApiSecrets, Config, Secrets
from pilotwire.engine.secrets import Secret
from pilotwire.engine.web.app import create_app
from pilotwire.engine.web.watch import Watch

from .conftest import Api, Listener

TOKEN = Config(
    api=ApiSettings(host="0.0.0.0"),
    secrets=Secrets(api=ApiSecrets(token=Secret("s3cret-ü".encode()))),
)


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:9311", "127.0.0.1", "127.9.9.9:80", "[::1]:9311", "[::1]"],
)
async def test_whoever_names_this_machine_may(
    autojump_clock: MockClock, api: Api, host: str
) -> None:
    response = await api.client.get("/api/station", headers={"host": host})
    assert response.status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:9311", "192.0.2.1", "localhost.evil.example", "", "[::1", "::1",
     "127.0.0.1@evil.example"],
)  # fmt: skip
async def test_whoever_was_led_here_by_another_name_may_not(
    autojump_clock: MockClock, api: Api, host: str
) -> None:
    for path in ("/api/station", "/schema", "/nowhere"):
        response = await api.client.get(path, headers={"host": host})
        assert response.status_code == 403
        assert "Host" in response.json()["error"]


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:9312", ""])
async def test_a_web_page_of_another_origin_may_not(
    autojump_clock: MockClock, api: Api, origin: str
) -> None:
    headers = {"host": "127.0.0.1:9311", "origin": origin, "content-type": "text/plain"}
    response = await api.client.post("/api/link/disconnect", headers=headers)
    assert response.status_code == 403
    assert api.world.station.tree.is_online


async def test_a_web_page_of_its_own_may(autojump_clock: MockClock, api: Api) -> None:
    headers = {"host": "127.0.0.1:9311", "origin": "http://127.0.0.1:9311"}
    response = await api.client.get("/api/station", headers=headers)
    assert response.status_code == 200


async def test_two_hosts_are_none(autojump_clock: MockClock, api: Api) -> None:
    headers = [("host", "localhost"), ("host", "localhost")]
    response = await api.client.get("/api/station", headers=headers)
    assert response.status_code == 403


@pytest.mark.parametrize(
    ("given", "status"),
    [
        (None, 401),
        ("Bearer ", 401),
        ("Bearer s3cret", 401),
        ("Basic s3cret-ü", 401),
        ("Bearer s3cret-ü", 503),  # past the guard; there is no station here
        ("bearer s3cret-ü", 503),
    ],
)
async def test_where_others_reach_it_a_token_is_needed(given: str | None, status: int) -> None:
    app = create_app(Watch(TOKEN), TOKEN)
    transport = httpx.ASGITransport(app)  # type: ignore[arg-type]  # ASGI by another name
    headers = [] if given is None else [(b"authorization", given.encode())]
    async with httpx.AsyncClient(transport=transport, base_url="http://station.example") as client:
        response = await client.get("/api/station", headers=headers)
    assert response.status_code == status
    if status == 401:
        assert response.headers["www-authenticate"] == "Bearer"
        assert "s3cret" not in response.text


async def test_the_news_are_guarded_too(autojump_clock: MockClock, nursery: trio.Nursery) -> None:
    listener = Listener(create_app(Watch(TOKEN), TOKEN))
    await nursery.start(listener.run)
    assert listener.status == 401
