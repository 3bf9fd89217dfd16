"""A station that comes back in another version: what runs goes on, what waits is told anew."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from pilotwire.profiles.device_model import Attribute, Definition, Key, Value
from pilotwire.profiles.messages import of

from .monitoring import events, monitor, reported
from .world import World

SAMPLES: dict[str, Value] = {"SampledDataCtrlr.TxUpdatedInterval": 30}


@pytest.fixture
async def world(autojump_clock: MockClock, nursery: trio.Nursery) -> AsyncIterator[World]:
    world = World(variables=SAMPLES)
    yield world
    assert world.violations == []


async def change(world: World, subprotocol: str) -> list[Any]:
    """Break the link and come back in another version a while later; give what was said before."""
    await world.csms.drop()
    await trio.sleep(65)
    before = list(world.csms.received)
    world.csms.forget()
    world.subprotocol = subprotocol
    world.csms.come_back()
    await trio.sleep(120)
    return before


@pytest.mark.parametrize("later", ["ocpp2.0.1", "ocpp2.1"])
async def test_from_1_6_to_2(
    world: World, later: str, autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    world.subprotocol = "ocpp1.6"
    await nursery.start(world.live)
    await trio.sleep(1)
    await world.charge()
    before = await change(world, later)
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)

    assert "StartTransaction" in [request.action for request in before]
    assert world.csms.actions()[0] == "BootNotification"
    events = world.csms.events()
    assert [e.event_type for e in events] == [*["Updated"] * (len(events) - 1), "Ended"]
    numbers = [e.seq_no for e in events]
    assert numbers == list(range(numbers[0], numbers[0] + len(events)))
    assert [e.offline for e in events[:2]] == [True, True]
    assert world.station.tree.evse(1).transaction is None
    assert not len(world.journal)


@pytest.mark.parametrize("earlier", ["ocpp2.0.1", "ocpp2.1"])
async def test_from_2_to_1_6(
    world: World, earlier: str, autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    world.subprotocol = earlier
    await nursery.start(world.live)
    await trio.sleep(1)
    await world.charge()
    before = await change(world, "ocpp1.6")
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)

    assert "TransactionEvent" in [request.action for request in before]
    assert world.csms.actions()[0] == "BootNotification"
    told = world.csms.of("MeterValues", "StopTransaction")
    assert [request.action for request in told][-1] == "StopTransaction"
    # Nothing is lost: every sample of 30 s, before, in and after the gap.
    assert len([r for r in before if getattr(r, "trigger_reason", "") == "MeterValuePeriodic"]) == 0
    assert len(told) == 1 + 180 // 30
    # 1.6 errata 3.18: it has no id of a transaction that it was not told the start of.
    assert {request.transaction_id for request in told} == {-1}
    assert not len(world.journal)


async def test_the_points_of_a_transaction_follow_the_version(
    world: World, autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    await nursery.start(world.live)
    await trio.sleep(1)
    assert await world.set_variables(TxCtrlr__TxStartPoint="EVConnected") == ["Accepted"]
    settings = world.station.tree.settings
    assert settings.tx_start_points == {"EVConnected"}
    await change(world, "ocpp1.6")
    assert settings.tx_start_points == {"PowerPathClosed"}
    await change(world, "ocpp2.0.1")
    assert settings.tx_start_points == {"EVConnected"}


async def test_monitors_hold_in_either_version_and_are_told_in_its_words(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    cabinet = Definition(
        key=Key("Cabinet", "Temperature"),
        type="decimal",
        default=20.0,
        meaning="Inside",
        more=(Attribute(type="Target", default=20.0),),
    )
    world = World("2.1", own_variables=(cabinet,))
    await nursery.start(world.live)
    await trio.sleep(1)
    name = "Cabinet.Temperature"
    await monitor(world, name, "TargetDelta", 10.0, 3)
    await monitor(world, name, "UpperThreshold", 50.0, 3)
    await change(world, "ocpp2.0.1")
    world.number, world.v2 = "2.0.1", of("2.0.1")
    told = await reported(world, name)
    assert [each.type for _, each in told] == ["UpperThreshold"]  # 2.0.1 has no word for the other
    world.model.configure(cabinet.key, 40.0)
    await trio.sleep(1)
    (event,) = events(world, name)
    assert (event.trigger, event.actual_value) == ("Alerting", "40")
    await change(world, "ocpp1.6")
    world.model.configure(cabinet.key, 60.0)
    await trio.sleep(1)
    assert "NotifyEvent" not in world.csms.actions()
    await change(world, "ocpp2.1")
    assert [event.actual_value for event in events(world, name)] == ["60"]
    assert world.violations == []
