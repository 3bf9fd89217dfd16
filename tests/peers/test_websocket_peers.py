"""Our links and WebSockets that nobody here wrote: npm `ws` and PyPI `websockets`, both ways."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from subprocess import PIPE
from typing import Any, Literal

import pytest
import trio
import websockets.trio.client
import websockets.trio.server
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from pilotwire.engine.wire.accept import Acceptance, Acceptor, Admission, Applicant
from pilotwire.engine.wire.dial import Dial, open_link
from pilotwire.engine.wire.duplicates import Seats
from pilotwire.engine.wire.link import Link, LinkSettings
from pilotwire.engine.wire.link_errors import LinkClosed
from pilotwire.engine.wire.pump import Pump, pumping
from pilotwire.profiles.family import OCPP_16

from .program import OCPP_RPC, need, within

PROGRAMS = Path(__file__).parent / "programs"
TEXTS = ["x" * size for size in (0, 1, 125, 126, 65_535, 65_536, 150_000)] + ["é€𝄞\x00"]
Form = Literal["reference", "pump", "streams"]
compresses = pytest.mark.parametrize("compresses", [False, True], ids=["plain", "compressed"])
SETTINGS = LinkSettings(max_message_size=200_000)


async def admit(applicant: Applicant) -> Admission:
    return "anonymous"


async def echo(link: Link, applicant: Applicant) -> None:
    try:
        while True:
            await link.send(await link.receive())
    except LinkClosed:
        return


@asynccontextmanager
async def our_echo(form: Form) -> AsyncIterator[str]:
    """Our accepting end, which sends back what comes: its URL."""
    acceptance = Acceptance(versions=(OCPP_16,), settings=SETTINGS)
    listeners = await trio.open_tcp_listeners(0, host="127.0.0.1")
    async with pumping() as pump, trio.open_nursery() as nursery:
        used = pump if form == "pump" else None
        acceptor = Acceptor(acceptance, admit, echo, Seats(), used)
        nursery.start_soon(trio.serve_listeners, acceptor.serve, listeners)
        yield f"ws://127.0.0.1:{listeners[0].socket.getsockname()[1]}/CP"
        nursery.cancel_scope.cancel()


@asynccontextmanager
async def our_client(
    nursery: trio.Nursery, form: Form, port: int, *, offers: bool
) -> AsyncIterator[Link]:
    dial = Dial(
        url=f"ws://127.0.0.1:{port}",
        identity="CP",
        subprotocols=("ocpp1.6",),
        settings=SETTINGS,
        offers_compression=offers,
    )
    async with pumping() as pump:
        used: Pump | None = pump if form == "pump" else None
        link = await open_link(nursery, dial, used)
        yield link
        await link.close()


async def told(program: str, *arguments: str) -> dict[str, Any]:
    """What a Node program says before it ends."""
    command = ["node", str(PROGRAMS / program), *arguments]
    done = await trio.run_process(command, capture_stdout=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


# ---- their clients, our server


@compresses
@pytest.mark.parametrize("form", ["pump", "streams"])
@within(15)
async def test_a_client_of_ws_and_our_server(form: Form, compresses: bool) -> None:
    need(OCPP_RPC)
    async with our_echo(form) as url:
        found = await told("ws_client.js", url, str(compresses).lower())
    extensions = found.pop("extensions")
    assert ("permessage-deflate" in extensions) is compresses
    assert found == {"isSame": True, "pong": "between", "code": 3001, "protocol": "ocpp1.6"}


@pytest.mark.parametrize("form", ["pump", "streams"])
@within(15)
async def test_a_bomb_of_ws_is_defused(form: Form) -> None:
    need(OCPP_RPC)
    async with our_echo(form) as url:
        assert await told("ws_bomb.js", url) in ({"code": 1009}, {"code": 1006})


@compresses
@pytest.mark.parametrize("form", ["pump", "streams"])
@within(15)
async def test_a_client_of_websockets_and_our_server(form: Form, compresses: bool) -> None:
    async with our_echo(form) as url:
        client = websockets.trio.client.connect(
            url,
            subprotocols=[Subprotocol("ocpp1.6")],
            compression="deflate" if compresses else None,
            proxy=None,
        )
        async with client as theirs:
            assert bool(theirs.protocol.extensions) is compresses
            for text in [*TEXTS, *TEXTS]:
                await theirs.send(text)
                assert await theirs.recv() == text
            await theirs.send(["in ", "three ", "parts"])
            await (await theirs.ping()).wait()
            assert await theirs.recv() == "in three parts"
            await theirs.send(b"\x00")
            with pytest.raises(ConnectionClosed) as closed:
                await theirs.recv()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1003


@pytest.mark.parametrize("form", ["pump", "streams"])
@within(15)
async def test_a_bomb_of_websockets_is_defused(form: Form) -> None:
    async with our_echo(form) as url:
        client = websockets.trio.client.connect(
            url, subprotocols=[Subprotocol("ocpp1.6")], proxy=None
        )
        async with client as theirs:
            await theirs.send("x" * 5_000_000)
            with pytest.raises(ConnectionClosed) as closed:
                await theirs.recv()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1009


# ---- our clients, their servers


@compresses
@pytest.mark.parametrize("form", ["reference", "pump"])
@within(15)
async def test_our_client_and_a_server_of_ws(
    form: Form, compresses: bool, nursery: trio.Nursery
) -> None:
    need(OCPP_RPC)
    command = ["node", str(PROGRAMS / "ws_server.js"), str(compresses).lower()]
    process = await trio.lowlevel.open_process(command, stdin=PIPE, stdout=PIPE)
    assert process.stdout is not None
    try:
        port = json.loads(await process.stdout.receive_some())["port"]
        async with our_client(nursery, form, port, offers=compresses) as link:
            for text in TEXTS:
                await link.send(text)
                assert await link.receive() == text
            await link.send("fragments")
            assert await link.receive() == "in three parts"
            assert await link.receive() == "pong"
            await link.send("ping")
            assert await link.receive() == "pong"
            assert await link.ping(5)
            await link.send("close")
            with pytest.raises(LinkClosed, match=r"closed with 4001 \(as you wish\)"):
                await link.receive()
        closed = json.loads(await process.stdout.receive_some())
        assert (closed["code"], closed["reason"]) == (4001, "as you wish")
        assert ("permessage-deflate" in closed["extensions"]) is compresses
        async with our_client(nursery, form, port, offers=compresses) as link:
            await link.close(1001, "enough")
        closed = json.loads(await process.stdout.receive_some())
        assert (closed["code"], closed["reason"]) == (1001, "enough")
    finally:
        process.kill()
        await process.wait()


@compresses
@pytest.mark.parametrize("form", ["reference", "pump"])
@within(15)
async def test_our_client_and_a_server_of_websockets(
    form: Form, compresses: bool, nursery: trio.Nursery
) -> None:
    agreed: list[bool] = []

    async def send_back(theirs: websockets.trio.server.ServerConnection) -> None:
        agreed.append(bool(theirs.protocol.extensions))
        async for text in theirs:
            await theirs.send(text)

    listeners = await trio.open_tcp_listeners(0, host="127.0.0.1")
    serve = partial(
        websockets.trio.server.serve,
        send_back,
        listeners=listeners,
        subprotocols=[Subprotocol("ocpp1.6")],
        compression="deflate" if compresses else None,
    )
    async with trio.open_nursery() as serving:
        await serving.start(serve)
        port = listeners[0].socket.getsockname()[1]
        async with our_client(nursery, form, port, offers=compresses) as link:
            for text in TEXTS:
                await link.send(text)
                assert await link.receive() == text
            assert await link.ping(5)
        assert link.closed is not None
        assert (link.closed.code, link.closed.by_us) == (1000, True)
        serving.cancel_scope.cancel()
    assert agreed == [compresses]
