"""Ten thousand messages wait: they are delivered in order, at a bounded cost; beyond the bound the
readings between the others go first.
"""

import time
from itertools import pairwise

import trio
from trio.testing import MockClock

from pilotwire.drivers.ev import Ev
from pilotwire.engine.journal.journal import Journal
from pilotwire.profiles.device_model import Value
from pilotwire.profiles.messages import v16

from .fragile import FragileWorld

MESSAGES = 10_000
VARIABLES: dict[str, Value] = {
    "AuthCtrlr.OfflineTxForUnknownIdEnabled": True,
    "SampledDataCtrlr.TxUpdatedInterval": 1,
    "SampledDataCtrlr.TxUpdatedMeasurands": ("Energy.Active.Import.Register",),
}


async def offline_for(world: FragileWorld, seconds: int, sessions: int) -> None:
    for number in range(sessions):
        await world.charge(token=f"T{number}", ev=Ev(battery_wh=1e6, state_of_charge=0.0))
        await trio.sleep(seconds / sessions)
        world.drivers[0].unplug(at_car=True)
        await trio.sleep(1)


async def test_ten_thousand_messages_are_delivered_in_order_and_cheaply(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    world = FragileWorld(
        journal=Journal.open(None, inline=True, limit=2 * MESSAGES), variables=VARIABLES
    )
    world.csms.is_reachable = False
    await nursery.start(world.station.run)
    await offline_for(world, MESSAGES, sessions=2)
    waiting = len(world.journal)
    assert waiting >= MESSAGES
    times: list[float] = []

    def note(request: v16.MeterValuesRequest) -> v16.MeterValuesResponse:
        times.append(request.meter_value[0].timestamp.timestamp())
        return v16.MeterValuesResponse()

    world.csms.on(v16.MeterValuesRequest, note)
    began = time.process_time()
    world.csms.come_back()
    await trio.sleep(600)
    spent = time.process_time() - began
    print(f"{spent / waiting * 1000:.2f} ms a message")
    assert len(world.journal) == 0
    assert len(times) >= MESSAGES - 10
    assert all(earlier < later for earlier, later in pairwise(times))
    told = [a for a in world.csms.actions() if a in ("StartTransaction", "StopTransaction")]
    assert told == ["StartTransaction", "StopTransaction"] * 2
    assert spent / waiting < 0.01, "both ends take about 0.5 ms a message"
    nursery.cancel_scope.cancel()


async def test_beyond_the_bound_readings_go_first_and_no_start_or_stop_does(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    world = FragileWorld(journal=Journal.open(None, inline=True, limit=500), variables=VARIABLES)
    world.csms.is_reachable = False
    await nursery.start(world.station.run)
    await offline_for(world, 4000, sessions=20)
    assert 250 <= len(world.journal) <= 550
    world.csms.come_back()
    await trio.sleep(600)
    world.ledger.check(transactions=20)
    kept = [len(readings) for readings in world.ledger.readings.values()]
    assert 100 < sum(kept) < 500
    nursery.cancel_scope.cancel()
