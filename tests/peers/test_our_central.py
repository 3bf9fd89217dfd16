"""Our central system with charge points of others: PyPI `ocpp` and npm `ocpp-rpc`, both strict."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import trio

from pilotwire.engine.central.central import CentralSystem
from pilotwire.engine.central.errors import StationNotConnected
from pilotwire.engine.central.events import StationGone
from pilotwire.engine.wire.session import CallRefused
from pilotwire.profiles.csms import Place
from pilotwire.profiles.messages import v16

from .program import Program, within

BOOT = {"chargePointVendor": "Acme", "chargePointModel": "One"}
METERED: list[dict[str, Any]] = [
    {
        "timestamp": "2026-01-02T03:15:00Z",
        "sampledValue": [
            {"value": "1.5", "unit": "kWh"},
            {"value": "230", "measurand": "Voltage", "phase": "L1", "unit": "V"},
        ],
    }
]
WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("Nonsense", {}, "NotImplemented"),
    ("Reset", {"type": "Soft"}, "NotSupported"),
    ("Authorize", {}, "ProtocolError"),
    ("Authorize", {"idTag": 1}, "TypeConstraintViolation"),
    ("Authorize", {"idTag": "x" * 21}, "PropertyConstraintViolation"),
    ("Authorize", {"idTag": "x", "pin": "1"}, "FormationViolation"),
    (
        "MeterValues",
        {"connectorId": 1, "meterValue": []},
        "OccurenceConstraintViolation",
    ),
]
SCHEDULE = v16.ChargingSchedule(
    charging_rate_unit="A",
    charging_schedule_period=(v16.ChargingSchedulePeriod(start_period=0, limit=16.1),),
)
LATER = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
COMMANDS: list[tuple[Any, dict[str, Any]]] = [
    # each request, and what of its response the peer has chosen
    (v16.CancelReservationRequest(reservation_id=1), {"status": "Accepted"}),
    (v16.ChangeAvailabilityRequest(connector_id=0, type="Operative"), {"status": "Scheduled"}),
    (v16.ChangeConfigurationRequest(key="k", value="v"), {"status": "RebootRequired"}),
    (v16.ClearCacheRequest(), {"status": "Accepted"}),
    (v16.ClearChargingProfileRequest(id=1), {"status": "Unknown"}),
    (v16.DataTransferRequest(vendor_id="v", data="ping"), {"status": "Accepted", "data": "pong"}),
    (v16.GetCompositeScheduleRequest(connector_id=1, duration=60), {"connector_id": 1}),
    (v16.GetConfigurationRequest(key=("Nonsense",)), {"unknown_key": ("Nonsense",)}),
    (v16.GetDiagnosticsRequest(location="ftp://h/"), {"file_name": "diagnostics.zip"}),
    (v16.GetLocalListVersionRequest(), {"list_version": 7}),
    (v16.RemoteStartTransactionRequest(id_tag="A", connector_id=1), {"status": "Accepted"}),
    (v16.RemoteStopTransactionRequest(transaction_id=1), {"status": "Rejected"}),
    (
        v16.ReserveNowRequest(connector_id=1, expiry_date=LATER, id_tag="A", reservation_id=1),
        {"status": "Occupied"},
    ),
    (v16.ResetRequest(type="Soft"), {"status": "Accepted"}),
    (
        v16.SendLocalListRequest(list_version=8, update_type="Differential"),
        {"status": "VersionMismatch"},
    ),
    (
        v16.SetChargingProfileRequest(
            connector_id=1,
            cs_charging_profiles=v16.ChargingProfile(
                charging_profile_id=1,
                stack_level=0,
                charging_profile_purpose="TxDefaultProfile",
                charging_profile_kind="Relative",
                charging_schedule=SCHEDULE,
            ),
        ),
        {"status": "Accepted"},
    ),
    (v16.TriggerMessageRequest(requested_message="Heartbeat"), {"status": "NotImplemented"}),
    (v16.UnlockConnectorRequest(connector_id=1), {"status": "UnlockFailed"}),
    (v16.UpdateFirmwareRequest(location="ftp://h/f", retrieve_date=LATER), {}),
]


@pytest.fixture
async def booted(our_central: CentralSystem, peer_station: Program) -> Program:
    assert (await peer_station.call("BootNotification", **BOOT))["status"] == "Accepted"
    return peer_station


@within(20)
async def test_it_registers_a_station_and_tells_the_time(
    our_central: CentralSystem, peer_station: Program
) -> None:
    answer = await peer_station.call("BootNotification", **BOOT)
    assert (answer["status"], answer["interval"]) == ("Accepted", 300)
    told = (await peer_station.call("Heartbeat"))["currentTime"]
    assert abs((datetime.now(UTC) - datetime.fromisoformat(told)).total_seconds()) < 5
    row = our_central.store.station("CP-1")
    assert row is not None
    assert row.boot is not None
    assert (row.registration, row.boot.vendor_name, row.boot.model) == ("Accepted", "Acme", "One")
    assert peer_station.complaints() == []


@within(20)
async def test_it_keeps_a_transaction_from_start_to_stop(
    our_central: CentralSystem, booted: Program
) -> None:
    status = {"connectorId": 1, "errorCode": "NoError", "status": "Preparing"}
    assert await booted.call("StatusNotification", **status) == {}
    accepted = {"status": "Accepted", "parentIdTag": "FAMILY"}
    assert await booted.call("Authorize", idTag="DEADBEEF") == {"idTagInfo": accepted}
    assert await booted.call("Authorize", idTag="NOBODY") == {"idTagInfo": {"status": "Invalid"}}
    started = await booted.call(
        "StartTransaction",
        connectorId=1,
        idTag="DEADBEEF",
        meterStart=1000,
        timestamp="2026-01-02T03:00:00Z",
    )
    assert started["idTagInfo"] == accepted
    transaction_id = started["transactionId"]
    metered = {"connectorId": 1, "transactionId": transaction_id, "meterValue": METERED}
    assert await booted.call("MeterValues", **metered) == {}
    stopped = await booted.call(
        "StopTransaction",
        transactionId=transaction_id,
        idTag="DEADBEEF",
        meterStop=5000,
        timestamp="2026-01-02T04:00:00+00:00",
        reason="Local",
    )
    assert stopped == {"idTagInfo": accepted}
    (kept,) = our_central.store.transactions("CP-1")
    assert (kept.transaction_id, kept.meter_start, kept.meter_stop) == (
        str(transaction_id),
        1000,
        5000,
    )
    (reading,) = our_central.store.meter_values(kept)
    assert reading.watt_hours() == 1500.0
    (connector,) = our_central.store.connectors("CP-1")
    assert connector.place == Place(connector=1)
    assert connector.report is not None
    assert connector.report.status == "Preparing"
    assert booted.complaints() == []


@within(20)
async def test_data_of_an_unknown_vendor(booted: Program) -> None:
    answer = await booted.call("DataTransfer", vendorId="org.example", data="d")
    assert answer == {"status": "UnknownVendorId"}


@within(20)
async def test_what_is_wrong_is_refused(booted: Program) -> None:
    for number, (action, payload, code) in enumerate(WRONG):
        message_id = f"wrong-{number}"
        await booted.say(json.dumps([2, message_id, action, payload]))
        assert (await booted.answer_to(message_id))[:3] == [4, message_id, code]
    assert "currentTime" in await booted.call("Heartbeat")  # and it talks on


@within(20)
async def test_what_is_no_frame_of_1_6_is_left_unanswered(booted: Program) -> None:
    """OCPP-J 4.1.3: a message of another type is ignored; what has no id cannot be answered."""
    for text in ("[7,1,{}]", "no JSON", '{"an":"object"}', '[3,"none",{}]', '[4,"x","y","z",{}]'):
        await booted.say(text)
    before = len(booted.frames("received"))
    await booted.call("Heartbeat")
    assert len(booted.frames("received")) == before + 1


@within(20)
async def test_nothing_is_taken_before_the_boot(
    our_central: CentralSystem, peer_station: Program
) -> None:
    await peer_station.say('[2,"early","Authorize",{"idTag":"DEADBEEF"}]')
    answer = await peer_station.answer_to("early")
    assert answer[:3] == [4, "early", "SecurityError"]


@within(30)
async def test_every_command_brings_its_answer(our_central: CentralSystem, booted: Program) -> None:
    for request, expected in COMMANDS:
        response = await our_central.issue_command("CP-1", request, timeout=5)
        found = {name: getattr(response, name) for name in expected}
        assert (request.action, found) == (request.action, expected)
        await booted.hears(request.action)
    assert booted.complaints() == []


@within(20)
async def test_what_a_station_does_not_know_is_told(
    our_central: CentralSystem, booted: Program
) -> None:
    request = v16.ExtendedTriggerMessageRequest(requested_message="Heartbeat")
    with pytest.raises(CallRefused) as refused:
        await our_central.issue_command("CP-1", request, timeout=5)
    assert (refused.value.code, refused.value.word) == ("NotImplemented", "NotImplemented")


@within(20)
async def test_a_station_that_is_gone_is_not_connected(
    our_central: CentralSystem, booted: Program
) -> None:
    is_gone = trio.Event()
    our_central.on_event(lambda event: is_gone.set() if isinstance(event, StationGone) else None)
    await booted.end()
    await is_gone.wait()
    with pytest.raises(StationNotConnected):
        await our_central.issue_command("CP-1", v16.ClearCacheRequest())
