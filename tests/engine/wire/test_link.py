"""The life of a link of either transport, in memory under virtual time."""

from typing import NamedTuple

import pytest
import trio
from trio.testing import MockClock, memory_stream_pair, wait_all_tasks_blocked

from pilotwire.engine.wire.link import LinkSettings
from pilotwire.engine.wire.link_errors import HandshakeFailed, LinkClosed
from pilotwire.engine.wire.memory import link_over, memory_link_pair
from pilotwire.engine.wire.reference_link import start_reference_link
from pilotwire.engine.wire.websocket import server

from .raw import AnyLink

SETTINGS = LinkSettings()


class Valve(trio.abc.Stream):
    """A stream whose receiving end can be shut: what is sent stays with the sender."""

    def __init__(self, stream: trio.abc.Stream) -> None:
        self.stream = stream
        self.is_shut = False
        self.closed = trio.Event()

    async def send_all(self, data: bytes | bytearray | memoryview) -> None:
        if self.is_shut:
            await self.closed.wait()
            raise trio.ClosedResourceError
        await self.stream.send_all(data)

    async def wait_send_all_might_not_block(self) -> None:
        await self.stream.wait_send_all_might_not_block()

    async def receive_some(self, max_bytes: int | None = None) -> bytes | bytearray:
        return await self.stream.receive_some(max_bytes)

    async def aclose(self) -> None:
        self.closed.set()
        await self.stream.aclose()


class Pair(NamedTuple):
    """A link, the one at the other end, and what is between."""

    link: AnyLink
    other: AnyLink
    valve: Valve
    """Of what the link sends."""


@pytest.fixture(params=["reference", "direct"])
def transport(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


async def pair_of(nursery: trio.Nursery, transport: str, settings: LinkSettings = SETTINGS) -> Pair:
    """A link of this transport, joined with one of the other."""
    near, far = memory_stream_pair()
    if transport == "reference":
        valve = Valve(near)
        return Pair(*await link_over(nursery, valve, far, "ocpp1.6", settings), valve)
    valve = Valve(far)
    station, csms = await link_over(nursery, near, valve, "ocpp1.6", settings)
    return Pair(csms, station, valve)


async def test_text_goes_both_ways(autojump_clock: MockClock):
    async with trio.open_nursery() as nursery:
        station, csms = await memory_link_pair(nursery, "ocpp1.6")
        assert (station.subprotocol, csms.subprotocol) == ("ocpp1.6", "ocpp1.6")
        await station.send(b'["\xc3\xa9"]')
        assert await csms.receive() == '["é"]'
        await csms.send("x" * 500_000)
        assert await station.receive() == "x" * 500_000
        await station.close()


async def test_a_close_reaches_the_other_side_with_its_code(
    transport: str, autojump_clock: MockClock
):
    async with trio.open_nursery() as nursery:
        link, other, _ = await pair_of(nursery, transport)
        nursery.start_soon(other.close, 1001, "restart")
        with pytest.raises(LinkClosed, match=r"^closed with 1001 \(restart\)$") as closed:
            await link.receive()
        assert (closed.value.code, closed.value.reason, closed.value.by_us) == (
            1001,
            "restart",
            False,
        )
        with pytest.raises(LinkClosed):
            await link.send("too late")
    assert other.closed is not None
    assert (other.closed.code, other.closed.by_us) == (1001, True)
    assert trio.current_time() == 0


async def test_messages_before_the_close_are_still_read(transport: str, autojump_clock: MockClock):
    async with trio.open_nursery() as nursery:
        link, other, _ = await pair_of(nursery, transport)
        await other.send("one")
        await other.send("two")
        nursery.start_soon(other.close)
        await wait_all_tasks_blocked()
        assert [await link.receive(), await link.receive()] == ["one", "two"]
        with pytest.raises(LinkClosed):
            await link.receive()


async def test_cancelling_the_owner_closes_with_1001(autojump_clock: MockClock):
    async with trio.open_nursery() as outer:
        async with trio.open_nursery() as nursery:
            station, csms = await memory_link_pair(nursery, "ocpp1.6")
            nursery.cancel_scope.cancel()
        assert station.gone.is_set()
        assert csms.gone.is_set()
        outer.cancel_scope.cancel()
    assert station.closed is not None
    assert station.closed.code == 1001
    assert trio.current_time() < 1


async def test_an_idle_peer_that_does_not_answer_pings_is_cut_off(
    transport: str, autojump_clock: MockClock
):
    settings = LinkSettings(ping_interval=30, pong_timeout=10)
    async with trio.open_nursery() as nursery:
        link, other, valve = await pair_of(nursery, transport, settings)
        await trio.sleep(100)
        assert link.closed is None
        valve.is_shut = True
        with pytest.raises(LinkClosed, match="does not answer pings"):
            await link.receive()
        assert 120 <= trio.current_time() <= 145
        await other.gone.wait()


async def test_pings_can_be_switched_on_and_off(transport: str, autojump_clock: MockClock):
    async with trio.open_nursery() as nursery:
        link, _, valve = await pair_of(nursery, transport)
        valve.is_shut = True
        await trio.sleep(10_000)
        assert link.closed is None
        link.set_ping_interval(60)
        await trio.sleep(30)
        link.set_ping_interval(0)
        await trio.sleep(10_000)
        assert link.closed is None
        link.set_ping_interval(60)
        await link.gone.wait()
        assert trio.current_time() == pytest.approx(20_030 + 60 + 10)


async def test_a_peer_that_reads_nothing_is_cut_off_after_30_s(
    transport: str, autojump_clock: MockClock
):
    async with trio.open_nursery() as nursery:
        link, _, valve = await pair_of(nursery, transport)
        valve.is_shut = True
        with pytest.raises(LinkClosed, match="does not read"):
            await link.send("x")
        assert trio.current_time() == pytest.approx(30)
        await link.gone.wait()


async def test_a_peer_that_is_slow_time_and_again_is_not_cut_off(
    transport: str, autojump_clock: MockClock
):
    """What has left needs no patience, however often something had to wait."""
    async with trio.open_nursery() as nursery:
        link, other, _ = await pair_of(nursery, transport)
        for _ in range(100):
            await link.send("x")
            assert await other.receive() == "x"
            await trio.sleep(7)
        assert link.closed is None
        await link.close()


async def test_a_cancelled_send_is_sent_whole(transport: str, autojump_clock: MockClock):
    async with trio.open_nursery() as nursery:
        link, other, _ = await pair_of(nursery, transport)
        with trio.CancelScope() as scope:
            scope.cancel()
            await link.send("whole")
        await link.send("next")
        assert [await other.receive(), await other.receive()] == ["whole", "next"]
        await link.close()


async def test_several_tasks_may_wait_for_what_they_send(transport: str, autojump_clock: MockClock):
    async with trio.open_nursery() as nursery:
        pair = await pair_of(nursery, transport)
        texts = [f"{number}" * 200_000 for number in range(3)]
        async with trio.open_nursery() as senders:
            for text in texts:
                senders.start_soon(pair.link.send, text)
            await wait_all_tasks_blocked()
            received = {await pair.other.receive() for _ in texts}
        assert received == set(texts)
        nursery.cancel_scope.cancel()


async def test_a_close_that_is_not_answered_is_cut_short(transport: str, autojump_clock: MockClock):
    async with trio.open_nursery() as nursery:
        link, _, valve = await pair_of(nursery, transport)
        valve.is_shut = True
        await link.close()
        assert trio.current_time() == pytest.approx(3)
        assert link.gone.is_set()


async def test_what_is_posted_before_a_close_leaves_before_it(
    transport: str, autojump_clock: MockClock
):
    async with trio.open_nursery() as nursery:
        link, other, _ = await pair_of(nursery, transport)
        for number in range(20):
            link.post(b"%d" % number)
        nursery.start_soon(link.close, 1001)
        assert [await other.receive() for _ in range(20)] == [str(number) for number in range(20)]
        with pytest.raises(LinkClosed, match="1001"):
            await other.receive()


async def test_a_reader_that_falls_behind_stops_reading(transport: str, autojump_clock: MockClock):
    async with trio.open_nursery() as nursery:
        link, other, _ = await pair_of(nursery, transport)
        for number in range(200):
            await other.send(str(number))
        await trio.sleep(1)
        assert not await other.ping(1)  # it would be answered by who still reads
        assert [await link.receive() for _ in range(200)] == [str(n) for n in range(200)]
        assert await other.ping(1)
        await link.close()
        with pytest.raises(LinkClosed):
            await link.receive()


async def test_a_pong_that_could_not_be_read_yet_cuts_nobody_off(autojump_clock: MockClock):
    settings = LinkSettings(ping_interval=30, pong_timeout=10)
    async with trio.open_nursery() as nursery:
        station, csms = await memory_link_pair(nursery, "ocpp1.6", settings)
        station.set_ping_interval(0)
        for number in range(100):
            await station.send(str(number))
        await trio.sleep(300)  # the csms has stopped reading, not the station
        assert csms.closed is None
        assert [await csms.receive() for _ in range(100)] == [str(n) for n in range(100)]
        await trio.sleep(300)
        assert csms.closed is None
        await csms.close()


async def test_a_broken_connection_is_1006(transport: str, autojump_clock: MockClock):
    async with trio.open_nursery() as nursery:
        link, other, valve = await pair_of(nursery, transport)
        del other
        await valve.aclose()
        with pytest.raises(LinkClosed) as closed:
            await link.receive()
        assert closed.value.code == 1006


async def test_a_handshake_that_never_ends_is_given_up(autojump_clock: MockClock):
    near, _far = memory_stream_pair()
    connection = server(near, max_message_size=1000)

    async def never() -> None:
        await connection.requested()

    async with trio.open_nursery() as nursery:
        with pytest.raises(HandshakeFailed, match="too long"):
            await start_reference_link(nursery, near, connection, never, SETTINGS)
    assert trio.current_time() == pytest.approx(10)
    with pytest.raises(trio.ClosedResourceError):
        await near.send_all(b"x")
