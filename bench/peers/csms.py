"""A central system that costs as little as Python can: it knows an answer to each action by heart,
checks nothing, and keeps nothing. What a fleet of stations is measured against.

python csms.py
"""

import base64
import hashlib
import select
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

from fast import GUID, RECEIVE, Loop, head, masked, payload_at
from marks import tell, usage

_HEAD = 160  # bytes of a CALL in which its id and its action are
_HEARTBEAT_SECONDS = 300


def _now() -> bytes:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z").encode()


ANSWERS: dict[bytes, Callable[[], bytes]] = {
    b"BootNotification": lambda: (
        b'{"currentTime":"%b","interval":%d,"status":"Accepted"}' % (_now(), _HEARTBEAT_SECONDS)
    ),
    b"Heartbeat": lambda: b'{"currentTime":"%b"}' % _now(),
    b"Authorize": lambda: b'{"idTokenInfo":{"status":"Accepted"}}',
}


class Csms(Loop):
    """Answers every CALL at once."""

    def __init__(self) -> None:
        super().__init__(self._answer)
        self.answered = 0
        self._opening: dict[int, tuple[socket.socket, bytes]] = {}
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=4096)
        self.listener.setblocking(False)
        self.poll.register(self.listener, select.EPOLLIN)

    def ready(self, number: int) -> None:
        if number == self.listener.fileno():
            self._accept()
        elif number in self._opening:
            self._shake_hands(number)
        else:
            with suppress(ConnectionError):
                self.serve(number)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except BlockingIOError:
                return
            self._opening[connection.fileno()] = (connection, b"")
            self.poll.register(connection.fileno(), select.EPOLLIN)

    def _shake_hands(self, number: int) -> None:
        connection, begin = self._opening.pop(number)
        received = connection.recv(RECEIVE)
        if not received:
            connection.close()
            return
        text = begin + received
        if not text.endswith(b"\r\n\r\n"):
            self._opening[number] = (connection, text)
            return
        fields = (line.partition(b":") for line in text.split(b"\r\n"))
        found = {name.strip().lower(): value.strip() for name, _, value in fields}
        key = base64.b64encode(hashlib.sha1(found[b"sec-websocket-key"] + GUID).digest())
        offered = found[b"sec-websocket-protocol"].partition(b",")[0]
        connection.sendall(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: %b\r\nSec-WebSocket-Protocol: %b\r\n\r\n" % (key, offered)
        )
        self.poll.unregister(number)
        self.add(connection)

    def _answer(self, connection: socket.socket, frame: bytes) -> None:
        at = payload_at(frame)
        begin = masked(frame[at : at + _HEAD], frame[at - 4 : at])
        if not begin.startswith(b"[2,"):
            return
        _, message_id, _, action, _ = begin.split(b'"', 4)
        known = ANSWERS.get(action)
        answer = b'[3,"%b",%b]' % (message_id, b"{}" if known is None else known())
        self.answered += 1
        try:
            connection.sendall(head(len(answer), 0) + answer)
        except OSError:
            return  # the station has gone


def main() -> None:
    csms = Csms()
    csms.poll.register(0, select.EPOLLIN)
    tell(port=csms.listener.getsockname()[1])
    while True:
        for number, _ in csms.poll.poll():
            if number != 0:
                csms.ready(number)
            elif sys.stdin.readline():
                tell(answered=csms.answered, **usage())
            else:
                return  # standard input has ended


if __name__ == "__main__":
    main()
