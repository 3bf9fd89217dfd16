"""Chapter 4 of OCPP 1.6: StartTransaction, StatusNotification, StopTransaction."""

from pathlib import Path
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from pilotwire.drivers.ev import Ev
from pilotwire.machines.events import Event, FaultRaised, IdToken, ReservationMade
from pilotwire.profiles.messages import v16

from .spoken import PowerCycle, accepted, change, never, transaction_messages
from .world import World, invalid

# ---- 4.8 StartTransaction


async def test_4_8_a_transaction_that_ends_a_reservation_names_it(
    world: World, autojump_clock: MockClock
) -> None:
    def tell(fact: Event) -> None:
        world.station.deliver(1, fact)

    tell(ReservationMade(reservation_id=77, id_token=IdToken("DEADBEEF"), seconds=600))
    await world.charge()
    (start,) = world.csms.of(v16.StartTransactionRequest)
    assert start.reservation_id == 77
    assert world.csms.statuses(1)[1] == "Reserved"


async def test_4_8_a_transaction_without_a_reservation_names_none(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge()
    frame = next(f for d, f in world.messages if d == "sent" and f[2:3] == ["StartTransaction"])
    assert set(frame[3]) == {"connectorId", "idTag", "meterStart", "timestamp"}


@pytest.mark.parametrize("status", ["Blocked", "Expired", "Invalid", "ConcurrentTx"])
async def test_errata_3_17_a_token_refused_at_the_start_is_stopped_and_keeps_the_cable(
    world: World, autojump_clock: MockClock, status: Any
) -> None:
    def refuse(request: v16.StartTransactionRequest) -> v16.StartTransactionResponse:
        info = v16.IdTagInfo(status=status, parent_id_tag="FAMILY")
        return v16.StartTransactionResponse(id_tag_info=info, transaction_id=3)

    world.csms.on(v16.StartTransactionRequest, refuse)
    await world.charge()
    (stop,) = world.csms.of(v16.StopTransactionRequest)
    assert (stop.reason, stop.transaction_id) == ("DeAuthorized", 3)
    assert world.drivers[0].is_locked()
    # Errata 3.5: a token of the same parentIdTag frees it too.
    world.csms.on(
        v16.AuthorizeRequest, lambda r: v16.AuthorizeResponse(id_tag_info=accepted("FAMILY"))
    )
    world.drivers[0].present_token("CHILD")
    await trio.sleep(1)
    assert not world.drivers[0].is_locked()


# ---- 4.9 StatusNotification


async def test_4_9_kept_on_disconnect_it_is_suspended_with_the_reason_and_goes_on(
    world: World, autojump_clock: MockClock
) -> None:
    await change(world, StopTransactionOnEVSideDisconnect=False)
    await world.charge()
    world.csms.forget()
    world.drivers[0].unplug(at_car=True, leave=False)
    await trio.sleep(1)
    (told,) = world.csms.of(v16.StatusNotificationRequest)
    assert (told.status, told.error_code, told.info) == (
        "SuspendedEV",
        "NoError",
        "EV side disconnected",
    )
    assert not transaction_messages(world)
    world.drivers[0].plug_in(Ev())
    await trio.sleep(1)
    assert world.csms.statuses(1)[-1] == "Charging"


async def test_4_9_stopped_by_disconnect_with_the_cable_free_nothing_is_left_to_do(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge()
    world.csms.forget()
    world.drivers[0].unplug(at_car=True)
    await trio.sleep(1)
    told = world.csms.of(v16.StatusNotificationRequest)
    assert [(t.status, t.error_code) for t in told] == [("Available", "NoError")]
    (stop,) = world.csms.of(v16.StopTransactionRequest)
    assert stop.reason == "EVDisconnected"


async def test_4_9_a_cable_that_waits_for_its_owner_is_finishing(
    world: World, autojump_clock: MockClock
) -> None:
    await change(world, UnlockConnectorOnEVSideDisconnect=False)
    await world.charge()
    world.csms.forget()
    world.drivers[0].unplug(at_car=True)
    await trio.sleep(60)
    told = world.csms.of(v16.StatusNotificationRequest)
    assert [(t.status, t.info) for t in told] == [("Finishing", "EV side disconnected")]
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    assert world.csms.statuses(1)[-1] == "Available"


async def test_4_9_suspended_by_both_is_suspended_by_the_evse(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge()
    world.drivers[0].suspend_ev()
    world.drivers[0].pause()
    await trio.sleep(1)
    assert world.csms.statuses(1)[-1] == "SuspendedEVSE"
    world.drivers[0].resume()
    await trio.sleep(1)
    assert world.csms.statuses(1)[-1] == "SuspendedEV"


async def test_4_9_ev_communication_error_is_never_told_with_faulted(
    world: World, autojump_clock: MockClock
) -> None:
    world.station.deliver(1, FaultRaised(error_code="EVCommunicationError"))
    await trio.sleep(1)
    told = world.csms.of(v16.StatusNotificationRequest)[-1]
    assert (told.status, told.error_code) == ("Faulted", "OtherError")
    assert told.info == "EVCommunicationError"


async def test_4_9_a_fault_returns_to_the_status_before(
    world: World, autojump_clock: MockClock
) -> None:
    await world.csms.call(v16.ChangeAvailabilityRequest(connector_id=2, type="Inoperative"))
    world.drivers[0].plug_in(Ev())
    await trio.sleep(1)
    before = [world.csms.statuses(n)[-1] for n in (1, 2)]
    for driver in world.drivers:
        driver.fault("GroundFailure")
    await trio.sleep(1)
    assert [world.csms.statuses(n)[-1] for n in (1, 2)] == ["Faulted"] * 2
    for driver in world.drivers:
        driver.clear_fault()
    await trio.sleep(1)
    assert [world.csms.statuses(n)[-1] for n in (1, 2)] == before == ["Preparing", "Unavailable"]


async def test_4_9_after_being_offline_only_what_is_so_now_is_told(
    world: World, autojump_clock: MockClock
) -> None:
    await world.csms.drop()
    world.drivers[0].plug_in(Ev())
    await trio.sleep(10)
    world.drivers[0].fault("GroundFailure")
    await trio.sleep(10)
    world.drivers[0].clear_fault()
    world.csms.forget()
    world.csms.come_back()
    await trio.sleep(60)
    assert [world.csms.statuses(n) for n in (0, 1, 2)] == [[], ["Preparing"], []]


async def test_4_9_a_status_that_was_lost_with_the_link_is_told_over_the_next(
    world: World, autojump_clock: MockClock
) -> None:
    world.csms.on(v16.StatusNotificationRequest, never)
    world.drivers[0].plug_in(Ev())
    world.drivers[1].plug_in(Ev())
    await trio.sleep(1)
    del world.csms.rules[v16.StatusNotificationRequest]
    await world.csms.drop()
    world.csms.forget()
    world.csms.come_back()
    await trio.sleep(60)
    assert [world.csms.statuses(n) for n in (1, 2)] == [["Preparing"], ["Preparing"]]


# ---- 4.10 StopTransaction


async def test_4_10_the_cable_is_unlocked_as_part_of_the_stop(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge()
    assert world.drivers[0].is_locked()
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    assert not world.drivers[0].is_locked()
    assert world.csms.statuses(1)[-1] == "Finishing"


async def test_4_10_kept_on_disconnect_the_cable_stays_locked_whatever_the_other_key_says(
    world: World, autojump_clock: MockClock
) -> None:
    await change(
        world, StopTransactionOnEVSideDisconnect=False, UnlockConnectorOnEVSideDisconnect=True
    )
    await world.charge()
    world.drivers[0].unplug(at_car=True, leave=False)
    await trio.sleep(60)
    assert world.drivers[0].is_locked()
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    assert not world.drivers[0].is_locked()
    assert world.csms.of(v16.StopTransactionRequest)[0].reason == "Local"


async def test_4_10_stopped_on_disconnect_reconnecting_brings_no_energy(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge()
    world.drivers[0].unplug(at_car=True, leave=False)
    await trio.sleep(1)
    assert not world.drivers[0].is_locked()
    world.drivers[0].plug_in(Ev())
    await trio.sleep(60)
    assert not world.drivers[0].is_contactor_closed
    assert len(world.csms.of(v16.StartTransactionRequest)) == 1


async def test_4_10_a_restart_lets_go_of_the_cable_of_a_transaction_that_it_ended(
    autojump_clock: MockClock, tmp_path: Path
) -> None:
    power = PowerCycle(tmp_path)

    async def charge(world: World) -> None:
        await world.charge()
        assert world.drivers[0].is_locked()

    async def look(world: World) -> None:
        assert world.csms.of(v16.StopTransactionRequest)[0].reason == "PowerLoss"
        assert not world.drivers[0].is_locked()
        assert world.csms.statuses(1) in (["Preparing"], ["Available", "Preparing"])

    await power.powered(charge)
    await power.powered(look)


async def test_4_10_who_did_not_stop_it_is_not_named(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge()
    await world.csms.call(
        v16.RemoteStopTransactionRequest(transaction_id=world.csms.next_transaction_id)
    )
    await trio.sleep(1)
    frame = next(f for d, f in world.messages if d == "sent" and f[2:3] == ["StopTransaction"])
    assert "idTag" not in frame[3]
    assert frame[3]["reason"] == "Remote"


async def test_4_10_an_offline_restart_in_mid_charge_is_told_once(
    autojump_clock: MockClock, tmp_path: Path
) -> None:
    power = PowerCycle(tmp_path)

    async def charge(world: World) -> None:
        await world.charge()

    async def nothing(world: World) -> None: ...

    await power.powered(charge)
    second = await power.powered(nothing)
    third = await power.powered(nothing)
    assert len(second.csms.of(v16.StopTransactionRequest)) == 1
    assert not transaction_messages(third)


async def test_4_8_refused_at_the_start_of_one_the_other_connector_goes_on(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge(evse=1)
    world.csms.on(v16.StartTransactionRequest, invalid)
    await world.charge(evse=2, token="OTHER")
    assert world.drivers[0].is_contactor_closed
    assert not world.drivers[1].is_contactor_closed
