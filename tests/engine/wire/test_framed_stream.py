"""What takes the short way, and what does not: the same messages arrive, however they are cut."""

from functools import partial

import pytest
import trio
import websockets.trio.client as independent
from hypothesis import given, settings
from hypothesis import strategies as st
from trio.testing import MemoryReceiveStream, MemorySendStream, MockClock, memory_stream_pair
from websockets.typing import Subprotocol
from wsproto.connection import Connection, ConnectionType
from wsproto.events import Ping, TextMessage

from pilotwire.engine.wire.accept import Acceptance, Admission, Applicant, serve_links
from pilotwire.engine.wire.framed_stream import FramedStream
from pilotwire.engine.wire.frames import text_frame
from pilotwire.engine.wire.link import LinkSettings, WebSocketLink
from pilotwire.engine.wire.link_errors import LinkClosed
from pilotwire.engine.wire.memory import memory_link_pair
from pilotwire.profiles.family import OCPP_16

HEAD = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"
Pair = trio.StapledStream[MemorySendStream, MemoryReceiveStream]


def opened(size: int = 1000) -> tuple[FramedStream, Pair]:
    near, far = memory_stream_pair()
    return FramedStream(near, is_client=True, max_message_size=size), far


async def taken(framed: FramedStream, far: Pair, data: bytes, cut: int) -> tuple[bytes, list[str]]:
    """What passes through, and what the inbox holds, when the data comes in pieces."""
    passed = b""
    messages: list[str] = []

    async def read() -> None:
        nonlocal passed
        while piece := await framed.receive_some():
            passed += piece
        framed.end()

    async def listen() -> None:
        try:
            while True:
                messages.append(str(await framed.receive()))
        except trio.EndOfChannel:
            return

    async with trio.open_nursery() as nursery:
        nursery.start_soon(read)
        nursery.start_soon(listen)
        for at in range(0, len(data), cut):
            await far.send_all(data[at : at + cut])
            await trio.lowlevel.checkpoint()
        await far.send_stream.aclose()
    return passed, messages


@pytest.mark.parametrize("cut", [1, 2, 3, 7, 50, 10_000])
async def test_text_frames_are_taken_out_and_all_else_passes(cut: int, autojump_clock: MockClock):
    ping = b"\x89\x02hi"
    fragments = b"\x01\x03one" + ping + b"\x80\x03two"
    data = b"".join(
        [
            HEAD,
            text_frame(b"first", is_masked=False),
            ping,
            text_frame("é".encode() * 100, is_masked=False),
            fragments,
            text_frame(b"last", is_masked=False),
            b"\x88\x02\x03\xe8",
        ]
    )
    passed, messages = await taken(*opened(), data, cut)
    assert messages == ["first", "é" * 100, "last"]
    assert passed == HEAD + ping + fragments + b"\x88\x02\x03\xe8"


@pytest.mark.parametrize(
    "frame",
    [
        b"\xc1\x02[]",  # an extension bit
        b"\x81\x82\0\0\0\0[]",  # masked by a server
        b"\x81\x02\xff\xff",  # no UTF-8
        b"\x82\x02[]",  # binary
        b"\x83\x02[]",  # a reserved opcode
        b"\x80\x02[]",  # the end of nothing
    ],
)
async def test_frames_that_break_the_rules_are_left_to_wsproto(frame: bytes):
    passed, messages = await taken(*opened(), HEAD + frame, 1000)
    assert (passed, messages) == (HEAD + frame, [])


async def test_a_text_frame_amid_fragments_is_left_to_wsproto():
    data = HEAD + b"\x01\x03one" + text_frame(b"[]", is_masked=False)
    assert await taken(*opened(), data, 1000) == (data, [])


async def test_a_frame_that_is_too_big_is_not_gathered():
    start = b"\x81\x7f" + (1 << 40).to_bytes(8, "big") + b"x" * 100
    framed, far = opened(1000)
    await far.send_all(HEAD + start)
    assert await framed.receive_some() == HEAD
    assert await framed.receive_some() == start


async def test_the_body_of_a_refusal_passes():
    data = b"HTTP/1.1 404 Not Found\r\nContent-Length: 6\r\n\r\n\x81\x02[]\r\n"
    assert await taken(*opened(), data, 1000) == (data, [])


async def test_a_head_without_end_passes_on():
    data = b"x" * 40_000
    framed, far = opened()
    await far.send_all(data)
    passed = b""
    while len(passed) < len(data):
        passed += await framed.receive_some()
    assert passed == data


@given(
    texts=st.lists(st.text(max_size=300), max_size=8),
    pings=st.lists(st.booleans(), min_size=8, max_size=8),
    fragment=st.lists(st.booleans(), min_size=8, max_size=8),
    cut=st.integers(1, 400),
)
@settings(max_examples=60, deadline=None)
def test_a_link_delivers_what_an_independent_writer_sends(
    texts: list[str], pings: list[bool], fragment: list[bool], cut: int
):
    writer = Connection(ConnectionType.CLIENT)
    wire = b""
    for text, has_ping, is_cut in zip(texts, pings, fragment, strict=False):
        if is_cut:
            wire += writer.send(TextMessage(data=text[:3], message_finished=False))
        if has_ping:
            wire += writer.send(Ping(payload=b"p"))
        wire += writer.send(TextMessage(data=text[3:] if is_cut else text))
    assert trio.run(delivered, wire, cut, len(texts)) == texts


async def delivered(wire: bytes, cut: int, count: int) -> list[str]:
    async with trio.open_nursery() as nursery:
        station, csms = await memory_link_pair(nursery, "ocpp1.6")
        raw = station._stream
        messages: list[str] = []

        async def listen() -> None:
            for _ in range(count):
                messages.append(str(await csms.receive()))
            nursery.cancel_scope.cancel()

        nursery.start_soon(listen)
        for at in range(0, len(wire), cut):
            await raw.send_all(wire[at : at + cut])
    return messages


async def test_a_reader_that_falls_behind_stops_reading(autojump_clock: MockClock):
    async with trio.open_nursery() as nursery:
        station, csms = await memory_link_pair(nursery, "ocpp1.6", LinkSettings(close_timeout=1))
        for number in range(100):
            await station.send(str(number))
        await trio.sleep(1)
        assert len(csms._websocket.frames._inbox) == 32
        assert [await csms.receive() for _ in range(100)] == [str(n) for n in range(100)]
        await station.close()
        with pytest.raises(LinkClosed):
            await csms.receive()


async def test_an_independent_client_in_fragments_and_with_pings(nursery: trio.Nursery):
    async def admit(applicant: Applicant) -> Admission:
        return "anonymous"

    async def echo(link: WebSocketLink, applicant: Applicant) -> None:
        try:
            while True:
                await link.send(await link.receive())
        except LinkClosed:
            return

    listeners = await trio.open_tcp_listeners(0, host="127.0.0.1")
    await nursery.start(
        partial(serve_links, listeners, Acceptance(versions=(OCPP_16,)), admit, echo)
    )
    url = f"ws://127.0.0.1:{listeners[0].socket.getsockname()[1]}/CP"
    with trio.fail_after(5):
        async with independent.connect(url, subprotocols=[Subprotocol("ocpp1.6")]) as client:
            await client.send("whole")
            await client.send(["in ", "three ", "parts"])
            pong = await client.ping()
            await pong.wait()
            await client.send("é" * 300_000)
            assert await client.recv() == "whole"
            assert await client.recv() == "in three parts"
            assert await client.recv() == "é" * 300_000
