"""What the central system asks of a station (1.6 chapter 5)."""

import pytest
import trio
from trio.testing import MockClock

from pilotwire.drivers.ev import Ev
from pilotwire.engine.wire.session import CallFailed, CallRefused
from pilotwire.profiles.messages import v16

from .world import World


async def test_remote_start_is_authorized_first_by_default(
    world: World, autojump_clock: MockClock
) -> None:
    world.drivers[0].plug_in(Ev())
    await trio.sleep(1)
    world.csms.forget()
    answer = await world.csms.call(
        v16.RemoteStartTransactionRequest(id_tag="REMOTE", connector_id=1)
    )
    await trio.sleep(1)
    assert answer.status == "Accepted"
    assert world.csms.actions()[:2] == ["Authorize", "StartTransaction"]
    assert world.csms.of(v16.StartTransactionRequest)[0].id_tag == "REMOTE"


async def test_remote_start_without_authorization_starts_at_once(
    world: World, autojump_clock: MockClock
) -> None:
    await world.csms.call(
        v16.ChangeConfigurationRequest(key="AuthorizeRemoteTxRequests", value="false")
    )
    world.drivers[1].plug_in(Ev())
    await trio.sleep(1)
    world.csms.forget()
    await world.csms.call(v16.RemoteStartTransactionRequest(id_tag="REMOTE"))
    await trio.sleep(1)
    assert "Authorize" not in world.csms.actions()
    assert world.csms.of(v16.StartTransactionRequest)[0].connector_id == 2


async def test_remote_start_and_stop_of_what_is_not_there_are_rejected(
    world: World, autojump_clock: MockClock
) -> None:
    start = await world.csms.call(
        v16.RemoteStartTransactionRequest(id_tag="REMOTE", connector_id=3)
    )
    stop = await world.csms.call(v16.RemoteStopTransactionRequest(transaction_id=999))
    assert (start.status, stop.status) == ("Rejected", "Rejected")


async def test_remote_stop_ends_the_transaction(world: World, autojump_clock: MockClock) -> None:
    await world.charge()
    answer = await world.csms.call(
        v16.RemoteStopTransactionRequest(transaction_id=world.csms.next_transaction_id)
    )
    await trio.sleep(1)
    assert answer.status == "Accepted"
    assert world.csms.of(v16.StopTransactionRequest)[0].reason == "Remote"


async def test_configuration_is_read_and_changed(world: World, autojump_clock: MockClock) -> None:
    call = world.csms.call
    everything = await call(v16.GetConfigurationRequest())
    keys = {entry.key: entry for entry in everything.configuration_key}
    assert keys["NumberOfConnectors"].value == "2"
    assert keys["NumberOfConnectors"].readonly
    assert keys["HeartbeatInterval"].value == "300"  # as the boot answer said

    some = await call(v16.GetConfigurationRequest(key=("connectiontimeout", "NoSuchKey")))
    assert [(e.key, e.value) for e in some.configuration_key] == [("ConnectionTimeOut", "60")]
    assert some.unknown_key == ("NoSuchKey",)

    async def change(key: str, value: str) -> str:
        answer = await call(v16.ChangeConfigurationRequest(key=key, value=value))
        return str(answer.status)

    assert await change("ConnectionTimeOut", "5") == "Accepted"
    assert await change("ConnectionTimeOut", "-5") == "Rejected"
    assert await change("ConnectionTimeOut", "soon") == "Rejected"
    assert await change("NumberOfConnectors", "7") == "Rejected"
    assert await change("NoSuchKey", "1") == "NotSupported"
    assert await change("MeterValuesSampledData", "Voltage,NoSuchMeasurand") == "Rejected"
    assert await change("WebSocketPingInterval", "-1") == "Rejected"

    world.csms.forget()
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(6)
    assert world.csms.statuses(1) == ["Preparing", "Available"]  # after 5 s now


async def test_change_availability_waits_for_the_transaction(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge()
    call = world.csms.call
    scheduled = await call(v16.ChangeAvailabilityRequest(connector_id=1, type="Inoperative"))
    at_once = await call(v16.ChangeAvailabilityRequest(connector_id=2, type="Inoperative"))
    nowhere = await call(v16.ChangeAvailabilityRequest(connector_id=3, type="Inoperative"))
    await trio.sleep(1)
    assert (scheduled.status, at_once.status, nowhere.status) == (
        "Scheduled",
        "Accepted",
        "Rejected",
    )
    assert world.csms.statuses(1)[-1] == "Charging"
    assert world.csms.statuses(2)[-1] == "Unavailable"
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    world.drivers[0].unplug()
    await trio.sleep(1)
    assert world.csms.statuses(1)[-1] == "Unavailable"
    back = await call(v16.ChangeAvailabilityRequest(connector_id=0, type="Operative"))
    assert back.status == "Accepted"


async def test_unlock_ends_the_transaction_and_tells_what_the_lock_did(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge()
    unlocked = await world.csms.call(v16.UnlockConnectorRequest(connector_id=1))
    await trio.sleep(1)
    assert unlocked.status == "Unlocked"
    assert world.csms.of(v16.StopTransactionRequest)[0].reason == "UnlockCommand"
    world.drivers[1].hold_lock()
    await world.charge(evse=2)
    stuck = await world.csms.call(v16.UnlockConnectorRequest(connector_id=2))
    nowhere = await world.csms.call(v16.UnlockConnectorRequest(connector_id=5))
    assert (stuck.status, nowhere.status) == ("UnlockFailed", "NotSupported")


async def test_triggered_messages_come_after_the_answer(
    world: World, autojump_clock: MockClock
) -> None:
    world.messages.clear()
    answer = await world.csms.call(
        v16.TriggerMessageRequest(requested_message="StatusNotification", connector_id=1)
    )
    await trio.sleep(1)
    assert answer.status == "Accepted"
    kinds = [frame[0] for direction, frame in world.messages if direction == "sent"]
    assert kinds == [3, 2]
    boot = await world.csms.call(v16.TriggerMessageRequest(requested_message="BootNotification"))
    assert boot.status == "Rejected"  # errata 3.40
    nowhere = await world.csms.call(
        v16.TriggerMessageRequest(requested_message="MeterValues", connector_id=9)
    )
    assert nowhere.status == "Rejected"
    world.csms.forget()
    await world.csms.call(v16.TriggerMessageRequest(requested_message="MeterValues"))
    await trio.sleep(1)
    told = world.csms.of(v16.MeterValuesRequest)
    assert [request.connector_id for request in told] == [1, 2]
    assert told[0].meter_value[0].sampled_value[0].context == "Trigger"


async def test_data_transfer_of_an_unknown_vendor(world: World, autojump_clock: MockClock) -> None:
    answer = await world.csms.call(v16.DataTransferRequest(vendor_id="com.example"))
    assert answer.status == "UnknownVendorId"


async def test_a_known_action_without_support_is_not_supported(
    world: World, autojump_clock: MockClock
) -> None:
    with pytest.raises(CallRefused) as refusal:
        await world.csms.call(v16.ClearChargingProfileRequest())
    assert refusal.value.code == "NotSupported"


async def test_4_3_the_station_transfers_data_of_its_own(
    world: World, autojump_clock: MockClock
) -> None:
    def answer(request: v16.DataTransferRequest) -> v16.DataTransferResponse:
        return v16.DataTransferResponse(status="Accepted", data=f"{request.message_id} taken")

    world.csms.on(v16.DataTransferRequest, answer)
    told = await world.station.transfer_data("com.example", "door", "open")
    assert told == ("Accepted", "door taken")
    (request,) = world.csms.of(v16.DataTransferRequest)
    assert (request.vendor_id, request.data) == ("com.example", "open")
    with pytest.raises(ValueError, match="text"):
        await world.station.transfer_data("com.example", "door", {"is_open": True})
    await world.csms.drop()
    await trio.sleep(1)
    with pytest.raises(CallFailed):
        await world.station.transfer_data("com.example")
