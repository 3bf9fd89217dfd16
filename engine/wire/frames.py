"""The frames of RFC 6455 chapter 5.2, as far as most messages need them: whole text frames.

Anything else (control frames, fragments, what breaks the rules) is wsproto's to deal with.
"""

import os
from collections import deque
from typing import NamedTuple

FIN = 0x80  # the last fragment of its message
TEXT = FIN | 0x1  # no extension bits, opcode 1
_MASKED = 0x80
_KEYS: deque[bytes] = deque()
_POOLED = 1024  # masking keys taken from the system at a time
os.register_at_fork(after_in_child=_KEYS.clear)  # two processes must not use the same keys


class Head(NamedTuple):
    """Where a frame's parts are in a buffer."""

    first: int
    """FIN, extension bits and opcode."""
    is_masked: bool
    payload_at: int
    end: int


def head_of(buffer: bytearray) -> Head | None:
    """The head of the frame that the buffer begins with; None when it is not all there yet."""
    if len(buffer) < 2:
        return None
    second = buffer[1]
    is_masked = second >= _MASKED
    length = second & 0x7F
    payload_at = 2
    if length >= 126:
        payload_at = 4 if length == 126 else 10
        if len(buffer) < payload_at:
            return None
        length = int.from_bytes(buffer[2:payload_at], "big")
    if is_masked:
        payload_at += 4
    return Head(buffer[0], is_masked, payload_at, payload_at + length)


def payload_of(buffer: bytearray, head: Head) -> bytes:
    """The payload of a frame that is all there."""
    payload = bytes(buffer[head.payload_at : head.end])
    if head.is_masked:
        return masked(payload, bytes(buffer[head.payload_at - 4 : head.payload_at]))
    return payload


def text_frame(payload: bytes, *, is_masked: bool) -> bytes:
    """A whole text frame; a client's are masked."""
    bit = _MASKED if is_masked else 0
    length = len(payload)
    if length < 126:
        head = bytes((TEXT, bit | length))
    elif length < 1 << 16:
        head = bytes((TEXT, bit | 126)) + length.to_bytes(2, "big")
    else:
        head = bytes((TEXT, bit | 127)) + length.to_bytes(8, "big")
    if not is_masked:
        return head + payload
    key = _masking_key()
    return head + key + masked(payload, key)


def masked(payload: bytes, key: bytes) -> bytes:
    """The payload XOR the repeated key, as one big number: masks and unmasks."""
    length = len(payload)
    keys = (key * (length // 4 + 1))[:length]
    number = int.from_bytes(payload, "little") ^ int.from_bytes(keys, "little")
    return number.to_bytes(length, "little")


def _masking_key() -> bytes:
    if not _KEYS:
        entropy = os.urandom(4 * _POOLED)
        _KEYS.extend(entropy[at : at + 4] for at in range(0, len(entropy), 4))
    return _KEYS.pop()
