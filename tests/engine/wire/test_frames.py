"""Text frames, checked against wsproto's."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wsproto.connection import Connection, ConnectionType
from wsproto.events import Event, TextMessage

from pilotwire.engine.wire.frames import (
    fastest_mask,
    masked,
    masked_in_python,
    masked_text,
    plain_text,
    text_frame,
)

SIZES = [0, 1, 125, 126, 127, 65_535, 65_536, 70_000]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("is_masked", [True, False])
def test_wsproto_reads_what_we_write(size: int, is_masked: bool):
    text = "é" * (size // 2) + "x" * (size % 2)
    events = read_by_wsproto(text_frame(text.encode(), is_masked=is_masked), is_masked)
    assert all(isinstance(event, TextMessage) for event in events)
    assert "".join(event.data for event in events if isinstance(event, TextMessage)) == text


def read_by_wsproto(data: bytes, is_masked: bool) -> list[Event]:
    reader = Connection(ConnectionType.SERVER if is_masked else ConnectionType.CLIENT)
    reader.receive_data(data)
    return list(reader.events())


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("is_masked", [True, False])
def test_data_that_is_one_whole_frame_of_ascii_is_read_at_once(size: int, is_masked: bool):
    text = b"x" * size
    data = text_frame(text, is_masked)
    only_text, others = (masked_text, plain_text) if is_masked else (plain_text, masked_text)
    assert only_text(data, size) == (text if len(data) >= 8 and size < 1 << 16 else None)
    for other in (data[:-1], data + b"\x81"):
        assert only_text(other, size) is None
    assert others(data, size) is None
    assert only_text(data, size - 1) is None
    umlauts = text_frame("é".encode() * (size // 2 + 4), is_masked)
    assert only_text(umlauts, 1 << 20) is None


@given(
    data=st.binary(min_size=0, max_size=12)
    | st.builds(
        lambda head, rest: head + rest,
        st.sampled_from([b"\x81", b"\x81\x06", b"\x81\x82", b"\x81\x7e\0", b"\x81\xfe\0", b"\xc1"]),
        st.binary(min_size=4, max_size=200),
    ),
    is_masked=st.booleans(),
)
def test_what_is_read_at_once_wsproto_reads_alike(data: bytes, is_masked: bool):
    found = (masked_text if is_masked else plain_text)(data, 1 << 20)
    if found is not None:
        (event,) = read_by_wsproto(data, is_masked)
        assert isinstance(event, TextMessage)
        assert event.message_finished
        assert event.data == found.decode()


def test_the_example_of_rfc_6455_5_7():
    assert text_frame(b"Hello", is_masked=False) == b"\x81\x05Hello"
    assert masked(b"\x7f\x9f\x4d\x51\x58", b"\x37\xfa\x21\x3d") == b"Hello"


@given(
    payload=st.binary(max_size=50) | st.binary(min_size=505, max_size=520),
    key=st.binary(min_size=4, max_size=4),
)
def test_masking_is_xor_with_the_repeated_key(payload: bytes, key: bytes):
    plain = bytes(b ^ key[i % 4] for i, b in enumerate(payload))
    assert masked(payload, key) == masked_in_python(payload, key) == plain


def test_without_a_compiled_mask_there_is_ours(monkeypatch: pytest.MonkeyPatch):
    pytest.importorskip("websockets.speedups")
    assert fastest_mask() is not masked_in_python
    monkeypatch.setitem(sys.modules, "websockets.speedups", None)
    assert fastest_mask() is masked_in_python


def test_each_frame_has_its_own_masking_key():
    keys = {text_frame(b"", is_masked=True)[2:6] for _ in range(500)}
    assert len(keys) > 490
