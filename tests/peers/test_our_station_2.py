"""Our station in 2.0.1 and 2.1 against central systems of others, both strict."""

import json
from pathlib import Path
from typing import Any

import pytest
import trio

from .conftest import StartPeer
from .ours import OurStation
from .program import Program, within
from .speaking import kind, spoken, subprotocol

__all__ = ["kind", "spoken", "subprotocol"]  # fixtures: this module speaks 2.x

TOKEN = {"idToken": "DEADBEEF", "type": "ISO14443"}
VENDOR = "com.example"
WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("Nonsense", {}, "NotImplemented"),
    ("Heartbeat", {}, "NotSupported"),
    ("Reset", {}, "OccurrenceConstraintViolation"),
    ("Reset", {"type": 1}, "TypeConstraintViolation"),
    ("Reset", {"type": "Warm"}, "PropertyConstraintViolation"),
    ("Reset", {"type": "OnIdle", "now": True}, "FormatViolation"),
    ("GetVariables", {"getVariableData": []}, "OccurrenceConstraintViolation"),
]


def echo(message_id: str | None, data: Any) -> Any:
    return ("Accepted", data) if message_id == "Echo" else ("UnknownMessageId", None)


@pytest.fixture
async def station(
    csms: Program, nursery: trio.Nursery, tmp_path: Path, subprotocol: str
) -> OurStation:
    """Our station, which has told the peer that it is there."""
    station = OurStation(
        (await csms.tells("listening"))["port"], tmp_path, subprotocol, "CS-1", {VENDOR: echo}
    )
    nursery.start_soon(station.run)
    for evse in (1, 2):
        await hears_status(csms, evse, "Available")
    return station


async def hears_status(csms: Program, evse: int, status: str) -> None:
    """Wait until that is told of an EVSE's connector: as a status, or in 2.1 as an event."""
    with trio.fail_after(8):
        while True:
            if any((evse, status) in _statuses(told) for told in _calls(csms)):
                return
            await csms._more.wait()


def _calls(csms: Program) -> list[Any]:
    frames = (json.loads(frame.text) for frame in csms.frames("received"))
    return [frame for frame in frames if frame[0] == 2]


def _statuses(call: Any) -> list[tuple[int, str]]:
    payload = call[3]
    if call[2] == "StatusNotification":
        return [(payload["evseId"], payload["connectorStatus"])]
    if call[2] != "NotifyEvent":
        return []
    return [
        (data["component"]["evse"]["id"], data["actualValue"])
        for data in payload["eventData"]
        if (data["component"]["name"], data["variable"]["name"])
        == ("Connector", "AvailabilityState")
    ]


async def hears_event(csms: Program, kind: str, trigger: str) -> dict[str, Any]:
    return await csms.hears("TransactionEvent", eventType=kind, triggerReason=trigger)


async def charging(csms: Program, station: OurStation) -> str:
    """A driver comes and charges at EVSE 1; gives the transaction's id."""
    station.plug_in()
    await hears_status(csms, 1, "Occupied")
    station.present_token()
    await csms.hears("Authorize", idToken=TOKEN)
    started = await hears_event(csms, "Started", "Authorized")
    assert (started["seqNo"], started["idToken"]) == (0, TOKEN)
    assert started["evse"] == {"id": 1, "connectorId": 1}
    await hears_event(csms, "Updated", "ChargingStateChanged")
    transaction_id: str = started["transactionInfo"]["transactionId"]
    return transaction_id


def numbers(csms: Program, transaction_id: str) -> list[int]:
    return [
        event["seqNo"]
        for event in csms.heard("TransactionEvent")
        if event["transactionInfo"]["transactionId"] == transaction_id
    ]


def variable(component: str, name: str, **more: Any) -> dict[str, Any]:
    return {"component": {"name": component}, "variable": {"name": name}, **more}


@within(60)
async def test_a_day_of_a_charger(
    csms: Program, station: OurStation, start_peer: StartPeer, subprotocol: str
) -> None:
    # It boots.
    (boot,) = csms.heard("BootNotification")
    assert boot["reason"] == "PowerUp"
    assert boot["chargingStation"]["vendorName"] == "Vendor"

    # Somebody charges.
    transaction_id = await charging(csms, station)
    metered = await hears_event(csms, "Updated", "MeterValuePeriodic")
    measurands = [s["measurand"] for s in metered["meterValue"][0]["sampledValue"]]
    assert "Energy.Active.Import.Register" in measurands
    station.present_token()
    ended = await hears_event(csms, "Ended", "StopAuthorized")
    assert ended["transactionInfo"]["stoppedReason"] == "Local"
    station.drivers[0].unplug()
    told = numbers(csms, transaction_id)
    assert told == list(range(len(told)))

    # A remote start and stop.
    station.plug_in(evse=2)
    await hears_status(csms, 2, "Occupied")
    answer = await csms.call("RequestStartTransaction", idToken=TOKEN, remoteStartId=7, evseId=2)
    assert answer == {"status": "Accepted"}
    started = await hears_event(csms, "Started", "RemoteStart")
    assert started["transactionInfo"]["remoteStartId"] == 7
    remote_id = started["transactionInfo"]["transactionId"]
    busy = await csms.call("RequestStartTransaction", idToken=TOKEN, remoteStartId=8, evseId=2)
    assert busy["status"] == "Rejected"
    answer = await csms.call("GetTransactionStatus", transactionId=remote_id)
    assert answer["ongoingIndicator"] is True
    answer = await csms.call("UnlockConnector", evseId=2, connectorId=1)
    assert answer == {"status": "OngoingAuthorizedTransaction"}
    wrong = await csms.call("RequestStopTransaction", transactionId="no-such")
    assert wrong["status"] == "Rejected"
    answer = await csms.call("RequestStopTransaction", transactionId=remote_id)
    assert answer == {"status": "Accepted"}
    await hears_event(csms, "Ended", "RemoteStop")
    assert await csms.call("UnlockConnector", evseId=2, connectorId=1) == {"status": "Unlocked"}
    station.drivers[1].unplug()

    # Variables are read, set and reported.
    name = ("SampledDataCtrlr", "TxUpdatedInterval")
    wanted = variable(*name, attributeValue="7")
    (result,) = (await csms.call("SetVariables", setVariableData=[wanted]))["setVariableResult"]
    assert result["attributeStatus"] == "Accepted"
    nothing = variable("NoSuchCtrlr", "Nothing")
    read = await csms.call("GetVariables", getVariableData=[variable(*name), nothing])
    first, second = read["getVariableResult"]
    assert (first["attributeStatus"], first["attributeValue"]) == ("Accepted", "7")
    assert second["attributeStatus"] == "UnknownComponent"
    answer = await csms.call("GetBaseReport", requestId=3, reportBase="FullInventory")
    assert answer == {"status": "Accepted"}
    parts = [await csms.hears("NotifyReport", requestId=3, seqNo=0)]
    while parts[-1].get("tbc"):
        parts.append(await csms.hears("NotifyReport", requestId=3, seqNo=len(parts)))
    reported = {data["component"]["name"] for part in parts for data in part["reportData"]}
    assert {"ChargingStation", "EVSE", "Connector", "OCPPCommCtrlr", "TxCtrlr"} <= reported

    # What is triggered is sent.
    place = {"evse": {"id": 1, "connectorId": 1}}
    for message in ("Heartbeat", "MeterValues", "StatusNotification", "LogStatusNotification"):
        answer = await csms.call("TriggerMessage", requestedMessage=message, **place)
        assert answer == {"status": "Accepted"}
        await csms.hears(message)
    answer = await csms.call("TriggerMessage", requestedMessage="BootNotification")
    assert answer == {"status": "Rejected"}
    answer = await csms.call("TriggerMessage", requestedMessage="SignCombinedCertificate")
    assert answer == {"status": "NotImplemented"}

    # Out of service, and back.
    for status, shown in (("Inoperative", "Unavailable"), ("Operative", "Available")):
        answer = await csms.call("ChangeAvailability", operationalStatus=status, evse={"id": 2})
        assert answer == {"status": "Accepted"}
        await hears_status(csms, 2, shown)

    # Vendors' own messages, both ways.
    answer = await csms.call("DataTransfer", vendorId=VENDOR, messageId="Echo", data={"a": [1]})
    assert answer == {"status": "Accepted", "data": {"a": [1]}}
    answer = await csms.call("DataTransfer", vendorId="org.example")
    assert answer == {"status": "UnknownVendorId"}
    told_back = await station.station.transfer_data(VENDOR, "Ping", {"b": 2})
    assert told_back == ("Accepted", {"pong": [1, 2]})

    # One EVSE is reset, then the station.
    assert await csms.call("Reset", type="Immediate", evseId=1) == {"status": "Accepted"}
    assert await csms.call("Reset", type="OnIdle") == {"status": "Accepted"}
    boot = await csms.hears("BootNotification", reason="RemoteReset")
    assert csms.complaints() == []


@within(60)
async def test_a_charge_outlives_the_central_system(
    csms: Program, station: OurStation, start_peer: StartPeer
) -> None:
    transaction_id = await charging(csms, station)
    port = (await csms.tells("listening"))["port"]
    await csms.end()
    told = numbers(csms, transaction_id)
    await trio.sleep(1.5)  # a sample comes
    station.present_token()
    await station.drivers[0].wait_until(lambda: not station.drivers[0].is_contactor_closed)
    again = await start_peer("csms", str(port))
    ended = await again.hears("TransactionEvent", eventType="Ended", offline=True)
    assert ended["transactionInfo"]["transactionId"] == transaction_id
    everything = told + numbers(again, transaction_id)
    assert sorted(set(everything)) == list(range(ended["seqNo"] + 1))
    assert again.heard("BootNotification") == []  # a mere reconnect
    assert again.complaints() == []


@within(60)
async def test_a_reset_ends_the_charge_and_boots_again(csms: Program, station: OurStation) -> None:
    transaction_id = await charging(csms, station)
    assert (await csms.call("Reset", type="OnIdle"))["status"] == "Scheduled"
    assert await csms.call("Reset", type="Immediate") == {"status": "Accepted"}
    ended = await hears_event(csms, "Ended", "ResetCommand")
    assert ended["transactionInfo"]["stoppedReason"] == "ImmediateReset"
    await csms.hears("BootNotification", reason="RemoteReset")
    told = numbers(csms, transaction_id)
    assert sorted(set(told)) == list(range(ended["seqNo"] + 1))


@within(40)
async def test_what_is_wrong_is_refused(
    csms: Program, station: OurStation, subprotocol: str
) -> None:
    for number, (action, payload, code) in enumerate(WRONG):
        message_id = f"wrong-{number}"
        await csms.say(json.dumps([2, message_id, action, payload]))
        answer = await csms.answer_to(message_id)
        assert answer[:3] == [4, message_id, code]
    read = await csms.call("GetVariables", getVariableData=[variable("TxCtrlr", "TxStartPoint")])
    assert read["getVariableResult"][0]["attributeStatus"] == "Accepted"  # and it talks on


@within(40)
async def test_what_2_1_adds_is_refused_by_2_0_1(
    csms: Program, station: OurStation, subprotocol: str
) -> None:
    resume = {"type": "ImmediateAndResume"}
    if subprotocol == "ocpp2.1":
        assert (await csms.call("Reset", **resume))["status"] == "Rejected"  # B13.FR.01
    else:
        await csms.say(json.dumps([2, "resume", "Reset", resume]))
        answer = await csms.answer_to("resume")
        assert answer[:3] == [4, "resume", "PropertyConstraintViolation"]
    await csms.say(json.dumps([2, "new", "GetTariffs", {"evseId": 1}]))
    code = "NotSupported" if subprotocol == "ocpp2.1" else "NotImplemented"
    assert (await csms.answer_to("new"))[:3] == [4, "new", code]


@within(40)
async def test_an_answer_that_is_wrong_is_told_so_in_2_1(
    csms: Program, station: OurStation, subprotocol: str
) -> None:
    """2.1 has CALLRESULTERROR; before it nobody is told. A SEND is never answered, nor is what
    answers nothing.
    """
    if subprotocol == "ocpp2.1":
        await csms.say('[6,"sent","NotifyPeriodicEventStream",{}]')
    await csms.say('[3,"nobody",{}]')
    await csms.answers("Heartbeat", currentTime="at noon")  # which ocpp-rpc will not say
    answer = await csms.call("TriggerMessage", requestedMessage="Heartbeat")
    assert answer == {"status": "Accepted"}
    await csms.hears("Heartbeat")
    answer = await csms.call("TriggerMessage", requestedMessage="LogStatusNotification")
    await csms.hears("LogStatusNotification")  # it talks on
    wrong = [frame.text for frame in csms.frames("sent") if "at noon" in frame.text]
    csms.raw.update(wrong)
    frames = [json.loads(frame.text) for frame in csms.frames("received")]
    errors = [(frame[0], frame[1], frame[2]) for frame in frames if frame[0] in (4, 5)]
    told = [(5, json.loads(text)[1], "PropertyConstraintViolation") for text in wrong]
    assert errors == (told if subprotocol == "ocpp2.1" else [])
