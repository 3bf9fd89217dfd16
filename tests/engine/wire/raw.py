"""The other end of a link, byte by byte: what a test of RFC 6455 sends and expects.

It frames and unmasks by itself, so that no code of ours is held against itself.
"""

import base64
import hashlib
import os
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Literal, NamedTuple

import trio

from pilotwire.engine.wire.compression import Deflate
from pilotwire.engine.wire.direct_link import DirectLink
from pilotwire.engine.wire.handshake import Opened, ask, asked
from pilotwire.engine.wire.link import LinkSettings, Peer
from pilotwire.engine.wire.pump import pumping
from pilotwire.engine.wire.reference_link import ReferenceLink, start_reference_link
from pilotwire.engine.wire.stream_carrier import open_stream_link
from pilotwire.engine.wire.websocket import client, server

Role = Literal["client", "server"]
Form = Literal["reference", "stream", "pump"]
AnyLink = ReferenceLink | DirectLink
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
KEY = b"\x37\xfa\x21\x3d"
TEXT, BINARY, CLOSE, PING, PONG = 0x81, 0x82, 0x88, 0x89, 0x8A
RSV1 = 0x40
QUICK = LinkSettings(
    max_message_size=200_000, send_timeout=1.0, close_timeout=0.2, handshake_timeout=5
)


class End(NamedTuple):
    """The end that is tested."""

    form: Form
    role: Role

    def __str__(self) -> str:
        return f"{self.form} {self.role}"


ENDS = [
    End(form, role) for form in ("reference", "stream", "pump") for role in ("client", "server")
]


class Frame(NamedTuple):
    first: int
    payload: bytes


class Raw:
    """The peer of the end that is tested."""

    def __init__(self, stream: trio.abc.Stream, role: Role) -> None:
        self.stream = stream
        self.role = role
        self.extensions = b""  # agreed upon
        self.pace, self.bite = 0.0, 1 << 16  # seconds before each read, and bytes of one
        self._data = b""

    # ---- the handshake

    async def shake_hands(self, extensions: str = "") -> None:
        """Ask, or answer what is asked, with these extensions."""
        line = f"Sec-WebSocket-Extensions: {extensions}\r\n" if extensions else ""
        if self.role == "client":
            key = base64.b64encode(os.urandom(16)).decode()
            await self.stream.send_all(
                f"GET /CP HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
                f"Sec-WebSocket-Protocol: ocpp1.6\r\n{line}\r\n".encode()
            )
            head = await self._head()
            assert head.startswith(b"HTTP/1.1 101 "), head
        else:
            head = await self._head()
            found = re.search(rb"(?i)sec-websocket-key: *(\S+)", head)
            assert found is not None
            accepted = base64.b64encode(hashlib.sha1(found[1] + GUID).digest()).decode()
            await self.stream.send_all(
                f"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                f"Sec-WebSocket-Accept: {accepted}\r\nSec-WebSocket-Protocol: ocpp1.6\r\n"
                f"{line}\r\n".encode()
            )
        agreed = re.search(rb"(?i)sec-websocket-extensions: *([^\r]*)", head)
        self.extensions = agreed[1] if agreed else b""

    async def _head(self) -> bytes:
        while b"\r\n\r\n" not in self._data:
            self._data += await self._received()
        head, _, self._data = self._data.partition(b"\r\n\r\n")
        return head + b"\r\n"

    # ---- frames

    def frame(self, first: int, payload: bytes = b"", *, length_bytes: int | None = None) -> bytes:
        """A frame as this role has to mask it; its length in 0, 2 or 8 more bytes."""
        size = len(payload)
        if length_bytes is None:
            length_bytes = 0 if size < 126 else 2 if size < 1 << 16 else 8
        bit = 0x80 if self.role == "client" else 0
        code = {0: size, 2: 126, 8: 127}[length_bytes]
        length = size.to_bytes(length_bytes, "big") if length_bytes else b""
        head = bytes((first, bit | code)) + length
        if not bit:
            return head + payload
        return head + KEY + bytes(byte ^ KEY[at % 4] for at, byte in enumerate(payload))

    async def send(self, *frames: tuple[int, bytes] | bytes) -> None:
        """Send frames, and bytes as they are, together. The link may have hung up amid them."""
        data = b"".join(each if isinstance(each, bytes) else self.frame(*each) for each in frames)
        with suppress(trio.BrokenResourceError, trio.ClosedResourceError):
            await self.stream.send_all(data)

    async def heard(self) -> Frame:
        """The next frame that comes."""
        frame = await self._next()
        assert frame is not None, "the connection has ended"
        return frame

    async def rest(self) -> list[Frame]:
        """What comes, until the connection ends."""
        frames = []
        while (frame := await self._next()) is not None:
            frames.append(frame)
        return frames

    async def _next(self) -> Frame | None:
        while (found := self._cut()) is None:
            data = await self._received()
            if not data:
                assert not self._data, "half a frame"
                return None
            self._data += data
        return found

    async def _received(self) -> bytes:
        try:
            await trio.sleep(self.pace)
            return bytes(await self.stream.receive_some(self.bite))
        except trio.BrokenResourceError:
            return b""

    def _cut(self) -> Frame | None:
        data = self._data
        if len(data) < 2:
            return None
        first, second = data[0], data[1]
        length, at = second & 0x7F, 2
        assert bool(second & 0x80) is (self.role == "server"), "a client masks, a server does not"
        if length >= 126:
            at = 4 if length == 126 else 10
            if len(data) < at:
                return None
            least = 126 if length == 126 else 1 << 16
            length = int.from_bytes(data[2:at], "big")
            assert length >= least, "a length in more bytes than it needs"
        key = b""
        if second & 0x80:
            key, at = data[at : at + 4], at + 4
        if len(data) < at + length:
            return None
        payload = data[at : at + length]
        if key:
            payload = bytes(byte ^ key[index % 4] for index, byte in enumerate(payload))
        self._data = data[at + length :]
        return Frame(first, payload)


def close_payload(code: int, reason: bytes = b"") -> bytes:
    return code.to_bytes(2, "big") + reason


# ---- the end that is tested


@asynccontextmanager
async def joined(
    end: End, settings: LinkSettings = QUICK, *, deflates: bool = False, extensions: str = ""
) -> AsyncIterator[tuple[AnyLink, Raw]]:
    """The end over a socket, and its raw peer, which offers or answers with these extensions."""
    near, far = (trio.SocketStream(trio.socket.from_stdlib_socket(s)) for s in _pair())
    raw = Raw(far, "client" if end.role == "server" else "server")
    deflate = Deflate(settings.max_message_size) if deflates else None
    try:
        async with pumping() as pump, trio.open_nursery() as nursery:
            link: AnyLink
            async with trio.open_nursery() as opening:
                opening.start_soon(raw.shake_hands, extensions)
                if end.form == "reference":
                    link = await _reference(nursery, near, end.role, settings, deflate)
                else:
                    opened = await _opened(near, end.role, deflate)
            is_client = end.role == "client"
            if end.form == "pump":
                assert pump is not None
                link = pump.link(near, opened, settings, Peer(), is_client=is_client)
            elif end.form == "stream":
                link = await open_stream_link(nursery, near, opened, settings, is_client=is_client)
            with trio.fail_after(20):
                yield link, raw
            await trio.aclose_forcefully(far)
            await link.close()
            nursery.cancel_scope.cancel()
    finally:
        for stream in (near, far):
            await trio.aclose_forcefully(stream)


def _pair() -> tuple[socket.socket, socket.socket]:
    """Two sockets with little room, so that what is not read is soon felt."""
    near, far = socket.socketpair()
    for each in (near, far):
        each.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16 * 1024)
        each.setblocking(False)
    return near, far


async def _opened(stream: trio.abc.Stream, role: Role, deflate: Deflate | None) -> Opened:
    if role == "server":
        return await (await asked(stream)).accept("ocpp1.6", deflate)
    return await ask(
        stream, host="x", path="/CP", subprotocols=["ocpp1.6"], headers=[], deflate=deflate
    )


async def _reference(
    nursery: trio.Nursery,
    stream: trio.abc.Stream,
    role: Role,
    settings: LinkSettings,
    deflate: Deflate | None,
) -> ReferenceLink:
    size = settings.max_message_size
    if role == "client":
        connection = client(
            stream,
            host="x",
            path="/CP",
            subprotocols=["ocpp1.6"],
            headers=[],
            max_message_size=size,
            deflate=deflate,
        )
        return await start_reference_link(nursery, stream, connection, connection.opened, settings)
    connection = server(stream, max_message_size=size, deflate=deflate)

    async def accept() -> None:
        await (await connection.requested()).accept(subprotocol="ocpp1.6")

    return await start_reference_link(nursery, stream, connection, accept, settings)
