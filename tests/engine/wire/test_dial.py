"""Dialling a CSMS that is not there, or not what it should be: each failure by its own name."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import msgspec
import pytest
import trio
import websockets.trio.server as independent
from trio.testing import MockClock
from websockets.utils import accept_key

from pilotwire.engine.wire.dial import Dial, open_link
from pilotwire.engine.wire.link import LinkSettings
from pilotwire.engine.wire.link_errors import (
    ConnectionRefused,
    DialFailed,
    DialTimedOut,
    HandshakeFailed,
    HostNotFound,
    HttpRefused,
    LinkClosed,
    TlsFailed,
)
from pilotwire.engine.wire.pump import Pump, pumping

DIAL = Dial(
    url="ws://127.0.0.1:1/ocpp",
    identity="CP",
    subprotocols=("ocpp2.0.1", "ocpp1.6"),
    password=b"s3cret",
    settings=LinkSettings(handshake_timeout=0.5, close_timeout=0.5),
)
Serve = Callable[[trio.SocketStream], Awaitable[None]]


@pytest.fixture(params=["alone", "among many"])
async def pump(request: pytest.FixtureRequest) -> AsyncIterator[Pump | None]:
    """Dials are the same whether a process has one link or a pump with many."""
    if request.param == "alone":
        yield None
    else:
        async with pumping() as among_many:
            yield among_many


@asynccontextmanager
async def server(serve: Serve) -> AsyncIterator[Dial]:
    async with trio.open_nursery() as nursery:
        listeners = await trio.open_tcp_listeners(0, host="127.0.0.1")
        nursery.start_soon(trio.serve_listeners, serve, listeners)
        port = listeners[0].socket.getsockname()[1]
        yield msgspec.structs.replace(DIAL, url=f"ws://127.0.0.1:{port}/ocpp")
        nursery.cancel_scope.cancel()


def saying(answer: bytes) -> Serve:
    """A server that reads a little and says this."""

    async def serve(stream: trio.SocketStream) -> None:
        async with stream:
            await stream.receive_some(10_000)
            await stream.send_all(answer)
            await trio.sleep(0.05)

    return serve


async def failure(dial: Dial, pump: Pump | None) -> DialFailed:
    async with trio.open_nursery() as nursery:
        with pytest.raises(DialFailed) as failed:
            await open_link(nursery, dial, pump)
    assert "s3cret" not in str(failed.value)
    assert "czNjcmV0" not in str(failed.value)
    return failed.value


async def test_nobody_listens(pump: Pump | None):
    error = await failure(DIAL, pump)
    assert type(error) is ConnectionRefused
    assert "Connection refused" in str(error)


async def test_there_is_no_such_host(pump: Pump | None):
    error = await failure(msgspec.structs.replace(DIAL, url="ws://nowhere.invalid/ocpp"), pump)
    assert type(error) is HostNotFound
    assert str(error) == "no address for the host nowhere.invalid"


@pytest.mark.parametrize("url", ["http://h/", "ws://u:s3cret@h/", "ws:///"])
async def test_a_url_that_is_none(url: str, pump: Pump | None):
    assert type(await failure(msgspec.structs.replace(DIAL, url=url), pump)) is DialFailed


@pytest.mark.parametrize("status", [301, 401, 404, 500])
@pytest.mark.parametrize(
    "rest", [b"Content-Length: 0\r\n\r\n", b"Content-Length: 2\r\n\r\nno", b"\r\nuntil it closes"]
)
async def test_any_other_status_than_101_is_told_and_no_redirect_followed(
    status: int, rest: bytes, pump: Pump | None
):
    head = b"HTTP/1.1 %d X\r\nLocation: ws://elsewhere/\r\n" % status
    async with server(saying(head + rest)) as dial:
        error = await failure(dial, pump)
    assert isinstance(error, HttpRefused)
    assert error.status == status


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        b"HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: d3Jvbmc=\r\n\r\n",
    ],
)
async def test_what_answers_is_no_websocket(answer: bytes, pump: Pump | None):
    async with server(saying(answer)) as dial:
        assert type(await failure(dial, pump)) is HandshakeFailed


async def test_a_version_that_was_not_offered_is_not_taken(pump: Pump | None):
    async def serve(stream: trio.SocketStream) -> None:
        request = (await stream.receive_some(10_000)).decode()
        key = request.partition("Sec-WebSocket-Key: ")[2].partition("\r\n")[0]
        accept = accept_key(key)
        await stream.send_all(
            b"HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: %b\r\nSec-WebSocket-Protocol: ocpp2.1\r\n\r\n" % accept.encode()
        )
        await trio.sleep(1)

    async with server(serve) as dial:
        assert type(await failure(dial, pump)) is HandshakeFailed


async def test_a_server_that_says_nothing(pump: Pump | None):
    async def silent(stream: trio.SocketStream) -> None:
        await trio.sleep_forever()

    async with server(silent) as dial:
        error = await failure(dial, pump)
        assert "took too long" in str(error)
        slow_tls = msgspec.structs.replace(
            dial, url=dial.url.replace("ws:", "wss:"), connect_timeout=0.2
        )
        assert type(await failure(slow_tls, pump)) is DialTimedOut


async def test_a_server_that_speaks_no_tls(pump: Pump | None):
    async with server(saying(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as dial:
        error = await failure(
            msgspec.structs.replace(dial, url=dial.url.replace("ws:", "wss:")), pump
        )
    assert isinstance(error, TlsFailed)
    assert error.kind == "version"


async def test_the_request_is_what_the_specification_shows(pump: Pump | None):
    heard = b""

    async def serve(stream: trio.SocketStream) -> None:
        nonlocal heard
        heard = bytes(await stream.receive_some(10_000))

    async with server(serve) as dial:
        password = bytes.fromhex("0001020304050607FFFFFFCCCCCCCCCCCCCCCCCC")
        await failure(
            msgspec.structs.replace(
                dial, identity="AL1000", password=password, local_address="127.0.0.2"
            ),
            pump,
        )
    lines = heard.split(b"\r\n")
    assert lines[0] == b"GET /ocpp/AL1000 HTTP/1.1"
    assert b"Sec-WebSocket-Protocol: ocpp2.0.1, ocpp1.6" in lines
    credentials = next(line for line in lines if line.lower().startswith(b"authorization"))
    assert credentials == b"Authorization: Basic QUwxMDAwOgABAgMEBQYH////zMzMzMzMzMzM"


async def test_the_local_address_is_bound(pump: Pump | None):
    peers: list[str] = []

    async def serve(stream: trio.SocketStream) -> None:
        peers.append(stream.socket.getpeername()[0])

    async with server(serve) as dial:
        await failure(msgspec.structs.replace(dial, local_address="127.0.0.2"), pump)
        await failure(msgspec.structs.replace(dial, local_address="192.0.2.1"), pump)
    assert peers == ["127.0.0.2"]


async def test_the_interface_is_bound(pump: Pump | None):
    async def serve(stream: trio.SocketStream) -> None:
        await stream.aclose()

    async with server(serve) as dial:
        assert (
            type(await failure(msgspec.structs.replace(dial, interface="lo"), pump))
            is HandshakeFailed
        )
        error = await failure(msgspec.structs.replace(dial, interface="none0"), pump)
    assert type(error) is ConnectionRefused
    assert str(error) == "this host has no network interface none0"


async def test_an_independent_server_understands_us(pump: Pump | None):
    async def echo(connection: independent.ServerConnection) -> None:
        async for message in connection:
            await connection.send(message)

    async with trio.open_nursery() as nursery:
        serving = await nursery.start(
            lambda task_status: independent.serve(
                echo, 0, host="127.0.0.1", subprotocols=["ocpp1.6"], task_status=task_status
            )
        )
        port = serving.listeners[0].socket.getsockname()[1]
        link = await open_link(
            nursery, msgspec.structs.replace(DIAL, url=f"ws://127.0.0.1:{port}/x"), pump
        )
        assert link.subprotocol == "ocpp1.6"
        for text in ["[]", "é" * 200_000]:
            await link.send(text)
            assert await link.receive() == text
        assert await link.ping(2)
        await link.close()
        with pytest.raises(LinkClosed):
            await link.send("x")
        nursery.cancel_scope.cancel()


async def test_a_dial_can_be_cancelled(autojump_clock: MockClock, pump: Pump | None):
    with trio.move_on_after(0):
        async with trio.open_nursery() as nursery:
            await open_link(nursery, DIAL, pump)


def test_a_dial_does_not_show_its_password():
    assert "s3cret" not in f"{DIAL!r} {DIAL}"


def accepting(answer: bytes, *, pause: float) -> Serve:
    """A server that accepts in these words, with a pause within them."""

    async def serve(stream: trio.SocketStream) -> None:
        async with stream:
            request = (await stream.receive_some(10_000)).decode()
            key = request.partition("Sec-WebSocket-Key: ")[2].partition("\r\n")[0]
            whole = answer % accept_key(key).encode()
            await stream.send_all(whole[:40])
            await trio.sleep(pause)
            await stream.send_all(whole[40:])
            await trio.sleep(1)

    return serve


@pytest.mark.parametrize("unusual", [b"", b"X-Powered-By: anything\r\n"])
@pytest.mark.parametrize("pause", [0.0, 0.05])
async def test_an_answer_may_come_in_pieces_and_say_more(
    unusual: bytes, pause: float, pump: Pump | None
):
    answer = (
        b"HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
        b"%bSec-WebSocket-Accept: %%b\r\nSec-WebSocket-Protocol: ocpp1.6\r\n\r\n\x81\x02[]"
    ) % unusual
    async with server(accepting(answer, pause=pause)) as dial, trio.open_nursery() as nursery:
        link = await open_link(nursery, dial, pump)
        assert link.subprotocol == "ocpp1.6"
        assert await link.receive() == "[]"
        await link.close()


async def test_a_pump_that_stops_ends_a_dial():
    async def silent(stream: trio.SocketStream) -> None:
        await trio.sleep_forever()

    async def dials() -> None:
        with pytest.raises(HandshakeFailed):
            await open_link(nursery, dial, among_many)

    async with server(silent) as dial, trio.open_nursery() as nursery, pumping() as among_many:
        nursery.start_soon(dials)
        await trio.sleep(0.05)
