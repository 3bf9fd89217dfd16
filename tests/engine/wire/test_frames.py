"""Text frames, checked against wsproto's."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wsproto.connection import Connection, ConnectionType
from wsproto.events import TextMessage

from pilotwire.engine.wire.frames import fastest_mask, masked, masked_in_python, text_frame

SIZES = [0, 1, 125, 126, 127, 65_535, 65_536, 70_000]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("is_masked", [True, False])
def test_wsproto_reads_what_we_write(size: int, is_masked: bool):
    text = "é" * (size // 2) + "x" * (size % 2)
    reader = Connection(ConnectionType.SERVER if is_masked else ConnectionType.CLIENT)
    reader.receive_data(text_frame(text.encode(), is_masked=is_masked))
    events = list(reader.events())
    assert all(isinstance(event, TextMessage) for event in events)
    assert "".join(event.data for event in events if isinstance(event, TextMessage)) == text


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
