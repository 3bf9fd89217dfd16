"""A station that comes back in another version: what runs goes on, what waits is told anew."""

import json
from collections.abc import AsyncIterator
from itertools import permutations
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


VERSIONS = ("ocpp1.6", "ocpp2.0.1", "ocpp2.1")


@pytest.mark.parametrize("order", [*permutations(VERSIONS), ("ocpp1.6", "ocpp2.1", "ocpp1.6")])
async def test_a_transaction_that_every_version_tells_a_part_of(
    world: World, order: tuple[str, ...], autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    """It begins in the first, goes on in the second and ends in the third: each report once."""
    world.subprotocol = order[0]
    await nursery.start(world.live)
    await trio.sleep(1)
    await world.charge()
    heard = [await change(world, order[1]), await change(world, order[2])]
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    heard.append(list(world.csms.received))

    assert not len(world.journal)
    assert world.station.tree.evse(1).transaction is None
    told = [report for part in heard for report in part if _tells(report)]
    assert [_kind(report) for report in told].count("Started") == 1
    assert [_kind(report) for report in told].count("Ended") == 1
    assert (_kind(told[0]), _kind(told[-1])) == ("Started", "Ended")
    times = [_time(report) for report in told]
    assert times == sorted(times)
    # Samples of 30 s all the while: in the first part none yet, in the gaps and afterwards all.
    samples = [each for each in told if _is_sample(each)]
    assert len({_time(each) for each in samples}) == len(samples) == (2 * 185 + 2) // 30
    events = [report for report in told if report.action == "TransactionEvent"]
    numbers = [event.seq_no for event in events]
    assert numbers == sorted(set(numbers))
    assert len({event.transaction_info.transaction_id for event in events}) <= 1
    ids = {r.transaction_id for r in told if r.action in ("MeterValues", "StopTransaction")}
    assert ids <= ({7} if order[0] == "ocpp1.6" else {-1})  # errata 3.18
    boots = [report for part in heard for report in part if report.action == "BootNotification"]
    assert len(boots) == 3  # each version has its own registration


def _tells(request: Any) -> bool:
    return request.action in (
        "TransactionEvent",
        "StartTransaction",
        "StopTransaction",
        "MeterValues",
    )


def _kind(request: Any) -> str:
    kinds = {"StartTransaction": "Started", "StopTransaction": "Ended", "MeterValues": "Updated"}
    return str(kinds.get(request.action) or request.event_type)


def _is_sample(request: Any) -> bool:
    return request.action == "MeterValues" or (
        getattr(request, "trigger_reason", "") == "MeterValuePeriodic"
    )


def _time(request: Any) -> Any:
    return request.meter_value[0].timestamp if _is_sample(request) else request.timestamp


async def test_what_2_1_adds_is_refused_on_a_link_of_2_0_1(
    world: World, autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    profile = {
        "ocppVersion": "OCPP20",
        "ocppTransport": "JSON",
        "ocppCsmsUrl": "ws://csms.example/ocpp",
        "messageTimeout": 30,
        "securityProfile": 1,
        "ocppInterface": "Wired0",
        "basicAuthPassword": "0123456789abcdef",
    }
    requests = {
        # a field, a word, an action
        "SetNetworkProfile": {"configurationSlot": 2, "connectionData": profile},
        "Reset": {"type": "ImmediateAndResume"},
        "GetTariffs": {"evseId": 1},
    }
    codes: dict[str, dict[str, str]] = {}
    for version in ("ocpp2.0.1", "ocpp2.1", "ocpp2.0.1"):
        if not codes:
            world.subprotocol = version
            await nursery.start(world.live)
            await trio.sleep(1)
        else:
            await change(world, version)
        codes[version] = {name: await _answer(world, name, requests[name]) for name in requests}
    assert codes["ocpp2.0.1"] == {
        "SetNetworkProfile": "FormatViolation",
        "Reset": "PropertyConstraintViolation",
        "GetTariffs": "NotImplemented",
    }
    assert codes["ocpp2.1"] == {
        "SetNetworkProfile": "Accepted",
        "Reset": "Rejected",
        "GetTariffs": "NotSupported",
    }


async def _answer(world: World, action: str, payload: dict[str, Any]) -> str:
    """Send a request as it stands; give the code of the error, or the status of the answer."""
    assert world.csms.link is not None
    message_id = f"{action}-{len(world.messages)}"
    world._called[message_id] = action
    await world.csms.link.send(json.dumps([2, message_id, action, payload]))
    await trio.sleep(1)
    sent = [frame for way, frame in world.messages if way == "sent"]
    frame = next(frame for frame in sent if frame[0] in (3, 4) and frame[1] == message_id)
    return str(frame[2] if frame[0] == 4 else frame[2]["status"])
