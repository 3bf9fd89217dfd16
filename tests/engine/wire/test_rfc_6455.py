"""RFC 6455 after the handshake, the same for both transports and both ends, over real sockets."""

from collections.abc import AsyncIterator

import pytest
import trio
import trio.lowlevel

from pilotwire.engine.wire.link import LinkSettings
from pilotwire.engine.wire.link_errors import LinkClosed

from .raw import (
    BINARY,
    CLOSE,
    ENDS,
    PING,
    PONG,
    QUICK,
    RSV1,
    TEXT,
    AnyLink,
    End,
    Frame,
    Raw,
    close_payload,
    joined,
)

Joined = tuple[AnyLink, Raw]
SIZES = [0, 1, 125, 126, 127, 65_535, 65_536, 150_000]


@pytest.fixture(params=ENDS, ids=str)
def end(request: pytest.FixtureRequest) -> End:
    found: End = request.param
    return found


@pytest.fixture
async def both(end: End) -> AsyncIterator[Joined]:
    async with joined(end) as found:
        yield found


async def refusal(link: AnyLink, raw: Raw) -> int:
    """The code that the link closes with; it hands over nothing more."""
    with pytest.raises(LinkClosed) as closed:
        await link.receive()
    first, payload = await raw.heard()
    assert first == CLOSE
    code = int.from_bytes(payload[:2], "big")
    assert closed.value.code == code
    payload[2:].decode()  # UTF-8
    await raw.stream.aclose()
    await link.gone.wait()
    return code


# ---- messages (5.2, 5.6)


@pytest.mark.parametrize("size", SIZES)
async def test_texts_of_every_kind_of_length_are_read(both: Joined, size: int):
    link, raw = both
    await raw.send((TEXT, b"x" * size), (TEXT, b"next"))
    assert await link.receive() == "x" * size
    assert await link.receive() == "next"


@pytest.mark.parametrize("size", SIZES)
async def test_texts_of_every_kind_of_length_are_sent(both: Joined, size: int):
    link, raw = both
    async with trio.open_nursery() as nursery:
        nursery.start_soon(link.send, "y" * size)
        assert await raw.heard() == Frame(TEXT, b"y" * size)


async def test_texts_are_utf_8(both: Joined):
    link, raw = both
    text = "é€𝄞\x00\ufeff\U0010ffff"
    await raw.send((TEXT, text.encode()))
    assert await link.receive() == text
    await link.send(text)
    assert await raw.heard() == Frame(TEXT, text.encode())


async def test_what_comes_byte_by_byte_is_put_together(both: Joined):
    link, raw = both
    data = b"".join(
        [
            raw.frame(TEXT, b"first"),
            raw.frame(PING, b"hi"),
            raw.frame(TEXT, "é".encode() * 100),
            raw.frame(0x01, b"in "),
            raw.frame(0x80, b"parts"),
        ]
    )
    for at in range(len(data)):
        await raw.stream.send_all(data[at : at + 1])
        if at % 16 == 0:
            await trio.lowlevel.checkpoint()
    assert [await link.receive() for _ in range(3)] == ["first", "é" * 100, "in parts"]
    assert await raw.heard() == Frame(PONG, b"hi")


async def test_many_texts_in_one_packet_come_in_their_order(both: Joined):
    link, raw = both
    await raw.send(*[(TEXT, b"%d" % number) for number in range(30)])
    assert [await link.receive() for _ in range(30)] == [str(number) for number in range(30)]


async def test_each_frame_of_a_client_has_a_key_of_its_own(both: Joined):
    link, raw = both
    if raw.role == "client":
        return  # a server does not mask, as every frame read here shows
    for _ in range(20):
        await link.send("")
    data = b""
    while len(data) < 20 * 6:
        data += await raw.stream.receive_some()
    assert len({data[at + 2 : at + 6] for at in range(0, 20 * 6, 6)}) > 15


# ---- fragments (5.4)


@pytest.mark.parametrize(
    "parts", [["a", "b"], ["", "", ""], ["a", "", "b" * 70_000, "", "c"], list("abcdefgh")]
)
async def test_fragments_are_put_together(both: Joined, parts: list[str]):
    link, raw = both
    firsts = [0x01, *[0x00] * (len(parts) - 2), 0x80]
    frames = [(first, part.encode()) for first, part in zip(firsts, parts, strict=True)]
    await raw.send(*frames, (TEXT, b"next"))
    assert await link.receive() == "".join(parts)
    assert await link.receive() == "next"


async def test_control_frames_may_come_between_fragments(both: Joined):
    link, raw = both
    await raw.send((0x01, b"one"), (PING, b"1"), (0x00, b"two"), (PONG, b""), (PING, b"2"))
    assert [await raw.heard(), await raw.heard()] == [
        Frame(PONG, b"1"),
        Frame(PONG, b"2"),
    ]
    await raw.send((0x80, b"three"))
    assert await link.receive() == "onetwothree"


async def test_a_character_may_be_cut_by_fragments(both: Joined):
    link, raw = both
    clef = "𝄞".encode()
    await raw.send((0x01, clef[:1]), (0x00, clef[1:3]), (0x80, clef[3:]))
    assert await link.receive() == "𝄞"


@pytest.mark.parametrize(
    "frames",
    [
        [(0x80, b"the end of nothing")],
        [(0x00, b"the middle of nothing")],
        [(0x01, b"one"), (TEXT, b"two")],
        [(0x01, b"one"), (0x01, b"two")],
        [(0x01, b"one"), (0x80, b"two"), (0x80, b"three")],
    ],
)
async def test_fragments_out_of_order_are_1002(end: End, frames: list[tuple[int, bytes]]):
    async with joined(end) as (link, raw):
        await raw.send(*frames)
        if len(frames) == 3:
            assert await link.receive() == "onetwo"
        assert await refusal(link, raw) == 1002


# ---- what must not come (5.1, 5.2, 5.5)


@pytest.mark.parametrize("first", [TEXT | bit for bit in (0x40, 0x20, 0x10, 0x70)])
async def test_bits_of_extensions_that_were_not_agreed_upon_are_1002(both: Joined, first: int):
    link, raw = both
    await raw.send((first, b"[]"))
    assert await refusal(link, raw) == 1002


@pytest.mark.parametrize("opcode", [3, 4, 5, 6, 7, 0xB, 0xC, 0xD, 0xE, 0xF])
async def test_reserved_opcodes_are_1002(both: Joined, opcode: int):
    link, raw = both
    await raw.send((0x80 | opcode, b""))
    assert await refusal(link, raw) == 1002


@pytest.mark.parametrize("opcode", [8, 9, 0xA])
async def test_control_frames_in_fragments_are_1002(both: Joined, opcode: int):
    link, raw = both
    await raw.send((opcode, b""))
    assert await refusal(link, raw) == 1002


@pytest.mark.parametrize("first", [CLOSE, PING, PONG])
async def test_control_frames_of_more_than_125_bytes_are_1002(both: Joined, first: int):
    link, raw = both
    await raw.send((first, b"\x03\xe8" + b"x" * 124))
    assert await refusal(link, raw) == 1002


async def test_a_client_that_does_not_mask_and_a_server_that_does_are_1002(both: Joined):
    link, raw = both
    raw.role = "server" if raw.role == "client" else "client"
    wrong = raw.frame(TEXT, b"[]")
    raw.role = "server" if raw.role == "client" else "client"
    await raw.send(wrong)
    assert await refusal(link, raw) == 1002


@pytest.mark.parametrize(("size", "length_bytes"), [(0, 2), (125, 2), (125, 8), (65_535, 8)])
async def test_lengths_in_more_bytes_than_they_need_are_1002(
    both: Joined, size: int, length_bytes: int
):
    link, raw = both
    await raw.send(raw.frame(TEXT, b"x" * size, length_bytes=length_bytes))
    assert await refusal(link, raw) == 1002


async def test_a_length_with_its_first_bit_set_is_1002(both: Joined):
    link, raw = both
    mask = 0x80 if raw.role == "client" else 0
    await raw.send(bytes((TEXT, mask | 127)) + b"\x80" + b"\0" * 7 + b"\0" * 4)
    assert await refusal(link, raw) == 1002


@pytest.mark.parametrize(
    "frames",
    [[(BINARY, b"\x00")], [(BINARY, b"")], [(0x02, b"a"), (0x80, b"b")], [(BINARY, b"x" * 9000)]],
)
async def test_binary_messages_are_1003(end: End, frames: list[tuple[int, bytes]]):
    async with joined(end) as (link, raw):
        await raw.send(*frames)
        assert await refusal(link, raw) == 1003


# ---- UTF-8 (8.1)


@pytest.mark.parametrize(
    "bad",
    [
        b"\xff",
        b"\x80",
        b"\xc0\xaf",  # '/' in two bytes
        b"\xe0\x80\xaf",
        b"\xed\xa0\x80",  # a surrogate
        b"\xf4\x90\x80\x80",  # beyond the last character
        b"abc\xe2\x82",  # cut off
        b"x" * 70_000 + b"\xfe",
    ],
)
@pytest.mark.parametrize("is_cut", [False, True])
async def test_what_is_not_utf_8_is_1007(end: End, bad: bytes, is_cut: bool):
    async with joined(end) as (link, raw):
        if is_cut:
            await raw.send((0x01, bad[:1]), (0x80, bad[1:]))
        else:
            await raw.send((TEXT, bad))
        assert await refusal(link, raw) == 1007


# ---- sizes


async def test_the_greatest_message_is_read_and_a_greater_one_is_1009(both: Joined):
    link, raw = both
    async with trio.open_nursery() as nursery:
        nursery.start_soon(raw.send, (TEXT, b"x" * QUICK.max_message_size))
        assert await link.receive() == "x" * QUICK.max_message_size
        nursery.start_soon(raw.send, (TEXT, b"x" * (QUICK.max_message_size + 1)))
        assert await refusal(link, raw) == 1009
        nursery.cancel_scope.cancel()


async def test_a_length_beyond_all_memory_is_1009(both: Joined):
    link, raw = both
    mask = 0x80 if raw.role == "client" else 0
    begin = bytes((TEXT, mask | 127)) + (1 << 40).to_bytes(8, "big") + b"\0" * 4
    await raw.send(begin + b"x" * 4000)
    with trio.move_on_after(0.3):
        while not link.closed:  # the reference counts what comes
            await raw.stream.send_all(b"x" * 8000)
    assert await refusal(link, raw) == 1009


async def test_fragments_that_are_too_big_together_are_1009(both: Joined):
    link, raw = both
    part = b"x" * (QUICK.max_message_size // 2)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(raw.send, (0x01, part), (0x00, part), (0x80, b"x"))
        assert await refusal(link, raw) == 1009
        nursery.cancel_scope.cancel()


# ---- pings (5.5.2, 5.5.3)


@pytest.mark.parametrize("payload", [b"", b"\x00\xff", b"x" * 125])
async def test_a_ping_is_answered_with_what_it_holds(both: Joined, payload: bytes):
    _, raw = both
    await raw.send((PING, payload))
    assert await raw.heard() == Frame(PONG, payload)


async def test_a_pong_that_nobody_asked_for_is_ignored(both: Joined):
    link, raw = both
    await raw.send((PONG, b"what?"), (TEXT, b"[]"))
    assert await link.receive() == "[]"


async def test_a_pong_answers_a_ping_and_those_before(both: Joined):
    link, raw = both
    answers: list[bool] = []

    async def ask() -> None:
        answers.append(await link.ping(5))

    async with trio.open_nursery() as nursery:
        for _ in range(3):
            nursery.start_soon(ask)
        pings = [await raw.heard() for _ in range(3)]
        assert {ping.first for ping in pings} == {PING}
        assert len({ping.payload for ping in pings}) == 3
        await raw.send((PONG, b"of another"), (PONG, pings[2].payload))
    assert answers == [True] * 3


async def test_without_a_pong_a_ping_fails_in_time(both: Joined):
    link, raw = both
    assert await link.ping(0.05) is False
    await raw.send((PONG, (await raw.heard()).payload), (TEXT, b"[]"))
    assert await link.receive() == "[]"


async def test_a_peer_that_does_not_answer_pings_is_cut_off(end: End):
    settings = LinkSettings(ping_interval=0.05, pong_timeout=0.1)
    async with joined(end, settings) as (link, raw):
        ping = await raw.heard()
        await raw.send((PONG, ping.payload))
        assert (await raw.heard()).first == PING
        with pytest.raises(LinkClosed, match="does not answer pings"):
            await link.receive()


# ---- the closing handshake (5.5.1, 7)


@pytest.mark.parametrize("code", [1000, 1001, 1003, 1011, 1012, 3000, 4999])
@pytest.mark.parametrize("reason", ["", "é" * 61])
async def test_a_close_is_answered_and_the_connection_ended(end: End, code: int, reason: str):
    async with joined(end) as (link, raw):
        await raw.send((TEXT, b"before"), (CLOSE, close_payload(code, reason.encode())))
        assert await link.receive() == "before"
        with pytest.raises(LinkClosed) as closed:
            await link.receive()
        assert (closed.value.code, closed.value.reason) == (code, reason)
        assert closed.value.by_us is False
        answer = await raw.heard()
        assert answer.first == CLOSE
        assert answer.payload[:2] == close_payload(code)
        if raw.role == "server":
            await raw.stream.aclose()  # 7.1.1: the server goes first
        else:
            assert await raw.rest() == []
        await link.gone.wait()
        with pytest.raises(LinkClosed):
            link.post(b"too late")


async def test_a_close_without_a_code_is_answered_with_one_without(both: Joined):
    link, raw = both
    await raw.send((CLOSE, b""))
    assert await raw.heard() == Frame(CLOSE, b"")
    await link.gone.wait()
    assert link.closed is not None
    assert link.closed.code == 1005


@pytest.mark.parametrize(
    "payload",
    [b"\x03", *[close_payload(code) for code in (0, 999, 1005, 1006, 1015, 5000, 65_535)]],
)
async def test_closes_with_codes_that_may_not_be_sent_are_1002(both: Joined, payload: bytes):
    link, raw = both
    await raw.send((CLOSE, payload))
    assert await refusal(link, raw) == 1002


async def test_a_close_whose_reason_is_not_utf_8_is_1007(both: Joined):
    link, raw = both
    await raw.send((CLOSE, close_payload(1000, b"\xff")))
    assert await refusal(link, raw) == 1007


async def test_what_comes_before_the_answer_to_our_close_is_handed_over(both: Joined):
    link, raw = both
    heard: list[str | bytes] = []

    class Listener:
        def receive(self, text: str | bytes, /) -> None:
            heard.append(text if isinstance(text, str) else text.decode())

        def end(self, failure: Exception | None, /) -> None:
            heard.append("end")

    link.attach(Listener())
    async with trio.open_nursery() as nursery:
        nursery.start_soon(link.close, 1001, "restart")
        assert await raw.heard() == Frame(CLOSE, close_payload(1001, b"restart"))
        with pytest.raises(LinkClosed):
            link.post(b"too late")
        await raw.send((TEXT, b"late"), (PING, b""), (CLOSE, close_payload(1001)))
        if raw.role == "server":
            await raw.stream.aclose()
    assert link.closed is not None
    assert (link.closed.code, link.closed.by_us) == (1001, True)
    assert heard in (["late", "end"], ["end"])  # the reference looks no longer


async def test_a_close_that_is_not_answered_is_cut_short(both: Joined):
    link, raw = both
    began = trio.current_time()
    await link.close()
    assert 0.15 < trio.current_time() - began < 5
    assert [frame.first for frame in await raw.rest()] == [CLOSE]


async def test_a_peer_that_does_not_hang_up_after_its_fault_does_not_keep_us(both: Joined):
    link, raw = both
    await raw.send((0xFF, b""))
    assert [frame.first for frame in await raw.rest()] == [CLOSE]
    await link.gone.wait()


async def test_a_peer_that_sends_on_after_its_fault_does_not_keep_us(both: Joined):
    link, raw = both

    async def send_on() -> None:
        try:
            while True:
                await raw.send((TEXT, b"x" * 1000))
                await trio.sleep(0.001)
        except (trio.BrokenResourceError, trio.ClosedResourceError):
            return

    await raw.send((0xFF, b""))
    async with trio.open_nursery() as nursery:
        nursery.start_soon(send_on)
        with pytest.raises(LinkClosed):
            await link.receive()
        await link.gone.wait()
        nursery.cancel_scope.cancel()


async def test_the_end_of_the_connection_without_a_close_is_1006(both: Joined):
    link, raw = both
    await raw.send((TEXT, b"last"), b"\x81")
    await raw.stream.aclose()
    assert await link.receive() == "last"
    with pytest.raises(LinkClosed) as closed:
        await link.receive()
    assert closed.value.code == 1006
    await link.gone.wait()


# ---- slow and stalled peers


async def test_a_peer_that_reads_nothing_is_cut_off(both: Joined):
    link, _ = both
    with pytest.raises(LinkClosed, match="does not read"):
        await link.send("x" * 3_000_000)
    await link.gone.wait()


async def test_a_peer_that_reads_slowly_gets_everything(both: Joined):
    link, raw = both
    texts = [f"{number}" * 20_000 for number in range(5)]

    async def send() -> None:
        for text in texts:
            link.post(text.encode())
        await link.send("last")

    raw.pace, raw.bite = 0.005, 2_000
    async with trio.open_nursery() as nursery:
        nursery.start_soon(send)
        for text in [*texts, "last"]:
            assert (await raw.heard()).payload == text.encode()


async def test_two_that_both_send_much_do_not_stall_each_other(both: Joined):
    link, raw = both
    big = b"x" * 150_000

    async def hear() -> None:
        for _ in range(4):
            assert (await raw.heard()).payload == big

    async with trio.open_nursery() as nursery:
        for _ in range(4):
            link.post(big)
        await raw.send((TEXT, big), (TEXT, b"done"))  # only then does it read
        nursery.start_soon(hear)
        assert await link.receive() == big.decode()
        assert await link.receive() == "done"


async def test_a_flood_whose_answers_are_not_read_is_read_no_further(both: Joined):
    link, raw = both
    taken = 0

    class Echo:
        def receive(self, text: str | bytes, /) -> None:
            nonlocal taken
            taken += 1
            link.post(b"x" * 10_000)

        def end(self, failure: Exception | None, /) -> None: ...

    link.attach(Echo())
    with trio.move_on_after(0.25):
        while True:
            await raw.send(*[(TEXT, b"?")] * 1000)
    assert 2 <= taken < 110


async def test_a_receiver_that_pauses_gets_everything_later(both: Joined):
    link, raw = both
    heard: list[str] = []
    told = trio.Event()

    class Listener:
        def receive(self, text: str | bytes, /) -> None:
            heard.append(text if isinstance(text, str) else text.decode())
            if len(heard) == 3:
                link.pause()
            if len(heard) == 100:
                told.set()

        def end(self, failure: Exception | None, /) -> None: ...

    link.attach(Listener())
    await raw.send(*[(TEXT, b"%d" % number) for number in range(100)])
    await trio.sleep(0.05)
    assert heard == ["0", "1", "2"]
    link.resume()
    await told.wait()
    assert heard == [str(number) for number in range(100)]


async def test_a_receiver_that_fails_closes_with_1011_and_hears_of_it(both: Joined):
    link, raw = both
    failures: list[Exception | None] = []

    class Broken:
        def receive(self, text: str | bytes, /) -> None:
            raise KeyError("a bug")

        def end(self, failure: Exception | None, /) -> None:
            failures.append(failure)

    link.attach(Broken())
    await raw.send((TEXT, b"[]"), (TEXT, b"[]"))
    frames = await raw.rest()
    assert frames == [Frame(CLOSE, close_payload(1011))]
    await raw.stream.aclose()
    await link.gone.wait()
    assert [type(failure) for failure in failures] == [KeyError]


# ---- permessage-deflate, where it was not agreed upon


async def test_a_compressed_message_that_nobody_agreed_upon_is_1002(both: Joined):
    link, raw = both
    await raw.send((TEXT | RSV1, b"\xaa\x56\x02\x00"))
    assert await refusal(link, raw) == 1002
