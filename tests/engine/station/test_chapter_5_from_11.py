"""Chapter 5 of OCPP 1.6: what a station answers to remote starts and stops, triggers, unlocking."""

from typing import Any, ClassVar

import pytest
import trio
from trio.testing import MockClock

from pilotwire.drivers.ev import Ev
from pilotwire.drivers.hardware import EvseHardware
from pilotwire.drivers.simulator import SimulatedEvse
from pilotwire.profiles.messages import v16

from .spoken import change, started, transaction_messages
from .world import World


def sent(world: World) -> list[Any]:
    """Frames that the station sent."""
    return [frame for direction, frame in world.messages if direction == "sent"]


async def remote_start(world: World, token: str = "REMOTE", **fields: Any) -> str:
    answer = await world.csms.call(v16.RemoteStartTransactionRequest(id_tag=token, **fields))
    return str(answer.status)


async def trigger(world: World, message: Any, **fields: Any) -> str:
    answer = await world.csms.call(v16.TriggerMessageRequest(requested_message=message, **fields))
    await trio.sleep(1)
    return str(answer.status)


# ---- 5.11 RemoteStartTransaction


async def test_5_11_a_refused_token_starts_nothing(world: World, autojump_clock: MockClock) -> None:
    world.csms.on(
        v16.AuthorizeRequest,
        lambda r: v16.AuthorizeResponse(id_tag_info=v16.IdTagInfo(status="Blocked")),
    )
    world.drivers[0].plug_in(Ev())
    await trio.sleep(1)
    assert await remote_start(world, connector_id=1) == "Accepted"  # it will attempt to
    await trio.sleep(60)
    assert not transaction_messages(world)


async def test_5_11_a_cached_token_needs_no_authorize_where_that_is_configured(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge(token="REMOTE")
    world.drivers[0].present_token("REMOTE")
    await change(world, LocalPreAuthorize=True)
    world.drivers[1].plug_in(Ev())
    await trio.sleep(1)
    world.csms.forget()
    assert await remote_start(world, connector_id=2) == "Accepted"
    await trio.sleep(1)
    assert not world.csms.of(v16.AuthorizeRequest)
    assert world.csms.of(v16.StartTransactionRequest)[0].connector_id == 2


async def test_5_11_connector_0_and_one_in_use_are_rejected(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge(evse=1)
    assert await remote_start(world, connector_id=1) == "Rejected"
    assert await remote_start(world, connector_id=0) == "Rejected"


async def test_5_11_without_a_connector_the_one_with_a_cable_is_taken(
    world: World, autojump_clock: MockClock
) -> None:
    world.drivers[1].plug_in(Ev())
    await trio.sleep(1)
    assert await remote_start(world) == "Accepted"
    await trio.sleep(1)
    assert [s.connector_id for s in world.csms.of(v16.StartTransactionRequest)] == [2]


async def test_5_11_without_a_connector_the_cable_that_came_last_is_taken(
    world: World, autojump_clock: MockClock
) -> None:
    world.drivers[1].plug_in(Ev())
    await trio.sleep(5)
    world.drivers[0].plug_in(Ev())
    await trio.sleep(5)
    assert await remote_start(world, "FIRST") == "Accepted"
    await trio.sleep(1)
    assert await remote_start(world, "SECOND") == "Accepted"
    await trio.sleep(1)
    assert [s.connector_id for s in world.csms.of(v16.StartTransactionRequest)] == [1, 2]


async def test_5_11_where_everything_is_in_use_it_is_rejected(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge(evse=1, token="ONE")
    await world.charge(evse=2, token="TWO")
    assert await remote_start(world) == "Rejected"


async def test_5_11_a_remote_start_waits_for_the_cable_as_long_as_connection_time_out(
    world: World, autojump_clock: MockClock
) -> None:
    world.csms.forget()
    assert await remote_start(world, connector_id=1) == "Accepted"
    await trio.sleep(61)
    assert world.csms.statuses(1) == ["Preparing", "Available"]
    world.drivers[0].plug_in(Ev())
    await trio.sleep(5)
    assert not transaction_messages(world)


async def test_5_11_a_charging_profile_is_ignored_where_there_is_no_smart_charging(
    world: World, autojump_clock: MockClock
) -> None:
    period = v16.ChargingSchedulePeriod(start_period=0, limit=6.0)
    profile = v16.ChargingProfile(
        charging_profile_id=1,
        stack_level=0,
        charging_profile_purpose="TxProfile",
        charging_profile_kind="Relative",
        charging_schedule=v16.ChargingSchedule(
            charging_rate_unit="A", charging_schedule_period=(period,)
        ),
    )
    world.drivers[0].plug_in(Ev())
    await trio.sleep(1)
    assert await remote_start(world, connector_id=1, charging_profile=profile) == "Accepted"
    await trio.sleep(1)
    assert world.drivers[0].is_taking_power


# ---- 5.12 RemoteStopTransaction


async def test_5_12_the_transaction_named_is_stopped_and_no_other(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge(evse=1, token="ONE")
    first = world.csms.next_transaction_id
    await world.charge(evse=2, token="TWO")
    answer = await world.csms.call(v16.RemoteStopTransactionRequest(transaction_id=first))
    await trio.sleep(1)
    assert answer.status == "Accepted"
    (stop,) = world.csms.of(v16.StopTransactionRequest)
    assert (stop.transaction_id, stop.reason) == (first, "Remote")
    assert not world.drivers[0].is_locked()
    assert world.drivers[1].is_contactor_closed


async def test_5_12_what_has_stopped_is_rejected(world: World, autojump_clock: MockClock) -> None:
    await world.charge()
    for expected in ("Accepted", "Rejected"):
        answer = await world.csms.call(
            v16.RemoteStopTransactionRequest(transaction_id=world.csms.next_transaction_id)
        )
        await trio.sleep(1)
        assert answer.status == expected


# ---- 5.17 TriggerMessage


async def test_5_17_a_connector_that_does_not_matter_is_ignored(
    world: World, autojump_clock: MockClock
) -> None:
    world.csms.forget()
    assert await trigger(world, "Heartbeat", connector_id=9) == "Accepted"
    assert world.csms.actions() == ["Heartbeat"]


async def test_5_17_a_status_without_a_connector_is_that_of_all(
    world: World, autojump_clock: MockClock
) -> None:
    world.csms.forget()
    await trigger(world, "StatusNotification")
    told = world.csms.of(v16.StatusNotificationRequest)
    assert [request.connector_id for request in told] == [0, 1, 2]


async def test_5_17_connector_0_is_the_station_alone(
    world: World, autojump_clock: MockClock
) -> None:
    world.csms.forget()
    await trigger(world, "StatusNotification", connector_id=0)
    (told,) = world.csms.of(v16.StatusNotificationRequest)
    assert told.connector_id == 0


async def test_5_17_a_triggered_status_keeps_its_error(
    world: World, autojump_clock: MockClock
) -> None:
    world.drivers[0].fault("GroundFailure", info="leak")
    await trio.sleep(1)
    world.csms.forget()
    await trigger(world, "StatusNotification", connector_id=1)
    (told,) = world.csms.of(v16.StatusNotificationRequest)
    assert (told.status, told.error_code, told.info) == ("Faulted", "GroundFailure", "leak")


async def test_errata_3_46_meter_values_have_every_sampled_measurand_and_the_transaction(
    world: World, autojump_clock: MockClock
) -> None:
    await change(world, MeterValuesSampledData="Voltage,Power.Active.Import")
    await world.charge()
    world.csms.forget()
    await trigger(world, "MeterValues", connector_id=1)
    (told,) = world.csms.of(v16.MeterValuesRequest)
    assert told.transaction_id == world.csms.next_transaction_id
    (value,) = told.meter_value
    assert {s.measurand for s in value.sampled_value} == {"Voltage", "Power.Active.Import"}
    assert {s.context for s in value.sampled_value} == {"Trigger"}


async def test_5_17_meter_values_of_an_evse_with_two_connectors_name_the_one_in_use(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    driver = SimulatedEvse(EvseHardware(connectors=2))
    world = await started(nursery, World(connectors=(2,), drivers=[driver]))
    driver.plug_in(Ev(), connector=2)
    await trio.sleep(1)
    driver.present_token("DEADBEEF")
    await trio.sleep(1)
    assert world.csms.of(v16.StartTransactionRequest)[0].connector_id == 2
    world.csms.forget()
    await trigger(world, "MeterValues")
    await trigger(world, "MeterValues", connector_id=1)
    told = world.csms.of(v16.MeterValuesRequest)
    assert told[0].connector_id == 2
    assert told[0].transaction_id == world.csms.next_transaction_id
    frames = [f[3] for f in sent(world) if f[2:3] == ["MeterValues"]]
    assert frames[-1]["connectorId"] == 1
    assert "transactionId" not in frames[-1]


async def test_5_17_the_meter_of_the_whole_station_is_not_there(
    world: World, autojump_clock: MockClock
) -> None:
    assert await trigger(world, "MeterValues", connector_id=0) == "Rejected"
    assert not world.csms.of(v16.MeterValuesRequest)


@pytest.mark.parametrize("message", ["DiagnosticsStatusNotification", "FirmwareStatusNotification"])
async def test_5_17_what_the_station_does_not_have_is_not_implemented(
    world: World, autojump_clock: MockClock, message: str
) -> None:
    assert await trigger(world, message) == "NotImplemented"


# ---- 5.18 UnlockConnector


async def test_5_18_connector_0_is_unknown(world: World, autojump_clock: MockClock) -> None:
    answer = await world.csms.call(v16.UnlockConnectorRequest(connector_id=0))
    assert answer.status == "NotSupported"  # errata 3.87


async def test_5_18_a_free_connector_is_unlocked_and_nothing_stops(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge(evse=1)
    answer = await world.csms.call(v16.UnlockConnectorRequest(connector_id=2))
    await trio.sleep(1)
    assert answer.status == "Unlocked"
    assert not world.csms.of(v16.StopTransactionRequest)


async def test_5_18_the_transaction_is_finished_first(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    """The lock never opens while current flows."""

    class Watched(SimulatedEvse):
        closed_at_unlock: ClassVar[list[bool]] = []

        def _unlock(self, connector: int) -> None:
            self.closed_at_unlock.append(self.is_contactor_closed)
            super()._unlock(connector)

    world = await started(nursery, World(drivers=[Watched(), SimulatedEvse()]))
    await world.charge()
    answer = await world.csms.call(v16.UnlockConnectorRequest(connector_id=1))
    assert answer.status == "Unlocked"
    assert Watched.closed_at_unlock
    assert not any(Watched.closed_at_unlock)
    await trio.sleep(1)
    assert world.csms.of(v16.StopTransactionRequest)[0].reason == "UnlockCommand"
