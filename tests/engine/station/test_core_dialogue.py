"""1.6 Core as dialogues between a station and a central system."""

from pathlib import Path
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from pilotwire.drivers.ev import Ev
from pilotwire.drivers.simulator import SimulatedEvse
from pilotwire.engine.journal.journal import Journal
from pilotwire.engine.station.network import Profile
from pilotwire.engine.wire.session import CallRefused, CallTimeout
from pilotwire.profiles.messages import v16

from .world import START, World, boot_answer


class CrashesOnce(SimulatedEvse):
    """Its first run ends after 30 s."""

    has_crashed = False

    async def run(self, commands: Any, report: Any) -> None:
        with trio.move_on_after(float("inf") if self.has_crashed else 30):
            await super().run(commands, report)
        self.has_crashed = True
        raise RuntimeError("the bus is gone")


def invalid(request: v16.StartTransactionRequest) -> v16.StartTransactionResponse:
    return v16.StartTransactionResponse(
        id_tag_info=v16.IdTagInfo(status="Invalid"), transaction_id=9
    )


async def test_a_station_boots_and_then_tells_connector_0_and_every_connector(
    world: World, autojump_clock: MockClock
) -> None:
    assert world.csms.actions() == ["BootNotification", *["StatusNotification"] * 3]
    told = world.csms.of(v16.StatusNotificationRequest)
    assert [(t.connector_id, t.status, t.error_code) for t in told] == [
        (0, "Available", "NoError"),
        (1, "Available", "NoError"),
        (2, "Available", "NoError"),
    ]


async def test_plug_first_charge_stop_with_the_same_token_and_leave(
    world: World, autojump_clock: MockClock
) -> None:
    world.csms.forget()
    world.drivers[0].plug_in(Ev())
    await trio.sleep(2)
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(130)
    world.drivers[0].present_token("deadbeef")
    await trio.sleep(2)
    world.drivers[0].unplug()
    await trio.sleep(2)

    assert [a for a in world.csms.actions() if a != "StatusNotification"] == [
        "Authorize",
        "StartTransaction",
        "MeterValues",
        "MeterValues",
        "StopTransaction",
    ]
    assert world.csms.statuses(1) == ["Preparing", "Charging", "Finishing", "Available"]
    start, stop = world.csms.of(v16.StartTransactionRequest, v16.StopTransactionRequest)
    assert (start.connector_id, start.id_tag, start.meter_start) == (1, "DEADBEEF", 0)
    assert stop.transaction_id == world.csms.next_transaction_id
    assert stop.meter_stop == pytest.approx(11_040 * 130 / 3600, abs=1)
    assert (stop.reason, stop.id_tag) == ("Local", "deadbeef")
    assert (stop.timestamp - start.timestamp).total_seconds() == 130


async def test_token_first_times_out_without_a_cable(
    world: World, autojump_clock: MockClock
) -> None:
    world.csms.forget()
    world.drivers[1].present_token("DEADBEEF")
    await trio.sleep(59)
    assert world.csms.statuses(2) == ["Preparing"]
    await trio.sleep(2)
    assert world.csms.statuses(2) == ["Preparing", "Available"]
    assert not world.csms.of(v16.StartTransactionRequest)


async def test_token_first_starts_when_the_cable_comes(
    world: World, autojump_clock: MockClock
) -> None:
    world.drivers[1].present_token("DEADBEEF")
    await trio.sleep(30)
    world.drivers[1].plug_in(Ev())
    await trio.sleep(1)
    (start,) = world.csms.of(v16.StartTransactionRequest)
    assert start.connector_id == 2
    assert world.csms.statuses(2)[-2:] == ["Preparing", "Charging"]


async def test_a_refused_token_starts_nothing(world: World, autojump_clock: MockClock) -> None:
    world.csms.on(
        v16.AuthorizeRequest,
        lambda r: v16.AuthorizeResponse(id_tag_info=v16.IdTagInfo(status="Blocked")),
    )
    await world.charge()
    await trio.sleep(60)
    assert not world.csms.of(v16.StartTransactionRequest)
    assert not world.drivers[0].is_contactor_closed


async def test_meter_values_come_at_the_interval_and_never_run_back(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge()
    await trio.sleep(601)
    told = world.csms.of(v16.MeterValuesRequest)
    assert len(told) == 10
    values = [
        float(value.value)
        for request in told
        for meter_value in request.meter_value
        for value in meter_value.sampled_value
        if value.measurand == "Energy.Active.Import.Register"
    ]
    assert values == sorted(values)
    assert values[-1] > values[0]
    assert {request.transaction_id for request in told} == {world.csms.next_transaction_id}
    phases = {v.phase for v in told[0].meter_value[0].sampled_value if v.measurand == "Voltage"}
    assert phases == {"L1-N", "L2-N", "L3-N"}


async def test_clock_aligned_values_stand_exactly_at_the_multiples(
    world: World, autojump_clock: MockClock
) -> None:
    await world.csms.call(
        v16.ChangeConfigurationRequest(key="ClockAlignedDataInterval", value="900")
    )
    await world.charge(evse=2)
    await trio.sleep(3600)
    told = world.csms.of(v16.MeterValuesRequest)
    aligned = [
        (request.connector_id, request.transaction_id, meter_value.timestamp.timestamp())
        for request in told
        for meter_value in request.meter_value
        if meter_value.sampled_value[0].context == "Sample.Clock"
    ]
    assert len(aligned) == 8
    assert all(time % 900 == 0 for _, _, time in aligned)
    assert sorted({time - START for _, _, time in aligned}) == [900, 1800, 2700, 3600]
    charging = {tx for connector, tx, _ in aligned if connector == 2}
    assert charging == {world.csms.next_transaction_id}


async def test_a_transaction_refused_at_its_start_is_stopped_as_deauthorized(
    world: World, autojump_clock: MockClock
) -> None:
    world.csms.on(v16.StartTransactionRequest, invalid)
    await world.charge()
    (stop,) = world.csms.of(v16.StopTransactionRequest)
    assert (stop.transaction_id, stop.reason) == (9, "DeAuthorized")
    assert not world.drivers[0].is_contactor_closed


async def test_or_only_loses_its_energy_when_so_configured(
    world: World, autojump_clock: MockClock
) -> None:
    await world.csms.call(
        v16.ChangeConfigurationRequest(key="StopTransactionOnInvalidId", value="false")
    )
    world.csms.on(v16.StartTransactionRequest, invalid)
    await world.charge()
    await trio.sleep(60)
    assert not world.csms.of(v16.StopTransactionRequest)
    assert not world.drivers[0].is_contactor_closed
    assert world.csms.statuses(1)[-1] == "SuspendedEVSE"


async def test_max_energy_on_invalid_id_lets_the_car_draw_that_much_first(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    variables = {"TxCtrlr.StopTxOnInvalidId": False, "TxCtrlr.MaxEnergyOnInvalidId": 500}
    world = World(variables=variables)
    await nursery.start(world.station.run)
    await trio.sleep(1)
    world.csms.on(v16.StartTransactionRequest, invalid)
    await world.charge()
    assert world.csms.statuses(1)[-1] == "Charging"
    await trio.sleep(600)
    drawn = world.drivers[0].read_meter().energy_import
    assert 500 <= drawn <= 500 + 11_040 / 3600
    assert world.csms.statuses(1)[-1] == "SuspendedEVSE"
    assert not world.csms.of(v16.StopTransactionRequest)


async def test_a_fault_in_mid_charge_comes_back_to_charging(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge()
    world.csms.forget()
    world.drivers[0].fault("GroundFailure", info="leak")
    await trio.sleep(10)
    world.drivers[0].clear_fault()
    await trio.sleep(10)
    told = world.csms.of(v16.StatusNotificationRequest)
    assert (told[0].status, told[0].error_code) == ("Faulted", "GroundFailure")
    assert told[0].info == "leak"
    assert told[-1].status == "Charging"
    assert not world.csms.of(v16.StopTransactionRequest)


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


async def test_heartbeats_come_after_silence_only(world: World, autojump_clock: MockClock) -> None:
    world.csms.forget()
    await trio.sleep(200)
    world.drivers[0].plug_in(Ev())  # tells a status: a sign of life
    await trio.sleep(200)
    assert "Heartbeat" not in world.csms.actions()
    await trio.sleep(150)
    assert world.csms.actions().count("Heartbeat") == 1


async def test_pending_sends_nothing_until_the_interval_is_over(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    world = World()
    answers = ["Pending", "Rejected", "Accepted"]
    world.csms.on(
        v16.BootNotificationRequest,
        lambda r: boot_answer(answers.pop(0), world.csms.now, interval=100),
    )
    await nursery.start(world.station.run)
    await trio.sleep(99)
    world.drivers[0].plug_in(Ev())
    assert world.csms.actions() == ["BootNotification"]
    read = await world.csms.call(v16.GetConfigurationRequest(key=("HeartbeatInterval",)))
    assert read.configuration_key[0].key == "HeartbeatInterval"
    start = await world.csms.call(v16.RemoteStartTransactionRequest(id_tag="X", connector_id=1))
    assert start.status == "Rejected"
    await trio.sleep(2)
    assert world.csms.actions() == ["BootNotification"] * 2
    await trio.sleep(100)
    assert world.csms.actions()[:4] == [*["BootNotification"] * 3, "StatusNotification"]
    assert world.csms.statuses(1) == ["Preparing"]


async def test_rejected_keeps_silent_until_the_interval_is_over(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    world = World()
    world.csms.on(
        v16.BootNotificationRequest,
        lambda r: boot_answer("Rejected", world.csms.now, interval=100),
    )
    await nursery.start(world.station.run)
    await trio.sleep(1)
    with pytest.raises(CallTimeout):
        await world.csms.call(v16.GetConfigurationRequest())
    assert {direction for direction, frame in world.messages if frame[0] != 2} == {"received"}
    assert world.csms.actions() == ["BootNotification"]


async def test_interval_0_and_no_answer_leave_the_wait_to_the_station(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    world = World()

    def refuse(request: object) -> v16.BootNotificationResponse:
        return boot_answer("Rejected", world.csms.now, interval=0)

    world.csms.on(v16.BootNotificationRequest, refuse)
    await nursery.start(world.station.run)
    await trio.sleep(59)
    assert world.csms.actions() == ["BootNotification"]
    world.csms.on(v16.BootNotificationRequest, _never)
    await trio.sleep(2)
    assert world.csms.actions() == ["BootNotification"] * 2
    await trio.sleep(30 + 60)
    assert world.csms.actions() == ["BootNotification"] * 3


async def _never(request: object) -> None:
    await trio.sleep_forever()


async def test_a_mere_reconnect_sends_no_boot_and_only_what_changed(
    world: World, autojump_clock: MockClock
) -> None:
    await world.csms.drop()
    await trio.sleep(1)
    world.drivers[1].plug_in(Ev())
    world.csms.forget()
    world.csms.come_back()
    await trio.sleep(60)
    assert world.csms.links == 2
    assert world.csms.actions() == ["StatusNotification"]
    assert world.csms.statuses(2) == ["Preparing"]


async def test_what_happens_offline_is_told_in_order_when_the_link_is_back(
    world: World, autojump_clock: MockClock
) -> None:
    await world.csms.call(
        v16.ChangeConfigurationRequest(key="AllowOfflineTxForUnknownId", value="true")
    )
    await world.csms.drop()
    await world.charge()
    await trio.sleep(125)
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    world.drivers[0].unplug()
    world.csms.forget()
    world.csms.come_back()
    await trio.sleep(120)
    told = [r for r in world.csms.received if r.action != "StatusNotification"]
    assert [r.action for r in told] == [
        "StartTransaction",
        "MeterValues",
        "MeterValues",
        "StopTransaction",
    ]
    start, first, second, stop = told
    assert {first.transaction_id, second.transaction_id, stop.transaction_id} == {
        world.csms.next_transaction_id
    }
    assert (stop.timestamp - start.timestamp).total_seconds() == 126
    assert world.csms.statuses(1) == []  # Available was told before, and is so again


async def test_offline_an_unknown_token_is_refused_by_default(
    world: World, autojump_clock: MockClock
) -> None:
    await world.csms.drop()
    await world.charge()
    await trio.sleep(10)
    assert not world.drivers[0].is_contactor_closed


async def test_a_report_that_the_csms_fails_is_repeated_and_then_given_up(
    world: World, autojump_clock: MockClock
) -> None:
    await world.csms.call(
        v16.ChangeConfigurationRequest(key="TransactionMessageRetryInterval", value="10")
    )

    def fail(request: object) -> None:
        raise RuntimeError("a bug of the CSMS")

    world.csms.on(v16.StartTransactionRequest, fail)
    await world.charge()
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(31)
    assert world.csms.actions().count("StartTransaction") == 3
    (stop,) = world.csms.of(v16.StopTransactionRequest)
    assert stop.transaction_id == -1  # errata 3.18


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
        await world.csms.call(v16.GetLocalListVersionRequest())
    assert refusal.value.code == "NotSupported"


async def test_a_driver_that_crashes_is_faulted_meanwhile_and_charges_on(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    world = World(drivers=[CrashesOnce(), SimulatedEvse()])
    await nursery.start(world.station.run)
    await trio.sleep(1)
    await world.charge()
    world.csms.forget()
    await trio.sleep(60)
    assert world.csms.statuses(1)[0] == "Faulted"
    assert world.csms.statuses(1)[-1] == "Charging"
    assert not world.csms.of(v16.StopTransactionRequest)


async def test_a_power_cut_ends_the_transaction_with_what_was_last_read(
    autojump_clock: MockClock, tmp_path: Path
) -> None:
    path = tmp_path / "journal.sqlite"
    journal = Journal.open(path, inline=True)
    async with trio.open_nursery() as nursery:
        world = World(journal)
        await nursery.start(world.station.run)
        await trio.sleep(1)
        await world.charge()
        await trio.sleep(125)
        await world.csms.drop()
        nursery.cancel_scope.cancel()
    journal.close()

    journal = Journal.open(path, inline=True)
    async with trio.open_nursery() as nursery:
        again = World(journal)
        await nursery.start(again.station.run)
        await trio.sleep(1)
        (stop,) = again.csms.of(v16.StopTransactionRequest)
        assert stop.reason == "PowerLoss"
        assert stop.transaction_id == world.csms.next_transaction_id
        assert stop.meter_stop == pytest.approx(11_040 * 120 / 3600, abs=5)
        nursery.cancel_scope.cancel()
    journal.close()


async def test_soft_reset_stops_tells_and_boots_again(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    world = World()
    outcome = []

    async def live() -> None:
        outcome.append(await world.station.run())

    nursery.start_soon(live)
    await trio.sleep(1)
    await world.charge()
    answer = await world.csms.call(v16.ResetRequest(type="Soft"))
    await trio.sleep(15)
    assert answer.status == "Accepted"
    assert world.csms.of(v16.StopTransactionRequest)[0].reason == "SoftReset"
    assert outcome[0].kind == "Graceful"


async def test_another_central_system_gets_a_boot_notification(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    first, second = World(), World()
    first.station.network.profiles[2] = Profile(2, second.open_link)
    settings = first.station.tree.settings
    settings.network_priority, settings.connection_attempts = (1, 2), {1: 1}
    await nursery.start(first.station.run)
    await trio.sleep(1)
    await first.csms.drop()
    await trio.sleep(60)
    assert second.csms.actions()[0] == "BootNotification"
    assert second.csms.statuses(1) == ["Available"]
