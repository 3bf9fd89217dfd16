"""The other side of every measurement: answers or asks as fast as Python can, and checks nothing
but the kind of each answer. It knows its one request and its one answer by heart.

    python fast.py server WORKLOAD
    python fast.py client WORKLOAD CONNECTIONS PORT
"""

import base64
import hashlib
import json
import os
import select
import socket
import sys
from collections.abc import Callable

from marks import WORKLOADS, tell

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
KEY = b"\x5a\x93\x0f\xc1"
ID_LENGTH = 36
ID_AT = len(b'[2,"')
RECEIVE = 1 << 16
TEXT, MASKED = 0x81, 0x80
PING, PONG = 0x89, 0x8A


def masked(data: bytes, key: bytes) -> bytes:
    length = len(data)
    keys = (key * (length // 4 + 1))[:length]
    number = int.from_bytes(data, "little") ^ int.from_bytes(keys, "little")
    return number.to_bytes(length, "little")


def head(length: int, mask: int) -> bytes:
    if length < 126:
        return bytes((TEXT, mask | length))
    return bytes((TEXT, mask | 126)) + length.to_bytes(2, "big")


def payload_at(frame: bytes) -> int:
    second = frame[1]
    return 2 + 2 * (second & 0x7F == 126) + 4 * (second >> 7)


def frame_end(data: bytes) -> int:
    """The end of the frame that begins here; 0 while it is not all there."""
    if len(data) < 4:
        return 0
    length = data[1] & 0x7F
    if length == 126:
        length = int.from_bytes(data[2:4], "big")
    end = payload_at(data) + length
    return end if len(data) >= end else 0


class Loop:
    """One thread and an epoll for all sockets."""

    def __init__(self, take: Callable[[socket.socket, bytes], None]) -> None:
        """`take(connection, frame)` gets every whole text frame."""
        self.poll = select.epoll()
        self.connections: dict[int, socket.socket] = {}
        self._rests: dict[int, bytes] = {}
        self._take = take

    def add(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.connections[connection.fileno()] = connection
        self.poll.register(connection.fileno(), select.EPOLLIN)

    def serve(self, number: int) -> None:
        connection = self.connections[number]
        received = connection.recv(RECEIVE)
        if not received:
            self.poll.unregister(number)
            self.connections.pop(number).close()
            return
        data = self._rests.pop(number, b"") + received
        while end := frame_end(data):
            if data[0] == TEXT:
                self._take(connection, data[:end])
            elif data[0] == PING and data[1] & MASKED:  # or a station would take us for gone
                at = payload_at(data)
                payload = masked(data[at:end], data[at - 4 : at])
                connection.sendall(bytes((PONG, len(payload))) + payload)
            data = data[end:]
        if data:
            self._rests[number] = data


# ---- the two roles


def server(workload: str) -> None:
    response = json.dumps(WORKLOADS[workload]["response"], separators=(",", ":")).encode()

    def take(connection: socket.socket, frame: bytes) -> None:
        at = payload_at(frame)
        begin = masked(frame[at : at + 64], frame[at - 4 : at])
        assert begin.startswith(b'[2,"'), begin
        message_id = begin[ID_AT : begin.index(b'"', ID_AT)]
        answer = b'[3,"%b",%b]' % (message_id, response)
        connection.sendall(head(len(answer), 0) + answer)

    loop = Loop(take)
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    loop.poll.register(0, select.EPOLLIN)
    loop.poll.register(listener, select.EPOLLIN)
    tell(port=listener.getsockname()[1])
    while True:
        for number, _ in loop.poll.poll():
            if number == listener.fileno():
                connection, _ = listener.accept()
                accept(connection, WORKLOADS[workload]["subprotocol"].encode())
                loop.add(connection)
            elif number == 0:
                return  # standard input has ended
            else:
                loop.serve(number)


def client(workload: str, connections: int, port: int) -> None:
    request = WORKLOADS[workload]
    payload = json.dumps(request["request"], separators=(",", ":")).encode()
    text = b'[2,"%b","%b",%b]' % (b"0" * ID_LENGTH, workload.encode(), payload)
    begin, rest = masked(text, KEY)[:ID_AT], masked(text, KEY)[ID_AT + ID_LENGTH :]
    begin = head(len(text), MASKED) + KEY + begin
    number = left = answers = 0  # the last call's, calls still to be made, and answered

    def ask(connection: socket.socket) -> None:
        nonlocal number, left
        number, left = number + 1, left - 1
        connection.sendall(begin + masked(b"%036d" % number, KEY) + rest)

    def take(connection: socket.socket, frame: bytes) -> None:
        nonlocal answers
        at = payload_at(frame)
        assert frame[at : at + 3] == b"[3,", frame
        answers += 1
        if left:
            ask(connection)

    loop = Loop(take)
    for index in range(connections):
        loop.add(connect(port, index, request["subprotocol"]))
    tell(connections=connections)
    for line in sys.stdin:
        left = wanted = int(line)
        answers = 0
        for connection in list(loop.connections.values())[:wanted]:
            ask(connection)
        while answers < wanted:
            for each, _ in loop.poll.poll():
                loop.serve(each)
        tell(answers=answers)


# ---- handshakes


def read_head(connection: socket.socket) -> dict[bytes, bytes]:
    text = b""
    while not text.endswith(b"\r\n\r\n"):
        text += connection.recv(1)
    pairs = (line.partition(b":") for line in text.split(b"\r\n")[1:-2])
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def accept(connection: socket.socket, subprotocol: bytes) -> None:
    key = read_head(connection)[b"sec-websocket-key"]
    accepted = base64.b64encode(hashlib.sha1(key + GUID).digest())
    connection.sendall(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: %b\r\nSec-WebSocket-Protocol: %b\r\n\r\n" % (accepted, subprotocol)
    )


def connect(port: int, index: int, subprotocol: str) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port))
    key = base64.b64encode(os.urandom(16)).decode()
    connection.sendall(
        f"GET /CP-{index} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Protocol: {subprotocol}\r\n\r\n".encode()
    )
    assert read_head(connection)[b"sec-websocket-protocol"] == subprotocol.encode()
    return connection


if __name__ == "__main__":
    if sys.argv[1] == "server":
        server(sys.argv[2])
    else:
        client(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
