"""Commands to stations: every request of 1.6 that a central system sends, and what can go wrong."""

import json
from datetime import UTC, datetime

import pytest
import trio
from trio.testing import wait_all_tasks_blocked

from pilotwire.engine.central.errors import CommandNotSent, StationNotConnected, WrongVersion
from pilotwire.engine.wire.session import CallRefused, CallTimeout, InvalidAnswer, SessionClosed
from pilotwire.profiles.family import OCPP_16
from pilotwire.profiles.messages import v16, v201
from pilotwire.profiles.messages.base import encode

MOMENT = datetime(2026, 1, 2, tzinfo=UTC)
HASHES = v16.CertificateHashDataType(
    hash_algorithm="SHA256", issuer_name_hash="a", issuer_key_hash="b", serial_number="1"
)
SCHEDULE = v16.ChargingSchedule(
    charging_rate_unit="A",
    charging_schedule_period=(v16.ChargingSchedulePeriod(start_period=0, limit=16.0),),
)
PROFILE = v16.ChargingProfile(
    charging_profile_id=1,
    stack_level=0,
    charging_profile_purpose="TxDefaultProfile",
    charging_profile_kind="Relative",
    charging_schedule=SCHEDULE,
)
FIRMWARE = v16.FirmwareType(
    location="https://h/f", retrieve_date_time=MOMENT, signing_certificate="PEM", signature="s"
)
ACCEPTED = '{"status":"Accepted"}'
COMMANDS = [
    (v16.CancelReservationRequest(reservation_id=1), '{"reservationId":1}', ACCEPTED),
    (v16.CertificateSignedRequest(certificate_chain="P"), '{"certificateChain":"P"}', ACCEPTED),
    (
        v16.ChangeAvailabilityRequest(connector_id=0, type="Operative"),
        '{"connectorId":0,"type":"Operative"}',
        '{"status":"Scheduled"}',
    ),
    (
        v16.ChangeConfigurationRequest(key="HeartbeatInterval", value="60"),
        '{"key":"HeartbeatInterval","value":"60"}',
        '{"status":"RebootRequired"}',
    ),
    (v16.ClearCacheRequest(), "{}", ACCEPTED),
    (v16.ClearChargingProfileRequest(id=1), '{"id":1}', '{"status":"Unknown"}'),
    (v16.DataTransferRequest(vendor_id="v"), '{"vendorId":"v"}', '{"status":"UnknownVendorId"}'),
    (
        v16.DeleteCertificateRequest(certificate_hash_data=HASHES),
        '{"certificateHashData":{"hashAlgorithm":"SHA256","issuerNameHash":"a",'
        '"issuerKeyHash":"b","serialNumber":"1"}}',
        '{"status":"NotFound"}',
    ),
    (
        v16.ExtendedTriggerMessageRequest(requested_message="Heartbeat"),
        '{"requestedMessage":"Heartbeat"}',
        '{"status":"NotImplemented"}',
    ),
    (
        v16.GetCompositeScheduleRequest(connector_id=1, duration=60),
        '{"connectorId":1,"duration":60}',
        '{"status":"Rejected"}',
    ),
    (v16.GetConfigurationRequest(key=("A",)), '{"key":["A"]}', '{"unknownKey":["A"]}'),
    (
        v16.GetDiagnosticsRequest(location="ftp://h/"),
        '{"location":"ftp://h/"}',
        '{"fileName":"d.zip"}',
    ),
    (
        v16.GetInstalledCertificateIdsRequest(certificate_type="CentralSystemRootCertificate"),
        '{"certificateType":"CentralSystemRootCertificate"}',
        '{"status":"NotFound"}',
    ),
    (v16.GetLocalListVersionRequest(), "{}", '{"listVersion":3}'),
    (
        v16.GetLogRequest(
            log=v16.LogParametersType(remote_location="https://h/"),
            log_type="SecurityLog",
            request_id=1,
        ),
        '{"log":{"remoteLocation":"https://h/"},"logType":"SecurityLog","requestId":1}',
        '{"status":"Accepted","filename":"l.txt"}',
    ),
    (
        v16.InstallCertificateRequest(
            certificate_type="ManufacturerRootCertificate", certificate="PEM"
        ),
        '{"certificateType":"ManufacturerRootCertificate","certificate":"PEM"}',
        '{"status":"Failed"}',
    ),
    (
        v16.RemoteStartTransactionRequest(id_tag="GOOD", connector_id=1),
        '{"idTag":"GOOD","connectorId":1}',
        ACCEPTED,
    ),
    (v16.RemoteStopTransactionRequest(transaction_id=9), '{"transactionId":9}', ACCEPTED),
    (
        v16.ReserveNowRequest(connector_id=1, expiry_date=MOMENT, id_tag="GOOD", reservation_id=1),
        '{"connectorId":1,"expiryDate":"2026-01-02T00:00:00Z","idTag":"GOOD","reservationId":1}',
        '{"status":"Occupied"}',
    ),
    (v16.ResetRequest(type="Soft"), '{"type":"Soft"}', ACCEPTED),
    (
        v16.SendLocalListRequest(list_version=1, update_type="Full"),
        '{"listVersion":1,"updateType":"Full"}',
        '{"status":"VersionMismatch"}',
    ),
    (
        v16.SetChargingProfileRequest(connector_id=1, cs_charging_profiles=PROFILE),
        '{"connectorId":1,"csChargingProfiles":{"chargingProfileId":1,"stackLevel":0,'
        '"chargingProfilePurpose":"TxDefaultProfile","chargingProfileKind":"Relative",'
        '"chargingSchedule":{"chargingRateUnit":"A","chargingSchedulePeriod":'
        '[{"startPeriod":0,"limit":16.0}]}}}',
        '{"status":"NotSupported"}',
    ),
    (
        v16.SignedUpdateFirmwareRequest(request_id=1, firmware=FIRMWARE),
        '{"requestId":1,"firmware":{"location":"https://h/f",'
        '"retrieveDateTime":"2026-01-02T00:00:00Z","signingCertificate":"PEM","signature":"s"}}',
        '{"status":"InvalidCertificate"}',
    ),
    (
        v16.TriggerMessageRequest(requested_message="MeterValues", connector_id=1),
        '{"requestedMessage":"MeterValues","connectorId":1}',
        ACCEPTED,
    ),
    (v16.UnlockConnectorRequest(connector_id=1), '{"connectorId":1}', '{"status":"Unlocked"}'),
    (
        v16.UpdateFirmwareRequest(location="https://h/f", retrieve_date=MOMENT),
        '{"location":"https://h/f","retrieveDate":"2026-01-02T00:00:00Z"}',
        "{}",
    ),
]


def test_no_command_of_the_version_is_left_out():
    sent = {action for action in OCPP_16.actions() if OCPP_16.sends("csms", action)}
    assert {request.action for request, _, _ in COMMANDS} == sent


@pytest.mark.parametrize(
    ("request_", "payload", "answer"), COMMANDS, ids=[c[0].action for c in COMMANDS]
)
async def test_a_command_and_its_answer(central, station, request_, payload, answer):
    heard = []

    async def command():
        heard.append(await central.issue_command("CS-1", request_))

    async with trio.open_nursery() as nursery:
        nursery.start_soon(command)
        frame = await station.hear()
        kind, message_id, action, sent = json.loads(frame)
        assert (kind, action, sent) == (2, request_.action, json.loads(payload))
        await station.link.send(f'[3,"{message_id}",{answer}]')
    assert type(heard[0]) is request_.response
    # What the station said is what the caller got.
    assert json.loads(encode(heard[0])) == json.loads(answer)


async def test_commands_to_one_station_go_one_after_the_other(central, station, nursery):
    done = []

    async def command(key):
        request = v16.GetConfigurationRequest(key=(key,))
        done.append((await central.issue_command("CS-1", request)).unknown_key)

    for key in "ABC":
        nursery.start_soon(command, key)
        await wait_all_tasks_blocked()
    for key in "ABC":
        _, message_id, _, payload = json.loads(await station.hear())
        assert payload == {"key": [key]}
        await wait_all_tasks_blocked()
        await station.link.send(f'[3,"{message_id}",{{"unknownKey":["{key}"]}}]')
    await wait_all_tasks_blocked()
    assert done == [("A",), ("B",), ("C",)]


async def test_commands_to_two_stations_do_not_wait_for_each_other(central, connect, nursery):
    one, two = await connect(central, "CS-1"), await connect(central, "CS-2")
    for name in ("CS-1", "CS-2"):
        nursery.start_soon(central.issue_command, name, v16.ClearCacheRequest())
    for station in (two, one):
        message_id = json.loads(await station.hear())[1]
        await station.link.send(f'[3,"{message_id}",{ACCEPTED}]')


async def test_a_station_that_is_not_connected_is_named(central):
    with pytest.raises(StationNotConnected, match=r"^NOBODY is not connected$"):
        await central.issue_command("NOBODY", v16.ClearCacheRequest())


async def test_a_request_of_another_version_is_refused_by_name(central, station):
    with pytest.raises(WrongVersion, match=r"CS-1 speaks ocpp1\.6: .* sends ResetRequest"):
        await central.issue_command("CS-1", v201.ResetRequest(type="Immediate"))


async def test_a_request_that_only_stations_send_is_refused(central, station):
    with pytest.raises(CommandNotSent, match="HeartbeatRequest"):
        await central.issue_command("CS-1", v16.HeartbeatRequest())


async def test_no_answer_is_a_timeout(autojump_clock, central, station):
    begun = trio.current_time()
    with pytest.raises(CallTimeout, match="no answer to Reset"):
        await central.issue_command("CS-1", v16.ResetRequest(type="Hard"), timeout=7)
    assert trio.current_time() - begun == 7


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        ('[4,"{}","NotSupported","no lock",{{}}]', CallRefused),
        ('[3,"{}",{{"status":"Perhaps"}}]', InvalidAnswer),
    ],
)
async def test_an_answer_that_is_none_is_passed_on(central, station, nursery, answer, failure):
    async def reply():
        await station.link.send(answer.format(json.loads(await station.hear())[1]))

    nursery.start_soon(reply)
    with pytest.raises(failure):
        await central.issue_command("CS-1", v16.UnlockConnectorRequest(connector_id=1))


async def test_a_station_that_leaves_ends_the_command(central, station, nursery):
    async def leave():
        await station.hear()
        await station.link.close()

    nursery.start_soon(leave)
    with pytest.raises(SessionClosed):
        await central.issue_command("CS-1", v16.ResetRequest(type="Soft"))
    await wait_all_tasks_blocked()
    assert "CS-1" not in central.connections


async def test_the_newer_of_two_connections_takes_over(central, station, connect, nursery):
    second = await connect(central)
    nursery.start_soon(central.issue_command, "CS-1", v16.ClearCacheRequest())
    message_id = json.loads(await second.hear())[1]
    await second.link.send(f'[3,"{message_id}",{ACCEPTED}]')
    await wait_all_tasks_blocked()
    assert station.link.closed.code == 1008
    assert list(central.connections) == ["CS-1"]
