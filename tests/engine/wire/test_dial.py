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

DIAL = Dial(
    url="ws://127.0.0.1:1/ocpp",
    identity="CP",
    subprotocols=("ocpp2.0.1", "ocpp1.6"),
    password=b"s3cret",
    settings=LinkSettings(handshake_timeout=0.5, close_timeout=0.5),
)
Serve = Callable[[trio.SocketStream], Awaitable[None]]


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


async def failure(dial: Dial) -> DialFailed:
    async with trio.open_nursery() as nursery:
        with pytest.raises(DialFailed) as failed:
            await open_link(nursery, dial)
    assert "s3cret" not in str(failed.value)
    assert "czNjcmV0" not in str(failed.value)
    return failed.value


async def test_nobody_listens():
    error = await failure(DIAL)
    assert type(error) is ConnectionRefused
    assert "Connection refused" in str(error)


async def test_there_is_no_such_host():
    error = await failure(msgspec.structs.replace(DIAL, url="ws://nowhere.invalid/ocpp"))
    assert type(error) is HostNotFound
    assert str(error) == "no address for the host nowhere.invalid"


@pytest.mark.parametrize("url", ["http://h/", "ws://u:s3cret@h/", "ws:///"])
async def test_a_url_that_is_none(url: str):
    assert type(await failure(msgspec.structs.replace(DIAL, url=url))) is DialFailed


@pytest.mark.parametrize("status", [301, 401, 404, 500])
@pytest.mark.parametrize(
    "rest", [b"Content-Length: 0\r\n\r\n", b"Content-Length: 2\r\n\r\nno", b"\r\nuntil it closes"]
)
async def test_any_other_status_than_101_is_told_and_no_redirect_followed(status: int, rest: bytes):
    head = b"HTTP/1.1 %d X\r\nLocation: ws://elsewhere/\r\n" % status
    async with server(saying(head + rest)) as dial:
        error = await failure(dial)
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
async def test_what_answers_is_no_websocket(answer: bytes):
    async with server(saying(answer)) as dial:
        assert type(await failure(dial)) is HandshakeFailed


async def test_a_version_that_was_not_offered_is_not_taken():
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
        assert type(await failure(dial)) is HandshakeFailed


async def test_a_server_that_says_nothing():
    async def silent(stream: trio.SocketStream) -> None:
        await trio.sleep_forever()

    async with server(silent) as dial:
        error = await failure(dial)
        assert "took too long" in str(error)
        slow_tls = msgspec.structs.replace(
            dial, url=dial.url.replace("ws:", "wss:"), connect_timeout=0.2
        )
        assert type(await failure(slow_tls)) is DialTimedOut


async def test_a_server_that_speaks_no_tls():
    async with server(saying(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as dial:
        error = await failure(msgspec.structs.replace(dial, url=dial.url.replace("ws:", "wss:")))
    assert isinstance(error, TlsFailed)
    assert error.kind == "version"


async def test_the_request_is_what_the_specification_shows():
    heard = b""

    async def serve(stream: trio.SocketStream) -> None:
        nonlocal heard
        heard = bytes(await stream.receive_some(10_000))

    async with server(serve) as dial:
        password = bytes.fromhex("0001020304050607FFFFFFCCCCCCCCCCCCCCCCCC")
        await failure(
            msgspec.structs.replace(
                dial, identity="AL1000", password=password, local_address="127.0.0.2"
            )
        )
    lines = heard.split(b"\r\n")
    assert lines[0] == b"GET /ocpp/AL1000 HTTP/1.1"
    assert b"Sec-WebSocket-Protocol: ocpp2.0.1, ocpp1.6" in lines
    credentials = next(line for line in lines if line.lower().startswith(b"authorization"))
    assert credentials == b"Authorization: Basic QUwxMDAwOgABAgMEBQYH////zMzMzMzMzMzM"


async def test_the_local_address_is_bound():
    peers: list[str] = []

    async def serve(stream: trio.SocketStream) -> None:
        peers.append(stream.socket.getpeername()[0])

    async with server(serve) as dial:
        await failure(msgspec.structs.replace(dial, local_address="127.0.0.2"))
        await failure(msgspec.structs.replace(dial, local_address="192.0.2.1"))
    assert peers == ["127.0.0.2"]


async def test_the_interface_is_bound():
    async def serve(stream: trio.SocketStream) -> None:
        await stream.aclose()

    async with server(serve) as dial:
        assert type(await failure(msgspec.structs.replace(dial, interface="lo"))) is HandshakeFailed
        error = await failure(msgspec.structs.replace(dial, interface="none0"))
    assert type(error) is ConnectionRefused
    assert str(error) == "this host has no network interface none0"


async def test_an_independent_server_understands_us():
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
            nursery, msgspec.structs.replace(DIAL, url=f"ws://127.0.0.1:{port}/x")
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


async def test_a_dial_can_be_cancelled(autojump_clock: MockClock):
    with trio.move_on_after(0):
        async with trio.open_nursery() as nursery:
            await open_link(nursery, DIAL)


def test_a_dial_does_not_show_its_password():
    assert "s3cret" not in f"{DIAL!r} {DIAL}"
