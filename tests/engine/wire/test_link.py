"""One WebSocket: its frames, pings and ends, in memory under virtual time."""

import pytest
import trio
from trio.testing import MockClock, memory_stream_pair, wait_all_tasks_blocked

from pilotwire.engine.wire.link import Link, LinkSettings, start_link
from pilotwire.engine.wire.link_errors import HandshakeFailed, LinkClosed
from pilotwire.engine.wire.memory import link_over, memory_link_pair
from pilotwire.engine.wire.websocket import server

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


async def stalling_pair(
    nursery: trio.Nursery, settings: LinkSettings
) -> tuple[Link, Link, Valve]:
    near, far = memory_stream_pair()
    valve = Valve(near)
    return *await link_over(nursery, valve, far, "ocpp1.6", settings), valve


async def test_text_goes_both_ways(autojump_clock: MockClock):
    async with trio.open_nursery() as nursery:
        station, csms = await memory_link_pair(nursery, "ocpp1.6")
        assert (station.subprotocol, csms.subprotocol) == ("ocpp1.6", "ocpp1.6")
        await station.send(b'["\xc3\xa9"]')
        assert await csms.receive() == '["é"]'
        await csms.send("x" * 500_000)
        assert await station.receive() == "x" * 500_000
        await station.close()


async def test_a_close_reaches_the_other_side_with_its_code(autojump_clock: MockClock):
    async with trio.open_nursery() as nursery:
        station, csms = await memory_link_pair(nursery, "ocpp1.6")
        nursery.start_soon(csms.close, 1001, "restart")
        with pytest.raises(LinkClosed, match=r"^closed with 1001 \(restart\)$") as closed:
            await station.receive()
        assert (closed.value.code, closed.value.reason, closed.value.by_us) == (
            1001,
            "restart",
            False,
        )
        with pytest.raises(LinkClosed):
            await station.send("too late")
    assert csms.closed is not None
    assert (csms.closed.code, csms.closed.by_us) == (1001, True)
    assert trio.current_time() == 0


async def test_messages_before_the_close_are_still_read(autojump_clock: MockClock):
    async with trio.open_nursery() as nursery:
        station, csms = await memory_link_pair(nursery, "ocpp1.6")
        await csms.send("one")
        await csms.send("two")
        nursery.start_soon(csms.close)
        await wait_all_tasks_blocked()
        assert [await station.receive(), await station.receive()] == ["one", "two"]
        with pytest.raises(LinkClosed):
            await station.receive()


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


async def test_a_binary_frame_closes_with_1003(autojump_clock: MockClock):
    async with trio.open_nursery() as nursery:
        station, csms = await memory_link_pair(nursery, "ocpp1.6")
        await station._websocket.send_message(b"\x00")
        with pytest.raises(LinkClosed):
            await csms.receive()
        await station.gone.wait()
        assert station.closed is not None
        assert station.closed.code == 1003


async def test_an_idle_peer_that_does_not_answer_pings_is_cut_off(autojump_clock: MockClock):
    settings = LinkSettings(ping_interval=30, pong_timeout=10)
    async with trio.open_nursery() as nursery:
        station, csms, valve = await stalling_pair(nursery, settings)
        await trio.sleep(100)
        assert station.closed is None
        valve.is_shut = True
        with pytest.raises(LinkClosed, match="does not answer pings"):
            await station.receive()
        assert 120 <= trio.current_time() <= 145
        await csms.gone.wait()


async def test_pings_can_be_switched_on_and_off(autojump_clock: MockClock):
    async with trio.open_nursery() as nursery:
        station, _, valve = await stalling_pair(nursery, SETTINGS)
        valve.is_shut = True
        await trio.sleep(10_000)
        assert station.closed is None
        station.set_ping_interval(60)
        await trio.sleep(30)
        station.set_ping_interval(0)
        await trio.sleep(10_000)
        assert station.closed is None
        station.set_ping_interval(60)
        await station.gone.wait()
        assert trio.current_time() == pytest.approx(20_030 + 60 + 10)


async def test_a_peer_that_reads_nothing_is_cut_off_after_30_s(autojump_clock: MockClock):
    async with trio.open_nursery() as nursery:
        station, _, valve = await stalling_pair(nursery, SETTINGS)
        valve.is_shut = True
        with pytest.raises(LinkClosed, match="does not read"):
            await station.send("x")
        assert trio.current_time() == pytest.approx(30)
        await station.gone.wait()


async def test_a_cancelled_send_is_sent_whole(autojump_clock: MockClock):
    async with trio.open_nursery() as nursery:
        station, csms = await memory_link_pair(nursery, "ocpp1.6")
        with trio.CancelScope() as scope:
            scope.cancel()
            await station.send("whole")
        await station.send("next")
        assert [await csms.receive(), await csms.receive()] == ["whole", "next"]
        await station.close()


async def test_a_close_that_is_not_answered_is_cut_short(autojump_clock: MockClock):
    async with trio.open_nursery() as nursery:
        station, _, valve = await stalling_pair(nursery, SETTINGS)
        valve.is_shut = True
        await station.close()
        assert trio.current_time() == pytest.approx(3)
        assert station.gone.is_set()


async def test_a_broken_connection_is_1006(autojump_clock: MockClock):
    near, far = memory_stream_pair()
    async with trio.open_nursery() as nursery:
        station, _ = await link_over(nursery, near, far, "ocpp1.6", SETTINGS)
        await far.aclose()
        with pytest.raises(LinkClosed) as closed:
            await station.receive()
        assert closed.value.code == 1006


async def test_a_handshake_that_never_ends_is_given_up(autojump_clock: MockClock):
    near, _far = memory_stream_pair()
    connection = server(near, max_message_size=1000)

    async def never() -> None:
        await connection.requested()

    async with trio.open_nursery() as nursery:
        with pytest.raises(HandshakeFailed, match="too long"):
            await start_link(nursery, near, connection, never, SETTINGS)
    assert trio.current_time() == pytest.approx(10)
    with pytest.raises(trio.ClosedResourceError):
        await near.send_all(b"x")
