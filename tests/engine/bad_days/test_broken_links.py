"""The link breaks at every possible moment of two sessions: the station comes back, and the central
system has each transaction once.
"""

import pytest
import trio
from trio.testing import MockClock

from pilotwire.drivers.ev import Ev

from .fragile import FragileWorld

FRAMES = 30


async def two_sessions(world: FragileWorld) -> None:
    """The first person comes before the station has booted."""
    for token in ("FIRST", "SECOND"):
        await charge(world, token)
        await trio.sleep(30)


async def charge(world: FragileWorld, token: str) -> None:
    driver = world.drivers[0]
    driver.plug_in(Ev())
    await trio.sleep(1)
    driver.present_token(token)
    await trio.sleep(500)
    assert driver.is_contactor_closed
    driver.present_token(token)
    await trio.sleep(1)
    assert not driver.is_contactor_closed
    driver.unplug()


@pytest.mark.parametrize("moment", ["unseen", "unanswered", "answered"])
async def test_a_link_that_breaks_loses_and_doubles_nothing(
    moment: str, autojump_clock: MockClock
) -> None:
    total = await frames_of_an_unbroken_run()
    assert total >= FRAMES
    for number in range(1, total + 1):
        world = FragileWorld(variables={"AuthCtrlr.OfflineTxForUnknownIdEnabled": True})
        world.death = (number, moment)
        async with trio.open_nursery() as life:
            life.start_soon(world.station.run)
            await two_sessions(world)
            await trio.sleep(600)
            life.cancel_scope.cancel()
        assert world.death is None, f"no death at frame {number}"
        assert world.csms.links == 2, number
        assert len(world.journal) == 0, number
        world.ledger.check(transactions=2)


async def frames_of_an_unbroken_run() -> int:
    world = FragileWorld(variables={"AuthCtrlr.OfflineTxForUnknownIdEnabled": True})
    async with trio.open_nursery() as life:
        life.start_soon(world.station.run)
        await two_sessions(world)
        await trio.sleep(5)
        life.cancel_scope.cancel()
    world.ledger.check(transactions=2)
    return world.frames
