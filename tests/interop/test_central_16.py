"""What stations of the field do to a central system, in 1.6; numbered as the pitfalls are that
`test_station_16.py` goes on with.

Not here, for want of the feature: leniency, chosen per peer, towards payloads that the schemas
refuse (9); sending a local list again in full (21).
"""

from typing import Any

import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from pilotwire.engine.central.central import CentralSystem
from pilotwire.engine.wire.session import CallRefused
from pilotwire.profiles.messages import v16

from .conftest import NOW, TIME, Connect, FieldStation

STATUS = {"connectorId": 1, "errorCode": "NoError", "status": "Available"}


def meter_values(**sampled: Any) -> dict[str, Any]:
    value = {"timestamp": TIME, "sampledValue": [{"value": "7"} | sampled]}
    return {"connectorId": 1, "meterValue": [value]}


class Command:
    """A command to CS-1 that the test answers."""

    def __init__(self, central: CentralSystem, nursery: trio.Nursery, request: Any) -> None:
        self.answer: Any = None
        self.refusal: CallRefused | None = None
        nursery.start_soon(self._run, central, request)

    async def _run(self, central: CentralSystem, request: Any) -> None:
        try:
            self.answer = await central.issue_command("CS-1", request)
        except CallRefused as refusal:
            self.refusal = refusal


@pytest.mark.parametrize(
    "timestamp",
    [
        "2026-01-02T03:04:05Z",
        "2026-01-02T03:04:05.1Z",
        "2026-01-02T03:04:05.1234567Z",  # seven decimals
        "2026-01-02T05:04:05+02:00",
        "2026-01-01T21:04:05.250-06:00",
    ],
)
async def test_pitfall_06_a_timestamp_of_any_zone_and_fraction_is_the_same_moment(
    station: FieldStation, central: CentralSystem, timestamp: str
) -> None:
    transaction_id = await station.start(timestamp=timestamp)
    kept = central.store.transaction("CS-1", str(transaction_id))
    assert kept is not None
    assert kept.started_at.replace(microsecond=0) == NOW


@pytest.mark.parametrize(
    "timestamp", ["", "soon", "2026-13-02T03:04:05Z", "222222017-10-27T00:00Z"]
)
async def test_pitfall_06_a_timestamp_that_is_none_is_refused_and_the_link_lives(
    station: FieldStation, timestamp: str
) -> None:
    refused = await station.call("StatusNotification", STATUS | {"timestamp": timestamp})
    assert refused == "PropertyConstraintViolation"
    assert "currentTime" in await station.call("Heartbeat", {})


async def test_pitfall_06_our_own_times_end_in_z_and_have_no_fraction(
    station: FieldStation,
) -> None:
    assert await station.call("Heartbeat", {}) == {"currentTime": "2026-01-02T03:04:05Z"}


async def test_pitfall_07_a_reused_message_id_is_answered_afresh(
    station: FieldStation, connect: Connect
) -> None:
    for _ in range(3):
        assert (await station.say('[2,"1","Heartbeat",{}]'))[:2] == [3, "1"]
    again = await connect(boots=False)
    assert (await again.say('[2,"1","Heartbeat",{}]'))[:2] == [3, "1"]


@pytest.mark.parametrize("frame", ['[3,"nobody-asked",{}]', '[4,"nobody-asked","X","",{}]'])
async def test_pitfall_07_an_answer_to_nothing_is_ignored(
    station: FieldStation, frame: str
) -> None:
    await station.link.send(frame)
    assert (await station.say('[2,"x","Heartbeat",{}]'))[:2] == [3, "x"]


async def test_pitfall_07_a_message_id_has_at_most_36_characters(station: FieldStation) -> None:
    longest = "i" * 36
    assert (await station.say(f'[2,"{longest}","Heartbeat",{{}}]'))[:2] == [3, longest]
    assert (await station.say(f'[2,"{longest}i","Heartbeat",{{}}]'))[0] == 4


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ('[2,"1","NoSuchAction",{}]', "NotImplemented"),
        ('[2,"1","Reset",{"type":"Soft"}]', "NotSupported"),
        ('[2,"1","Authorize",{}]', "ProtocolError"),
        ('[2,"1","Authorize",{"idTag":7}]', "TypeConstraintViolation"),
        ('[2,"1","Authorize",{"idTag":"X","connectorId":1}]', "FormationViolation"),
        ('[2,"1","Authorize",{"idTag":"123456789012345678901"}]', "PropertyConstraintViolation"),
        ('[2,"1","Authorize"]', "FormationViolation"),
    ],
)
async def test_pitfall_08_a_refusal_is_in_1_6_s_own_words(
    station: FieldStation, frame: str, code: str
) -> None:
    kind, message_id, told, description, details = await station.say(frame)
    assert (kind, message_id, told) == (4, "1", code)
    assert len(description) <= 255
    assert isinstance(details, dict)


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("OccurenceConstraintViolation", "OccurrenceConstraintViolation"),
        ("OccurrenceConstraintViolation", "OccurrenceConstraintViolation"),
        ("FormationViolation", "FormatViolation"),
        ("FormatViolation", "FormatViolation"),
        ("NoSuchWord", "GenericError"),
    ],
)
async def test_pitfall_08_refusals_in_any_version_s_spelling_are_understood(
    station: FieldStation, central: CentralSystem, nursery: trio.Nursery, word: str, code: str
) -> None:
    command = Command(central, nursery, v16.ClearCacheRequest())
    _, message_id, *_ = await station.hear()
    await station.link.send(f'[4,"{message_id}","{word}","",{{}}]')
    await wait_all_tasks_blocked()
    assert command.refusal is not None
    assert (command.refusal.code, command.refusal.word) == (code, word)


@pytest.mark.parametrize("unit", ["Celsius", "Celcius"])
async def test_pitfall_09_both_spellings_of_celsius_are_taken(
    station: FieldStation, unit: str
) -> None:
    told = meter_values(measurand="Temperature", unit=unit)
    assert await station.call("MeterValues", told) == {}


async def test_pitfall_10_starts_in_one_second_are_as_many_transactions(
    station: FieldStation, connect: Connect
) -> None:
    one = await station.start(connectorId=1)
    two = await station.start(connectorId=2)
    other = await (await connect("CS-2")).start(connectorId=1)
    assert len({one, two, other}) == 3
    assert min(one, two, other) > 0


async def test_pitfall_10_a_start_that_is_told_twice_is_one_transaction(
    station: FieldStation,
) -> None:
    first = await station.start()
    assert await station.start() == first
    assert await station.start(timestamp="2026-01-02T03:00:01Z") != first


@pytest.mark.parametrize("transaction_id", [-1, 0, 1, 999_999_999])
async def test_pitfall_10_a_stop_is_answered_whatever_it_stops(
    station: FieldStation, transaction_id: int
) -> None:
    for _ in range(2):
        assert await station.stop(transaction_id) == {}


async def test_pitfall_10_a_station_stops_no_transaction_but_its_own(
    station: FieldStation, connect: Connect, central: CentralSystem
) -> None:
    transaction_id = await station.start()
    assert await (await connect("CS-2")).stop(transaction_id) == {}
    kept = central.store.transaction("CS-1", str(transaction_id))
    assert kept is not None
    assert kept.ended_at is None
    assert await station.stop(transaction_id) == {}
    kept = central.store.transaction("CS-1", str(transaction_id))
    assert kept is not None
    assert kept.ended_at is not None


async def test_pitfall_12_the_boot_is_answered_before_anything_else_is_said(
    connect: Connect,
) -> None:
    station = await connect(boots=False)
    boot = '[2,"b","BootNotification",{"chargePointVendor":"A","chargePointModel":"B"}]'
    assert (await station.say(boot))[:2] == [3, "b"]


async def test_pitfall_13_a_station_that_says_nothing_for_a_day_keeps_its_link(
    autojump_clock: MockClock, station: FieldStation
) -> None:
    await trio.sleep(86_400)
    assert "currentTime" in await station.call("Heartbeat", {})


@pytest.mark.parametrize("status", ["Accepted", "Scheduled"])
async def test_pitfall_16_scheduled_is_a_success(
    station: FieldStation, central: CentralSystem, nursery: trio.Nursery, status: str
) -> None:
    request = v16.ChangeAvailabilityRequest(connector_id=1, type="Inoperative")
    command = Command(central, nursery, request)
    _, message_id, *_ = await station.hear()
    await station.link.send(f'[3,"{message_id}",{{"status":"{status}"}}]')
    await wait_all_tasks_blocked()
    assert command.answer.status == status


async def test_pitfall_19_a_bare_value_is_the_register_of_imported_energy(
    station: FieldStation, central: CentralSystem
) -> None:
    transaction_id = await station.start()
    told = meter_values() | {"transactionId": transaction_id}
    assert await station.call("MeterValues", told) == {}
    await wait_all_tasks_blocked()
    kept = central.store.transaction("CS-1", str(transaction_id))
    assert kept is not None
    (reading,) = central.store.meter_values(kept)
    assert [value.measurand for value in reading.samples] == ["Energy.Active.Import.Register"]


@pytest.mark.parametrize("connector_id", [0, 1, 7])
async def test_pitfall_19_values_of_any_connector_without_a_transaction_are_taken(
    station: FieldStation, connector_id: int
) -> None:
    assert await station.call("MeterValues", meter_values() | {"connectorId": connector_id}) == {}


async def test_pitfall_27_the_answer_to_an_unknown_vendor_carries_no_data(
    station: FieldStation,
) -> None:
    told = {"vendorId": "com.example", "messageId": "x", "data": "y" * 10_000}
    assert await station.call("DataTransfer", told) == {"status": "UnknownVendorId"}


async def test_pitfall_28_the_newest_of_two_connections_speaks_for_the_station(
    station: FieldStation, connect: Connect, central: CentralSystem, nursery: trio.Nursery
) -> None:
    newer = await connect(boots=False)
    command = Command(central, nursery, v16.ClearCacheRequest())
    _, message_id, action, _ = await newer.hear()
    assert action == "ClearCache"
    await newer.link.send(f'[3,"{message_id}",{{"status":"Accepted"}}]')
    await wait_all_tasks_blocked()
    assert command.answer.status == "Accepted"


async def test_pitfall_30_a_stop_with_a_thousand_readings_is_taken(station: FieldStation) -> None:
    transaction_id = await station.start()
    reading = {"timestamp": TIME, "sampledValue": [{"value": str(n)} for n in range(4)]}
    assert await station.stop(transaction_id, transactionData=[reading] * 1000) == {}
