"""A payload in a line, for payloads of every version."""

import pytest

from pilotwire.engine.live.facts import brief, facts


@pytest.mark.parametrize(
    ("payload", "line"),
    [
        ({}, ""),
        (
            {"connectorId": 1, "errorCode": "NoError", "status": "Charging", "timestamp": "t"},
            "connector 1, Charging",
        ),
        ({"connectorId": 2, "errorCode": "GroundFailure", "status": "Faulted"},
         "connector 2, GroundFailure, Faulted"),
        ({"idTagInfo": {"status": "Accepted"}, "transactionId": 77}, "Accepted, transaction 77"),
        ({"key": "HeartbeatInterval", "value": "300"}, "HeartbeatInterval=300"),
        ({"key": ["A", "B"]}, "A B"),
        ({"configurationKey": [{"key": "A", "readonly": False, "value": "1"}, {"key": "B"}]},
         "A=1, and 1 more"),
        (
            {"connectorId": 1, "transactionId": 7, "meterValue": [{"sampledValue": [
                {"value": "184", "unit": "Wh"},
                {"value": "11040", "measurand": "Power.Active.Import", "unit": "W"},
                {"value": "16", "measurand": "Current.Import", "unit": "A", "phase": "L1"},
                {"value": "44", "measurand": "SoC", "unit": "Percent"},
            ]}]},
            "connector 1, transaction 7, energy 184 Wh, power 11040 W, SoC 44 %",
        ),
        (
            {"eventType": "Started", "triggerReason": "Authorized", "seqNo": 0,
             "transactionInfo": {"transactionId": "abc", "chargingState": "Charging"},
             "idToken": {"idToken": "***BEEF", "type": "ISO14443"},
             "evse": {"id": 1, "connectorId": 1},
             "meterValue": [{"sampledValue": [
                 {"value": 1.5, "unitOfMeasure": {"unit": "kWh"}}]}]},
            "Started, Authorized, #0, transaction abc, Charging, token ***BEEF, EVSE 1,"
            " connector 1, energy 1.5 kWh",
        ),
        (
            {"setVariableResult": [{"attributeStatus": "Accepted", "component": {"name": "C"},
                                    "variable": {"name": "V"}}]},
            "C.V=Accepted",
        ),
        ({"data": "\x1b[2J", "vendorId": "[red]x"}, "data \\x1b[2J, vendorId [red]x"),
        ({"\x1b": {"\u202e": [[]]}}, ""),
        ("***", "***"),
        (None, ""),
        ([1, 2], "1 2"),
        ({"meterValue": "nonsense"}, ""),
        ({"meterValue": [{"sampledValue": [3]}]}, ""),
    ],
)  # fmt: skip
def test_the_line_says_what_matters(payload: object, line: str) -> None:
    assert facts(payload) == line


def test_for_eyes_a_transaction_s_long_id_is_short() -> None:
    payload = {"transactionId": "5E5C9022-8ad8-4890-80b8-e29d24dc6b8d", "chargingState": "Charging"}
    assert brief(payload) == "transaction 5E5C9022, Charging"
    assert "8ad8" in facts(payload)
    assert brief({"transactionId": "T-1"}) == "transaction T-1"


def test_a_big_payload_gives_a_short_line() -> None:
    assert len(facts({f"key{number}": number for number in range(10_000)})) < 200
    deep: object = 1
    for _ in range(60):
        deep = {"a": deep}
    assert facts(deep) == ""
