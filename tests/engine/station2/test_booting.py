"""Functional block B, booting and being offline as dialogues (B01 to B04)."""

from typing import Any

import pytest
import trio
from trio.testing import MockClock

from pilotwire.drivers.ev import Ev
from pilotwire.engine.wire.session import CallRefused
from pilotwire.profiles.errors import SecurityError

from .conftest import Start
from .test_availability import change
from .test_provisioning import answers
from .world import World


def trigger(world: World, message: str, **more: Any) -> Any:
    return world.csms.call(world.v2.TriggerMessageRequest(requested_message=message, **more))


async def test_TC_B_01_CS_a_cold_boot(start: Start, autojump_clock: MockClock) -> None:
    world = await start(connectors=(1, 2), reboots=True)
    for _ in range(2):  # at power-up, and after a power cut
        (boot,) = world.csms.of("BootNotification")
        assert boot.reason == "PowerUp"
        assert boot.charging_station.vendor_name == "Vendor"
        assert world.csms.actions()[0] == "BootNotification"
        for place in ((1, 1), (2, 1), (2, 2)):
            assert world.csms.statuses(*place) == ["Available"]  # B01.FR.05
        world.csms.forget()
        await world.cut_power()  # B01.FR.03


async def test_TC_B_02_CS_pending(start: Start, autojump_clock: MockClock) -> None:
    world = await start(before=lambda world: answers(world, "Pending", "Accepted", interval=300))
    v2, call = world.v2, world.csms.call
    assert await world.set_variables(OCPPCommCtrlr__OfflineThreshold=300) == ["Accepted"]
    item = v2.GetVariableDataType(
        component=v2.ComponentType(name="OCPPCommCtrlr"),
        variable=v2.VariableType(name="OfflineThreshold"),
    )
    read = await call(v2.GetVariablesRequest(get_variable_data=(item,)))
    assert read.get_variable_result[0].attribute_value == "300"
    report = await call(v2.GetBaseReportRequest(request_id=7, report_base="FullInventory"))
    assert report.status == "Accepted"
    await trio.sleep(5)
    parts = world.csms.of("NotifyReport")
    assert [part.tbc is True for part in parts] == [*[True] * (len(parts) - 1), False]
    token = v2.IdTokenType(id_token="DEADBEEF", type="ISO14443")
    begin = await call(v2.RequestStartTransactionRequest(id_token=token, remote_start_id=1))
    assert begin.status == "Rejected"  # B02.FR.05
    assert set(world.csms.actions()) == {"BootNotification", "NotifyReport"}  # B02.FR.02
    link = world.csms.link
    assert (await trigger(world, "BootNotification")).status == "Accepted"
    await trio.sleep(1)
    cold, triggered = world.csms.of("BootNotification")  # B02.FR.04: before its time
    assert (cold.reason, triggered.reason) == ("PowerUp", "Triggered")
    assert world.csms.statuses(1) == world.csms.statuses(2) == ["Available"]
    assert (await trigger(world, "BootNotification")).status == "Rejected"  # F06.FR.17
    assert world.csms.link is link  # B02.FR.06


async def test_TC_B_03_CS_rejected(start: Start, autojump_clock: MockClock) -> None:
    world = await start(before=lambda world: answers(world, "Rejected", "Accepted", interval=40))
    await trio.sleep(38)
    assert world.csms.actions() == ["BootNotification"]  # B03.FR.02
    await trio.sleep(3)
    again = world.csms.of("BootNotification")[1]  # B03.FR.06
    assert again.reason == "PowerUp"
    assert world.csms.statuses(1) == world.csms.statuses(2) == ["Available"]


async def test_TC_B_30_CS_rejected_it_answers_with_a_security_error(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(before=lambda world: answers(world, "Rejected", "Accepted"))
    with pytest.raises(CallRefused) as refusal:
        await world.csms.call(
            world.v2.GetBaseReportRequest(request_id=1, report_base="FullInventory")
        )
    assert refusal.value.code == "SecurityError"  # B03.FR.08
    await trio.sleep(10)
    assert world.csms.actions() == ["BootNotification"]


@pytest.mark.parametrize("status", ["Pending", "Rejected"])
async def test_b02_fr_07_and_b03_fr_05_without_an_interval_the_station_takes_its_own(
    start: Start, autojump_clock: MockClock, status: str
) -> None:
    world = await start(before=lambda world: answers(world, status, status, "Accepted", interval=0))
    await trio.sleep(50)
    assert world.csms.actions() == ["BootNotification"]
    await trio.sleep(100)
    assert world.csms.actions()[:3] == ["BootNotification"] * 3


async def test_b01_fr_08_before_the_boot_is_answered_nothing_else_is_said(
    start: Start, autojump_clock: MockClock
) -> None:
    answered = trio.Event()

    def before(world: World) -> None:
        async def later(request: Any) -> Any:
            await answered.wait()
            return world.csms.friendly(request)

        world.csms.on("BootNotification", later)

    world = await start(before=before, reboots=True)
    place = world.v2.EVSEType(id=1, connector_id=1)
    for message in ("Heartbeat", "MeterValues", "StatusNotification"):
        assert (await trigger(world, message, evse=place)).status == "Accepted"
    await world.csms.call(
        world.v2.GetBaseReportRequest(request_id=1, report_base="SummaryInventory")
    )
    await trio.sleep(5)
    assert world.csms.actions() == ["BootNotification"]
    answered.set()
    await trio.sleep(1)
    told = set(world.csms.actions()[1:])
    assert {"Heartbeat", "MeterValues", "NotifyReport", world.tells_status_by} <= told


async def test_b01_fr_08_what_waits_of_an_earlier_run_waits_on(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(reboots=True)
    await world.charge()
    answers(world, "Pending", "Accepted", interval=60)
    world.csms.forget()
    await world.cut_power()
    await trio.sleep(30)
    assert world.csms.actions() == ["BootNotification"]
    await trio.sleep(40)
    (ended,) = world.csms.events("Ended")
    assert ended.transaction_info.stopped_reason == "PowerLoss"


async def test_b01_fr_04_the_interval_is_that_of_the_heartbeats(
    start: Start, autojump_clock: MockClock
) -> None:
    def before(world: World) -> None:
        answers(world, "Accepted", interval=120)

    world = await start(before=before)
    world.csms.forget()
    await trio.sleep(118)
    assert world.csms.actions() == []
    await trio.sleep(3)
    assert world.csms.actions() == ["Heartbeat"]  # G02.FR.01-02


async def test_b01_fr_06_the_clock_follows_the_csms(
    start: Start, autojump_clock: MockClock
) -> None:
    def before(world: World) -> None:
        world.csms.clock.set(world.clock.time() + 3600)

    world = await start(before=before)
    assert abs(world.clock.time() - world.csms.clock.time()) < 2
    world.csms.clock.set(world.clock.time() + 7200)
    await trio.sleep(302)  # a heartbeat
    assert abs(world.clock.time() - world.csms.clock.time()) < 2  # G02.FR.06


async def test_b01_fr_07_and_g01_fr_02_what_is_unavailable_stays_so_without_power(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(reboots=True)
    assert await change(world, "Inoperative", evse=1) == "Accepted"
    world.csms.forget()
    await world.cut_power()
    assert (world.csms.statuses(1), world.csms.statuses(2)) == (["Unavailable"], ["Available"])


@pytest.mark.parametrize("status", ["Pending", "Rejected"])
@pytest.mark.parametrize("is_enabled", [True, False])
async def test_b02_fr_03_and_b03_fr_01_charging_before_the_csms_accepts(
    start: Start, autojump_clock: MockClock, status: str, is_enabled: bool
) -> None:
    world = await start(
        before=lambda world: answers(world, status, "Accepted", interval=100),
        variables={
            "TxCtrlr.TxBeforeAcceptedEnabled": is_enabled,
            "AuthCtrlr.OfflineTxForUnknownIdEnabled": True,
        },
    )
    await world.charge()
    assert world.drivers[0].is_taking_power is is_enabled
    assert world.csms.actions() == ["BootNotification"]
    await trio.sleep(120)
    assert len(world.csms.events("Started")) == is_enabled
    assert not len(world.journal)


async def test_a_csms_that_has_forgotten_the_station_is_told_of_it_again(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start()
    await trio.sleep(100)

    def refuse(request: Any) -> Any:
        raise SecurityError("who are you?")

    world.csms.on("TransactionEvent", refuse)
    world.csms.forget()
    await world.charge()
    await trio.sleep(30)
    assert world.csms.actions().count("BootNotification") == 1  # and not with each refusal
    del world.csms.rules["TransactionEvent"]
    await trio.sleep(120)
    assert "Started" in [e.event_type for e in world.csms.events()]
    assert not len(world.journal)


# ---- offline


async def test_TC_B_51_CS_offline_for_longer_than_the_threshold(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(
        variables={
            "OCPPCommCtrlr.OfflineThreshold": 30,
            "OCPPCommCtrlr.RetryBackOffWaitMinimum": 32,
            "OCPPCommCtrlr.RetryBackOffRandomRange": 0,
        }
    )
    world.csms.forget()
    await world.csms.drop()
    world.csms.come_back()
    await trio.sleep(1)
    world.drivers[0].plug_in(Ev())
    await trio.sleep(40)
    # B04.FR.01
    assert (world.csms.statuses(1), world.csms.statuses(2)) == (["Occupied"], ["Available"])
    assert "BootNotification" not in world.csms.actions()


async def test_TC_B_52_CS_offline_for_less(start: Start, autojump_clock: MockClock) -> None:
    world = await start(
        variables={
            "OCPPCommCtrlr.OfflineThreshold": 30,
            "OCPPCommCtrlr.RetryBackOffWaitMinimum": 28,
            "OCPPCommCtrlr.RetryBackOffRandomRange": 0,
        }
    )
    world.csms.forget()
    await world.csms.drop()
    world.csms.come_back()
    await trio.sleep(1)
    world.drivers[0].plug_in(Ev())
    await trio.sleep(40)
    # B04.FR.02
    assert (world.csms.statuses(1), world.csms.statuses(2)) == (["Occupied"], [])
