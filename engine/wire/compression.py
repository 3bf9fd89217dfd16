"""permessage-deflate (RFC 7692), with a bound on what a message may become when it is inflated.

A CSMS must take it, a station may offer it (OCPP-J 2.x, Part 4, 3.4). wsproto asks this extension
about each frame. Its own has no bound, and takes offers for good that RFC 7692 says to decline.
"""

import re
import zlib
from collections.abc import Mapping

from wsproto.extensions import Extension
from wsproto.frame_protocol import CloseReason, FrameDecoder, FrameProtocol, Opcode, RsvBits
from wsproto.utilities import RemoteProtocolError

WORTHWHILE = 256  # bytes; a shorter message is not made shorter
WINDOW_BITS = 11  # what a connection may keep of messages before: 2 KiB
_MOST_BITS = 15
_MEMORY_LEVEL = 5  # of a compressor: 16 KiB while it compresses
_TAIL = b"\x00\x00\xff\xff"  # RFC 7692 7.2.1: cut off each message
_DATA = (Opcode.TEXT, Opcode.BINARY, Opcode.CONTINUATION)
_FLAGS = ("client_no_context_takeover", "server_no_context_takeover")
_BITS = ("client_max_window_bits", "server_max_window_bits")
_VALUE = re.compile(r'(?:8|9|1[0-5])|"(?:8|9|1[0-5])"')


class Deflate(Extension):
    """One end's half of the compression of one connection."""

    name = "permessage-deflate"

    def __init__(self, max_message_size: int) -> None:
        self._largest = max_message_size
        self._is_agreed = False
        self._inflates_anew = True  # each message, without those before
        self._inflating_bits = _MOST_BITS
        self._deflating_bits = WINDOW_BITS
        self._inflater: zlib._Decompress | None = None
        self._is_compressed: bool | None = None  # the message under way; None: there is none
        self._is_data = False  # the frame under way
        self._room = 0  # for what is still to be inflated of the message

    def enabled(self) -> bool:
        return self._is_agreed

    # ---- agreeing: the accepting end

    def accept(self, offer: str) -> str | None:
        """The answer to a client's offer; None to decline it."""
        if self._is_agreed:
            return None  # one of its offers has been taken already
        parameters = _parameters(offer)
        if parameters is None or parameters.get("server_max_window_bits") == "":
            return None
        answer = ["server_no_context_takeover"]
        if "server_max_window_bits" in parameters:
            bits = int(parameters["server_max_window_bits"])
            if bits < 9:
                return None  # zlib cannot
            self._deflating_bits = min(bits, WINDOW_BITS)
            answer.append(f"server_max_window_bits={self._deflating_bits}")
        if "client_max_window_bits" in parameters:
            most = int(parameters["client_max_window_bits"] or _MOST_BITS)
            self._inflating_bits = min(max(most, 9), WINDOW_BITS)
            answer.append(f"client_max_window_bits={min(most, WINDOW_BITS)}")
            self._inflates_anew = "client_no_context_takeover" in parameters
        if self._inflates_anew:  # asked for, or it would keep 32 KiB here
            answer.append("client_no_context_takeover")
        self._is_agreed = True
        return "; ".join(answer)

    # ---- agreeing: the dialling end

    def offer(self) -> str:
        return (
            f"client_max_window_bits; server_max_window_bits={WINDOW_BITS}"
            "; client_no_context_takeover"
        )

    def finalize(self, offer: str) -> None:
        """Take what the server agreed to. Raises `RemoteProtocolError` for what was not offered."""
        parameters = _parameters(offer) or {}
        client = int(parameters.get("client_max_window_bits", _MOST_BITS) or 0)
        server = int(parameters.get("server_max_window_bits", 0) or _MOST_BITS)
        if client < 9 or server > WINDOW_BITS:
            raise RemoteProtocolError("permessage-deflate was agreed to otherwise than offered")
        self._deflating_bits = min(client, WINDOW_BITS)
        self._inflating_bits = max(server, 9)
        self._inflates_anew = "server_no_context_takeover" in parameters
        self._is_agreed = True

    # ---- frames in

    def frame_inbound_header(
        self,
        proto: FrameDecoder | FrameProtocol,
        opcode: Opcode,
        rsv: RsvBits,
        payload_length: int,
    ) -> CloseReason | RsvBits:
        self._is_data = opcode in _DATA
        if rsv.rsv1 and opcode not in (Opcode.TEXT, Opcode.BINARY):
            return CloseReason.PROTOCOL_ERROR
        if self._is_data and self._is_compressed is None:
            self._is_compressed = rsv.rsv1
            self._room = self._largest
            if self._is_compressed and self._inflater is None:
                self._inflater = zlib.decompressobj(-self._inflating_bits)
        return RsvBits(True, False, False)

    def frame_inbound_payload_data(
        self, proto: FrameDecoder | FrameProtocol, data: bytes
    ) -> bytes | CloseReason:
        if not self._is_compressed or not self._is_data:
            return data
        return self._inflated(data)

    def frame_inbound_complete(
        self, proto: FrameDecoder | FrameProtocol, fin: bool
    ) -> bytes | CloseReason | None:
        if not fin or not self._is_data:
            return None
        was_compressed, self._is_compressed = self._is_compressed, None
        if not was_compressed:
            return None
        rest = self._inflated(_TAIL)
        if self._inflates_anew:
            self._inflater = None
        return rest

    def _inflated(self, data: bytes) -> bytes | CloseReason:
        made = b""
        while data:
            assert self._inflater is not None
            try:
                made += self._inflater.decompress(data, self._room + 1 - len(made))
            except zlib.error:
                return CloseReason.INVALID_FRAME_PAYLOAD_DATA
            if len(made) > self._room:  # by one byte: no more than that was made
                return CloseReason.MESSAGE_TOO_BIG
            data = self._inflater.unused_data
            if self._inflater.eof:  # RFC 7692 7.2.3.5: the peer may end a stream and begin another
                self._inflater = zlib.decompressobj(-self._inflating_bits)
                data = b"" if data == _TAIL else data
        self._room -= len(made)
        return made

    # ---- frames out

    def frame_outbound(
        self,
        proto: FrameDecoder | FrameProtocol,
        opcode: Opcode,
        rsv: RsvBits,
        data: bytes,
        fin: bool,
    ) -> tuple[RsvBits, bytes]:
        """Each message is compressed by itself, so that nothing is kept between them."""
        if opcode is not Opcode.TEXT or not fin or len(data) < WORTHWHILE:
            return rsv, data
        compressor = zlib.compressobj(
            zlib.Z_DEFAULT_COMPRESSION, zlib.DEFLATED, -self._deflating_bits, _MEMORY_LEVEL
        )
        made = compressor.compress(data) + compressor.flush(zlib.Z_SYNC_FLUSH)
        return RsvBits(True, rsv.rsv2, rsv.rsv3), made[: -len(_TAIL)]


def _parameters(text: str) -> Mapping[str, str] | None:
    """The parameters behind the name, "" for one without value; None when they are not good."""
    found: dict[str, str] = {}
    for part in text.split(";")[1:]:
        name, has_value, value = (piece.strip() for piece in part.partition("="))
        is_good = not has_value if name in _FLAGS else name in _BITS
        if has_value:
            is_good = is_good and _VALUE.fullmatch(value) is not None
        if not is_good or name in found:
            return None
        found[name] = value.strip('"')
    return found
