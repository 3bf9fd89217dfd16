"""What a station of 2.0.1 or 2.1 tells beside transactions: what is answered, and what is kept."""

import pytest
from trio.testing import wait_all_tasks_blocked

from pilotwire.engine.central.events import MessageSeen
from pilotwire.profiles.csms import (
    CertificateRequested,
    KnownToken,
    MessageReported,
    Place,
    ProgressReported,
    SecurityEventReported,
    StreamReported,
)
from pilotwire.profiles.messages import of, v21
from pilotwire.profiles.messages.base import decode

AT = '"2026-01-02T03:04:05Z"'
HASHES = '{"hashAlgorithm":"SHA256","issuerNameHash":"a","issuerKeyHash":"b","serialNumber":"1"%s}'
OCSP = HASHES % ',"responderURL":"http://h/"'


async def test_a_report_is_kept_in_its_parts_as_it_was_sent(central, station2, subprotocol):
    part = (
        f'{{"requestId":7,"generatedAt":{AT},"seqNo":%d,"tbc":%s,"reportData":[{{"component":'
        '{"name":"EVSE","evse":{"id":1}},"variable":{"name":"Power"},"variableAttribute":'
        '[{"value":"11000"}]}]}'
    )
    assert await station2.call("NotifyReport", part % (0, "true")) == {}
    assert await station2.call("NotifyReport", part % (1, "false")) == {}
    last, first = central.store.reports("CS-1", MessageReported)
    assert (first.action, first.version) == ("NotifyReport", subprotocol)
    v2 = of(subprotocol.removeprefix("ocpp"))
    told = [decode(v2.ACTIONS[kept.action], kept.payload) for kept in (first, last)]
    assert [(report.seq_no, report.tbc) for report in told] == [(0, True), (1, False)]
    assert told[0].report_data[0].variable_attribute[0].value == "11000"


@pytest.mark.parametrize(
    ("action", "payload", "answer"),
    [
        ("DataTransfer", '{"vendorId":"v","data":{"a":[1]}}', {"status": "UnknownVendorId"}),
        (
            "GetCertificateStatus",
            f'{{"ocspRequestData":{OCSP}}}',
            {"status": "Failed", "statusInfo": {"reasonCode": "UnsupportedRequest"}},
        ),
        (
            "Get15118EVCertificate",
            '{"iso15118SchemaVersion":"s","action":"Install","exiRequest":"e"}',
            {
                "status": "Failed",
                "exiResponse": "",
                "statusInfo": {"reasonCode": "UnsupportedRequest"},
            },
        ),
        (
            "Authorize",
            '{"idToken":{"idToken":"STRANGE","type":"ISO14443"}}',
            {"idTokenInfo": {"status": "Unknown"}},
        ),
        (
            "Authorize",
            '{"idToken":{"idToken":"GOOD","type":"ISO14443"}}',
            {
                "idTokenInfo": {
                    "status": "Accepted",
                    "groupIdToken": {"idToken": "FAMILY", "type": "Central"},  # C09.FR.13
                }
            },
        ),
        (  # C07.FR.17
            "Authorize",
            f'{{"idToken":{{"idToken":"GOOD","type":"eMAID"}},"iso15118CertificateHashData":[{OCSP}]}}',
            {"idTokenInfo": {"status": "Invalid"}, "certificateStatus": "CertChainError"},
        ),
    ],
)
async def test_honest_answers(station2, action, payload, answer):
    assert await station2.call(action, payload) == answer


async def test_c01_fr_20_a_token_may_be_for_some_evses_only(central, station2):
    central.rules.tokens.put(KnownToken(value="SOME", evses=(1, 3)))
    answer = await station2.call("Authorize", '{"idToken":{"idToken":"SOME","type":"eMAID"}}')
    assert answer == {"idTokenInfo": {"status": "Accepted", "evseId": [1, 3]}}


async def test_progress_events_and_requests_for_certificates_are_kept(central, station2):
    assert await station2.call("LogStatusNotification", '{"status":"Uploaded","requestId":1}') == {}
    await station2.call("FirmwareStatusNotification", '{"status":"Installed","requestId":2}')
    await station2.call(
        "PublishFirmwareStatusNotification", '{"status":"Published","requestId":3,"location":["u"]}'
    )
    told = reversed(central.store.reports("CS-1", ProgressReported))
    assert [(each.subject, each.status, each.request_id) for each in told] == [
        ("Log", "Uploaded", 1),
        ("Firmware", "Installed", 2),
        ("PublishedFirmware", "Published", 3),
    ]
    security = f'{{"type":"TamperDetectionActivated","timestamp":{AT},"techInfo":"lid"}}'
    assert await station2.call("SecurityEventNotification", security) == {}
    (kept,) = central.store.reports("CS-1", SecurityEventReported)
    assert (kept.type, kept.tech_info) == ("TamperDetectionActivated", "lid")
    answer = await station2.call(
        "SignCertificate", '{"csr":"PEM","certificateType":"ChargingStationCertificate"}'
    )
    assert answer["status"] == "Rejected"
    (asked,) = central.store.reports("CS-1", CertificateRequested)
    assert (asked.csr, asked.certificate_type) == ("PEM", "ChargingStationCertificate")


async def test_j01_meter_values_outside_transactions_are_kept_with_the_evse(central, station2):
    payload = (
        f'{{"evseId":1,"meterValue":[{{"timestamp":{AT},"sampledValue":[{{"value":1.25,'
        '"unitOfMeasure":{"unit":"kWh"},"signedMeterValue":{"signedMeterData":"c2ln",'
        '"signingMethod":"","encodingMethod":"OCMF","publicKey":"key"}}]}]}'
    )
    assert await station2.call("MeterValues", payload) == {}
    (connector,) = central.store.connectors("CS-1")
    assert (connector.place, connector.register) == (Place(1, 0), 1250)


async def test_n15_data_of_a_stream_is_kept_and_not_answered(central, connect):
    station = await connect(central, subprotocol="ocpp2.1")
    seen = []
    central.on_event(seen.append)
    opened = await station.call(
        "OpenPeriodicEventStream",
        '{"constantStreamData":{"id":4,"variableMonitoringId":9,"params":{"interval":1}}}',
    )
    assert opened == {"status": "Accepted"}
    await station.link.send(
        f'[6,"s","NotifyPeriodicEventStream",{{"id":4,"pending":0,"basetime":{AT},'
        '"data":[{"t":0.5,"v":"16.0"}]}]'
    )
    await wait_all_tasks_blocked()
    (kept,) = central.store.reports("CS-1", StreamReported)
    data = decode(v21.NotifyPeriodicEventStreamRequest, kept.payload)
    assert (data.id, data.data[0].v) == (4, "16.0")
    last = [event for event in seen if isinstance(event, MessageSeen)][-1]
    assert (last.kind, last.action) == ("SEND", "NotifyPeriodicEventStream")  # and no answer
    assert await station.call("ClosePeriodicEventStream", '{"id":4}') == {}


async def test_what_only_2_1_has_is_answered_honestly(connect, central):
    station = await connect(central, subprotocol="ocpp2.1")
    hashes = HASHES % ""
    chain = await station.call(
        "GetCertificateChainStatus",
        f'{{"certificateStatusRequests":[{{"source":"CRL","urls":["http://h/"],'
        f'"certificateHashData":{hashes}}}]}}',
    )
    assert [each["status"] for each in chain["certificateStatus"]] == ["Failed"]
    vat = await station.call("VatNumberValidation", '{"vatNumber":"NL1","evseId":2}')
    assert (vat["status"], vat["vatNumber"], vat["evseId"]) == ("Rejected", "NL1", 2)
    update = await station.call("PullDynamicScheduleUpdate", '{"chargingProfileId":1}')
    assert update == {"status": "Rejected", "statusInfo": {"reasonCode": "InvalidProfile"}}


async def test_k15_fr_04_the_needs_of_a_car_are_kept_and_no_schedule_is_promised(central, station2):
    needs = '{"evseId":1,"chargingNeeds":{"requestedEnergyTransfer":"AC_three_phase"}}'
    answer = await station2.call("NotifyEVChargingNeeds", needs)
    assert answer["status"] == "Rejected"
    (kept,) = central.store.reports("CS-1", MessageReported)
    assert kept.action == "NotifyEVChargingNeeds"


async def test_k18_fr_04_a_car_of_15118_20_would_take_rejected_for_the_end(central, connect):
    station = await connect(central, subprotocol="ocpp2.1")
    needs = (
        '{"evseId":1,"chargingNeeds":{"requestedEnergyTransfer":"AC_BPT",'
        '"controlMode":"ScheduledControl"}}'
    )
    answer = await station.call("NotifyEVChargingNeeds", needs)
    assert answer == {"status": "NoChargingProfile"}


async def test_what_is_not_answered_cannot_be_answered_otherwise(central):
    with pytest.raises(ValueError, match="NotifyPeriodicEventStream is not answered"):
        central.override(v21.NotifyPeriodicEventStreamRequest, lambda *_: None)
