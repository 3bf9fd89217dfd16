"""Which EVSE a message is about, by what it says and what was said before."""

import json
from typing import Any

import pytest

from pilotwire.engine.message_log.entries import EntryReader, Frame

EVSE_OF_CONNECTOR = (1, 2, 2)


@pytest.fixture
def reader() -> EntryReader:
    return EntryReader(EVSE_OF_CONNECTOR)


def evse(reader: EntryReader, direction: str, content: Any) -> int | None:
    return reader.read(Frame(direction, json.dumps(content), 1.0, 1_800_000_000.0)).evse


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ({"connectorId": 0}, None),
        ({"connectorId": 1}, 1),
        ({"connectorId": 3}, 2),  # connectors are counted through the station
        ({"connectorId": 4}, None),
        ({"evseId": 2, "connectorId": 1}, 2),
        ({"evseId": 0, "connectorId": 1}, None),
        ({"evse": {"id": 2, "connectorId": 1}}, 2),
        ({"evse": "2"}, None),
        ({"idTag": "A"}, None),
        ([], None),
    ],
)
def test_a_call_is_about_the_evse_that_it_names(
    reader: EntryReader, payload: object, expected: int | None
) -> None:
    assert evse(reader, "sent", [2, "1", "X", payload]) == expected


def test_an_answer_is_about_the_evse_of_its_call(reader: EntryReader) -> None:
    evse(reader, "received", [2, "1", "UnlockConnector", {"connectorId": 2}])
    evse(reader, "sent", [2, "1", "StatusNotification", {"connectorId": 1}])
    assert evse(reader, "sent", [3, "1", {"status": "Unlocked"}]) == 2
    assert evse(reader, "received", [3, "1", {}]) == 1
    assert evse(reader, "received", [3, "1", {}]) is None  # it was answered already


def test_a_transaction_is_known_from_the_answer_that_gave_it(reader: EntryReader) -> None:
    evse(reader, "sent", [2, "1", "StartTransaction", {"connectorId": 2}])
    evse(reader, "received", [3, "1", {"transactionId": 77}])
    assert evse(reader, "sent", [2, "2", "StopTransaction", {"transactionId": 77}]) == 2
    assert evse(reader, "sent", [2, "3", "StopTransaction", {"transactionId": 78}]) is None


def test_a_transaction_is_known_from_the_event_that_began_it(reader: EntryReader) -> None:
    event = {"transactionInfo": {"transactionId": "t"}}
    assert evse(reader, "sent", [2, "1", "TransactionEvent", event]) is None
    evse(reader, "sent", [2, "2", "TransactionEvent", event | {"evse": {"id": 2}}])
    assert evse(reader, "sent", [2, "3", "TransactionEvent", event]) == 2
    stop = {"transactionId": "t"}
    assert evse(reader, "received", [2, "4", "RequestStopTransaction", stop]) == 2


def test_what_is_remembered_is_bounded(reader: EntryReader) -> None:
    for number in range(300):
        evse(
            reader, "sent", [2, str(number), "MeterValues", {"evseId": 1, "transactionId": number}]
        )
    assert evse(reader, "sent", [2, "x", "StopTransaction", {"transactionId": 299}]) == 1
    assert evse(reader, "sent", [2, "y", "StopTransaction", {"transactionId": 0}]) is None


def test_what_is_no_message_is_about_nothing(reader: EntryReader) -> None:
    entry = reader.read(Frame("received", "not OCPP", 1.0, 1_800_000_000.0))
    assert (entry.evse, entry.message.kind) == (None, "unreadable")
    assert entry.time.isoformat() == "2027-01-15T08:00:00+00:00"
