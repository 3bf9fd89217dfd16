"""A simulated link does what a WebSocket would, and what befalls it."""

from collections.abc import Awaitable, Callable

import pytest
import trio
from trio.testing import MockClock

from pilotwire.engine.fleet.line import UNACKNOWLEDGED, UNTOUCHED, Carriage, Fate, Line
from pilotwire.engine.wire.link import Unwanted, close_when_cancelled
from pilotwire.engine.wire.link_errors import LinkClosed


class Befalling:
    """Faults that a test sets."""

    def __init__(self) -> None:
        self.fate = UNTOUCHED
        self.late = 0.0

    def of_message(self) -> Fate:
        return self.fate

    def of_end(self) -> float:
        return self.late


class Heard:
    """A receiver that notes when it heard what."""

    def __init__(self) -> None:
        self.messages: list[tuple[float, str | bytes]] = []
        self.ended_at: float | None = None
        self.refuses = False

    def receive(self, text: str | bytes, /) -> None:
        if self.refuses:
            raise Unwanted(1009, "message too big")
        self.messages.append((trio.current_time(), text))

    def end(self, failure: Exception | None, /) -> None:
        assert self.ended_at is None
        self.ended_at = trio.current_time()


Begin = Callable[[], Awaitable[tuple[Line, Befalling, Heard]]]


@pytest.fixture
async def begin(nursery: trio.Nursery) -> Begin:
    async def give() -> tuple[Line, Befalling, Heard]:
        carriage, faults, heard = Carriage(), Befalling(), Heard()
        nursery.start_soon(carriage.run)
        line = Line("ocpp2.0.1", carriage, faults)
        line.central.attach(heard)
        return line, faults, heard

    return give


async def test_messages_come_in_order_as_bytes_where_they_are_ascii(
    begin: Begin, autojump_clock: MockClock
) -> None:
    line, _, heard = await begin()
    line.station.post(b"one")
    line.station.post("zwölf".encode())
    assert heard.messages == []  # never before the sender has gone on
    await trio.sleep(0.1)
    assert [text for _, text in heard.messages] == [b"one", "zwölf"]


async def test_without_a_receiver_they_wait(begin: Begin, autojump_clock: MockClock) -> None:
    line, _, _ = await begin()
    line.central.post(b"hello")
    assert await line.station.receive() == "hello"
    await line.central.send("again")
    await trio.sleep(0.1)
    line.station.attach(Heard())
    await line.station.close(1001, "going away")
    with pytest.raises(LinkClosed, match="1001"):
        line.station.post(b"late")


async def test_a_late_message_holds_up_those_behind_it(
    begin: Begin, autojump_clock: MockClock
) -> None:
    line, faults, heard = await begin()
    began = trio.current_time()
    faults.fate = Fate(delay=3.0)
    line.station.post(b"late")
    faults.fate = UNTOUCHED
    line.station.post(b"behind")
    await line.station.close()
    await trio.sleep(5)
    assert heard.messages == [(began + 3, b"late"), (began + 3, b"behind")]
    assert heard.ended_at == began + 3


async def test_what_is_paused_waits(begin: Begin, autojump_clock: MockClock) -> None:
    line, _, heard = await begin()
    line.central.pause()
    line.station.post(b"one")
    await trio.sleep(1)
    assert heard.messages == []
    line.central.resume()
    assert [text for _, text in heard.messages] == [b"one"]


async def test_a_line_that_breaks_loses_the_message_and_both_ends_hear(
    begin: Begin, autojump_clock: MockClock
) -> None:
    line, faults, heard = await begin()
    faults.fate = Fate(breaks=True)
    line.station.post(b"lost")
    await trio.sleep(0.1)
    assert heard.messages == []
    assert line.station.closed is not None
    assert line.central.closed is not None
    assert line.station.closed.code == line.central.closed.code == 1006


async def test_the_central_system_may_hear_of_the_end_later_and_of_the_last_message(
    begin: Begin, autojump_clock: MockClock
) -> None:
    line, faults, heard = await begin()
    began = trio.current_time()
    faults.fate, faults.late = Fate(breaks=True), 20.0
    line.station.post(b"last")
    await trio.sleep(1)
    assert line.station.closed is not None
    assert line.central.closed is None
    await trio.sleep(30)
    assert heard.messages == [(began + 20, b"last")]
    assert heard.ended_at == began + 20


async def test_a_silent_line_is_believed_in_until_the_next_ping_has_no_answer(
    begin: Begin, autojump_clock: MockClock
) -> None:
    line, faults, heard = await begin()
    began = trio.current_time()
    line.central.set_ping_interval(60, 20)
    await trio.sleep(90)
    faults.fate = Fate(silences=True)
    line.station.post(b"lost")
    assert not await line.station.ping(5)
    await trio.sleep(100)
    assert heard.messages == []
    assert heard.ended_at == began + 120 + 20
    assert line.station.closed is None  # it does not ping
    await trio.sleep(UNACKNOWLEDGED)
    assert line.station.closed is not None
    assert "acknowledged" in str(line.station.closed)


async def test_a_power_cut_tells_nobody(begin: Begin, autojump_clock: MockClock) -> None:
    line, _, heard = await begin()
    line.central.set_ping_interval(60, 20)
    began = trio.current_time()
    line.cut_power()
    assert line.station.closed is not None
    await trio.sleep(200)
    assert heard.ended_at == began + 80


async def test_an_unwanted_message_ends_the_link(begin: Begin, autojump_clock: MockClock) -> None:
    line, _, heard = await begin()
    heard.refuses = True
    line.station.post(b"much")
    await trio.sleep(0.1)
    assert line.station.closed is not None
    assert line.station.closed.code == 1009


async def test_a_cancelled_owner_goes_away_in_order(
    begin: Begin, autojump_clock: MockClock
) -> None:
    line, _, heard = await begin()
    async with trio.open_nursery() as owner:
        owner.start_soon(close_when_cancelled, line.station)
        await trio.sleep(1)
        assert await line.central.ping(5)
        owner.cancel_scope.cancel()
    await trio.sleep(0.1)
    assert heard.ended_at is not None
    assert line.central.closed is not None
    assert line.central.closed.code == 1001
