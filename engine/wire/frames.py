"""The frames of RFC 6455 chapter 5.2, as far as most messages need them: whole text frames.

Anything else (control frames, fragments, what breaks the rules) is wsproto's to deal with.
"""

import os
from collections import deque
from collections.abc import Callable

FIN = 0x80  # the last fragment of its message
TEXT = FIN | 0x1  # no extension bits, opcode 1
MASKED = 0x80
_KEYS: deque[bytes] = deque()
_POOLED = 1024  # masking keys taken from the system at a time
os.register_at_fork(after_in_child=_KEYS.clear)  # two processes must not use the same keys
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


def only_text(data: bytes, mask: int, largest: int) -> bytes | None:
    """The text, where the data is one whole frame of ASCII text and no more, as most that comes is.

    `mask` is the bit that tells whether it is masked, as the sender has to set it.
    """
    size = len(data)
    if size < 8 or data[0] != TEXT:
        return None
    begin = 6 if mask else 2
    length = data[1] ^ mask
    if length >= 126:
        if length > 126:
            return None
        length = data[2] << 8 | data[3]
        if length < 126:
            return None
        begin += 2
    if begin + length != size or length > largest:
        return None
    payload = data[begin:]
    if mask:
        payload = masked(payload, data[begin - 4 : begin])
    return payload if payload.isascii() else None


# ---- the mask
#
# In Python a mask costs as much as to decode the message under it. So PyPI `websockets` does it,
# whose compiled function is there on most platforms; where it is not, this is the cheapest: a short
# payload as one big number, XOR the key repeated as often; and, as the time for turning bytes into
# a number and back grows, from some hundred bytes on four look-ups in tables, one for each byte of
# the key.

_SHORT = 512
_WORDS = _SHORT // 4
_ONES = [int.from_bytes(b"\x01\0\0\0" * words, "little") for words in range(_WORDS + 1)]
"""By number of words: 1 in each. A key times that is the key repeated."""
_ALL = int.from_bytes(range(256), "little")
_XOR = [
    (_ALL ^ int.from_bytes(bytes((one,)) * 256, "little")).to_bytes(256, "little")
    for one in range(256)
]


def masked_in_python(payload: bytes, key: bytes) -> bytes:
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


def fastest_mask() -> Callable[[bytes, bytes], bytes]:
    try:
        from websockets.speedups import apply_mask
    except ImportError:
        return masked_in_python
    return apply_mask


masked = fastest_mask()
"""The payload XOR the repeated key (payload, key): masks and unmasks."""
