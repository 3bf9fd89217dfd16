"""The short way through a client's opening handshake (RFC 6455, chapter 4): a request of plain
parts, and the answer that nearly all servers give to it.

What is taken here for a server's consent, wsproto takes for the same; for all else there is no
answer here, and wsproto has to look. It costs ten times as much, and thousands of stations dial at
once after a blackout.
"""

import base64
import hashlib
import os
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_KEY_BYTES = 16
_VISIBLE = re.compile(r"[!-~]+")
_HEAD = re.compile(rb"HTTP/1\.1 101 [ -~]*\r\n((?:[A-Za-z-]+: ?[!-~]+(?: [!-~]+)*\r\n)+)\r\n")
_KNOWN = frozenset(
    {
        b"upgrade",
        b"connection",
        b"sec-websocket-accept",
        b"sec-websocket-protocol",
        b"date",
        b"server",
    }
)
"""Fields of which no other has anything to say about how the answer is to be read."""
_ANSWERS = 16  # that are remembered: a central system's differ by their date


class Consent(NamedTuple):
    """The server opens the WebSocket."""

    subprotocol: str | None
    rest: bytes  # what it has sent since


def new_key() -> bytes:
    """Give a key that no other handshake has."""
    return base64.b64encode(os.urandom(_KEY_BYTES))


def request(
    host: str,
    path: str,
    subprotocols: Sequence[str],
    headers: Iterable[tuple[bytes, bytes]],
    key: bytes,
) -> bytes | None:
    """Write the request; None where its parts are not plain. The headers must be."""
    if not (_VISIBLE.fullmatch(host) and _VISIBLE.fullmatch(path) and subprotocols):
        return None
    more = b"".join(b"%b: %b\r\n" % header for header in headers)
    return (
        b"GET %b HTTP/1.1\r\nHost: %b\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: %b\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Protocol: %b\r\n%b\r\n"
    ) % (path.encode(), host.encode(), key, ", ".join(subprotocols).encode(), more)


def consent(answer: bytes, subprotocols: Sequence[str], key: bytes) -> Consent | None:
    """Read the answer to the request with this key, None where it is not wholly there, or not
    such that it is sure what it says.
    """
    before, proof, after = answer.partition(_accepted(key))
    return _read(before, after, tuple(subprotocols)) if proof else None


@lru_cache(_ANSWERS)
def _read(before: bytes, after: bytes, subprotocols: tuple[str, ...]) -> Consent | None:
    """Read an answer of which the proof is left out: what thousands get differs in no more."""
    if _PROOF in before or _PROOF in after:
        return None  # it would stand for a proof where there is none
    answer = before + _PROOF + after
    head = _HEAD.match(answer)
    if head is None:
        return None
    lines = head[1].split(b"\r\n")[:-1]
    fields: dict[bytes, bytes] = {}
    for line in lines:
        name, _, value = line.partition(b":")
        fields[name.lower()] = value.strip()
    if len(fields) < len(lines) or not fields.keys() <= _KNOWN:
        return None
    if fields.get(b"upgrade", b"").lower() != b"websocket":
        return None
    if fields.get(b"connection", b"").lower() != b"upgrade":
        return None
    if fields.get(b"sec-websocket-accept") != _PROOF:
        return None
    chosen = fields.get(b"sec-websocket-protocol")
    subprotocol = None if chosen is None else chosen.decode()
    if subprotocol is not None and subprotocol not in subprotocols:
        return None
    return Consent(subprotocol, answer[head.end() :])


def _accepted(key: bytes) -> bytes:
    return base64.b64encode(hashlib.sha1(key + _GUID, usedforsecurity=False).digest())


_PROOF = _accepted(b"")
