"""What a station says in a working day, for those that play stations and for the echo.

All its messages are as long in every round, so that the echo can tell them by their lengths.
"""

from collections.abc import Callable, Generator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from fast import ID_LENGTH
from marks import WORKLOADS

Call = tuple[str, dict[str, Any]]  # action and payload
Dialogue = Generator[Call, bytes, None]
"""Yields a CALL, and is sent the payload of its answer."""

READINGS = 8  # of each transaction
ROUND = 1 + 1 + READINGS + 1  # a heartbeat, and the transaction
_BEGIN = datetime(2026, 11, 21, 8, tzinfo=UTC)
_SECONDS = 10  # between two readings
_REGISTER = 1_000_000  # Wh

ANSWERS: dict[str, dict[str, Any]] = {
    "BootNotification": {
        "currentTime": "2026-11-21T08:15:31Z",
        "interval": 300,
        "status": "Accepted",
    },
    "Heartbeat": {"currentTime": "2026-11-21T08:15:31Z"},
    "StartTransaction": {"idTagInfo": {"status": "Accepted"}, "transactionId": 1829374521},
    "MeterValues": {},
    "StopTransaction": {"idTagInfo": {"status": "Accepted"}},
    "TransactionEvent": {},
}
"""What the echo answers."""


def _time(tick: int) -> str:
    moment = _BEGIN + timedelta(seconds=_SECONDS * tick)
    return moment.isoformat().replace("+00:00", "Z")


def of_16(number: int) -> Dialogue:
    yield "BootNotification", {"chargePointVendor": "Pilotwire", "chargePointModel": "Simulated"}
    tick = 0
    while True:
        yield "Heartbeat", {}
        tick += 1
        answer = yield (
            "StartTransaction",
            {
                "connectorId": 1,
                "idTag": "DEADBEEF",
                "meterStart": _REGISTER + tick,
                "timestamp": _time(tick),
            },
        )
        transaction_id = msgspec.json.decode(answer)["transactionId"]
        for _ in range(READINGS):
            tick += 1
            request = _reading("MeterValues", tick, str)
            yield "MeterValues", {**request, "transactionId": transaction_id}
        tick += 1
        yield (
            "StopTransaction",
            {
                "transactionId": transaction_id,
                "meterStop": _REGISTER + tick,
                "timestamp": _time(tick),
                "idTag": "DEADBEEF",
                "reason": "Local",
            },
        )


def of_201(number: int) -> Dialogue:
    station = {"vendorName": "Pilotwire", "model": "Simulated"}
    yield "BootNotification", {"reason": "PowerUp", "chargingStation": station}
    tick = 0
    while True:
        yield "Heartbeat", {}
        transaction_id = f"{number:08d}-0000-4000-8000-{tick:012d}"
        for seq_no in range(READINGS + 2):
            tick += 1
            yield "TransactionEvent", _event(transaction_id, seq_no, tick)


def _event(transaction_id: str, seq_no: int, tick: int) -> dict[str, Any]:
    event = _reading("TransactionEvent", tick, float)
    event["timestamp"] = _time(tick)
    event["seqNo"] = seq_no
    event["transactionInfo"] = {**event["transactionInfo"], "transactionId": transaction_id}
    if seq_no == 0:
        event |= {"eventType": "Started", "triggerReason": "Authorized"}
        event["idToken"] = {"idToken": "DEADBEEF", "type": "ISO14443"}
    elif seq_no == READINGS + 1:
        event |= {"eventType": "Ended", "triggerReason": "StopAuthorized"}
    return event


def _reading(workload: str, tick: int, spelled: Callable[[float], object]) -> dict[str, Any]:
    """The workload's request, with this moment's time and register."""
    request = dict(WORKLOADS[workload]["request"])
    (reading,) = request["meterValue"]
    register, *others = reading["sampledValue"]
    register = {**register, "value": spelled(_REGISTER + tick + 0.5)}
    request["meterValue"] = [{"timestamp": _time(tick), "sampledValue": [register, *others]}]
    return request


DIALOGUES: dict[str, Callable[[int], Dialogue]] = {"ocpp1.6": of_16, "ocpp2.0.1": of_201}


def text_of(call: Call, number: int) -> bytes:
    """The CALL, by a message id of that number."""
    action, payload = call
    return b'[2,"%0*d","%b",%b]' % (
        ID_LENGTH,
        number,
        action.encode(),
        msgspec.json.encode(payload),
    )


def script(subprotocol: str) -> tuple[list[tuple[int, bytes]], list[tuple[int, bytes]]]:
    """How long the CALLs are, and what the echo answers: of the beginning, and of each round."""
    dialogue = DIALOGUES[subprotocol](0)
    lines = []
    call = next(dialogue)
    for _ in range(1 + ROUND):
        answer = msgspec.json.encode(ANSWERS[call[0]])
        lines.append((len(text_of(call, 0)), b'[3,"%0*d",%b]' % (ID_LENGTH, 0, answer)))
        call = dialogue.send(answer)
    return lines[:1], lines[1:]
