"""A journal that is damaged, strange or old, and a station that has to start on it."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from pilotwire.engine.journal.journal import Journal
from pilotwire.engine.station.keepsake import keepsakes

from .fragile import FragileWorld

SPACES = ("availability", "csms_transactions", "evse", "tokens", "variables")
GARBAGE = [b"", b"\xff\xfe", b"{", b"null", b"[]", b'{"evse": 7}', b"\x00" * 1000]


async def life(path: Path, **arguments: Any) -> FragileWorld:
    """Live for a while on this journal, charging at the end."""
    journal = Journal.open(path, inline=True)
    world = FragileWorld(journal=journal, **arguments)
    try:
        async with trio.open_nursery() as nursery:
            await nursery.start(world.station.run)
            await trio.sleep(10)
            await world.charge(evse=len(world.drivers))
            await trio.sleep(100)
            nursery.cancel_scope.cancel()
    finally:
        journal.close()
    return world


@pytest.mark.parametrize("garbage", GARBAGE)
async def test_values_that_are_garbage_do_not_keep_the_station_from_its_work(
    garbage: bytes, tmp_path: Path, autojump_clock: MockClock
) -> None:
    await life(tmp_path / "journal")
    with sqlite3.connect(tmp_path / "journal") as database:
        for space in SPACES:
            database.execute(
                "INSERT OR REPLACE INTO kept SELECT space, key, ?1 FROM kept WHERE space = ?2",
                (garbage, space),
            )
            for key in ("1", "1.1", "Some.Thing", "no key at all"):
                if space != "availability" or "." in key:
                    database.execute(
                        "INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", (space, key, garbage)
                    )
    database.close()
    world = await life(tmp_path / "journal")
    assert len(world.ledger.starts) == 1


async def test_a_station_with_fewer_evses_still_tells_what_happened_at_those_it_had(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    path = tmp_path / "journal"
    journal = Journal.open(path, inline=True)
    before = FragileWorld(journal=journal, connectors=(1, 1))
    async with trio.open_nursery() as nursery:
        await nursery.start(before.station.run)
        await trio.sleep(1)
        await before.charge(evse=2)
        before.station.perform(before.station.tree.evse(2).request_availability(False, 1))
        await before.csms.drop()
        await trio.sleep(100)
        nursery.cancel_scope.cancel()
    journal.close()
    after = await life(path, connectors=(1,))
    assert [stop.reason for stop in after.ledger.ends.values()] == ["PowerLoss"]
    assert after.ledger.ends.keys() == before.ledger.starts.keys()


async def test_what_the_csms_called_a_transaction_is_forgotten_with_it(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    journal = Journal.open(tmp_path / "journal", inline=True)
    world = FragileWorld(journal=journal)
    async with trio.open_nursery() as nursery:
        await nursery.start(world.station.run)
        await trio.sleep(1)
        await world.charge()
        assert len(journal.items("csms_transactions")) == 1
        world.drivers[0].unplug(at_car=True)
        await trio.sleep(1)
        nursery.cancel_scope.cancel()
    world.ledger.check(transactions=1)
    assert journal.items("csms_transactions") == {}
    journal.close()
    journal = Journal.open(tmp_path / "journal", inline=True)
    assert journal.items("csms_transactions") == {}
    assert keepsakes(journal)[1].evse.transaction is None
    journal.close()
