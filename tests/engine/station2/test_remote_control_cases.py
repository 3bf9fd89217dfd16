"""Functional block F: what the test cases of Part 6 do, and requirements beside them."""

from typing import Any

import pytest
import trio
from msgspec import UNSET
from trio.testing import MockClock

from pilotwire.drivers.ev import Ev
from pilotwire.drivers.hardware import EvseHardware
from pilotwire.drivers.simulator import SimulatedEvse
from pilotwire.machines.events import IdToken, ReservationMade

from .conftest import Start
from .test_remote_control import begin, trigger
from .world import World

AUTHORIZED = {"TxCtrlr.TxStartPoint": ("Authorized",)}


def told(world: World) -> list[tuple[str, str]]:
    return [(event.event_type, event.trigger_reason) for event in world.csms.events()]


async def stop(world: World, transaction_id: str) -> str:
    request = world.v2.RequestStopTransactionRequest(transaction_id=transaction_id)
    answer = await world.csms.call(request)
    await trio.sleep(1)
    return str(answer.status)


async def unlock(world: World, evse: int = 1, connector: int = 1) -> Any:
    request = world.v2.UnlockConnectorRequest(evse_id=evse, connector_id=connector)
    return await world.csms.call(request)


# ---- remote start


@pytest.mark.parametrize("point", ["EVConnected", "PowerPathClosed", "Authorized"])
async def test_TC_F_01_CS_the_cable_first(
    start: Start, autojump_clock: MockClock, point: str
) -> None:
    world = await start(variables={"TxCtrlr.TxStartPoint": (point,)})
    world.drivers[0].plug_in(Ev())
    await trio.sleep(1)
    begun = world.csms.events()
    world.csms.forget()
    answer = await world.csms.call(begin(world))
    await trio.sleep(1)
    assert answer.status == "Accepted"
    known = begun[0].transaction_info.transaction_id if begun else None
    assert (answer.transaction_id or None) == known  # F01.FR.13
    assert world.csms.actions()[0] == "Authorize"  # F01.FR.01, F01.FR.03
    event = world.csms.events()[0]
    assert event.event_type == ("Updated" if begun else "Started")  # F01.FR.05
    assert event.trigger_reason == "RemoteStart"  # F01.FR.17, F01.FR.19
    assert event.transaction_info.remote_start_id == 42  # F02.FR.01
    assert (event.id_token.id_token, event.id_token.type) == ("REMOTE", "ISO14443")  # F01.FR.04
    assert world.drivers[0].is_taking_power
    assert world.csms.events()[-1].transaction_info.charging_state == "Charging"


@pytest.mark.parametrize("point", ["PowerPathClosed", "Authorized"])
async def test_TC_F_02_CS_the_remote_start_first_and_authorized(
    start: Start, autojump_clock: MockClock, point: str
) -> None:
    world = await start(variables={"TxCtrlr.TxStartPoint": (point,)})
    world.csms.forget()
    answer = await world.csms.call(begin(world))
    await trio.sleep(1)
    assert answer.status == "Accepted"
    assert world.csms.of("Authorize")[0].id_token.id_token == "REMOTE"  # F02.FR.09
    assert told(world) == ([("Started", "RemoteStart")] if point == "Authorized" else [])
    world.drivers[0].plug_in(Ev())
    await trio.sleep(1)
    started = world.csms.events("Started")[0]
    assert started.trigger_reason == "RemoteStart"  # F02.FR.21
    assert started.transaction_info.remote_start_id == 42
    assert started.id_token.id_token == "REMOTE"  # F02.FR.05, F02.FR.11-13
    assert world.drivers[0].is_taking_power


async def test_TC_F_03_CS_the_remote_start_first_and_not_asked_about(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables={"AuthCtrlr.AuthorizeRemoteStart": False, **AUTHORIZED})
    world.csms.forget()
    await world.csms.call(begin(world))
    await trio.sleep(1)
    assert "Authorize" not in world.csms.actions()  # F02.FR.10
    assert told(world) == [("Started", "RemoteStart")]
    world.drivers[0].plug_in(Ev())
    await trio.sleep(1)
    assert told(world)[1] == ("Updated", "CablePluggedIn")
    assert world.drivers[0].is_taking_power


async def test_TC_F_04_CS_no_cable_in_time(start: Start, autojump_clock: MockClock) -> None:
    world = await start(variables={"TxCtrlr.EVConnectionTimeOut": 30, **AUTHORIZED})
    await world.csms.call(begin(world))
    await trio.sleep(35)
    started, ended = world.csms.events()
    assert started.transaction_info.remote_start_id == 42
    assert (ended.event_type, ended.trigger_reason) == ("Ended", "EVConnectTimeout")  # F02.FR.07
    assert ended.transaction_info.stopped_reason == "Timeout"
    world.csms.forget()
    answer = await world.csms.call(begin(world, remote_start_id=43))  # it is free again
    await trio.sleep(1)
    assert answer.status == "Accepted"
    assert told(world) == [("Started", "RemoteStart")]


async def test_f02_fr_08_where_the_bay_ends_it_the_transaction_goes_on_without_its_token(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(
        connectors=(1,),
        drivers=[SimulatedEvse(EvseHardware(has_bay_sensor=True))],
        variables={
            "TxCtrlr.EVConnectionTimeOut": 30,
            "TxCtrlr.TxStopPoint": ("ParkingBayOccupancy",),
            **AUTHORIZED,
        },
    )
    world.drivers[0].park()
    await world.csms.call(begin(world))
    await trio.sleep(35)
    assert told(world) == [("Started", "RemoteStart"), ("Updated", "EVConnectTimeout")]
    assert world.station.tree.evse(1).authorization is None
    world.drivers[0].drive_off()
    await trio.sleep(1)
    assert told(world)[-1] == ("Ended", "EVDeparted")


@pytest.mark.parametrize("is_cable_first", [True, False])
async def test_f01_fr_14_15_and_f02_fr_02_03_and_f03_fr_04_what_is_configured_is_measured(
    start: Start, autojump_clock: MockClock, is_cable_first: bool
) -> None:
    world = await start(
        variables={
            **AUTHORIZED,
            "SampledDataCtrlr.TxStartedMeasurands": ("Voltage",),
            "SampledDataCtrlr.TxUpdatedMeasurands": ("Power.Active.Import",),
            "SampledDataCtrlr.TxUpdatedInterval": 20,
            "SampledDataCtrlr.TxEndedMeasurands": ("Current.Import",),
        }
    )
    if is_cable_first:
        world.drivers[0].plug_in(Ev())
    await world.csms.call(begin(world))
    await trio.sleep(1)
    if not is_cable_first:
        world.drivers[0].plug_in(Ev())
    await trio.sleep(45)
    assert await stop(world, world.csms.events()[0].transaction_info.transaction_id) == "Accepted"
    measured = [
        (event.event_type, event.trigger_reason, sampled.measurand)  # F03.FR.09
        for event in world.csms.events()
        for value in (event.meter_value or ())[-1:]
        for sampled in value.sampled_value[:1]
    ]
    if is_cable_first:
        assert measured[0] == ("Started", "RemoteStart", "Voltage")
    else:  # E01.FR.17: an EVSE that is not connected is not measured
        assert measured[0] == ("Updated", "CablePluggedIn", "Voltage")
    assert measured[-3:] == [
        ("Updated", "MeterValuePeriodic", "Power.Active.Import"),  # F01.FR.18
        ("Updated", "MeterValuePeriodic", "Power.Active.Import"),
        ("Ended", "RemoteStop", "Current.Import"),
    ]


async def test_a_refused_token_starts_nothing(world: World, autojump_clock: MockClock) -> None:
    def invalid(request: Any) -> Any:
        return request.response(id_token_info=world.csms.info(request, "Blocked"))

    world.csms.on("Authorize", invalid)
    world.drivers[0].plug_in(Ev())
    await trio.sleep(1)
    answer = await world.csms.call(begin(world))
    await trio.sleep(1)
    assert answer.status == "Accepted"  # F01.FR.01: that comes first
    assert not world.csms.events()
    assert not world.drivers[0].is_taking_power


async def test_f01_fr_12_a_charging_profile_is_ignored_without_smart_charging(
    world: World, autojump_clock: MockClock
) -> None:
    v2 = world.v2
    schedule = v2.ChargingScheduleType(
        id=1,
        charging_rate_unit="A",
        charging_schedule_period=(v2.ChargingSchedulePeriodType(start_period=0, limit=6.0),),
    )
    profile = v2.ChargingProfileType(
        id=1,
        stack_level=0,
        charging_profile_purpose="TxProfile",
        charging_profile_kind="Relative",
        charging_schedule=(schedule,),
    )
    world.drivers[0].plug_in(Ev())
    answer = await world.csms.call(begin(world, charging_profile=profile))
    await trio.sleep(1)
    assert answer.status == "Accepted"  # F02.FR.20
    assert world.drivers[0].is_taking_power


@pytest.mark.parametrize(
    ("token", "group", "status"),
    [
        ("B0B", None, "Accepted"),
        ("ANN", None, "Rejected"),  # F01.FR.21, F02.FR.23
        ("ANN", "FAMILY", "Accepted"),
        ("ANN", "OTHERS", "Rejected"),  # F01.FR.22, F02.FR.24
    ],
)
@pytest.mark.parametrize("is_asked", [True, False])
async def test_f01_fr_22_a_reserved_evse_is_for_its_token_and_its_group(
    start: Start,
    autojump_clock: MockClock,
    token: str,
    group: str | None,
    status: str,
    is_asked: bool,
) -> None:
    world = await start(variables={"AuthCtrlr.AuthorizeRemoteStart": is_asked, **AUTHORIZED})
    world.station.deliver(1, ReservationMade(7, IdToken("B0B"), 900.0, "FAMILY"))
    more = {}
    if group is not None:
        more["group_id_token"] = world.v2.IdTokenType(id_token=group, type="Central")
    answer = await world.csms.call(begin(world, token, **more))
    await trio.sleep(1)
    assert answer.status == status
    events = world.csms.events()
    assert len(events) == (status == "Accepted")
    assert all(event.reservation_id == 7 for event in events)  # F02.FR.06


@pytest.mark.parametrize("taken", [(), (1,), (1, 2)])
async def test_f01_fr_07_and_f02_fr_15_without_an_evse_a_free_one_is_taken(
    world: World, autojump_clock: MockClock, taken: tuple[int, ...]
) -> None:
    for evse in taken:
        await world.charge(evse)
    world.csms.forget()
    answer = await world.csms.call(begin(world, evse_id=UNSET))
    assert answer.status == ("Rejected" if len(taken) == 2 else "Accepted")
    for driver in world.drivers:
        if not driver.is_contactor_closed:
            driver.plug_in(Ev())
    await trio.sleep(1)
    assert [e.evse.id for e in world.csms.events("Started") if e.evse][-1:] == (
        [] if len(taken) == 2 else [len(taken) + 1]
    )


@pytest.mark.parametrize("what", ["Unavailable", "Faulted", "Occupied"])
async def test_f02_fr_25_26_a_remote_start_where_nothing_can_start_is_rejected(
    world: World, autojump_clock: MockClock, what: str
) -> None:
    if what == "Unavailable":  # F01.FR.23
        world.station.tree.evse(1).request_availability(False)
    elif what == "Faulted":
        world.drivers[0].fault("GroundFailure")
    else:  # F01.FR.24
        await world.charge()
    answer = await world.csms.call(begin(world))
    assert answer.status == "Rejected"
    code = "TxInProgress" if what == "Occupied" else "Unspecified"
    assert answer.status_info.reason_code == code


# ---- remote stop


async def test_TC_F_08_CS_a_remote_stop(world: World, autojump_clock: MockClock) -> None:
    await world.charge()
    transaction_id = world.csms.events()[0].transaction_info.transaction_id
    assert await stop(world, transaction_id) == "Accepted"  # F03.FR.07
    (ended,) = world.csms.events("Ended")
    assert (ended.trigger_reason, ended.transaction_info.stopped_reason) == ("RemoteStop", "Remote")
    assert not world.drivers[0].is_contactor_closed


async def test_TC_F_09_CS_a_remote_stop_of_another_transaction(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge()
    assert await stop(world, "no-such-transaction") == "Rejected"  # F03.FR.08
    assert world.drivers[0].is_taking_power
    transaction_id = world.csms.events()[0].transaction_info.transaction_id
    assert await stop(world, transaction_id) == "Accepted"
    assert await stop(world, transaction_id) == "Rejected"  # it is over


async def test_f04_where_the_cable_ends_it_a_remote_stop_lets_the_cable_go(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(
        variables={
            "TxCtrlr.TxStopPoint": ("EVConnected",),
            "SampledDataCtrlr.TxEndedMeasurands": ("Energy.Active.Import.Register",),
        }
    )
    await world.charge()
    assert world.drivers[0].is_locked()
    world_id = world.csms.events()[0].transaction_info.transaction_id
    assert await stop(world, world_id) == "Accepted"
    assert ("Updated", "RemoteStop") in told(world)  # F04.FR.02, F03.FR.02
    assert not world.drivers[0].is_contactor_closed
    assert not world.drivers[0].is_locked()
    world.drivers[0].unplug()
    await trio.sleep(1)
    (ended,) = world.csms.events("Ended")
    assert ended.transaction_info.stopped_reason == "Remote"  # F04.FR.03
    assert ended.meter_value[-1].sampled_value[0].context == "Transaction.End"  # F04.FR.04


# ---- unlocking


async def test_TC_F_05_CS_unlocking_while_it_charges(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge()
    assert (await unlock(world)).status == "OngoingAuthorizedTransaction"  # F05.FR.01-02
    assert world.drivers[0].is_locked()
    assert world.drivers[0].is_taking_power


@pytest.mark.parametrize("is_stuck", [True, False])
async def test_TC_F_06_CS_unlocking_a_cable_that_is_stuck(
    world: World, autojump_clock: MockClock, is_stuck: bool
) -> None:
    world.drivers[0].hold_lock()
    await world.charge()
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    assert world.drivers[0].is_locked()
    if not is_stuck:
        world.drivers[0].free_lock()
    answer = await unlock(world)
    assert answer.status == ("UnlockFailed" if is_stuck else "Unlocked")  # F05.FR.04-05
    assert world.drivers[0].is_locked() is is_stuck


async def test_TC_F_07_CS_unlocking_without_a_cable(
    world: World, autojump_clock: MockClock
) -> None:
    assert (await unlock(world)).status == "Unlocked"  # F05.FR.06


async def test_TC_F_10_CS_unlocking_an_unknown_connector(
    world: World, autojump_clock: MockClock
) -> None:
    assert (await unlock(world, connector=999)).status == "UnknownConnector"  # F05.FR.03
    assert (await unlock(world, evse=9)).status == "UnknownConnector"


async def test_a_cable_that_hangs_at_the_station_cannot_be_unlocked(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(fixed_cables=(1,))
    answer = await unlock(world)
    assert (answer.status, answer.status_info.reason_code) == ("UnlockFailed", "FixedCable")
    assert (await unlock(world, evse=2)).status == "Unlocked"


# ---- triggers


async def test_TC_F_11_CS_meter_values_of_an_evse(world: World, autojump_clock: MockClock) -> None:
    assert await trigger(world, "MeterValues", 2) == "Accepted"  # F06.FR.02, F06.FR.05
    (values,) = world.csms.of("MeterValues")
    assert values.evse_id == 2
    assert values.meter_value[0].sampled_value[0].context == "Trigger"


async def test_TC_F_12_CS_meter_values_of_all(world: World, autojump_clock: MockClock) -> None:
    assert await trigger(world, "MeterValues") == "Accepted"
    assert [request.evse_id for request in world.csms.of("MeterValues")] == [1, 2]  # F06.FR.11
    for request in world.csms.of("MeterValues"):
        assert request.meter_value[0].sampled_value[0].context == "Trigger"


async def test_f06_fr_10_without_measurands_no_meter_values_are_promised(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables={"AlignedDataCtrlr.Measurands": ()})
    assert await trigger(world, "MeterValues") == "Rejected"
    assert not world.csms.received


async def test_TC_F_13_CS_the_transaction_of_an_evse(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge(1)
    await world.charge(2, "CAFE")
    assert await trigger(world, "TransactionEvent", 1) == "Accepted"
    (event,) = world.csms.events()
    assert event.trigger_reason == "Trigger"  # F06.FR.07
    assert not event.evse or event.evse.id == 1
    assert event.transaction_info.charging_state == "Charging"
    assert event.meter_value[0].sampled_value[0].context == "Trigger"


async def test_TC_F_14_CS_all_transactions(world: World, autojump_clock: MockClock) -> None:
    await world.charge(1)
    await world.charge(2, "CAFE")
    running = {e.transaction_info.transaction_id for e in world.csms.events("Started")}
    assert await trigger(world, "TransactionEvent") == "Accepted"
    events = world.csms.events()
    assert {event.transaction_info.transaction_id for event in events} == running
    assert [event.trigger_reason for event in events] == ["Trigger", "Trigger"]
    assert {event.transaction_info.charging_state for event in events} == {"Charging"}
    for event in events:
        assert event.meter_value[0].sampled_value[0].context == "Trigger"


async def test_TC_F_15_CS_the_log_s_status(world: World, autojump_clock: MockClock) -> None:
    assert await trigger(world, "LogStatusNotification") == "Accepted"
    (status,) = world.csms.of("LogStatusNotification")
    assert (status.status, bool(status.request_id)) == ("Idle", False)  # F06.FR.15


@pytest.mark.parametrize("evse", [0, 1, 9])
async def test_TC_F_17_CS_an_evse_that_does_not_matter_is_ignored(
    world: World, autojump_clock: MockClock, evse: int
) -> None:
    assert await trigger(world, "FirmwareStatusNotification", evse) == "Accepted"  # F06.FR.03
    assert [r.status for r in world.csms.of("FirmwareStatusNotification")] == ["Idle"]
    assert await trigger(world, "Heartbeat", evse) == "Accepted"
    assert world.csms.actions() == ["Heartbeat"]


async def test_TC_F_18_CS_the_firmware_s_status(world: World, autojump_clock: MockClock) -> None:
    assert await trigger(world, "FirmwareStatusNotification") == "Accepted"
    (status,) = world.csms.of("FirmwareStatusNotification")
    assert (status.status, bool(status.request_id)) == ("Idle", False)  # F06.FR.16


async def test_TC_F_20_CS_a_heartbeat(world: World, autojump_clock: MockClock) -> None:
    assert await trigger(world, "Heartbeat") == "Accepted"
    assert world.csms.actions() == ["Heartbeat"]


async def test_TC_F_23_CS_the_status_of_a_free_connector(
    world: World, autojump_clock: MockClock
) -> None:
    assert await trigger(world, "StatusNotification", 1, 1) == "Accepted"
    assert world.csms.statuses(1) == ["Available"]  # F06.FR.09


async def test_TC_F_24_CS_the_status_of_an_occupied_connector(
    world: World, autojump_clock: MockClock
) -> None:
    world.drivers[0].plug_in(Ev())
    await trio.sleep(1)
    assert await trigger(world, "StatusNotification", 1, 1) == "Accepted"
    assert world.csms.statuses(1) == ["Occupied"]


async def test_TC_F_26_CS_a_boot_of_an_accepted_station(
    world: World, autojump_clock: MockClock
) -> None:
    assert await trigger(world, "BootNotification") == "Rejected"  # F06.FR.17
    assert not world.csms.received


async def test_TC_F_27_CS_what_is_not_implemented(world: World, autojump_clock: MockClock) -> None:
    assert await trigger(world, "SignCombinedCertificate") == "NotImplemented"  # F06.FR.08
    assert await trigger(world, "PublishFirmwareStatusNotification") == "NotImplemented"


async def test_f06_fr_18_19_a_message_of_one_s_own(start: Start, autojump_clock: MockClock) -> None:
    def doors(world: World) -> Any:
        return world.v2.DataTransferRequest(vendor_id="com.example", message_id="doors")

    worlds: list[World] = []
    world = await start(custom_triggers={"Doors": lambda: doors(worlds[0]), "Lights": lambda: None})
    worlds.append(world)
    if world.number == "2.0.1":
        return  # it has no such trigger

    async def custom(name: str) -> str:
        request = world.v2.TriggerMessageRequest(
            requested_message="CustomTrigger", custom_trigger=name
        )
        status = (await world.csms.call(request)).status
        await trio.sleep(1)
        return str(status)

    world.csms.forget()
    assert await custom("Windows") == "NotImplemented"  # F06.FR.19
    assert await custom("Lights") == "Rejected"
    assert not world.csms.received
    assert await custom("Doors") == "Accepted"  # F06.FR.18
    assert [r.message_id for r in world.csms.of("DataTransfer")] == ["doors"]
    v2 = world.v2
    item = v2.GetVariableDataType(
        component=v2.ComponentType(name="CustomizationCtrlr"),
        variable=v2.VariableType(name="CustomTriggers"),
    )
    answer = await world.csms.call(v2.GetVariablesRequest(get_variable_data=(item,)))
    assert answer.get_variable_result[0].attribute_value == "Doors,Lights"
