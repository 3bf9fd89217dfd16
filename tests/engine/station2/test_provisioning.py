"""Functional block B as dialogues: booting, going offline, resetting."""

from typing import Any

import pytest
import trio
from trio.testing import MockClock

from pilotwire.engine.wire.session import CallRefused

from .conftest import Start
from .world import World


def answers(world: World, *statuses: str, interval: int = 100) -> None:
    """Answer boots with these statuses, one after the other."""
    left = list(statuses)

    def answer(request: Any) -> Any:
        return request.response(status=left.pop(0), current_time=world.csms.now, interval=interval)

    world.csms.on("BootNotification", answer)


async def test_b01_fr_01_the_boot_tells_who_the_station_is(
    world: World, autojump_clock: MockClock
) -> None:
    (boot,) = world.csms.of("BootNotification")
    station = boot.charging_station
    assert boot.reason == "PowerUp"  # B01.FR.09
    assert (station.vendor_name, station.model, station.serial_number) == ("Vendor", "Model", "S-1")
    assert station.firmware_version == "1.2"
    assert station.modem.iccid == "89310000000000000001"
    assert not station.modem.imsi


async def test_b01_fr_05_after_the_boot_every_connector_and_nothing_else_is_told(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(connectors=(1, 2))
    assert world.csms.actions() == ["BootNotification", *[world.tells_status_by] * 3]
    for place in ((1, 1), (2, 1), (2, 2)):
        assert world.csms.statuses(*place) == ["Available"]


async def test_b02_fr_02_while_pending_the_station_answers_and_sends_what_it_is_told_to(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(before=lambda world: answers(world, "Pending", "Accepted"))
    v2, call = world.v2, world.csms.call
    await trio.sleep(10)
    assert world.csms.actions() == ["BootNotification"]
    assert await world.set_variables(TxCtrlr__EVConnectionTimeOut=30) == ["Accepted"]  # B02.FR.01
    token = v2.IdTokenType(id_token="REMOTE", type="Central")
    begin = await call(v2.RequestStartTransactionRequest(id_token=token, remote_start_id=1))
    end = await call(v2.RequestStopTransactionRequest(transaction_id="x"))
    assert (begin.status, end.status) == ("Rejected", "Rejected")  # B02.FR.05
    assert begin.status_info.reason_code == "CSNotAccepted"
    report = await call(v2.GetBaseReportRequest(request_id=1, report_base="SummaryInventory"))
    await trio.sleep(1)
    assert report.status == "Accepted"
    assert world.csms.actions() == ["BootNotification", "NotifyReport"]
    await trio.sleep(100)  # B02.FR.08
    assert world.csms.actions()[2:4] == ["BootNotification", world.tells_status_by]


async def test_f06_fr_17_a_boot_can_be_triggered_until_it_is_accepted(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(before=lambda world: answers(world, "Pending", "Accepted"))
    trigger = world.v2.TriggerMessageRequest(requested_message="BootNotification")
    first = await world.csms.call(trigger)
    await trio.sleep(1)
    second = await world.csms.call(trigger)
    assert (first.status, second.status) == ("Accepted", "Rejected")
    assert world.csms.actions().count("BootNotification") == 2


async def test_b03_fr_08_a_rejected_station_answers_with_a_security_error(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(before=lambda world: answers(world, "Rejected", "Accepted"))
    with pytest.raises(CallRefused) as refusal:
        await world.csms.call(world.v2.ClearCacheRequest())
    assert refusal.value.code == "SecurityError"
    await trio.sleep(98)
    assert world.csms.actions() == ["BootNotification"]  # B03.FR.02
    await trio.sleep(5)
    assert world.csms.actions()[:2] == ["BootNotification"] * 2  # B03.FR.06


async def test_b04_fr_02_back_after_a_short_time_only_changes_are_told(
    world: World, autojump_clock: MockClock
) -> None:
    world.csms.forget()
    await world.csms.drop()
    await trio.sleep(1)
    world.drivers[1].fault("GroundFailure")
    await trio.sleep(60)
    world.csms.come_back()
    await trio.sleep(120)
    # The fault is an event, too; which of the two comes first is nobody's concern.
    assert world.csms.actions()[0] in {world.tells_status_by, "NotifyEvent"}
    assert (world.csms.statuses(1), world.csms.statuses(2)) == ([], ["Faulted"])


async def test_b04_fr_01_back_after_a_long_time_every_connector_is_told(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables={"OCPPCommCtrlr.OfflineThreshold": 30})
    world.csms.forget()
    await world.csms.drop()
    await trio.sleep(60)
    world.csms.come_back()
    await trio.sleep(120)
    assert (world.csms.statuses(1), world.csms.statuses(2)) == (["Available"], ["Available"])


async def test_g02_heartbeats_come_after_silence(world: World, autojump_clock: MockClock) -> None:
    world.csms.forget()
    await trio.sleep(299)
    assert "Heartbeat" not in world.csms.actions()
    await trio.sleep(2)
    assert world.csms.actions() == ["Heartbeat"]
