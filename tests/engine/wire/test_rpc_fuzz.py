"""Whatever bytes come, rpc answers with silence or with a CALLERROR that its schema allows."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotwire.engine.wire.happenings import Called
from pilotwire.engine.wire.rpc import Rpc
from pilotwire.profiles.errors import FAULTS, NotSupported
from pilotwire.profiles.family import VERSIONS

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["a", "Heartbeat", "MeterValues", "Reset", "vendorId", "-1", "x" * 37]),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=20,
)
ACTIONS = st.sampled_from(
    ["Heartbeat", "MeterValues", "DataTransfer", "StatusNotification", "Authorize", "Reset", "Fly"]
)
FRAMES = st.one_of(
    st.tuples(st.integers(0, 8), JSON, ACTIONS | JSON, JSON).map(list),
    st.tuples(st.integers(0, 8), JSON, JSON).map(list),
    JSON,
)


def check(version: str, frame: str | bytes) -> None:
    rpc = Rpc(VERSIONS[version], "csms")
    happening = rpc.receive(frame, now=0)
    reply = happening.reply
    if isinstance(happening, Called):
        reply = rpc.error(happening, NotSupported())
    if reply is not None:
        assert_schema_true(version, json.loads(reply))


def assert_schema_true(version: str, answer: Any) -> None:
    words = {VERSIONS[version].word(code) for code in FAULTS[version].values() if code}
    message_type, message_id, word, description, details = answer
    assert message_type == 4
    assert isinstance(message_id, str)
    assert len(message_id) <= 36
    assert word in words
    assert isinstance(description, str)
    assert len(description) <= 255
    assert isinstance(details, dict)


@pytest.mark.parametrize("version", VERSIONS)
@given(frame=FRAMES)
@settings(max_examples=150, deadline=None)
def test_any_json(version: str, frame: Any):
    check(version, json.dumps(frame))


@pytest.mark.parametrize("version", VERSIONS)
@given(frame=FRAMES, cut=st.integers(0, 60), garbage=st.binary(max_size=4))
@settings(max_examples=100, deadline=None)
def test_json_with_something_wrong_in_it(version: str, frame: Any, cut: int, garbage: bytes):
    text = json.dumps(frame, ensure_ascii=False).encode("utf-8", "replace")
    check(version, text[:cut] + garbage + text[cut:])
    check(version, text[:cut] + garbage)


@pytest.mark.parametrize("version", VERSIONS)
@given(frame=st.binary(max_size=200) | st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_bytes(version: str, frame: str | bytes):
    check(version, frame)
