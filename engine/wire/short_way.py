"""The short way for frames that hold a good CALL or CALLRESULT, as nearly all do.

Once its action is known, a frame is decoded in one go. What such a reading takes for good,
`envelope.parse` and a decoder take for the same; for all else it has no answer, and they have to
look.
"""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import msgspec

from ...profiles.family import Role, Version
from ...profiles.messages.base import Payload, Response, decoder
from .envelope import depth
from .happenings import AnyCalled, Called

_NOT_GOOD = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class Readable(NamedTuple):
    """A CALL that may come."""

    action: str
    decode: Callable[[bytes], AnyCalled]
    is_open: bool
    """Whether its payload may hold JSON of any shape, so that its depth must be looked at."""


class Calls(dict[bytes, Readable | None]):
    """The CALLs that a role makes in a version, by action; None for another's. Made when asked."""

    def __init__(self, version: Version, role: Role) -> None:
        super().__init__()
        self._version = version
        self._role: Role = role

    def __missing__(self, name: bytes) -> Readable | None:
        action = name.decode()
        request = self._version.actions().get(action)
        if request is None or request.response is None:
            return None  # and not kept: the peer may think of any number of names
        if not self._version.sends(self._role, action):
            return None
        decode = decoder(Called[request]).decode  # type: ignore[valid-type]
        readable = self[name] = Readable(action, decode, is_open(request))
        return readable


@cache
def calls_of(version: Version, role: Role) -> Calls:
    return Calls(version, role)


def good_call(text: bytes, calls: Calls, max_depth: int) -> AnyCalled | None:
    """The CALL that the ASCII text holds."""
    begin = text.find(b'","', 4) + 3  # where its action has to
    readable = calls[text[begin : text.find(b'"', begin)]]
    if readable is None:
        return None
    action, decode, holds_any = readable
    if holds_any and _may_be_deeper(text, max_depth):
        return None
    try:
        called = decode(text)
    except _NOT_GOOD:
        return None
    return called if called.action == action else None


def good_response(
    text: bytes, head: bytes, response: type[Response], max_depth: int
) -> Response | None:
    """The response in a CALLRESULT that begins like that."""
    if not text.startswith(head) or not text.endswith(b"}]"):
        return None
    if is_open(response) and _may_be_deeper(text, max_depth):
        return None
    try:
        return decoder(response).decode(text[len(head) : -1])
    except _NOT_GOOD:
        return None


@cache
def is_open(payload_type: type[Payload]) -> bool:
    """Whether it may hold JSON of any shape: all messages of 2.x may (customData), none of 1.6."""
    return "custom_data" in payload_type.__struct_fields__


def _may_be_deeper(text: bytes, max_depth: int) -> bool:
    """Whether what a vendor put in may be deeper than that; all else is as deep as its schema."""
    if b'"customData"' not in text and b'"data"' not in text and b"\\" not in text:
        return False
    return text.count(b"{") + text.count(b"[") > max_depth and depth(text.decode()) > max_depth
