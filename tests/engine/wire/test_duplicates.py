"""A second connection of the same identity."""

import pytest
import trio
from trio.testing import MockClock

from pilotwire.engine.wire.duplicates import Seats, verdict
from pilotwire.engine.wire.link import Link
from pilotwire.engine.wire.memory import memory_link_pair


@pytest.mark.parametrize(
    ("is_new_authenticated", "is_old_alive", "expected"),
    [
        (True, True, "replace_old"),
        (True, False, "replace_old"),
        (False, False, "replace_old"),
        (False, True, "refuse_new"),
    ],
)
def test_which_of_the_two_stays(is_new_authenticated: bool, is_old_alive: bool, expected: str):
    decision = verdict(is_new_authenticated=is_new_authenticated, is_old_alive=is_old_alive)
    assert decision == expected


async def occupy(
    nursery: trio.Nursery, seats: Seats, link: Link, task_status: trio.TaskStatus[None]
) -> None:
    """What a connection's task does."""
    seat = await seats.take("CP", is_authenticated=False)
    assert seat is not None
    seat.link = link
    task_status.started()
    try:
        with seat.scope:
            await trio.sleep_forever()
    finally:
        seats.leave("CP", seat)


async def test_a_living_station_keeps_its_place(autojump_clock: MockClock):
    seats = Seats()
    async with trio.open_nursery() as nursery:
        _, csms = await memory_link_pair(nursery, "ocpp1.6")
        await nursery.start(occupy, nursery, seats, csms)
        assert await seats.take("CP", is_authenticated=False) is None
        assert csms.closed is None
        assert seats.link_of("CP") is csms
        assert await seats.take("other", is_authenticated=False) is not None
        nursery.cancel_scope.cancel()


async def test_the_newest_authenticated_connection_wins(autojump_clock: MockClock):
    seats = Seats()
    async with trio.open_nursery() as nursery:
        station, csms = await memory_link_pair(nursery, "ocpp1.6")
        await nursery.start(occupy, nursery, seats, csms)
        assert await seats.take("CP", is_authenticated=True) is not None
        assert station.closed is not None
        assert station.closed.code == 1008
        assert len(seats) == 1
        assert seats.link_of("CP") is None


async def test_a_dead_connection_keeps_nobody_out(autojump_clock: MockClock):
    seats = Seats()
    async with trio.open_nursery() as nursery:
        station, csms = await memory_link_pair(nursery, "ocpp1.6")
        await nursery.start(occupy, nursery, seats, csms)
        for _ in range(100):  # the station reads nothing more, so that its reader stops
            await csms.send("x")
        assert await seats.take("CP", is_authenticated=False) is not None
        assert 5 <= trio.current_time() <= 5 + 2 * 3
        await station.close()


async def test_of_two_that_come_at_once_one_is_seated(autojump_clock: MockClock):
    seats = Seats()
    results: list[bool] = []

    async def come() -> None:
        results.append(await seats.take("CP", is_authenticated=False) is not None)

    async with trio.open_nursery() as nursery:
        nursery.start_soon(come)
        nursery.start_soon(come)
    assert sorted(results) == [False, True]
