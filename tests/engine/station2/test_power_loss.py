"""A station of 2.x whose power fails while a car charges: what is told of the transaction, and how
the car, the cable and the next transaction fare.
"""

import pytest
import trio
from trio.testing import MockClock

from .conftest import Start
from .world import World

SAMPLED = {"SampledDataCtrlr.TxUpdatedInterval": 60}


async def told_of_the_end(world: World) -> tuple[object, object]:
    """Cut the power of a charging station; give the last event before it, and the end."""
    await world.charge()
    await trio.sleep(150)
    before = world.csms.events()[-1]
    await world.cut_power()
    await trio.sleep(5)
    (ended,) = world.csms.events("Ended")
    return before, ended


async def test_the_end_is_told_at_boot_as_far_as_it_is_known(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables=SAMPLED)
    before, ended = await told_of_the_end(world)
    info = ended.transaction_info
    assert (ended.trigger_reason, info.stopped_reason) == ("AbnormalCondition", "PowerLoss")
    assert info.charging_state == "EVConnected"
    assert ended.seq_no == before.seq_no + 1
    assert ended.offline is True
    assert ended.timestamp == before.timestamp  # the last that is known of it
    (last,) = before.meter_value
    readings = {
        value.sampled_value[0].context: value.sampled_value[0].value for value in ended.meter_value
    }
    assert list(readings) == ["Transaction.Begin", "Transaction.End"]  # E06.FR.11
    assert readings["Transaction.End"] == last.sampled_value[0].value
    assert info.time_spent_charging == pytest.approx(120, abs=1)


async def test_the_car_gets_no_more_energy_and_its_cable_back(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables=SAMPLED)
    await told_of_the_end(world)
    assert not world.drivers[0].is_contactor_closed
    world.drivers[0].unplug()  # which a lock would refuse
    await trio.sleep(1)
    assert world.csms.statuses()[-1] == "Available"


async def test_a_cable_that_is_still_in_begins_a_transaction_of_its_own(
    start: Start, autojump_clock: MockClock
) -> None:
    points = {
        "TxCtrlr.TxStartPoint": ("EVConnected",),
        "TxCtrlr.TxStopPoint": ("EVConnected",),
    }
    world = await start(variables=SAMPLED | points)
    _, ended = await told_of_the_end(world)
    first, second = world.csms.events("Started")
    assert second.transaction_info.transaction_id != first.transaction_info.transaction_id
    assert (second.trigger_reason, second.seq_no) == ("CablePluggedIn", 0)
    assert second.timestamp >= ended.timestamp
    told = world.csms.events()
    assert told.index(ended) < told.index(second)
    assert not second.id_token
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(2)
    assert world.drivers[0].is_contactor_closed


async def test_a_second_power_cut_ends_nothing_twice(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables=SAMPLED)
    await told_of_the_end(world)
    await world.cut_power()
    await trio.sleep(5)
    assert len(world.csms.events("Ended")) == 1


async def test_a_transaction_of_which_nothing_was_told_yet_is_told_whole(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables=SAMPLED | {"AuthCtrlr.OfflineTxForUnknownIdEnabled": True})
    await world.csms.drop()
    await trio.sleep(1)
    await world.charge()
    await world.cut_power()
    world.csms.come_back()
    await trio.sleep(600)
    told = world.csms.events()
    assert [event.seq_no for event in told] == list(range(len(told)))
    assert (told[0].event_type, told[-1].event_type) == ("Started", "Ended")
    assert all(event.offline for event in told)
