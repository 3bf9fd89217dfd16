"""Functional block E as dialogues."""

from typing import Any

import pytest
import trio
from trio.testing import MockClock

from pilotwire.drivers.ev import Ev
from pilotwire.drivers.hardware import EvseHardware
from pilotwire.drivers.simulator import SimulatedEvse
from pilotwire.profiles.report import TransactionReport

from .conftest import Start
from .world import START, World

EV_CONNECTED = {
    "TxCtrlr.TxStartPoint": ("EVConnected",),
    "TxCtrlr.TxStopPoint": ("EVConnected",),
}


async def never(request: Any) -> Any:
    """Answer a request never."""
    await trio.sleep_forever()


def contexts(event: Any) -> list[str]:
    return [value.sampled_value[0].context for value in event.meter_value or ()]


async def test_e02_cable_first_charge_stop_with_the_same_token_and_leave(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables={"TxCtrlr.TxStartPoint": ("EVConnected",)})
    world.csms.forget()
    world.drivers[0].plug_in(Ev())
    await trio.sleep(2)
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(130)
    world.drivers[0].present_token("deadbeef")
    await trio.sleep(2)
    world.drivers[0].unplug()
    await trio.sleep(2)

    assert world.csms.statuses() == ["Occupied", "Available"]
    events = world.csms.events()
    told = [(e.event_type, e.trigger_reason, e.transaction_info.charging_state) for e in events]
    assert told == [
        ("Started", "CablePluggedIn", "EVConnected"),
        ("Updated", "Authorized", "EVConnected"),
        ("Updated", "ChargingStateChanged", "Charging"),
        ("Updated", "MeterValuePeriodic", "Charging"),
        ("Updated", "MeterValuePeriodic", "Charging"),
        ("Ended", "StopAuthorized", "EVConnected"),
    ]
    assert [event.seq_no for event in events] == [0, 1, 2, 3, 4, 5]  # E01.FR.07
    assert len({event.transaction_info.transaction_id for event in events}) == 1
    assert not any(event.offline for event in events)


async def test_what_is_told_once_is_told_by_the_first_event_that_knows_it(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables=EV_CONNECTED)
    await world.charge()
    await trio.sleep(61)
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    events = world.csms.events()
    with_evse = [e.trigger_reason for e in events if e.evse]
    assert with_evse == ["CablePluggedIn"]  # E01.FR.16
    assert (events[0].evse.id, events[0].evse.connector_id) == (1, 1)
    with_token = [(e.trigger_reason, e.id_token.id_token) for e in events if e.id_token]
    assert with_token == [  # E01.FR.10, E07.FR.02
        ("Authorized", "DEADBEEF"),
        ("StopAuthorized", "DEADBEEF"),
    ]


async def test_e01_fr_05_the_power_path_starts_and_one_event_tells_everything(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge(evse=2)
    (started,) = world.csms.events("Started")
    assert started.evse.id == 2
    assert started.id_token.id_token == "DEADBEEF"
    assert started.id_token.type == "ISO14443"
    assert started.trigger_reason == "Authorized"


async def test_e01_fr_09_the_start_is_told_with_the_readings_configured_for_it(
    start: Start, autojump_clock: MockClock
) -> None:
    measurands = ("Energy.Active.Import.Register", "Voltage")
    world = await start(variables={"SampledDataCtrlr.TxStartedMeasurands": measurands})
    await world.charge()
    (started,) = world.csms.events("Started")
    (value,) = started.meter_value
    assert {v.context for v in value.sampled_value} == {"Transaction.Begin"}
    assert [(v.measurand, v.phase or "") for v in value.sampled_value] == [
        ("Energy.Active.Import.Register", ""),
        ("Voltage", "L1-N"),
        ("Voltage", "L2-N"),
        ("Voltage", "L3-N"),
    ]
    assert value.sampled_value[0].unit_of_measure.unit == "Wh"


async def test_e01_fr_17_without_a_cable_the_first_readings_come_with_it_and_when_charging_starts(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables={"TxCtrlr.TxStartPoint": ("Authorized",)})
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(5)
    world.drivers[0].plug_in(Ev())
    await trio.sleep(2)
    started, plugged, charging = world.csms.events()
    assert (started.event_type, started.trigger_reason) == ("Started", "Authorized")
    assert not started.evse
    assert not started.meter_value
    assert (plugged.trigger_reason, plugged.evse.id) == ("CablePluggedIn", 1)
    assert contexts(plugged) == ["Transaction.Begin"]  # TC_J_08
    assert charging.transaction_info.charging_state == "Charging"
    assert contexts(charging) == ["Transaction.Begin"]


async def test_e02_fr_18_the_phases_in_use_are_told_when_charging_starts(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge()
    await trio.sleep(130)
    phases = [event.number_of_phases_used for event in world.csms.events()]
    assert [p for p in phases if isinstance(p, int)] == [3]


async def test_e03_fr_05_no_cable_in_time_ends_the_transaction(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables={"TxCtrlr.TxStartPoint": ("Authorized",)})
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(61)
    _, ended = world.csms.events()
    assert (ended.event_type, ended.trigger_reason) == ("Ended", "EVConnectTimeout")
    assert ended.transaction_info.stopped_reason == "Timeout"


async def test_e04_what_happens_offline_is_told_later_and_marked(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables={"AuthCtrlr.OfflineTxForUnknownIdEnabled": True})
    await world.csms.drop()
    await trio.sleep(1)
    await world.charge()
    await trio.sleep(70)
    assert not world.csms.events()
    world.csms.come_back()
    await trio.sleep(120)
    events = world.csms.events()
    assert [e.seq_no for e in events] == list(range(len(events)))
    assert [e.offline for e in events[:2]] == [True, True]  # E04.FR.03
    assert not events[-1].offline
    assert "BootNotification" not in world.csms.actions()[1:]


async def test_e11_fr_07_what_waits_when_the_link_goes_is_marked_offline(
    world: World, autojump_clock: MockClock
) -> None:
    world.csms.on("TransactionEvent", never)
    await world.charge()
    del world.csms.rules["TransactionEvent"]
    world.csms.forget()
    await world.csms.drop()
    await trio.sleep(1)
    world.csms.come_back()
    await trio.sleep(60)
    assert [e.offline for e in world.csms.events("Started")] == [True]


async def refuse(world: World) -> None:
    def rule(request: Any) -> Any:
        if not request.id_token:
            return request.response()
        return request.response(id_token_info=world.csms.info(request, "Blocked"))

    world.csms.on("TransactionEvent", rule)
    await world.charge()
    await trio.sleep(2)


async def test_e05_fr_10_a_refused_token_ends_the_transaction(
    world: World, autojump_clock: MockClock
) -> None:
    await refuse(world)
    (ended,) = world.csms.events("Ended")
    assert ended.trigger_reason == "Deauthorized"
    assert ended.transaction_info.stopped_reason == "DeAuthorized"
    assert not world.drivers[0].is_contactor_closed


async def test_e05_fr_02_or_only_takes_its_energy(start: Start, autojump_clock: MockClock) -> None:
    world = await start(variables={"TxCtrlr.StopTxOnInvalidId": False})
    await refuse(world)
    assert not world.csms.events("Ended")
    last = world.csms.events()[-1]
    assert last.trigger_reason == "ChargingStateChanged"
    assert last.transaction_info.charging_state == "SuspendedEVSE"
    assert not world.drivers[0].is_contactor_closed


async def test_e05_fr_09_a_refused_token_ends_the_authorization_where_the_cable_ends_the_rest(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables=EV_CONNECTED)
    await refuse(world)
    assert not world.csms.events("Ended")
    assert "Deauthorized" in [e.trigger_reason for e in world.csms.events()]
    assert world.csms.events()[-1].transaction_info.charging_state == "EVConnected"


async def test_e06_fr_11_the_end_is_told_with_the_first_and_the_last_reading(
    start: Start, autojump_clock: MockClock
) -> None:
    measurands = ("Energy.Active.Import.Register",)
    world = await start(variables={"SampledDataCtrlr.TxEndedMeasurands": measurands})
    await world.charge()
    await trio.sleep(200)
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    (ended,) = world.csms.events("Ended")
    assert contexts(ended) == ["Transaction.Begin", "Transaction.End"]
    first, last = (value.sampled_value[0].value for value in ended.meter_value)
    assert last - first == pytest.approx(11_040 * 201 / 3600, abs=5)
    assert ended.transaction_info.stopped_reason == "Local"  # E07.FR.05


async def test_tx_ended_interval_takes_readings_of_its_own(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(
        variables={
            "SampledDataCtrlr.TxEndedMeasurands": ("Energy.Active.Import.Register",),
            "SampledDataCtrlr.TxEndedInterval": 30,
        }
    )
    await world.charge()
    await trio.sleep(100)
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    (ended,) = world.csms.events("Ended")
    assert contexts(ended) == [
        "Transaction.Begin",
        *["Sample.Periodic"] * 3,
        "Transaction.End",
    ]


async def test_e09_fr_01_unplugging_at_the_car_ends_it(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge()
    world.drivers[0].unplug(at_car=True)
    await trio.sleep(1)
    (ended,) = world.csms.events("Ended")
    assert ended.trigger_reason == "EVCommunicationLost"
    assert ended.transaction_info.stopped_reason == "EVDisconnected"
    assert ended.transaction_info.charging_state == "Idle"


async def test_e13_an_event_that_is_not_accepted_is_sent_again_and_then_given_up(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(
        variables={"OCPPCommCtrlr.MessageAttempts[TransactionEvent]": 2},
    )

    def refuse_the_start(request: Any) -> Any:
        if request.event_type == "Started":
            raise RuntimeError("the CSMS has a bug")
        return world.csms.friendly(request)

    world.csms.on("TransactionEvent", refuse_the_start)
    await world.charge()
    await trio.sleep(70)
    seq_nos = [event.seq_no for event in world.csms.events()]
    assert seq_nos[:3] == [0, 0, 1]  # E13.FR.02, E13.FR.04


async def test_e14_the_csms_asks_after_a_transaction(
    world: World, autojump_clock: MockClock
) -> None:
    v2, call = world.v2, world.csms.call
    nothing = await call(v2.GetTransactionStatusRequest(transaction_id="no-such"))
    assert (nothing.ongoing_indicator, nothing.messages_in_queue) == (False, False)  # E14.FR.01
    await world.charge()
    transaction_id = world.csms.events()[0].transaction_info.transaction_id
    running = await call(v2.GetTransactionStatusRequest(transaction_id=transaction_id))
    assert (running.ongoing_indicator, running.messages_in_queue) == (True, False)

    world.csms.on("TransactionEvent", never)
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    over = await call(v2.GetTransactionStatusRequest(transaction_id=transaction_id))
    assert (over.ongoing_indicator, over.messages_in_queue) == (False, True)  # E14.FR.03-04
    anything = await call(v2.GetTransactionStatusRequest())
    assert anything.messages_in_queue  # E14.FR.07
    assert not anything.ongoing_indicator  # E14.FR.06


async def test_the_total_cost_that_the_csms_names_is_kept(
    world: World, autojump_clock: MockClock
) -> None:
    world.csms.on(
        "TransactionEvent",
        lambda request: (
            request.response(total_cost=4.2)
            if request.event_type == "Ended"
            else world.csms.friendly(request)
        ),
    )
    await world.charge()
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    assert world.station.records[0].total_cost == 4.2


async def test_the_cost_of_a_transaction_at_an_evse_that_is_gone_is_no_stumbling_block(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    world = World()
    ended = TransactionReport(
        transaction_id="t-1", kind="Ended", trigger="EVDeparted", time=START - 60, evse=3
    )
    world.trace.forgive("started-first")
    world.journal.append(ended, None, lambda is_kept: None)
    world.csms.on("TransactionEvent", lambda request: request.response(total_cost=4.2))
    await nursery.start(world.station.run)
    await trio.sleep(5)
    assert world.station.tree.is_online
    assert len(world.journal) == 0


async def test_e11_fr_07_what_waited_for_a_link_before_a_restart_is_marked_offline(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start()
    world.csms.on("TransactionEvent", never)
    await world.charge()
    await world.csms.call(world.v2.ResetRequest(type="Immediate"))
    await trio.sleep(60)
    assert len(world.outcomes) == 1
    again = await start(journal=world.journal)
    await trio.sleep(10)
    told = [(event.event_type, event.offline) for event in again.csms.events()]
    assert told == [("Started", True), ("Updated", True), ("Ended", True)]


async def test_what_happens_online_is_not_marked_because_the_clock_was_set_back(
    world: World, autojump_clock: MockClock
) -> None:
    await world.csms.drop()
    await trio.sleep(1)
    world.csms.come_back()
    await trio.sleep(30)
    world.clock.set(START - 3600)
    await world.charge()
    assert [event.offline or False for event in world.csms.events()] == [False, False]


async def test_a_cable_that_moves_to_another_connector_is_told_there(
    start: Start, autojump_clock: MockClock
) -> None:
    points = {
        "TxCtrlr.TxStartPoint": ("ParkingBayOccupancy",),
        "TxCtrlr.TxStopPoint": ("ParkingBayOccupancy",),
    }
    hardware = EvseHardware(connectors=2, has_bay_sensor=True)
    world = await start(connectors=(2,), drivers=[SimulatedEvse(hardware)], variables=points)
    driver = world.drivers[0]
    driver.park()
    for connector in (1, 2):
        driver.plug_in(Ev(), connector)
        await trio.sleep(1)
        driver.unplug(leave=False)
        await trio.sleep(1)
    driver.drive_off()
    await trio.sleep(1)
    places = [(e.trigger_reason, e.evse.connector_id) for e in world.csms.events() if e.evse]
    assert places == [("CablePluggedIn", 1), ("CablePluggedIn", 2)]  # E01.FR.16


async def test_the_time_in_which_energy_flowed_is_told(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables=EV_CONNECTED)
    world.drivers[0].plug_in(Ev())
    await trio.sleep(100)
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(60)
    world.drivers[0].suspend_ev()
    await trio.sleep(100)
    world.drivers[0].resume_ev()
    await trio.sleep(40)
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(100)
    world.drivers[0].unplug()
    await trio.sleep(1)
    infos = [event.transaction_info for event in world.csms.events()]
    assert not infos[0].time_spent_charging
    assert infos[-1].time_spent_charging == 100


async def test_each_authorization_and_each_stop_tells_its_token(
    start: Start, autojump_clock: MockClock
) -> None:
    """E02.FR.20, E07.FR.02."""
    world = await start(variables=EV_CONNECTED)
    world.drivers[0].plug_in(Ev())
    for _ in range(4):
        await trio.sleep(2)
        world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(2)
    told = [e.trigger_reason for e in world.csms.events() if e.id_token]
    assert told == ["Authorized", "StopAuthorized"] * 2
