"""Stations at the door: real sockets, and bytes as they come over them."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import msgspec
import pytest
import trio
from structlog.testing import capture_logs
from trio.testing import wait_all_tasks_blocked

from pilotwire.engine.wire.accept import (
    Acceptance,
    Admission,
    Applicant,
    basic_credentials,
    is_same_secret,
    serve_links,
)
from pilotwire.engine.wire.dial import Dial, open_link
from pilotwire.engine.wire.link import Link, LinkSettings, Peer
from pilotwire.engine.wire.link_errors import (
    HandshakeFailed,
    HttpRefused,
    LinkClosed,
    NoSubprotocol,
)
from pilotwire.profiles.family import OCPP_16, OCPP_21, OCPP_201

ALL = Acceptance(
    versions=(OCPP_21, OCPP_201, OCPP_16),
    path_prefix="/ocpp",
    settings=LinkSettings(handshake_timeout=0.5, close_timeout=0.5),
)
PASSWORD = b"\x00\x01\x02:\xff secret"


async def admit(applicant: Applicant) -> Admission:
    if applicant.identity == "unknown":
        return "unknown"
    if applicant.identity == "bug":
        raise RuntimeError("admit is broken")
    if applicant.identity.startswith("open"):
        return "anonymous"
    is_known = applicant.password is not None and is_same_secret(applicant.password, PASSWORD)
    return "authenticated" if is_known else "unauthorized"


async def echo(link: Link, applicant: Applicant) -> None:
    if applicant.identity == "open-bug":
        raise KeyError("handler is broken")
    try:
        while True:
            await link.send(await link.receive())
    except LinkClosed:
        return


@asynccontextmanager
async def serving(acceptance: Acceptance = ALL) -> AsyncIterator[int]:
    async with trio.open_nursery() as nursery:
        listeners = await trio.open_tcp_listeners(0, host="127.0.0.1")
        await nursery.start(partial(serve_links, listeners, acceptance, admit, echo))
        yield listeners[0].socket.getsockname()[1]
        nursery.cancel_scope.cancel()


def dial(port: int, identity: str = "open", **more: object) -> Dial:
    settings: dict[str, object] = {
        "url": f"ws://127.0.0.1:{port}/ocpp",
        "identity": identity,
        "subprotocols": ("ocpp1.6",),
        "settings": LinkSettings(handshake_timeout=10, close_timeout=0.5),
    }
    return Dial(**(settings | more))  # type: ignore[arg-type]


def upgrade(path: str, protocols: str | None = "ocpp1.6", extra: str = "") -> bytes:
    offered = "" if protocols is None else f"Sec-WebSocket-Protocol: {protocols}\r\n"
    return (
        f"GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: x3JJHMbDL1EzLkh9GBhXDw==\r\nSec-WebSocket-Version: 13\r\n"
        f"{offered}{extra}\r\n"
    ).encode()


async def exchange(port: int, data: bytes) -> bytes:
    """All that the server says to this."""
    with trio.fail_after(3):
        async with await trio.open_tcp_stream("127.0.0.1", port) as stream:
            await stream.send_all(data)
            answer = b""
            try:
                async for chunk in stream:
                    answer += chunk
            except trio.BrokenResourceError:
                pass  # reset: it had nothing more to say
            return answer


async def first_line(port: int, data: bytes) -> bytes:
    return (await exchange(port, data)).split(b"\r\n")[0]


async def test_a_station_is_let_in_and_heard():
    async with serving() as port, trio.open_nursery() as nursery:
        link = await open_link(nursery, dial(port, "CP 1", password=PASSWORD))
        await link.send('["hello"]')
        assert await link.receive() == '["hello"]'
        assert link.subprotocol == "ocpp1.6"
        assert link.peer.address == "127.0.0.1"
        await link.close()


async def test_a_wrong_password_is_401_and_an_unknown_identity_404():
    async with serving() as port, trio.open_nursery() as nursery:
        for identity, status in [("CP", 401), ("unknown", 404), ("open/slash", 404)]:
            with pytest.raises(HttpRefused) as refused:
                await open_link(nursery, dial(port, identity, password=b"wrong"))
            assert refused.value.status == status
            assert "wrong" not in str(refused.value)
        answer = await exchange(port, upgrade("/ocpp/CP"))
        assert b"WWW-Authenticate: Basic realm=" in answer


async def test_the_username_must_be_the_identity():
    async with serving() as port, trio.open_nursery() as nursery:
        with pytest.raises(HttpRefused, match="401"):
            await open_link(nursery, dial(port, "CP", username=b"CP2", password=PASSWORD))


@pytest.mark.parametrize("path", ["/ocpp/..", "/ocpp/a%2fb", "/ocpp/a%00", "/x", "/ocpp/open%0a"])
async def test_no_identity_no_station(path: str):
    async with serving() as port:
        assert await first_line(port, upgrade(path)) == b"HTTP/1.1 404 "


async def test_a_2_x_identity_of_49_characters_is_unknown():
    async with serving() as port:
        path = "/ocpp/open" + "x" * 45
        assert await first_line(port, upgrade(path, "ocpp2.0.1")) == b"HTTP/1.1 404 "


@pytest.mark.parametrize(
    ("offered", "agreed"),
    [
        ("ocpp1.6", "ocpp1.6"),
        ("ocpp1.6, ocpp2.0.1", "ocpp2.0.1"),
        (",ocpp2.0.1", "ocpp2.0.1"),
        ("ocpp1.5, ocpp1.6", "ocpp1.6"),
    ],
)
async def test_a_version_is_chosen_among_those_offered(offered: str, agreed: str):
    async with serving() as port, await trio.open_tcp_stream("127.0.0.1", port) as stream:
        await stream.send_all(upgrade("/ocpp/open", offered))
        with trio.fail_after(2):
            answer = await stream.receive_some()
        assert f"Sec-WebSocket-Protocol: {agreed}\r\n".encode() in answer


@pytest.mark.parametrize("offered", ["ocpp1.5", "OCPP1.6", None])
async def test_3_2_without_a_version_the_handshake_is_completed_and_the_link_closed(
    offered: str | None,
):
    async with serving() as port:
        answer = await exchange(port, upgrade("/ocpp/open", offered))
        head, _, frames = answer.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101 ")
        assert b"sec-websocket-protocol" not in head.lower()
        assert frames[2:4] == (1002).to_bytes(2, "big")


async def test_a_station_that_offers_no_version_can_be_tolerated():
    lenient = msgspec.structs.replace(ALL, version_when_none_offered=OCPP_16)
    async with serving(lenient) as port, await trio.open_tcp_stream("127.0.0.1", port) as stream:
        await stream.send_all(upgrade("/ocpp/open", None))
        with trio.fail_after(2):
            assert (await stream.receive_some()).startswith(b"HTTP/1.1 101 ")
            await stream.send_all(b"\x81\x82\x00\x00\x00\x00[]")
            assert await stream.receive_some() == b"\x81\x02[]"


async def test_a_dialler_that_gets_no_version_says_so():
    async with serving() as port, trio.open_nursery() as nursery:
        with pytest.raises(NoSubprotocol):
            await open_link(nursery, dial(port, subprotocols=("ocpp1.5",)))


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /ocpp/open HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n\r\n",
        b"POST /ocpp/open HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    ],
)
async def test_what_is_no_websocket_is_answered_with_400(data: bytes):
    with capture_logs() as logs:
        async with serving() as port:
            assert await first_line(port, data) == b"HTTP/1.1 400 "
            await wait_all_tasks_blocked(0.05)
    assert [log["event"] for log in logs] == ["handshake_failed"]


async def test_headers_that_are_not_ascii_do_no_harm():
    async with serving() as port, trio.open_nursery() as nursery:
        with capture_logs() as logs:
            await exchange(port, upgrade("/ocpp/open", "ocpp1.6\xe9"))
            await wait_all_tasks_blocked(0.05)
        assert [log["event"] for log in logs] == ["handshake_failed"]
        await (await open_link(nursery, dial(port))).close()


@pytest.mark.parametrize("data", [b"", b"GET /ocpp/open HTTP/1.1\r\nHost:"])
async def test_a_slow_handshake_is_cut_off(data: bytes):
    async with serving() as port:
        began = trio.current_time()
        assert await exchange(port, data) == b""
        assert 0.4 < trio.current_time() - began < 2


async def test_bugs_in_one_connection_are_logged_and_the_server_goes_on():
    async with serving() as port, trio.open_nursery() as nursery:
        with capture_logs() as logs:
            link = await open_link(nursery, dial(port, "open-bug"))
            with pytest.raises(LinkClosed):
                await link.receive()
            with pytest.raises(HandshakeFailed):
                await open_link(nursery, dial(port, "bug"))
            other = await open_link(nursery, dial(port))
            await other.send("x")
            assert await other.receive() == "x"
            await other.close()
        assert [log["event"] for log in logs] == ["connection_failed"] * 2
        assert all("exc_info" in log for log in logs)


async def test_stopping_the_server_closes_with_1001():
    async with trio.open_nursery() as nursery:
        async with serving() as port:
            link = await open_link(nursery, dial(port))
            await link.send("x")
            await link.receive()
        with pytest.raises(LinkClosed) as closed:
            await link.receive()
        assert closed.value.code == 1001


@pytest.mark.parametrize("limit", ["max_connections", "max_connections_per_address"])
async def test_connections_are_limited(limit: str):
    acceptance = Acceptance(
        versions=ALL.versions, path_prefix="/ocpp", settings=ALL.settings, **{limit: 2}
    )
    async with serving(acceptance) as port, trio.open_nursery() as nursery:
        first = await open_link(nursery, dial(port, "open1"))
        await open_link(nursery, dial(port, "open2"))
        with pytest.raises(HandshakeFailed):
            await open_link(nursery, dial(port, "open3"))
        await first.close()
        await trio.sleep(0.05)
        await open_link(nursery, dial(port, "open3"))
        nursery.cancel_scope.cancel()


async def test_an_anonymous_second_connection_is_refused_while_the_first_lives():
    async with serving() as port, trio.open_nursery() as nursery:
        first = await open_link(nursery, dial(port))
        with pytest.raises(HttpRefused, match="409"):
            await open_link(nursery, dial(port))
        await first.send("x")
        assert await first.receive() == "x"
        await first.close()


async def test_an_authenticated_second_connection_takes_over():
    async with serving() as port, trio.open_nursery() as nursery:
        first = await open_link(nursery, dial(port, "CP", password=PASSWORD))
        second = await open_link(nursery, dial(port, "CP", password=PASSWORD))
        with pytest.raises(LinkClosed) as closed:
            await first.receive()
        assert closed.value.code == 1008
        await second.send("x")
        assert await second.receive() == "x"
        await second.close()


async def test_bad_utf_8_is_closed_with_1007():
    bad = b"\x81\x82\x00\x00\x00\x00\xff\xff"
    async with serving() as port, await trio.open_tcp_stream("127.0.0.1", port) as stream:
        await stream.send_all(upgrade("/ocpp/open"))
        await stream.receive_some()
        await stream.send_all(bad)
        with trio.fail_after(2):
            answer = await stream.receive_some()
        assert answer[:1] == b"\x88"
        assert answer[2:4] == (1007).to_bytes(2, "big")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (b"Basic " + base64.b64encode(b"CP:a:b"), (b"CP", b"a:b")),
        (b"basic  " + base64.b64encode(b"CP:\xff\x00"), (b"CP", b"\xff\x00")),
        (b"Basic " + base64.b64encode(b"CP"), (None, None)),
        (b"Basic ???", (None, None)),
        (b"Bearer x", (None, None)),
        (b"", (None, None)),
    ],
)
def test_credentials_are_bytes(header: bytes, expected: tuple[bytes | None, bytes | None]):
    assert basic_credentials({b"authorization": header}) == expected


def test_an_applicants_password_does_not_show():
    applicant = Applicant(identity="CP", version=OCPP_16, peer=Peer(), password=b"s3cret")
    assert "s3cret" not in f"{applicant!r} {applicant}"
