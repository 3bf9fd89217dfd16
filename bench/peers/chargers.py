"""Stations that cost little: each boots, and then says what stations say, one call after the other.

python chargers.py SUBPROTOCOL CONNECTIONS PORT

It tells when all have booted; then, for each line with a number, it makes so many calls and tells
when they are answered.
"""

import socket
import sys

from dialogues import DIALOGUES, Dialogue, text_of
from fast import ID_LENGTH, KEY, MASKED, Loop, connect, head, masked, payload_at
from marks import tell


class Charger:
    """One station, which has a call under way or none."""

    def __init__(self, connection: socket.socket, dialogue: Dialogue) -> None:
        self._connection = connection
        self._dialogue = dialogue
        self._next = next(dialogue)
        self._calls = 0

    def ask(self) -> None:
        self._calls += 1
        text = text_of(self._next, self._calls)
        self._connection.sendall(head(len(text), MASKED) + KEY + masked(text, KEY))

    def take(self, frame: bytes) -> None:
        at = payload_at(frame)
        assert frame[at : at + 3] == b"[3,", frame
        payload = frame[at + len(b'[3,"",') + ID_LENGTH : -1]
        self._next = self._dialogue.send(payload)


def main(subprotocol: str, connections: int, port: int) -> None:
    chargers: dict[socket.socket, Charger] = {}
    left = answers = 0  # calls still to be made, and answered

    def take(connection: socket.socket, frame: bytes) -> None:
        nonlocal left, answers
        charger = chargers[connection]
        charger.take(frame)
        answers += 1
        if left:
            left -= 1
            charger.ask()

    loop = Loop(take)

    def call(count: int) -> None:
        nonlocal left, answers
        asking = list(chargers.values())[:count]
        left, answers = count - len(asking), 0
        for charger in asking:
            charger.ask()
        while answers < count:
            for number, _ in loop.poll.poll():
                loop.serve(number)

    for index in range(connections):
        connection = connect(port, index, subprotocol)
        loop.add(connection)
        chargers[connection] = Charger(connection, DIALOGUES[subprotocol](index))
    call(connections)
    tell(connections=connections)
    for line in sys.stdin:
        call(int(line))
        tell(answers=answers)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
