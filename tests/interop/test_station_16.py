"""What central systems of the field do to a station, and expect of it, in 1.6; numbered as the
pitfalls are that `test_central_16.py` begins with, and `test_door.py` has of the handshake.

Not here, for want of the feature: charging profiles (18), local lists (21), reservations made by
the CSMS (22), firmware and diagnostics (25), a preset for the compliance tool (31), security
profiles 2 and 3 of the station (5). Of 2.x alone: 29. Reset (24) has `test_reset.py` of the
station, back-off (32) `test_connection.py` of the charts.
"""

import json
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from pilotwire.drivers.ev import Ev
from pilotwire.drivers.simulator import SimulatedEvse
from pilotwire.profiles.messages import v16

from ..engine.station.spoken import change, never, say_nothing, transaction_messages
from ..engine.station.world import World, boot_answer


def sent(world: World, action: str = "") -> list[Any]:
    """Frames that the station sent: CALLs of an action, or all."""
    frames = [frame for direction, frame in world.messages if direction == "sent"]
    return [frame for frame in frames if not action or frame[2:3] == [action]]


async def say(world: World, frame: str) -> Any:
    """Send a frame to the station, and give what it sends next, if anything."""
    assert world.csms.link is not None
    world.messages.clear()
    await world.csms.link.send(frame)
    await trio.sleep(0.1)
    frames = sent(world)
    return frames[0] if frames else None


async def test_pitfall_06_every_timestamp_is_utc_in_whole_seconds(
    world: World, autojump_clock: MockClock
) -> None:
    await trio.sleep(0.123)
    await world.charge()
    await trio.sleep(61)
    text = json.dumps(world.messages)
    assert "+00:00" not in text
    for frame in sent(world, "StartTransaction") + sent(world, "StatusNotification"):
        assert len(frame[3]["timestamp"]) == len("2026-01-02T03:04:05Z")
        assert frame[3]["timestamp"].endswith("Z")


@pytest.mark.parametrize("year", [1970, 2019])
async def test_pitfall_06_a_csms_that_lives_in_the_past_does_not_set_the_clock(
    world: World, autojump_clock: MockClock, year: int
) -> None:
    before = world.clock.now().year
    past = world.csms.now.replace(year=year)
    world.csms.on(v16.HeartbeatRequest, lambda r: v16.HeartbeatResponse(current_time=past))
    await trio.sleep(301)
    assert sent(world, "Heartbeat")
    assert world.clock.now().year == before


async def test_pitfall_07_message_ids_are_never_used_twice_not_even_over_another_link(
    world: World, autojump_clock: MockClock
) -> None:
    for _ in range(3):
        await world.csms.drop()
        world.csms.come_back()
        await trio.sleep(60)
        await change(world, HeartbeatInterval=10)
        await trio.sleep(60)
    ids = [frame[1] for frame in sent(world) if frame[0] == 2]
    assert len(ids) > 20
    assert len(set(ids)) == len(ids)
    assert max(map(len, ids)) <= 36


async def test_pitfall_07_an_answer_that_comes_too_late_is_taken_for_nothing_else(
    world: World, autojump_clock: MockClock
) -> None:
    world.csms.on(v16.AuthorizeRequest, never)
    world.drivers[0].present_token("CARD")
    await trio.sleep(31)
    late = sent(world, "Authorize")[0][1]
    assert await say(world, f'[3,"{late}",{{"idTagInfo":{{"status":"Accepted"}}}}]') is None
    world.drivers[0].plug_in(Ev())
    await trio.sleep(5)
    assert not transaction_messages(world)


async def test_pitfall_07_a_retransmission_says_the_same(
    world: World, autojump_clock: MockClock
) -> None:
    await change(world, TransactionMessageRetryInterval=10)

    def fail(request: object) -> None:
        raise RuntimeError("a bug of the CSMS")

    world.csms.on(v16.StartTransactionRequest, fail)
    await world.charge()
    await trio.sleep(31)
    told = sent(world, "StartTransaction")
    assert len(told) == 3
    assert len({json.dumps(frame[3]) for frame in told}) == 1
    assert len({frame[1] for frame in told}) == 3


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ('[2,"1","NoSuchAction",{}]', "NotImplemented"),
        ('[2,"1","Heartbeat",{}]', "NotSupported"),
        ('[2,"1","Reset",{}]', "ProtocolError"),
        ('[2,"1","Reset",{"type":"Warm"}]', "PropertyConstraintViolation"),
        ('[2,"1","Reset",{"type":"Soft","delay":1}]', "FormationViolation"),
    ],
)
async def test_pitfall_08_a_refusal_is_in_1_6_s_own_words(
    world: World, autojump_clock: MockClock, frame: str, code: str
) -> None:
    kind, message_id, told, *_ = await say(world, frame)
    assert (kind, message_id, told) == (4, "1", code)


@pytest.mark.parametrize(
    "frame", ['[3,"x",{"status":7}]', '[4,"x","Odd","",{}]', '[5,"x","","",{}]']
)
async def test_pitfall_08_only_a_call_is_answered(
    world: World, autojump_clock: MockClock, frame: str
) -> None:
    assert await say(world, frame) is None


async def test_pitfall_10_a_csms_that_names_every_transaction_0_is_served(
    world: World, autojump_clock: MockClock
) -> None:
    accepted = v16.IdTagInfo(status="Accepted")
    world.csms.on(
        v16.StartTransactionRequest,
        lambda r: v16.StartTransactionResponse(id_tag_info=accepted, transaction_id=0),
    )
    await world.charge()
    stopped = await world.csms.call(v16.RemoteStopTransactionRequest(transaction_id=0))
    await trio.sleep(1)
    assert stopped.status == "Accepted"
    assert [s.transaction_id for s in world.csms.of(v16.StopTransactionRequest)] == [0]


async def test_pitfall_10_readings_wait_for_the_id_that_the_start_brings(
    world: World, autojump_clock: MockClock
) -> None:
    """No -1 while the start may still get through."""
    await change(world, MeterValueSampleInterval=10, TransactionMessageRetryInterval=10)
    refusals = 2

    def refuse_at_first(request: v16.StartTransactionRequest) -> Any:
        nonlocal refusals
        refusals -= 1
        if refusals >= 0:
            raise RuntimeError("a bug of the CSMS")
        return world.csms.friendly(request)

    world.csms.on(v16.StartTransactionRequest, refuse_at_first)
    await world.charge()
    await trio.sleep(60)
    told = world.csms.of(v16.MeterValuesRequest)
    assert len(told) >= 5
    assert {request.transaction_id for request in told} == {world.csms.next_transaction_id}


async def test_pitfall_11_a_link_that_breaks_is_no_failure_of_the_csms(
    world: World, autojump_clock: MockClock
) -> None:
    await change(world, TransactionMessageAttempts=1)
    world.csms.on(v16.StartTransactionRequest, never)
    await world.charge()
    for _ in range(3):
        await world.csms.drop()
        world.csms.come_back()
        await trio.sleep(25)
    del world.csms.rules[v16.StartTransactionRequest]
    await world.csms.drop()
    world.csms.come_back()
    await trio.sleep(30)
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    (stop,) = world.csms.of(v16.StopTransactionRequest)
    assert stop.transaction_id == world.csms.next_transaction_id


async def test_pitfall_11_of_many_statuses_while_offline_the_last_is_told(
    world: World, autojump_clock: MockClock
) -> None:
    await world.csms.drop()
    for _ in range(5):
        world.drivers[0].plug_in(Ev())
        await trio.sleep(5)
        world.drivers[0].unplug()
        await trio.sleep(5)
    world.drivers[0].plug_in(Ev())
    world.csms.forget()
    world.csms.come_back()
    await trio.sleep(60)
    assert world.csms.statuses(1) == ["Preparing"]


async def test_pitfall_12_a_question_before_the_boot_is_answered_breaks_nothing(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    world = World()
    read: list[Any] = []

    async def ask_first(request: v16.BootNotificationRequest) -> Any:
        read.append(await world.csms.call(v16.GetConfigurationRequest(key=("NumberOfConnectors",))))
        return boot_answer("Accepted", world.csms.now)

    world.csms.on(v16.BootNotificationRequest, ask_first)
    await nursery.start(world.station.run)
    await trio.sleep(60)
    assert read[0].configuration_key[0].value == "2"
    assert world.csms.actions().count("BootNotification") == 1
    assert world.csms.statuses(0) == ["Available"]


async def test_pitfall_12_a_boot_that_is_not_answered_is_repeated_for_as_long_as_it_takes(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    world = World()
    world.csms.on(v16.BootNotificationRequest, say_nothing)
    await nursery.start(world.station.run)
    await trio.sleep(3600)
    asked = world.csms.actions().count("BootNotification")
    assert 20 <= asked <= 60  # and it floods nobody
    del world.csms.rules[v16.BootNotificationRequest]
    await trio.sleep(120)
    assert world.csms.statuses(1) == ["Available"]


async def test_pitfall_12_a_remote_start_in_pending_is_rejected_and_a_stop_too(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    world = World()
    world.csms.on(v16.BootNotificationRequest, lambda r: boot_answer("Pending", world.csms.now))
    await nursery.start(world.station.run)
    await trio.sleep(1)
    start = await world.csms.call(v16.RemoteStartTransactionRequest(id_tag="X"))
    stop = await world.csms.call(v16.RemoteStopTransactionRequest(transaction_id=1))
    assert (start.status, stop.status) == ("Rejected", "Rejected")


async def test_pitfall_13_a_csms_that_does_not_answer_pings_is_dialled_anew(
    world: World, autojump_clock: MockClock
) -> None:
    await change(world, WebSocketPingInterval=20)
    link = world.csms.link
    assert link is not None
    link._carrier._stream.send_all = never  # type: ignore[attr-defined]  # its end falls silent
    await trio.sleep(120)
    assert world.csms.links == 2


async def test_pitfall_13_without_pings_of_its_own_the_station_still_answers_them(
    world: World, autojump_clock: MockClock
) -> None:
    await change(world, WebSocketPingInterval=0)
    assert world.csms.link is not None
    assert await world.csms.link.ping(5)


async def test_pitfall_14_without_a_minimum_duration_two_errors_at_once_are_both_told(
    world: World, autojump_clock: MockClock
) -> None:
    world.csms.forget()
    world.drivers[0].fault("GroundFailure")
    world.drivers[0].fault("OverVoltage")
    await trio.sleep(1)
    told = world.csms.of(v16.StatusNotificationRequest)
    assert [request.error_code for request in told] == ["GroundFailure", "OverVoltage"]


async def test_pitfall_14_a_status_shorter_than_the_minimum_duration_is_not_told(
    world: World, autojump_clock: MockClock
) -> None:
    await change(world, MinimumStatusDuration=10)
    world.csms.forget()
    world.drivers[0].plug_in(Ev())
    await trio.sleep(5)
    world.drivers[0].unplug()
    await trio.sleep(30)
    assert world.csms.statuses(1) == []
    world.drivers[0].plug_in(Ev())
    await trio.sleep(9)
    assert world.csms.statuses(1) == []
    await trio.sleep(2)
    assert world.csms.statuses(1) == ["Preparing"]


async def test_pitfall_14_a_triggered_status_does_not_wait_for_the_minimum_duration(
    world: World, autojump_clock: MockClock
) -> None:
    await change(world, MinimumStatusDuration=600)
    world.drivers[0].plug_in(Ev())
    await trio.sleep(1)
    world.csms.forget()
    await world.csms.call(v16.TriggerMessageRequest(requested_message="StatusNotification"))
    await trio.sleep(1)
    assert [world.csms.statuses(n) for n in (0, 1, 2)] == [
        ["Available"],
        ["Preparing"],
        ["Available"],
    ]


async def test_pitfall_14_between_a_charge_and_out_of_service_there_is_no_available(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge()
    await world.csms.call(v16.ChangeAvailabilityRequest(connector_id=1, type="Inoperative"))
    world.csms.forget()
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    world.drivers[0].unplug()
    await trio.sleep(1)
    assert "Available" not in world.csms.statuses(1)
    assert world.csms.statuses(1)[-1] == "Unavailable"


async def test_pitfall_14_connector_0_is_never_occupied(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge(1, "ONE")
    await world.charge(2, "TWO")
    await world.csms.call(v16.ChangeAvailabilityRequest(connector_id=0, type="Inoperative"))
    for driver, token in zip(world.drivers, ("ONE", "TWO"), strict=True):
        driver.present_token(token)
        await trio.sleep(1)
    assert world.csms.statuses(0) == ["Available", "Unavailable"]


async def test_pitfall_14_finishing_lasts_until_the_cable_is_out(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge()
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(86_400)
    assert world.csms.statuses(1)[-1] == "Finishing"


async def test_pitfall_15_a_csms_that_triggers_every_5_s_is_served_each_time(
    world: World, autojump_clock: MockClock
) -> None:
    world.csms.forget()
    for _ in range(200):
        answer = await world.csms.call(
            v16.TriggerMessageRequest(requested_message="MeterValues", connector_id=1)
        )
        assert answer.status == "Accepted"
        await trio.sleep(5)
    assert world.csms.actions().count("MeterValues") == 200


async def test_pitfall_19_the_register_is_that_of_the_meters_life_in_wh(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    world = World(drivers=[SimulatedEvse(energy_import=7_654_321.0), SimulatedEvse()])
    await nursery.start(world.station.run)
    await trio.sleep(1)
    await world.charge()
    await trio.sleep(600)
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(61)
    (start,) = world.csms.of(v16.StartTransactionRequest)
    (stop,) = world.csms.of(v16.StopTransactionRequest)
    assert start.meter_start == 7_654_321
    registers = [
        (float(value.value), value.unit)
        for request in world.csms.of(v16.MeterValuesRequest)
        for value in request.meter_value[0].sampled_value
        if value.measurand == "Energy.Active.Import.Register"
    ]
    assert {unit for _, unit in registers} == {"Wh"}
    assert start.meter_start < registers[0][0] < registers[-1][0] <= stop.meter_stop


async def test_pitfall_20_clock_aligned_values_come_in_idle_too_and_0_ends_them(
    world: World, autojump_clock: MockClock
) -> None:
    await change(world, ClockAlignedDataInterval=60)
    await trio.sleep(180)
    idle = world.csms.of(v16.MeterValuesRequest)
    assert {request.connector_id for request in idle} == {1, 2}
    assert all(value.timestamp.second == 0 for r in idle for value in r.meter_value)
    await change(world, ClockAlignedDataInterval=0)
    world.csms.forget()
    await trio.sleep(600)
    assert not world.csms.of(v16.MeterValuesRequest)


async def test_pitfall_20_a_clock_that_is_set_in_between_moves_the_next_moment(
    world: World, autojump_clock: MockClock
) -> None:
    await change(world, ClockAlignedDataInterval=900, HeartbeatInterval=60)
    world.csms.clock.set(world.csms.clock.time() + 500)
    await trio.sleep(900)
    times = {
        value.timestamp.timestamp()
        for request in world.csms.of(v16.MeterValuesRequest)
        for value in request.meter_value
    }
    assert times
    assert all(time % 900 == 0 for time in times)


async def test_pitfall_26_keys_are_found_in_any_case_and_numbers_are_bounded(
    world: World, autojump_clock: MockClock
) -> None:
    async def set_to(key: str, value: str) -> str:
        answer = await world.csms.call(v16.ChangeConfigurationRequest(key=key, value=value))
        return str(answer.status)

    assert await set_to("WEBSOCKETPINGINTERVAL", "30") == "Accepted"
    for value in ("-1", "1e3", "", " ", "9" * 30, "0x10", "NaN"):
        assert await set_to("heartbeatInterval", value) == "Rejected", value
    read = await world.csms.call(v16.GetConfigurationRequest(key=("websocketpinginterval", "x")))
    assert [(e.key, e.value) for e in read.configuration_key] == [("WebSocketPingInterval", "30")]
    assert read.unknown_key == ("x",)


async def test_pitfall_26_where_every_key_is_unknown_none_is_told(
    world: World, autojump_clock: MockClock
) -> None:
    answer = await say(world, '[2,"1","GetConfiguration",{"key":["x","y"]}]')
    assert answer == [3, "1", {"unknownKey": ["x", "y"]}]


async def test_pitfall_03_the_authorization_key_is_never_told(
    world: World, autojump_clock: MockClock
) -> None:
    everything = await world.csms.call(v16.GetConfigurationRequest())
    values = {e.key: e.value for e in everything.configuration_key}
    assert not isinstance(values.get("AuthorizationKey"), str)


async def test_pitfall_30_a_message_that_is_too_large_ends_the_link_and_not_the_station(
    world: World, autojump_clock: MockClock
) -> None:
    assert world.csms.link is not None
    data = "x" * 3_000_000
    await world.csms.link.send(f'[2,"1","DataTransfer",{{"vendorId":"v","data":"{data}"}}]')
    await trio.sleep(60)
    assert world.csms.links == 2
    assert await say(world, '[2,"1","ClearCache",{}]') == [3, "1", {"status": "Accepted"}]


async def test_pitfall_30_a_message_of_half_a_megabyte_is_answered(
    world: World, autojump_clock: MockClock
) -> None:
    data = "x" * 500_000
    answer = await say(world, f'[2,"1","DataTransfer",{{"vendorId":"v","data":"{data}"}}]')
    assert answer == [3, "1", {"status": "UnknownVendorId"}]
