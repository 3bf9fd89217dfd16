"""Our station against central systems of others: PyPI `ocpp` and npm `ocpp-rpc`, both strict."""

import json
from typing import Any
from urllib.parse import unquote

import pytest

from .conftest import StartPeer
from .ours import OurStation
from .program import Program, within

TOKEN = "DEADBEEF"
WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("Nonsense", {}, "NotImplemented"),
    ("Heartbeat", {}, "NotSupported"),
    ("Reset", {}, "ProtocolError"),
    ("Reset", {"type": 1}, "TypeConstraintViolation"),
    ("Reset", {"type": "Warm"}, "PropertyConstraintViolation"),
    ("Reset", {"type": "Soft", "now": True}, "FormationViolation"),
]


async def charging(csms: Program, station: OurStation) -> int:
    """A driver comes and charges at connector 1; gives the transaction's id."""
    station.plug_in()
    await csms.hears("StatusNotification", connectorId=1, status="Preparing")
    station.present_token(TOKEN)
    await csms.hears("Authorize", idTag=TOKEN)
    started = await csms.hears("StartTransaction", connectorId=1, idTag=TOKEN)
    assert started["meterStart"] == 0
    await csms.hears("StatusNotification", connectorId=1, status="Charging")
    return 4711


def samples(payload: dict[str, Any]) -> list[str]:
    return [
        sampled.get("measurand", "Energy.Active.Import.Register")
        for value in payload["meterValue"]
        for sampled in value["sampledValue"]
    ]


@within(20)
async def test_it_boots_and_tells_its_connectors(csms: Program, our_station: OurStation) -> None:
    opened = await csms.tells("opened", subprotocol="ocpp1.6")
    assert unquote(opened["path"]).endswith("/ocpp/CS 1")
    (boot,) = csms.heard("BootNotification")
    assert boot == {
        "chargePointVendor": "Vendor",
        "chargePointModel": "Model",
        "chargePointSerialNumber": "S-1",
    }
    assert [status["connectorId"] for status in csms.heard("StatusNotification")] == [0, 1, 2]
    assert csms.complaints() == []


@within(30)
async def test_a_charge_from_the_cable_to_the_cable(csms: Program, our_station: OurStation) -> None:
    transaction_id = await charging(csms, our_station)
    metered = await csms.hears("MeterValues", connectorId=1, transactionId=transaction_id)
    assert "Energy.Active.Import.Register" in samples(metered)
    our_station.present_token(TOKEN)
    stopped = await csms.hears("StopTransaction", transactionId=transaction_id, idTag=TOKEN)
    assert stopped.get("reason", "Local") == "Local"
    assert stopped["meterStop"] >= 0
    await csms.hears("StatusNotification", connectorId=1, status="Finishing")
    our_station.drivers[0].unplug()
    await csms.hears("StatusNotification", connectorId=1, status="Available")
    assert csms.complaints() == []


@within(20)
async def test_a_token_that_is_blocked_starts_nothing(
    csms: Program, our_station: OurStation
) -> None:
    await csms.answers("Authorize", idTagInfo={"status": "Blocked"})
    our_station.plug_in()
    our_station.present_token(TOKEN)
    await csms.hears("Authorize", idTag=TOKEN)
    assert (await csms.call("GetConfiguration"))["configurationKey"]  # one more round trip
    assert csms.heard("StartTransaction") == []


@within(30)
async def test_remote_start_and_stop(csms: Program, our_station: OurStation) -> None:
    our_station.plug_in(evse=2)
    await csms.hears("StatusNotification", connectorId=2, status="Preparing")
    assert await csms.call("RemoteStartTransaction", idTag="REMOTE", connectorId=2) == {
        "status": "Accepted"
    }
    await csms.hears("StartTransaction", connectorId=2, idTag="REMOTE")
    await csms.hears("StatusNotification", connectorId=2, status="Charging")
    assert await csms.call("RemoteStopTransaction", transactionId=1) == {"status": "Rejected"}
    assert await csms.call("RemoteStopTransaction", transactionId=4711) == {"status": "Accepted"}
    await csms.hears("StopTransaction", transactionId=4711, reason="Remote")
    assert csms.complaints() == []


@within(20)
async def test_configuration_is_read_and_changed(csms: Program, our_station: OurStation) -> None:
    key = "MeterValueSampleInterval"
    before = await csms.call("GetConfiguration", key=[key, "Nonsense"])
    assert before == {
        "configurationKey": [{"key": key, "readonly": False, "value": "1"}],
        "unknownKey": ["Nonsense"],
    }
    assert await csms.call("ChangeConfiguration", key=key, value="7") == {"status": "Accepted"}
    assert await csms.call("ChangeConfiguration", key=key, value="x") == {"status": "Rejected"}
    assert await csms.call("ChangeConfiguration", key="No", value="1") == {"status": "NotSupported"}
    (after,) = (await csms.call("GetConfiguration", key=[key]))["configurationKey"]
    assert after["value"] == "7"
    everything = (await csms.call("GetConfiguration"))["configurationKey"]
    assert {"NumberOfConnectors", "HeartbeatInterval"} <= {each["key"] for each in everything}
    assert csms.complaints() == []


@within(20)
async def test_it_sends_what_is_triggered(csms: Program, our_station: OurStation) -> None:
    for message in ("Heartbeat", "StatusNotification", "MeterValues"):
        told = len(csms.heard(message))
        answer = await csms.call("TriggerMessage", requestedMessage=message, connectorId=1)
        assert answer == {"status": "Accepted"}
        await csms.hears(message)
        assert len(csms.heard(message)) == told + 1
    answer = await csms.call("TriggerMessage", requestedMessage="BootNotification")
    assert answer == {"status": "Rejected"}  # errata 3.40: it is accepted already
    assert csms.complaints() == []


@within(30)
@pytest.mark.parametrize("kind_of_reset", ["Soft", "Hard"])
async def test_a_reset_ends_the_charge_and_boots_again(
    csms: Program, our_station: OurStation, kind_of_reset: str
) -> None:
    await charging(csms, our_station)
    await csms.hears("BootNotification")
    assert await csms.call("Reset", type=kind_of_reset) == {"status": "Accepted"}
    await csms.hears("BootNotification")
    await csms.hears("StopTransaction", transactionId=4711, reason=f"{kind_of_reset}Reset")
    assert our_station.restarts == ["RemoteReset"]


@within(30)
async def test_unlocking_ends_the_charge_and_frees_the_cable(
    csms: Program, our_station: OurStation
) -> None:
    await charging(csms, our_station)
    assert our_station.drivers[0].is_locked()
    assert await csms.call("UnlockConnector", connectorId=1) == {"status": "Unlocked"}
    await csms.hears("StopTransaction", transactionId=4711, reason="UnlockCommand")
    assert not our_station.drivers[0].is_locked()
    assert await csms.call("UnlockConnector", connectorId=9) == {"status": "NotSupported"}
    assert csms.complaints() == []


@within(20)
async def test_availability_is_changed_and_told(csms: Program, our_station: OurStation) -> None:
    answer = await csms.call("ChangeAvailability", connectorId=2, type="Inoperative")
    assert answer == {"status": "Accepted"}
    await csms.hears("StatusNotification", connectorId=2, status="Unavailable")
    assert csms.complaints() == []


@within(20)
async def test_what_is_wrong_is_refused(csms: Program, our_station: OurStation) -> None:
    for number, (action, payload, code) in enumerate(WRONG):
        message_id = f"wrong-{number}"
        await csms.say(json.dumps([2, message_id, action, payload]))
        answer = await csms.answer_to(message_id)
        assert answer[:3] == [4, message_id, code]
    everything = await csms.call("GetConfiguration")  # and it talks on
    assert everything["configurationKey"]
    assert our_station.restarts == []


@within(20)
async def test_data_of_an_unknown_vendor(csms: Program, our_station: OurStation) -> None:
    answer = await csms.call("DataTransfer", vendorId="org.example", messageId="m", data="d")
    assert answer == {"status": "UnknownVendorId"}


@within(40)
async def test_a_charge_outlives_the_central_system(
    csms: Program, our_station: OurStation, start_peer: StartPeer
) -> None:
    await charging(csms, our_station)
    port = (await csms.tells("listening"))["port"]
    await csms.end()
    our_station.present_token(TOKEN)
    await our_station.drivers[0].wait_until(lambda: not our_station.drivers[0].is_contactor_closed)
    again = await start_peer("csms", str(port))
    stopped = await again.hears("StopTransaction", transactionId=4711, idTag=TOKEN)
    assert stopped["meterStop"] >= 0
    await again.hears("StatusNotification", connectorId=1, status="Finishing")
    assert again.heard("BootNotification") == []  # OCPP-J 5.4: a mere reconnect
    assert again.complaints() == []


@within(30)
async def test_it_comes_back_after_being_closed(csms: Program, our_station: OurStation) -> None:
    await csms.close(1012)
    await csms.tells("closed")
    await csms.tells("opened", count=2)
    assert (await csms.call("GetConfiguration", key=["NumberOfConnectors"]))["configurationKey"]
