"""Any request that the official schemas let a station of 2.0.1 or 2.1 send gets an answer that they
let us give. What it leaves behind goes through the real tables, in memory.
"""

import itertools
import json
from datetime import UTC, datetime
from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import given, settings

from pilotwire.engine.central.store import Store
from pilotwire.profiles.csms import (
    CsmsStation,
    KnownToken,
    MessageReported,
    Rules,
    TokenBook,
    Transactions,
    face_of,
)
from pilotwire.profiles.messages.base import decode, encode

from .payloads import FOLDERS, Payloads, schema_of

CALLS = [
    pytest.param(version, action, id=f"{version.subprotocol}-{action}")
    for version in FOLDERS
    for action, request in sorted(version.actions().items())
    if version.sends("station", action) and request.response is not None
]
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(("version", "action"), CALLS)
def test_any_request_gets_a_valid_answer(version, action):
    face = face_of(version)
    store = Store.open(None)
    numbers = itertools.count(1)
    tokens = [
        KnownToken(value="GOOD", parent="P" * 37),
        KnownToken(value="LATE", expires=datetime(2020, 1, 1, tzinfo=UTC)),
        KnownToken(value="BLOCKED", is_blocked=True),
    ]
    rules = Rules(tokens=TokenBook(tokens), allows_concurrent_transactions=False)
    station = CsmsStation("CS-1", rules, Transactions(store, lambda: next(numbers)), lambda: NOW)
    request_schema = schema_of(version, f"{action}Request")
    request_type = version.actions()[action]
    checks_request = jsonschema.Draft6Validator(request_schema)
    checks_answer = jsonschema.Draft6Validator(
        schema_of(version, f"{action}Response"),
        format_checker=jsonschema.FormatChecker(["date-time"]),
    )

    @settings(max_examples=25, deadline=None, database=None)
    @given(Payloads(request_schema).of(request_schema))
    def run(payload: Any) -> None:
        checks_request.validate(payload)
        request = decode(request_type, json.dumps(payload).encode())
        answer = encode(face.handlers[request_type](station, request))
        checks_answer.validate(json.loads(answer))
        records = station.take_records()
        assert store.submit(records).is_safe
        for kept in records:
            if isinstance(kept, MessageReported):
                assert decode(request_type, kept.payload) == request

    run()
    for record in store.reports("CS-1", limit=-1):
        msgspec.json.encode(record)
    for transaction in store.transactions(limit=-1):
        assert store.transaction_events(transaction)
        store.meter_values(transaction)
    store.close()
