"""What a 1.6 station hears, frame by frame."""

import json

import trio

from pilotwire.engine.central.central import Policy
from pilotwire.profiles.csms import (
    Place,
    SecurityEventReported,
    SignedMeterValue,
    StopUnmatched,
)

START = '{"connectorId":1,"idTag":"good","meterStart":1000,"timestamp":"2026-01-02T03:00:00Z"}'


def stop(transaction_id, more=""):
    return (
        f'{{"transactionId":{transaction_id},"meterStop":5000,'
        f'"timestamp":"2026-01-02T04:00:00Z"{more}}}'
    )


async def test_the_first_words_of_a_station(central, connect):
    station = await connect(central, boots=False)
    assert await station.say(
        '[2,"1","BootNotification",{"chargePointVendor":"Acme","chargePointModel":"One",'
        '"chargePointSerialNumber":"S1","firmwareVersion":"7"}]'
    ) == ('[3,"1",{"status":"Accepted","currentTime":"2026-01-02T03:04:05Z","interval":300}]')
    assert await station.say('[2,"2","Heartbeat",{}]') == (
        '[3,"2",{"currentTime":"2026-01-02T03:04:05Z"}]'
    )
    assert (
        await station.say(
            '[2,"3","StatusNotification",'
            '{"connectorId":1,"errorCode":"NoError","status":"Available"}]'
        )
        == '[3,"3",{}]'
    )
    row = central.store.station("CS-1")
    assert (row.registration, row.boot.serial_number, row.boot.firmware_version) == (
        "Accepted",
        "S1",
        "7",
    )
    (connector,) = central.store.connectors("CS-1")
    assert (connector.place, connector.report.status) == (Place(connector=1), "Available")


async def test_tokens_are_compared_without_regard_to_case(station):
    assert await station.say('[2,"1","Authorize",{"idTag":"gOOd"}]') == (
        '[3,"1",{"idTagInfo":{"status":"Accepted","parentIdTag":"FAMILY"}}]'
    )


async def test_an_unknown_token_is_invalid(station):
    assert await station.say('[2,"1","Authorize",{"idTag":"OTHER"}]') == (
        '[3,"1",{"idTagInfo":{"status":"Invalid"}}]'
    )


async def test_data_of_an_unknown_vendor(station):
    assert await station.say('[2,"1","DataTransfer",{"vendorId":"org.example"}]') == (
        '[3,"1",{"status":"UnknownVendorId"}]'
    )


async def test_a_csr_is_kept_and_rejected_as_nobody_signs_it(central, station):
    assert await station.call("SignCertificate", '{"csr":"PEM"}') == {"status": "Rejected"}
    (kept,) = central.store.reports("CS-1")
    assert kept.csr == "PEM"


async def test_a_security_event_is_kept(central, station):
    frame = (
        '{"type":"StartupOfTheDevice","timestamp":"2026-01-01T23:00:00-01:00","techInfo":"cold"}'
    )
    assert await station.call("SecurityEventNotification", frame) == {}
    (kept,) = central.store.reports("CS-1", SecurityEventReported)
    assert (kept.type, kept.occurred_at.isoformat(), kept.tech_info) == (
        "StartupOfTheDevice",
        "2026-01-02T00:00:00+00:00",
        "cold",
    )


async def test_progress_is_kept(central, station):
    await station.call("DiagnosticsStatusNotification", '{"status":"Uploading"}')
    await station.call("FirmwareStatusNotification", '{"status":"Downloaded"}')
    await station.call("LogStatusNotification", '{"status":"Uploaded","requestId":7}')
    await station.call("SignedFirmwareStatusNotification", '{"status":"Installed","requestId":8}')
    kept = [(each.subject, each.status, each.request_id) for each in central.store.reports("CS-1")]
    assert kept == [
        ("Firmware", "Installed", 8),
        ("Log", "Uploaded", 7),
        ("Firmware", "Downloaded", None),
        ("Diagnostics", "Uploading", None),
    ]


# ---- transactions


async def test_readings_are_kept_as_the_meter_signed_them(central, station):
    transaction_id = (await station.call("StartTransaction", START))["transactionId"]
    signed = {
        "signedMeterData": "T0NNRnx7fQ==",
        "signingMethod": "ECDSA-secp256r1-SHA256",
        "encodingMethod": "OCMF",
        "publicKey": "",
    }
    value = {"value": json.dumps(signed), "format": "SignedData"}
    reading = {"timestamp": "2026-01-02T03:15:00Z", "sampledValue": [{"value": "1500"}, value]}
    payload = {"connectorId": 1, "transactionId": transaction_id, "meterValue": [reading]}
    assert await station.call("MeterValues", json.dumps(payload)) == {}
    (kept,) = central.store.transactions("CS-1")
    ((plain, sample),) = (each.samples for each in central.store.meter_values(kept))
    assert (plain.watt_hours(), plain.signed) == (1500, None)
    assert sample.watt_hours() is None
    assert sample.signed == SignedMeterValue(
        data="T0NNRnx7fQ==", encoding_method="OCMF", signing_method="ECDSA-secp256r1-SHA256"
    )


async def test_a_transaction_from_start_to_stop(central, station):
    started = await station.call("StartTransaction", START)
    assert started["idTagInfo"] == {"status": "Accepted", "parentIdTag": "FAMILY"}
    transaction_id = started["transactionId"]
    assert 0 < transaction_id < 2**31
    metered = (
        f'{{"connectorId":1,"transactionId":{transaction_id},"meterValue":['
        '{"timestamp":"2026-01-02T03:15:00Z","sampledValue":[{"value":"1.5","unit":"kWh"},'
        '{"value":"230","measurand":"Voltage","phase":"L1","unit":"V"}]}]}'
    )
    assert await station.call("MeterValues", metered) == {}
    ended = stop(
        transaction_id,
        ',"idTag":"GOOD","reason":"EVDisconnected","transactionData":['
        '{"timestamp":"2026-01-02T04:00:00Z","sampledValue":[{"value":"5000"}]}]',
    )
    assert await station.call("StopTransaction", ended) == {
        "idTagInfo": {"status": "Accepted", "parentIdTag": "FAMILY"}
    }
    (kept,) = central.store.transactions("CS-1")
    assert (kept.transaction_id, kept.meter_start, kept.meter_stop, kept.reason) == (
        str(transaction_id),
        1000,
        5000,
        "EVDisconnected",
    )
    assert not kept.is_running
    readings = central.store.meter_values(kept)
    assert [reading.watt_hours() for reading in readings] == [1500.0, 5000.0]
    assert readings[0].samples[1].phase == "L1"
    (connector,) = central.store.connectors("CS-1")
    assert connector.register == 5000.0


async def test_a_start_that_is_sent_again_gets_the_same_id(central, station):
    first = await station.say(f'[2,"1","StartTransaction",{START}]')
    again = await station.say(f'[2,"2","StartTransaction",{START}]')
    assert json.loads(again)[2] == json.loads(first)[2]
    assert len(central.store.transactions()) == 1


async def test_a_start_sent_again_after_the_stop_does_not_bring_the_transaction_back(
    central, station
):
    started = await station.call("StartTransaction", START)
    await station.call("StopTransaction", stop(started["transactionId"]))
    assert await station.call("StartTransaction", START) == started
    (kept,) = central.store.transactions()
    assert kept.meter_stop == 5000


async def test_the_same_start_from_another_station_is_another_transaction(
    central, station, connect
):
    other = await connect(central, "CS-2")
    first = await station.call("StartTransaction", START)
    second = await other.call("StartTransaction", START)
    assert first["transactionId"] != second["transactionId"]


async def test_a_second_start_at_a_connector_that_never_stopped_is_accepted(central, station):
    first = await station.call("StartTransaction", START)
    second = await station.call("StartTransaction", START.replace("03:00:00", "03:30:00"))
    assert second["idTagInfo"]["status"] == "Accepted"
    assert second["transactionId"] != first["transactionId"]
    late = await station.call("StopTransaction", stop(first["transactionId"]))
    assert late == {}
    kept = {each.transaction_id: each.is_running for each in central.store.transactions()}
    assert kept == {str(first["transactionId"]): False, str(second["transactionId"]): True}


async def test_a_start_on_a_bad_token_is_a_transaction_all_the_same(central, station):
    started = await station.call("StartTransaction", START.replace("good", "BAD"))
    assert started["idTagInfo"] == {"status": "Invalid"}
    (kept,) = central.store.transactions()
    assert (kept.verdict, kept.is_running) == ("Unknown", True)


async def test_a_stop_that_is_sent_again_changes_nothing(central, station):
    started = await station.call("StartTransaction", START)
    await station.call("StopTransaction", stop(started["transactionId"]))
    again = stop(started["transactionId"]).replace("5000", "9999")
    assert await station.call("StopTransaction", again) == {}
    (kept,) = central.store.transactions()
    assert kept.meter_stop == 5000


async def test_a_station_cannot_stop_another_stations_transaction(central, station, connect):
    """CVE-2026-28230."""
    thief = await connect(central, "CS-2")
    started = await station.call("StartTransaction", START)
    assert await thief.call("StopTransaction", stop(started["transactionId"])) == {}
    (kept,) = central.store.transactions()
    assert kept.is_running
    (unmatched,) = central.store.reports("CS-2", StopUnmatched)
    assert (unmatched.why, unmatched.transaction_id) == ("foreign", str(started["transactionId"]))
    assert await station.call("StopTransaction", stop(started["transactionId"])) == {}
    assert not central.store.transactions()[0].is_running


async def test_an_unknown_stop_is_answered_and_kept(central, station):
    assert await station.call("StopTransaction", stop(4711)) == {}
    (unmatched,) = central.store.reports("CS-1", StopUnmatched)
    assert (unmatched.why, unmatched.meter_stop) == ("unknown", 5000)


async def test_errata_3_18_transaction_id_minus_1_is_answered_as_if_valid(central, station):
    answer = await station.call("StopTransaction", stop(-1, ',"idTag":"GOOD"'))
    assert answer["idTagInfo"]["status"] == "Accepted"
    metered = (
        '{"connectorId":1,"transactionId":-1,"meterValue":['
        '{"timestamp":"2026-01-02T03:15:00Z","sampledValue":[{"value":"5"}]}]}'
    )
    assert await station.call("MeterValues", metered) == {}
    (unmatched,) = central.store.reports("CS-1", StopUnmatched)
    assert unmatched.why == "no id"


async def test_meter_values_are_not_put_into_another_stations_transaction(
    central, station, connect
):
    other = await connect(central, "CS-2")
    started = await station.call("StartTransaction", START)
    await other.call(
        "MeterValues",
        f'{{"connectorId":1,"transactionId":{started["transactionId"]},"meterValue":['
        '{"timestamp":"2026-01-02T03:15:00Z","sampledValue":[{"value":"5"}]}]}',
    )
    (running,) = central.store.transactions()
    assert central.store.meter_values(running) == []
    assert central.store.connectors("CS-2")[0].register == 5.0


async def test_meter_values_sent_again_are_kept_once(central, station):
    started = await station.call("StartTransaction", START)
    metered = (
        f'{{"connectorId":1,"transactionId":{started["transactionId"]},"meterValue":['
        '{"timestamp":"2026-01-02T03:15:00Z","sampledValue":[{"value":"5"}]}]}'
    )
    await station.call("MeterValues", metered)
    await station.call("MeterValues", metered)
    (running,) = central.store.transactions()
    assert len(central.store.meter_values(running)) == 1


async def test_the_register_does_not_go_back_for_values_that_were_queued(central, station):
    metered = (
        '{{"connectorId":1,"meterValue":[{{"timestamp":"2026-01-02T03:{:02}:00Z",'
        '"sampledValue":[{{"value":"{}"}}]}}]}}'
    )
    await station.call("MeterValues", metered.format(15, 500))
    await station.call("MeterValues", metered.format(10, 400))
    assert central.store.connectors("CS-1")[0].register == 500.0


async def test_7_2_concurrent_transactions_are_refused_when_they_are_not_allowed(
    make_central, connect
):
    central = make_central(Policy(allows_concurrent_transactions=False))
    one, two = await connect(central, "CS-1"), await connect(central, "CS-2")
    first = await one.call("StartTransaction", START)
    assert first["idTagInfo"]["status"] == "Accepted"
    second = await two.call("StartTransaction", START.replace("good", "GOOD"))
    assert second["idTagInfo"] == {"status": "ConcurrentTx", "parentIdTag": "FAMILY"}
    # Only relevant for a start: the same token is asked for to stop, too.
    asked = await two.call("Authorize", '{"idTag":"GOOD"}')
    assert asked["idTagInfo"]["status"] == "Accepted"
    again = await one.call("StartTransaction", START)
    assert again == first
    await one.call("StopTransaction", stop(first["transactionId"]))
    third = await two.call("StartTransaction", START.replace("03:00:00", "05:00:00"))
    assert third["idTagInfo"]["status"] == "Accepted"


async def test_an_end_of_the_calendar_is_no_end_of_the_central_system(central, station):
    for moment in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"):
        started = await station.call(
            "StartTransaction", START.replace("2026-01-02T03:00:00Z", moment)
        )
        assert started["transactionId"] > 0
    assert len(central.store.transactions()) == 2


async def test_numbers_that_no_column_holds_are_bounded(central, station):
    huge = START.replace("1000", "9" * 30).replace('"connectorId":1', f'"connectorId":{2**70}')
    assert (await station.call("StartTransaction", huge))["transactionId"] > 0
    assert central.store.transactions()[0].meter_start == 2**53
    assert await station.call("StopTransaction", stop(10**40)) == {}


async def test_a_station_that_never_changes_its_message_id_is_answered_afresh(
    autojump_clock, station
):
    first = await station.say('[2,"1","Heartbeat",{}]')
    await trio.sleep(60)
    assert await station.say('[2,"1","Heartbeat",{}]') != first
