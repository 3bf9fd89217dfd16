"""Our central system with charge points of others in 2.0.1 and 2.1, both strict."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from pilotwire.engine.central.central import CentralSystem
from pilotwire.engine.wire.session import CallRefused
from pilotwire.profiles.csms import Place
from pilotwire.profiles.messages import of

from .program import Program, Refused, within
from .speaking import kind, spoken, subprotocol

__all__ = ["kind", "spoken", "subprotocol"]  # fixtures: this module speaks 2.x

BOOT = {"reason": "PowerUp", "chargingStation": {"vendorName": "Acme", "model": "One"}}
TOKEN = {"idToken": "DEADBEEF", "type": "ISO14443"}
WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("Nonsense", {}, "NotImplemented"),
    ("Reset", {"type": "Immediate"}, "NotSupported"),
    ("Authorize", {}, "OccurrenceConstraintViolation"),
    ("Authorize", {"idToken": 1}, "TypeConstraintViolation"),
    ("BootNotification", {**BOOT, "reason": "Boredom"}, "PropertyConstraintViolation"),
    ("Heartbeat", {"now": True}, "FormatViolation"),
    ("MeterValues", {"evseId": 1, "meterValue": []}, "OccurrenceConstraintViolation"),
]


def event(kind: str, seq_no: int, minute: int, energy: float, **more: Any) -> dict[str, Any]:
    sampled = {"value": energy, "unitOfMeasure": {"unit": "kWh"}}
    time = f"2026-01-02T03:{minute:02}:00Z"
    return {
        "eventType": kind,
        "timestamp": time,
        "triggerReason": "Authorized" if kind == "Started" else "StopAuthorized",
        "seqNo": seq_no,
        "meterValue": [{"timestamp": time, "sampledValue": [sampled]}],
        **more,
    }


def commands(version: Any) -> list[tuple[Any, dict[str, Any]]]:
    """Give each request, and what of its response the peer has chosen."""
    v2 = version
    token = v2.IdTokenType(id_token="A", type="Central")
    heartbeat = {
        "component": v2.ComponentType(name="OCPPCommCtrlr"),
        "variable": v2.VariableType(name="HeartbeatInterval"),
    }
    get = v2.GetVariableDataType(**heartbeat)
    put = v2.SetVariableDataType(**heartbeat, attribute_value="60")
    return [
        (v2.ResetRequest(type="OnIdle", evse_id=1), {"status": "Scheduled"}),
        (
            v2.RequestStartTransactionRequest(id_token=token, remote_start_id=1, evse_id=1),
            {"status": "Accepted", "transaction_id": "tx-1"},
        ),
        (v2.RequestStopTransactionRequest(transaction_id="tx-1"), {"status": "Rejected"}),
        (
            v2.UnlockConnectorRequest(evse_id=1, connector_id=1),
            {"status": "OngoingAuthorizedTransaction"},
        ),
        (
            v2.TriggerMessageRequest(requested_message="SignCombinedCertificate"),
            {"status": "NotImplemented"},
        ),
        (
            v2.ChangeAvailabilityRequest(operational_status="Inoperative"),
            {"status": "Scheduled"},
        ),
        (v2.ClearCacheRequest(), {"status": "Accepted"}),
        (v2.DataTransferRequest(vendor_id="v", data=[1]), {"data": {"pong": True}}),
        (v2.GetBaseReportRequest(request_id=1, report_base="FullInventory"), {}),
        (v2.GetReportRequest(request_id=1), {"status": "EmptyResultSet"}),
        (v2.GetTransactionStatusRequest(), {"messages_in_queue": True}),
        (v2.GetLocalListVersionRequest(), {"version_number": 7}),
        (v2.GetVariablesRequest(get_variable_data=(get,)), {}),
        (v2.SetVariablesRequest(set_variable_data=(put,)), {}),
    ]


@pytest.fixture
async def booted(our_central: CentralSystem, peer_station: Program) -> Program:
    assert (await peer_station.call("BootNotification", **BOOT))["status"] == "Accepted"
    return peer_station


@within(30)
async def test_it_takes_nothing_before_the_boot_and_then_registers(
    our_central: CentralSystem, peer_station: Program, subprotocol: str
) -> None:
    with pytest.raises(Refused) as refused:  # B01.FR.10
        await peer_station.call("Heartbeat")
    assert refused.value.code.startswith("SecurityError")
    answer = await peer_station.call("BootNotification", **BOOT)
    assert (answer["status"], answer["interval"]) == ("Accepted", 300)
    told = (await peer_station.call("Heartbeat"))["currentTime"]
    assert abs((datetime.now(UTC) - datetime.fromisoformat(told)).total_seconds()) < 5
    row = our_central.store.station("CP-1")
    assert row is not None
    assert row.boot is not None
    assert (row.version, row.boot.vendor_name, row.boot.reason) == (subprotocol, "Acme", "PowerUp")
    assert all("SecurityError" in complaint for complaint in peer_station.complaints())


@within(30)
async def test_it_keeps_a_transaction_in_whatever_order_it_is_told(
    our_central: CentralSystem, booted: Program
) -> None:
    status = {
        "timestamp": "2026-01-02T03:00:00Z",
        "connectorStatus": "Occupied",
        "evseId": 1,
        "connectorId": 1,
    }
    assert await booted.call("StatusNotification", **status) == {}
    authorized = await booted.call("Authorize", idToken=TOKEN)
    assert authorized["idTokenInfo"]["status"] == "Accepted"
    assert authorized["idTokenInfo"]["groupIdToken"]["idToken"] == "FAMILY"
    about = {"transactionInfo": {"transactionId": "tx-9", "chargingState": "Charging"}}
    place = {"evse": {"id": 1, "connectorId": 1}, "idToken": TOKEN}
    started = await booted.call("TransactionEvent", **event("Started", 0, 0, 1.0), **about, **place)
    assert started["idTokenInfo"]["status"] == "Accepted"
    ended = {"transactionInfo": {"transactionId": "tx-9", "stoppedReason": "Local"}}
    await booted.call("TransactionEvent", **event("Ended", 2, 30, 5.0), **ended)
    update = {**event("Updated", 1, 15, 3.0, offline=True), "triggerReason": "MeterValuePeriodic"}
    assert await booted.call("TransactionEvent", **update, **about) == {}
    (kept,) = our_central.store.transactions("CP-1")
    assert (kept.transaction_id, kept.meter_start, kept.meter_stop) == ("tx-9", 1000, 5000)
    assert (kept.reason, kept.missing_events, kept.is_running) == ("Local", 0, False)
    (connector,) = our_central.store.connectors("CP-1")
    assert connector.place == Place(1, 1)
    assert connector.report is not None
    assert connector.report.status == "Occupied"
    answer = await booted.call("DataTransfer", vendorId="org.example", data={"any": ["JSON"]})
    assert answer["status"] == "UnknownVendorId"
    assert booted.complaints() == []


@within(40)
async def test_every_command_brings_its_answer(
    our_central: CentralSystem, booted: Program, subprotocol: str
) -> None:
    for request, expected in commands(of(subprotocol.removeprefix("ocpp"))):  # type: ignore[arg-type]
        response = await our_central.issue_command("CP-1", request, timeout=5)
        found = {name: getattr(response, name) for name in expected}
        assert (request.action, found) == (request.action, expected)
        await booted.hears(request.action)
    assert booted.complaints() == []


@within(30)
async def test_what_is_wrong_is_refused(booted: Program, subprotocol: str) -> None:
    for number, (action, payload, code) in enumerate(WRONG):
        message_id = f"wrong-{number}"
        await booted.say(json.dumps([2, message_id, action, payload]))
        assert (await booted.answer_to(message_id))[:3] == [4, message_id, code]
    await booted.say("no JSON")
    assert (await booted.answer_to("-1"))[:3] == [4, "-1", "RpcFrameworkError"]
    assert "currentTime" in await booted.call("Heartbeat")  # and it talks on


@within(30)
async def test_a_stream_is_taken_without_an_answer_in_2_1(
    our_central: CentralSystem, booted: Program, subprotocol: str
) -> None:
    data = {"t": 0.0, "v": "21.5"}
    stream = {"id": 1, "pending": 0, "basetime": "2026-01-02T03:04:05Z", "data": [data]}
    await booted.say(json.dumps([6, "stream", "NotifyPeriodicEventStream", stream]))
    if subprotocol == "ocpp2.1":
        before = len(booted.frames("received"))
        await booted.call("Heartbeat")
        assert len(booted.frames("received")) == before + 1
    else:
        answer = await booted.answer_to("stream")
        assert answer[:3] == [4, "stream", "MessageTypeNotSupported"]


@within(30)
async def test_what_a_station_does_not_know_is_told(
    our_central: CentralSystem, booted: Program, subprotocol: str
) -> None:
    if subprotocol == "ocpp2.1":
        return  # PyPI `ocpp` falls silent there at an action without a handler
    request = of("2.0.1").GetMonitoringReportRequest(request_id=1)
    with pytest.raises(CallRefused) as refused:
        await our_central.issue_command("CP-1", request, timeout=5)
    assert refused.value.code in ("NotImplemented", "NotSupported")
