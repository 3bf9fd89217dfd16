"""The console at a terminal: its prompt, its end, and an interruption."""

import os
import pty
import select
import signal
import subprocess
import sys
import time

PROGRAM = "import sys; from pilotwire.engine.cli import main; sys.exit(main())"
NOWHERE = "http://127.0.0.1:9"  # discard: nobody serves it
SECONDS = 30


class Terminal:
    """A console at a pseudo-terminal."""

    def __init__(self) -> None:
        self._here, there = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, "console", "--url", NOWHERE],
            stdin=there,
            stdout=there,
            stderr=there,
            start_new_session=True,
            env={**os.environ, "TERM": "dumb"},
        )
        os.close(there)
        self.seen = ""

    def read_until(self, text: str, times: int = 1) -> None:
        deadline = time.monotonic() + SECONDS
        while self.seen.count(text) < times:
            assert time.monotonic() < deadline, self.seen
            if select.select([self._here], [], [], 0.1)[0]:
                self.seen += os.read(self._here, 4096).decode()

    def type(self, keys: bytes) -> None:
        os.write(self._here, keys)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._here)


def test_a_person_at_the_prompt() -> None:
    terminal = Terminal()
    try:
        terminal.read_until("pilotwire> ")
        terminal.type(b"frob\n")
        terminal.read_until('Received unknown command "frob"')
        terminal.type(b"status\n")
        terminal.read_until(f"pilotwire: nothing runs at {NOWHERE}")
        terminal.read_until("pilotwire> ", 3)
        terminal.process.send_signal(signal.SIGINT)  # leaves the line, not the console
        terminal.read_until("pilotwire> ", 4)
        terminal.type(b"\x04")
        assert terminal.process.wait(SECONDS) == 0  # mistakes were seen by who made them
    finally:
        terminal.close()
