"""The power goes, at any instant, and comes back: what the station then tells of the transaction
that it was in (1.6 errata 3.34, 2.x E-blocks: PowerLoss).
"""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import trio
from trio.testing import MockClock

from pilotwire.drivers.ev import Ev
from pilotwire.drivers.simulator import SimulatedEvse
from pilotwire.engine.hardware import last_register
from pilotwire.engine.journal.journal import Journal
from pilotwire.profiles.messages import v16

from .fragile import FragileWorld

CUTS = 100
VARIABLES = {"AuthCtrlr.OfflineTxForUnknownIdEnabled": True}


class Site:
    """A place with a station's journal and a central system; the station there lives many lives."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.first = FragileWorld()
        self.ledger = self.first.ledger
        self.journal: Journal | None = None

    @asynccontextmanager
    async def powered(self) -> AsyncIterator[FragileWorld]:
        """Power for the station; at the end of the block it is cut."""
        journal = Journal.open(self.path, inline=True)
        drivers = [SimulatedEvse(energy_import=last_register(journal, n)) for n in (1, 2)]
        world = FragileWorld(journal=journal, drivers=drivers, variables=VARIABLES)
        world.csms = self.first.csms
        world.clock.set(self.first.clock.time())  # the clock goes on without power
        try:
            async with trio.open_nursery() as nursery:
                await nursery.start(world.station.run)
                yield world
                nursery.cancel_scope.cancel()
        finally:
            journal.close()


async def test_power_loss_in_mid_transaction_is_told_with_what_was_last_kept(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    site = Site(tmp_path / "journal")
    async with site.powered() as world:
        await trio.sleep(1)
        await world.charge()
        await trio.sleep(150)
    async with site.powered() as world:
        await trio.sleep(5)
    site.ledger.check(transactions=1)
    ((number, start),) = site.ledger.starts.items()
    stop, readings = site.ledger.ends[number], site.ledger.readings[number]
    assert len(readings) == 2
    assert (stop.reason, stop.timestamp) == ("PowerLoss", readings[-1].timestamp)
    assert (stop.timestamp - start.timestamp).total_seconds() == 120
    assert stop.meter_stop == 368  # 11.04 kW for 120 s


async def test_a_stop_that_waits_already_is_the_only_one(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    site = Site(tmp_path / "journal")
    async with site.powered() as world:
        await trio.sleep(1)
        await world.charge()
        await world.csms.drop()
        world.drivers[0].unplug(at_car=True)
        await trio.sleep(1)
    world.csms.come_back()
    async with site.powered() as world:
        await trio.sleep(60)
    site.ledger.check(transactions=1)
    assert [stop.reason for stop in site.ledger.ends.values()] == ["EVDisconnected"]


async def test_three_cuts_without_a_link_bring_one_stop(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    site = Site(tmp_path / "journal")
    async with site.powered() as world:
        await trio.sleep(1)
        await world.charge()
        await world.csms.drop()
    for _ in range(3):
        async with site.powered() as world:
            await trio.sleep(10)
    world.csms.come_back()
    async with site.powered():
        await trio.sleep(60)
    site.ledger.check(transactions=1)
    assert [stop.reason for stop in site.ledger.ends.values()] == ["PowerLoss"]


async def test_a_start_that_was_not_answered_goes_out_again_in_the_same_words(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    site = Site(tmp_path / "journal")
    frames: list[str] = []

    def swallow(answer: str) -> None:
        frames.append(answer)

    async with site.powered() as world:
        await trio.sleep(1)
        world.spoil["StartTransaction"] = swallow
        await world.charge()
        await trio.sleep(20)
        assert len(frames) == 1
    async with site.powered():
        await trio.sleep(60)
    starts = site.first.csms.of(v16.StartTransactionRequest)
    assert len(starts) == 2
    assert msgspec.json.encode(starts[0]) == msgspec.json.encode(starts[1])
    site.ledger.check(transactions=1)


async def test_cuts_at_random_instants_lose_and_double_nothing(
    seed: int, tmp_path: Path, autojump_clock: MockClock
) -> None:
    chance = random.Random(seed)
    site = Site(tmp_path / "journal")
    for life in range(CUTS):
        async with site.powered() as world:
            world.csms.is_reachable = chance.random() < 0.7
            async with trio.open_nursery() as people:
                for number, driver in enumerate(world.drivers):
                    person = random.Random(chance.random())
                    people.start_soon(come_and_go, driver, f"{life}-{number}", person)
                await trio.sleep(chance.expovariate(1 / 100))
                people.cancel_scope.cancel()
    site.first.csms.come_back()
    async with site.powered() as world:
        await trio.sleep(100)
        assert len(world.journal) == 0
    site.ledger.check(transactions=len(site.ledger.starts))
    reasons = [stop.reason for stop in site.ledger.ends.values()]
    assert len(reasons) > CUTS
    assert reasons.count("PowerLoss") > CUTS / 5
    assert reasons.count("Local") > CUTS / 5


async def come_and_go(driver: SimulatedEvse, name: str, chance: random.Random) -> None:
    for visit in range(1000):
        await trio.sleep(chance.uniform(0, 10))
        driver.plug_in(Ev())
        await trio.sleep(chance.uniform(0, 2))
        driver.present_token(f"{name}-{visit}")
        await trio.sleep(chance.uniform(0, 150))
        driver.present_token(f"{name}-{visit}")
        await trio.sleep(chance.uniform(0, 2))
        driver.unplug(at_car=True)
