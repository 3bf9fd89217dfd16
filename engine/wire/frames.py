"""The frames of RFC 6455 chapter 5.2, as far as most messages need them: whole text frames.

Anything else (control frames, fragments, what breaks the rules) is wsproto's to deal with.
"""

import os
from collections import deque
from collections.abc import Callable
from struct import Struct

FIN = 0x80  # the last fragment of its message
TEXT = FIN | 0x1  # no extension bits, opcode 1
MASKED = 0x80
_KEYS: deque[bytes] = deque()
_POOLED = 1024  # masking keys taken from the system at a time
os.register_at_fork(after_in_child=_KEYS.clear)  # two processes must not use the same keys

_LEAST = 8  # bytes of a frame that is worth a look: OCPP has no shorter text
_HEAD = Struct(">HH").unpack_from  # its first two bytes, and the length that may follow
_SHORT, _LONG = TEXT << 8, TEXT << 8 | 126
_MASKED_SHORT, _MASKED_LONG = _SHORT | MASKED, _LONG | MASKED
_SHORT_HEADS = [bytes((TEXT, length)) for length in range(126)]


def text_frame(payload: bytes, is_masked: bool) -> bytes:
    """A whole text frame; a client's are masked."""
    length = len(payload)
    if length < 126 and not is_masked:
        return _SHORT_HEADS[length] + payload
    bit = MASKED if is_masked else 0
    if length < 126:
        head = bytes((TEXT, bit | length))
    elif length < 1 << 16:
        head = bytes((TEXT, bit | 126)) + length.to_bytes(2, "big")
    else:
        head = bytes((TEXT, bit | 127)) + length.to_bytes(8, "big")
    if not is_masked:
        return head + payload
    if not _KEYS:
        entropy = os.urandom(4 * _POOLED)
        _KEYS.extend(entropy[at : at + 4] for at in range(0, len(entropy), 4))
    key = _KEYS.pop()
    return head + key + masked(payload, key)


def plain_text(data: bytes, largest: int) -> bytes | None:
    """The text from a server where the data is one whole frame of ASCII text, and no more.

    It and `masked_text` are written out: every message passes through one of them.
    """
    if len(data) < _LEAST:
        return None
    head, length = _HEAD(data)
    if head == _LONG:
        text = data[4:]
        if length < 126:
            return None
    else:
        text = data[2:]
        length = head - _SHORT
        if not 0 <= length < 126:
            return None
    if len(text) != length or length > largest or not text.isascii():
        return None
    return text


def masked_text(data: bytes, largest: int) -> bytes | None:
    """As `plain_text`, from a client."""
    if len(data) < _LEAST:
        return None
    head, length = _HEAD(data)
    if head == _MASKED_LONG:
        key, payload = data[4:8], data[8:]
        if length < 126:
            return None
    else:
        key, payload = data[2:6], data[6:]
        length = head - _MASKED_SHORT
        if not 0 <= length < 126:
            return None
    if len(payload) != length or length > largest:
        return None
    text = masked(payload, key)
    return text if text.isascii() else None


# ---- the mask
#
# In Python a mask costs as much as to decode the message under it. So PyPI `websockets` does it,
# whose compiled function is there on most platforms; where it is not, this is the cheapest: a short
# payload as one big number, XOR the key repeated as often; and, as the time for turning bytes into
# a number and back grows, from some hundred bytes on four look-ups in tables, one for each byte of
# the key.

_AS_NUMBER = 512  # bytes at most
_WORDS = _AS_NUMBER // 4
_ONES = [int.from_bytes(b"\x01\0\0\0" * words, "little") for words in range(_WORDS + 1)]
"""By number of words: 1 in each. A key times that is the key repeated."""
_ALL = int.from_bytes(range(256), "little")
_XOR = [
    (_ALL ^ int.from_bytes(bytes((one,)) * 256, "little")).to_bytes(256, "little")
    for one in range(256)
]


def masked_in_python(payload: bytes, key: bytes) -> bytes:
    length = len(payload)
    if length <= _AS_NUMBER:
        words = (length + 3) >> 2
        keys = int.from_bytes(key, "little") * _ONES[words]
        number = int.from_bytes(payload, "little") ^ keys
        return number.to_bytes(words << 2, "little")[:length]
    data = bytearray(payload)
    first, second, third, fourth = key
    data[::4] = data[::4].translate(_XOR[first])
    data[1::4] = data[1::4].translate(_XOR[second])
    data[2::4] = data[2::4].translate(_XOR[third])
    data[3::4] = data[3::4].translate(_XOR[fourth])
    return bytes(data)


def fastest_mask() -> Callable[[bytes, bytes], bytes]:
    try:
        from websockets.speedups import apply_mask
    except ImportError:
        return masked_in_python
    return apply_mask


masked = fastest_mask()
"""The payload XOR the repeated key (payload, key): masks and unmasks."""
