"""Chapter 4 of OCPP 1.6: Authorize, BootNotification, Heartbeat, MeterValues."""

from pathlib import Path

import msgspec
import pytest
import trio
from trio.testing import MockClock

from pilotwire.drivers.ev import Ev
from pilotwire.drivers.simulator import SimulatedEvse
from pilotwire.engine.journal.journal import Journal
from pilotwire.machines.meter import MeterSample
from pilotwire.profiles.messages import v16

from .spoken import PowerCycle, change, never, started, transaction_messages
from .world import START, World, boot_answer


def put_off(world: World, *answers: str, interval: int = 1000) -> None:
    """Answer the boots so, one after the other."""
    left = list(answers)
    world.csms.on(
        v16.BootNotificationRequest,
        lambda r: boot_answer(left.pop(0), world.csms.now, interval=interval),
    )


# ---- 4.1 Authorize


async def test_4_1_stopping_with_the_same_token_asks_nobody(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge()
    world.drivers[0].present_token("deadbeef")
    await trio.sleep(1)
    assert len(world.csms.of(v16.AuthorizeRequest)) == 1
    assert len(world.csms.of(v16.StopTransactionRequest)) == 1


async def test_4_1_no_energy_without_authorization(world: World, autojump_clock: MockClock) -> None:
    world.drivers[0].plug_in(Ev())
    await trio.sleep(3600)
    assert not world.drivers[0].is_contactor_closed
    assert world.csms.statuses(1)[-1] == "Preparing"
    assert world.drivers[0].read_meter().energy_import == 0


async def test_4_1_while_somebody_charges_another_token_is_refused_at_that_connector(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge()
    world.csms.forget()
    world.drivers[0].present_token("SECOND")
    await trio.sleep(5)
    assert not transaction_messages(world)
    assert world.drivers[0].is_contactor_closed


async def test_4_1_an_answer_that_does_not_come_is_decided_offline(
    world: World, autojump_clock: MockClock
) -> None:
    await change(world, AllowOfflineTxForUnknownId=True)
    world.csms.on(v16.AuthorizeRequest, never)
    await world.charge()
    assert not world.drivers[0].is_contactor_closed
    await trio.sleep(31)
    assert world.drivers[0].is_contactor_closed


@pytest.mark.parametrize("length", [1, 20])
async def test_3_9_a_token_is_any_text_of_up_to_20_characters(
    world: World, autojump_clock: MockClock, length: int
) -> None:
    token = 'ü-/ "}'[:length].ljust(length, "x")
    await world.charge(token=token)
    assert world.csms.of(v16.StartTransactionRequest)[0].id_tag == token


async def test_3_9_a_longer_one_cannot_be_asked_about_and_is_refused(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge(token="x" * 21)
    assert not world.csms.of(v16.AuthorizeRequest)
    assert not world.drivers[0].is_contactor_closed


# ---- 4.2 BootNotification


async def test_4_2_the_boot_sets_clock_and_heartbeat_interval(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    world = World()
    world.csms.clock.set(START + 5000)
    world.csms.on(
        v16.BootNotificationRequest, lambda r: boot_answer("Accepted", world.csms.now, interval=77)
    )
    await started(nursery, world)
    assert world.clock.time() == pytest.approx(START + 5001, abs=1)
    told = world.csms.of(v16.StatusNotificationRequest)[0]
    assert told.timestamp.timestamp() == pytest.approx(START + 5000, abs=1)
    world.csms.forget()
    await trio.sleep(78)
    assert world.csms.actions() == ["Heartbeat"]


async def test_4_2_cached_messages_wait_until_the_station_is_accepted(
    autojump_clock: MockClock, tmp_path: Path
) -> None:
    power = PowerCycle(tmp_path)

    async def leave_a_stop_behind(world: World) -> None:
        await world.charge()
        await world.csms.drop()
        world.drivers[0].present_token("DEADBEEF")
        await trio.sleep(1)

    async def boot(world: World) -> None:
        put_off(world, "Pending", "Accepted", interval=100)
        world.csms.come_back()
        await trio.sleep(50)
        assert world.csms.actions() == ["BootNotification"]
        await trio.sleep(100)
        assert "StopTransaction" in world.csms.actions()

    await power.powered(leave_a_stop_behind)

    journal = Journal.open(power.path, inline=True)
    async with trio.open_nursery() as nursery:
        world = World(journal, drivers=power.drivers)
        world.csms.is_reachable = False
        await nursery.start(world.station.run)
        await boot(world)
        nursery.cancel_scope.cancel()
    journal.close()


async def test_4_2_a_triggered_boot_ends_the_wait_and_its_answer_counts(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    world = World()
    put_off(world, "Pending", "Accepted")
    await started(nursery, world)
    answer = await world.csms.call(v16.TriggerMessageRequest(requested_message="BootNotification"))
    await trio.sleep(1)
    assert answer.status == "Accepted"
    assert world.csms.actions() == [*["BootNotification"] * 2, *["StatusNotification"] * 3]
    await trio.sleep(3000)
    assert world.csms.actions().count("BootNotification") == 2


async def test_4_2_while_pending_what_is_triggered_is_sent_and_nothing_else(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    world = World()
    put_off(world, "Pending")
    await started(nursery, world)
    world.csms.forget()
    for message in ("StatusNotification", "MeterValues", "Heartbeat"):
        await world.csms.call(v16.TriggerMessageRequest(requested_message=message))
        await trio.sleep(1)
    assert world.csms.actions() == [
        *["StatusNotification"] * 3,
        *["MeterValues"] * 2,
        "Heartbeat",
    ]
    world.csms.forget()
    world.drivers[0].plug_in(Ev())
    world.drivers[1].fault("OtherError")
    await trio.sleep(500)
    assert world.csms.actions() == []


async def test_4_2_while_pending_the_configuration_can_be_changed(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    world = World()
    put_off(world, "Pending", "Accepted")
    await started(nursery, world)
    await change(world, ClockAlignedDataInterval=60)
    await trio.sleep(900)
    assert world.csms.of(v16.MeterValuesRequest) == []
    await trio.sleep(200)
    assert world.csms.of(v16.MeterValuesRequest)


async def test_4_2_1_before_the_station_was_ever_accepted_nobody_charges(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    world = World(variables={"AuthCtrlr.OfflineTxForUnknownIdEnabled": True})
    put_off(world, "Pending", "Accepted")
    await started(nursery, world)
    await world.charge()
    assert not world.drivers[0].is_contactor_closed
    await trio.sleep(1000)
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    assert world.drivers[0].is_contactor_closed


async def test_4_2_1_once_accepted_it_serves_after_a_restart_without_its_csms(
    autojump_clock: MockClock, tmp_path: Path
) -> None:
    power = PowerCycle(tmp_path, variables={"AuthCtrlr.OfflineTxForUnknownIdEnabled": True})

    async def nothing(world: World) -> None: ...

    await power.powered(nothing)
    journal = Journal.open(power.path, inline=True)
    async with trio.open_nursery() as nursery:
        world = World(journal, **power.settings)
        world.csms.is_reachable = False
        await nursery.start(world.station.run)
        await world.charge()
        assert world.drivers[0].is_contactor_closed
        nursery.cancel_scope.cancel()
    journal.close()


async def test_4_2_each_boot_is_told_by_a_boot_notification(
    autojump_clock: MockClock, tmp_path: Path
) -> None:
    power = PowerCycle(tmp_path)

    async def look(world: World) -> None:
        assert world.csms.actions()[0] == "BootNotification"

    await power.powered(look)
    await power.powered(look)


# ---- 4.6 Heartbeat


async def test_4_6_the_heartbeat_sets_the_clock(world: World, autojump_clock: MockClock) -> None:
    world.csms.clock.set(world.clock.time() + 100)
    await trio.sleep(301)
    assert world.clock.time() == pytest.approx(world.csms.clock.time(), abs=1)


async def test_4_6_a_changed_interval_counts_at_once(
    world: World, autojump_clock: MockClock
) -> None:
    await change(world, HeartbeatInterval=10)
    world.csms.forget()
    await trio.sleep(35)
    assert world.csms.actions() == ["Heartbeat"] * 3


async def test_4_6_at_least_one_heartbeat_in_24_hours_whatever_else_is_sent(
    world: World, autojump_clock: MockClock
) -> None:
    await change(world, ClockAlignedDataInterval=3600, HeartbeatInterval=7200)
    await trio.sleep(2 * 86_400 + 1)
    assert world.csms.actions().count("Heartbeat") == 2


# ---- 4.7 MeterValues


async def test_4_7_values_of_a_transaction_carry_its_id_and_others_none(
    world: World, autojump_clock: MockClock
) -> None:
    await change(world, ClockAlignedDataInterval=60, MeterValueSampleInterval=0)
    await world.charge(evse=2)
    await trio.sleep(130)
    told = world.csms.of(v16.MeterValuesRequest)
    by_connector = {request.connector_id: request.transaction_id for request in told}
    assert by_connector[2] == world.csms.next_transaction_id
    frames = [f[3] for d, f in world.messages if d == "sent" and f[2:3] == ["MeterValues"]]
    assert {f["connectorId"] for f in frames if "transactionId" not in f} == {1}


async def test_errata_3_16_a_sample_belongs_to_the_transaction_that_runs_when_it_is_taken(
    world: World, autojump_clock: MockClock
) -> None:
    await change(world, ClockAlignedDataInterval=900, MeterValueSampleInterval=0)
    await world.charge()
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    assert len(world.csms.of(v16.StartTransactionRequest)) == 2
    await trio.sleep(900)
    told = [r for r in world.csms.of(v16.MeterValuesRequest) if r.connector_id == 1]
    assert [r.transaction_id for r in told] == [world.csms.next_transaction_id]


async def test_errata_3_78_the_register_goes_on_from_transaction_to_transaction(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge()
    await trio.sleep(600)
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    _, second = world.csms.of(v16.StartTransactionRequest)
    (stop,) = world.csms.of(v16.StopTransactionRequest)
    assert second.meter_start == stop.meter_stop > 0


class WarmEvse(SimulatedEvse):
    """Its meter knows a temperature."""

    def read_meter(self) -> MeterSample:
        return msgspec.structs.replace(super().read_meter(), temperature=31.5)


async def test_errata_3_86_frequency_has_no_unit_and_temperature_that_of_the_schema(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    world = await started(nursery, World(drivers=[WarmEvse(), SimulatedEvse()]))
    await change(world, MeterValuesSampledData="Frequency,Temperature")
    await world.charge()
    await trio.sleep(61)
    frame = next(f for d, f in world.messages if d == "sent" and f[2:3] == ["MeterValues"])
    values = {s["measurand"]: s for s in frame[3]["meterValue"][0]["sampledValue"]}
    assert "unit" not in values["Frequency"]
    assert values["Temperature"]["unit"] == "Celcius"  # J errata 2.1: stations keep to it
    assert values["Temperature"]["value"] == "31.5"
