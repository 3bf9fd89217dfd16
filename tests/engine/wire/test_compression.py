"""permessage-deflate (RFC 7692) at both ends of both transports, and its bound."""

import tracemalloc
import zlib

import pytest
import trio
from hypothesis import given, settings
from hypothesis import strategies as st
from wsproto.frame_protocol import CloseReason, FrameProtocol, Opcode, RsvBits

from pilotwire.engine.wire.compression import WORTHWHILE, Deflate
from pilotwire.engine.wire.link import LinkSettings
from pilotwire.engine.wire.link_errors import HandshakeFailed, LinkClosed

from .raw import CLOSE, ENDS, PING, PONG, RSV1, TEXT, AnyLink, End, Frame, Raw, joined

AGREED = "permessage-deflate; client_max_window_bits=11; server_max_window_bits=11"
OFFERED = "permessage-deflate; client_max_window_bits"
MEMORY = LinkSettings(max_message_size=100_000)
TAIL = b"\x00\x00\xff\xff"
COMPRESSED = TEXT | RSV1


@pytest.fixture(params=ENDS, ids=str)
def end(request: pytest.FixtureRequest) -> End:
    found: End = request.param
    return found


def extensions_for(end: End) -> str:
    """What the raw peer offers, or answers."""
    return OFFERED if end.role == "server" else AGREED


def deflated(text: bytes, compressor: "zlib._Compress | None" = None) -> bytes:
    compressor = compressor or zlib.compressobj(wbits=-11)
    return (compressor.compress(text) + compressor.flush(zlib.Z_SYNC_FLUSH)).removesuffix(TAIL)


def inflated(data: bytes) -> bytes:
    return zlib.decompressobj(wbits=-11).decompress(data + TAIL)


# ---- agreeing


@pytest.mark.parametrize(
    ("offer", "answer"),
    [
        ("permessage-deflate", "server_no_context_takeover; client_no_context_takeover"),
        (
            "permessage-deflate; client_max_window_bits",
            "server_no_context_takeover; client_max_window_bits=11",
        ),
        (
            "permessage-deflate; client_max_window_bits=9; server_max_window_bits=10",
            "server_no_context_takeover; server_max_window_bits=10; client_max_window_bits=9",
        ),
        (
            'permessage-deflate; client_max_window_bits="15"; client_no_context_takeover',
            "server_no_context_takeover; client_max_window_bits=11; client_no_context_takeover",
        ),
        (
            "permessage-deflate; server_max_window_bits=15; server_no_context_takeover",
            "server_no_context_takeover; server_max_window_bits=11; client_no_context_takeover",
        ),
        # RFC 7692 7.1: these are to be declined
        ("permessage-deflate; server_max_window_bits", None),
        ("permessage-deflate; server_max_window_bits=8", None),  # zlib cannot
        ("permessage-deflate; server_max_window_bits=7", None),
        ("permessage-deflate; client_max_window_bits=16", None),
        ("permessage-deflate; client_max_window_bits=0x9", None),
        ("permessage-deflate; client_max_window_bits=9; client_max_window_bits=9", None),
        ("permessage-deflate; client_no_context_takeover=1", None),
        ("permessage-deflate; window=9", None),
    ],
)
def test_an_offer_is_answered_or_declined(offer: str, answer: str | None):
    deflate = Deflate(1000)
    assert deflate.accept(offer) == answer
    assert deflate.enabled() is (answer is not None)


@pytest.mark.parametrize("form", ["reference", "stream", "pump"])
async def test_the_first_good_offer_of_several_is_taken(form):
    offers = "foo, permessage-deflate; window=9, permessage-deflate; server_max_window_bits=9"
    async with joined(End(form, "server"), deflates=True, extensions=offers) as (link, raw):
        assert raw.extensions == (
            b"permessage-deflate; server_no_context_takeover; server_max_window_bits=9; "
            b"client_no_context_takeover"
        )
        await raw.send((COMPRESSED, deflated(b"[]")))
        assert await link.receive() == "[]"


@pytest.mark.parametrize("form", ["reference", "stream", "pump"])
async def test_who_offers_nothing_gets_nothing(form):
    async with joined(End(form, "server"), deflates=True) as (_, raw):
        assert raw.extensions == b""
        await raw.send((COMPRESSED, deflated(b"[]")))
        assert (await raw.heard()).payload[:2] == (1002).to_bytes(2, "big")


@pytest.mark.parametrize("form", ["reference", "stream"])
@pytest.mark.parametrize(
    "answer",
    [
        "permessage-deflate",  # which says nothing of the server's window
        "permessage-deflate; server_max_window_bits=15",
        "permessage-deflate; server_max_window_bits=11; client_max_window_bits=8",
        "permessage-deflate; server_max_window_bits=11; client_max_window_bits",
        "permessage-deflate; server_max_window_bits=11; window=9",
        "permessage-bzip2",
    ],
)
async def test_an_answer_that_was_not_offered_fails_the_handshake(form, answer: str):
    with pytest.RaisesGroup(HandshakeFailed, flatten_subgroups=True):
        async with joined(End(form, "client"), deflates=True, extensions=answer):
            raise AssertionError


@pytest.mark.parametrize("form", ["reference", "stream"])
async def test_a_server_need_not_agree(form):
    async with joined(End(form, "client"), deflates=True) as (link, raw):
        await link.send("x" * 1000)
        assert await raw.heard() == Frame(TEXT, b"x" * 1000)


# ---- messages


@pytest.fixture
async def both(end: End):
    async with joined(end, deflates=True, extensions=extensions_for(end)) as found:
        yield found


Joined = tuple[AnyLink, Raw]


@pytest.mark.parametrize("size", [0, 1, 100, 1000, 100_000])
async def test_compressed_messages_are_read(both: Joined, size: int):
    link, raw = both
    text = ("meter é " * (size // 8 + 1))[:size]
    await raw.send((COMPRESSED, deflated(text.encode())), (TEXT, b"plain"))
    assert await link.receive() == text
    assert await link.receive() == "plain"


async def test_a_message_may_refer_to_those_before(both: Joined):
    link, raw = both
    compressor = zlib.compressobj(wbits=-11)
    text = b'[2,"19223201","MeterValues",{"connectorId":1,"meterValue":[]}]'
    first, second = deflated(text, compressor), deflated(text, compressor)
    assert len(second) < len(first) / 2
    await raw.send((COMPRESSED, first), (TEXT, b"between"), (COMPRESSED, second))
    assert [await link.receive() for _ in range(3)] == [text.decode(), "between", text.decode()]


async def test_a_compressed_message_may_come_in_fragments_and_byte_by_byte(both: Joined):
    link, raw = both
    data = deflated("é".encode() * 500)
    cuts = [(0x01 | RSV1, data[:3]), (0x00, data[3:4]), (0x80, data[4:])]
    await raw.send(cuts[0], (PING, b"?"), cuts[1], cuts[2])
    assert await link.receive() == "é" * 500
    assert await raw.heard() == Frame(PONG, b"?")
    frame = raw.frame(COMPRESSED, data)
    for at in range(len(frame)):
        await raw.stream.send_all(frame[at : at + 1])
        await trio.lowlevel.checkpoint()
    assert await link.receive() == "é" * 500


async def test_a_message_may_end_its_stream_as_in_7_2_3_5(both: Joined):
    link, raw = both
    ended = b"\xf3\x48\xcd\xc9\xc9\x07\x00\x00"  # "Hello" in a last block
    await raw.send((COMPRESSED, ended), (COMPRESSED, deflated(b"next")))
    assert [await link.receive(), await link.receive()] == ["Hello", "next"]


async def test_long_messages_are_sent_compressed_and_short_ones_as_they_are(both: Joined):
    link, raw = both
    await link.send("x" * (WORTHWHILE - 1))
    assert await raw.heard() == Frame(TEXT, b"x" * (WORTHWHILE - 1))
    text = "meter value é " * 100
    for _ in range(2):  # each by itself
        await link.send(text)
        first, payload = await raw.heard()
        assert first == COMPRESSED
        assert len(payload) < 100
        assert inflated(payload) == text.encode()


# ---- what must not come


async def refusal(link: AnyLink, raw: Raw) -> int:
    with pytest.raises(LinkClosed):
        await link.receive()
    first, payload = await raw.heard()
    assert first == CLOSE
    return int.from_bytes(payload[:2], "big")


@pytest.fixture(scope="module")
def bomb() -> bytes:
    """90 KB that would be 20 MB."""
    compressor = zlib.compressobj(1, wbits=-11)
    parts = [compressor.compress(bytes(1_000_000)) for _ in range(20)]
    return b"".join(parts) + compressor.flush(zlib.Z_SYNC_FLUSH)


async def test_a_bomb_is_1009_and_never_inflated(end: End, bomb: bytes):
    assert len(bomb) < MEMORY.max_message_size
    async with joined(end, MEMORY, deflates=True, extensions=extensions_for(end)) as (link, raw):
        tracemalloc.start()
        try:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(raw.send, (COMPRESSED, bomb.removesuffix(TAIL)))
                assert await refusal(link, raw) == 1009
                nursery.cancel_scope.cancel()
            assert tracemalloc.get_traced_memory()[1] < 3_000_000
        finally:
            tracemalloc.stop()


async def test_a_bomb_in_fragments_is_1009(both: Joined):
    link, raw = both
    data = deflated(b"\0" * 400_000)
    await raw.send((0x01 | RSV1, data[:10]), (0x00, data[10:-5]), (0x80, data[-5:]))
    assert await refusal(link, raw) == 1009


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        ([(COMPRESSED, b"\xff\xff\xff")], 1007),  # no deflate
        ([(COMPRESSED, deflated(b"\xff"))], 1007),  # no UTF-8
        ([(0x01, b"a"), (0x80 | RSV1, b"b")], 1002),
        ([(PING | RSV1, b"")], 1002),
        ([(TEXT | 0x20, b"[]")], 1002),
        ([(0x82 | RSV1, deflated(b"a"))], 1003),
    ],
)
async def test_bad_messages_close_the_link(end: End, frames: list[tuple[int, bytes]], code: int):
    async with joined(end, deflates=True, extensions=extensions_for(end)) as (link, raw):
        await raw.send(*frames)
        assert await refusal(link, raw) == code


# ---- the extension by itself


def read(deflate: Deflate, data: bytes, cut: int) -> bytes | CloseReason:
    proto = FrameProtocol(False, [])
    deflate.frame_inbound_header(proto, Opcode.TEXT, RsvBits(True, False, False), len(data))
    made = b""
    for at in range(0, len(data), cut):
        part = deflate.frame_inbound_payload_data(proto, data[at : at + cut])
        if isinstance(part, CloseReason):
            return part
        made += part
    rest = deflate.frame_inbound_complete(proto, True)
    return rest if isinstance(rest, CloseReason) else made + (rest or b"")


@given(
    data=st.binary(max_size=300) | st.lists(st.binary(max_size=30)).map(b"".join).map(deflated),
    size=st.integers(0, 200),
    cut=st.integers(1, 50),
)
@settings(max_examples=300, deadline=None)
def test_whatever_comes_no_more_is_made_than_may_be(data: bytes, size: int, cut: int):
    deflate = Deflate(size)
    deflate.accept(OFFERED)
    made = read(deflate, data, cut)
    if not isinstance(made, CloseReason):
        assert len(made) <= size


def test_many_ended_streams_in_one_message_do_not_pile_up():
    deflate = Deflate(1000)
    deflate.accept(OFFERED)
    assert read(deflate, b"\x03\x00" * 5000 + b"\x00", 16_000) == b""
