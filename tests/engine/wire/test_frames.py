"""Text frames, checked against wsproto's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wsproto.connection import Connection, ConnectionType
from wsproto.events import TextMessage

from pilotwire.engine.wire.frames import TEXT, Head, head_of, masked, payload_of, text_frame

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


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("is_client", [True, False])
def test_we_read_what_wsproto_writes(size: int, is_client: bool):
    writer = Connection(ConnectionType.CLIENT if is_client else ConnectionType.SERVER)
    frame = bytearray(writer.send(TextMessage(data="x" * size)))
    head = head_of(frame + b"more")
    assert head is not None
    assert (head.first, head.is_masked, head.end) == (TEXT, is_client, len(frame))
    assert payload_of(frame, head) == b"x" * size


@pytest.mark.parametrize(
    "part", [b"", b"\x81", b"\x81\x7e", b"\x81\x7e\x01", b"\x81\xff" + b"\0" * 7]
)
def test_a_head_that_is_not_all_there(part: bytes):
    assert head_of(bytearray(part)) is None


def test_the_example_of_rfc_6455_5_7():
    hello = bytearray(b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58")
    assert head_of(hello) == Head(TEXT, True, 6, 11)
    assert payload_of(hello, Head(TEXT, True, 6, 11)) == b"Hello"
    assert text_frame(b"Hello", is_masked=False) == b"\x81\x05Hello"


@given(payload=st.binary(max_size=50), key=st.binary(min_size=4, max_size=4))
def test_masking_is_xor_with_the_repeated_key(payload: bytes, key: bytes):
    assert masked(payload, key) == bytes(b ^ key[i % 4] for i, b in enumerate(payload))


def test_each_frame_has_its_own_masking_key():
    keys = {text_frame(b"", is_masked=True)[2:6] for _ in range(500)}
    assert len(keys) > 490
