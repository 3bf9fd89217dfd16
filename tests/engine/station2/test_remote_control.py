"""Functional block F as dialogues."""

from typing import Any

import trio
from trio.testing import MockClock

from pilotwire.drivers.ev import Ev

from .conftest import Start
from .world import World


def begin(world: World, token: str = "REMOTE", type: str = "ISO14443", **more: Any) -> Any:
    id_token = world.v2.IdTokenType(id_token=token, type=type)
    return world.v2.RequestStartTransactionRequest(
        id_token=id_token, **{"remote_start_id": 42, "evse_id": 1, **more}
    )


async def test_f01_fr_01_a_remote_start_is_authorized_first(
    world: World, autojump_clock: MockClock
) -> None:
    world.drivers[0].plug_in(Ev())
    await trio.sleep(1)
    world.csms.forget()
    answer = await world.csms.call(begin(world))
    await trio.sleep(1)
    assert answer.status == "Accepted"
    assert world.csms.actions()[:2] == ["Authorize", "TransactionEvent"]
    started = world.csms.events()[0]
    assert started.trigger_reason == "RemoteStart"  # F01.FR.19
    assert started.transaction_info.remote_start_id == 42  # F02.FR.01
    assert started.id_token.id_token == "REMOTE"
    assert not any(e.transaction_info.remote_start_id for e in world.csms.events()[1:])


async def test_f01_fr_02_or_starts_at_once(start: Start, autojump_clock: MockClock) -> None:
    world = await start(variables={"AuthCtrlr.AuthorizeRemoteStart": False})
    world.drivers[0].plug_in(Ev())
    await trio.sleep(1)
    await world.csms.call(begin(world))
    await trio.sleep(1)
    assert "Authorize" not in world.csms.actions()
    assert world.csms.events("Started")


async def test_c05_fr_01_a_central_token_is_never_asked_about_nor_cached(
    world: World, autojump_clock: MockClock
) -> None:
    world.drivers[0].plug_in(Ev())
    await trio.sleep(1)
    await world.csms.call(begin(world, type="Central"))
    await trio.sleep(1)
    assert "Authorize" not in world.csms.actions()
    assert world.csms.events("Started")[0].id_token.type == "Central"
    assert len(world.station.tokens.cache) == 0  # C05.FR.02


async def test_f01_fr_13_the_answer_names_the_transaction_that_a_cable_began(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables={"TxCtrlr.TxStartPoint": ("EVConnected",)})
    world.drivers[0].plug_in(Ev())
    await trio.sleep(1)
    answer = await world.csms.call(begin(world))
    await trio.sleep(1)
    started, remote, *_ = world.csms.events()
    assert answer.transaction_id == started.transaction_info.transaction_id
    assert (remote.event_type, remote.trigger_reason) == ("Updated", "RemoteStart")
    assert remote.transaction_info.remote_start_id == 42  # F01.FR.25


async def test_f01_fr_20_without_an_evse_the_station_finds_one(
    world: World, autojump_clock: MockClock
) -> None:
    world.drivers[1].plug_in(Ev())
    await trio.sleep(1)
    v2 = world.v2
    token = v2.IdTokenType(id_token="REMOTE", type="ISO14443")
    await world.csms.call(v2.RequestStartTransactionRequest(id_token=token, remote_start_id=1))
    await trio.sleep(1)
    assert world.csms.events()[0].evse.id == 2


async def test_f02_fr_07_without_a_cable_in_time_nothing_is_left(
    world: World, autojump_clock: MockClock
) -> None:
    answer = await world.csms.call(begin(world))
    await trio.sleep(61)
    assert answer.status == "Accepted"
    assert not answer.transaction_id
    assert not world.csms.events()
    assert world.station.tree.evse(1).session == "idle"


async def test_f01_fr_23_24_a_remote_start_where_nothing_can_start_is_rejected(
    world: World, autojump_clock: MockClock
) -> None:
    world.drivers[1].fault("GroundFailure")
    await world.charge(evse=1)
    occupied = await world.csms.call(begin(world, evse_id=1))
    faulted = await world.csms.call(begin(world, evse_id=2))
    nowhere = await world.csms.call(begin(world, evse_id=3))
    assert [a.status for a in (occupied, faulted, nowhere)] == ["Rejected"] * 3
    assert occupied.status_info.reason_code == "TxInProgress"
    assert nowhere.status_info.reason_code == "UnknownEvse"


async def test_f03_a_remote_stop_ends_the_transaction(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge()
    transaction_id = world.csms.events()[0].transaction_info.transaction_id
    v2, call = world.v2, world.csms.call
    wrong = await call(v2.RequestStopTransactionRequest(transaction_id="no-such"))
    right = await call(v2.RequestStopTransactionRequest(transaction_id=transaction_id))
    await trio.sleep(1)
    assert (wrong.status, right.status) == ("Rejected", "Accepted")  # F03.FR.07-08
    (ended,) = world.csms.events("Ended")
    assert ended.trigger_reason == "RemoteStop"  # F03.FR.03
    assert ended.transaction_info.stopped_reason == "Remote"
    assert not ended.id_token


async def test_f03_fr_02_where_the_cable_ends_it_a_remote_stop_only_ends_the_energy(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables={"TxCtrlr.TxStopPoint": ("EVConnected",)})
    await world.charge()
    transaction_id = world.csms.events()[0].transaction_info.transaction_id
    request = world.v2.RequestStopTransactionRequest(transaction_id=transaction_id)
    await world.csms.call(request)
    await trio.sleep(1)
    told = [
        (e.event_type, e.trigger_reason, e.transaction_info.charging_state)
        for e in world.csms.events()[-2:]
    ]
    assert told == [
        ("Updated", "RemoteStop", "Charging"),
        ("Updated", "ChargingStateChanged", "EVConnected"),
    ]
    assert not world.drivers[0].is_contactor_closed
    world.drivers[0].unplug()
    await trio.sleep(1)
    (ended,) = world.csms.events("Ended")
    assert ended.transaction_info.stopped_reason == "Remote"  # F04.FR.03


async def test_f05_unlocking(world: World, autojump_clock: MockClock) -> None:
    await world.charge(evse=1)
    v2, call = world.v2, world.csms.call
    unknown = await call(v2.UnlockConnectorRequest(evse_id=1, connector_id=2))
    ongoing = await call(v2.UnlockConnectorRequest(evse_id=1, connector_id=1))
    free = await call(v2.UnlockConnectorRequest(evse_id=2, connector_id=1))
    world.drivers[1].hold_lock()
    stuck = await call(v2.UnlockConnectorRequest(evse_id=2, connector_id=1))
    assert unknown.status == "UnknownConnector"  # F05.FR.03
    assert ongoing.status == "OngoingAuthorizedTransaction"  # F05.FR.02
    assert world.drivers[0].is_contactor_closed
    assert free.status == "Unlocked"  # F05.FR.04, F05.FR.06
    assert stuck.status == "UnlockFailed"  # F05.FR.05


async def trigger(world: World, message: str, evse: int = 0, connector: int = 0) -> str:
    world.csms.forget()
    world.messages.clear()
    v2 = world.v2
    place = {}
    if evse and connector:
        place = {"evse": v2.EVSEType(id=evse, connector_id=connector)}
    elif evse:
        place = {"evse": v2.EVSEType(id=evse)}
    answer = await world.csms.call(v2.TriggerMessageRequest(requested_message=message, **place))
    await trio.sleep(1)
    frames = [frame[0] for direction, frame in world.messages if direction == "sent"]
    assert frames[0] == 3  # F06.FR.04: the answer comes first
    return str(answer.status)


async def test_f06_fr_12_a_status_is_triggered_for_a_connector(
    world: World, autojump_clock: MockClock
) -> None:
    assert await trigger(world, "StatusNotification", 2, 1) == "Accepted"
    assert (world.csms.statuses(1), world.csms.statuses(2)) == ([], ["Available"])
    assert await trigger(world, "StatusNotification", 2) == "Rejected"
    assert await trigger(world, "StatusNotification") == "Rejected"
    assert await trigger(world, "StatusNotification", 2, 2) == "Rejected"
    assert not world.csms.received


async def test_f06_fr_06_meter_values_are_triggered_with_the_aligned_measurands(
    world: World, autojump_clock: MockClock
) -> None:
    assert await trigger(world, "MeterValues") == "Accepted"
    told = world.csms.of("MeterValues")
    assert [request.evse_id for request in told] == [1, 2]  # F06.FR.11
    values = told[0].meter_value[0].sampled_value
    assert [v.measurand for v in values] == ["Energy.Active.Import.Register"]
    assert values[0].context == "Trigger"
    assert await trigger(world, "MeterValues", 2) == "Accepted"
    assert [request.evse_id for request in world.csms.of("MeterValues")] == [2]
    assert await trigger(world, "MeterValues", 9) == "Rejected"


async def test_f06_fr_07_a_transaction_event_is_triggered(
    world: World, autojump_clock: MockClock
) -> None:
    assert await trigger(world, "TransactionEvent") == "Rejected"
    await world.charge(evse=2)
    assert await trigger(world, "TransactionEvent", 1) == "Rejected"
    assert await trigger(world, "TransactionEvent") == "Accepted"
    (event,) = world.csms.events()
    assert (event.event_type, event.trigger_reason) == ("Updated", "Trigger")
    assert event.transaction_info.charging_state == "Charging"
    assert {v.context for v in event.meter_value[0].sampled_value} == {"Trigger"}


async def test_f06_heartbeat_and_what_is_not_implemented(
    world: World, autojump_clock: MockClock
) -> None:
    assert await trigger(world, "Heartbeat") == "Accepted"
    assert world.csms.actions() == ["Heartbeat"]
    assert await trigger(world, "SignV2GCertificate") == "NotImplemented"  # F06.FR.08
