"""The frames of RFC 6455 chapter 5.2, as far as most messages need them: whole text frames.

Anything else (control frames, fragments, what breaks the rules) is wsproto's to deal with.
"""

import os
from collections import deque

FIN = 0x80  # the last fragment of its message
TEXT = FIN | 0x1  # no extension bits, opcode 1
MASKED = 0x80
_KEYS: deque[bytes] = deque()
_POOLED = 1024  # masking keys taken from the system at a time
os.register_at_fork(after_in_child=_KEYS.clear)  # two processes must not use the same keys


def text_frame(payload: bytes, is_masked: bool) -> bytes:
    """A whole text frame; a client's are masked."""
    length = len(payload)
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


# ---- the mask
#
# A short payload is cheapest as one big number, XOR the key repeated as often; the time for turning
# bytes into a number and back grows, and from some hundred bytes on four look-ups in tables, one
# for each byte of the key, are cheaper.

_SHORT = 512
_WORDS = _SHORT // 4
_ONES = [int.from_bytes(b"\x01\0\0\0" * words, "little") for words in range(_WORDS + 1)]
"""By number of words: 1 in each. A key times that is the key repeated."""
_ALL = int.from_bytes(range(256), "little")
_XOR = [
    (_ALL ^ int.from_bytes(bytes((one,)) * 256, "little")).to_bytes(256, "little")
    for one in range(256)
]


def masked(payload: bytes, key: bytes) -> bytes:
    """The payload XOR the repeated key: masks and unmasks."""
    length = len(payload)
    if length <= _SHORT:
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
