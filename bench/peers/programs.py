"""Starts the measured programs and talks with them, by lines of JSON."""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

PEERS = Path(__file__).parent
NODE_MODULES = PEERS.parents[1] / "tests" / "peers" / "node_modules"
PER = 100_000  # messages that figures are for


class Implementation(NamedTuple):
    name: str
    program: str
    slowness: int  # it gets that many times fewer messages, and the result is scaled up

    def command(self) -> list[str]:
        interpreter = "node" if self.program.endswith(".js") else sys.executable
        return [interpreter, str(PEERS / self.program)]


class Program:
    """A measured program: told by lines, tells by lines."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def hear(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"{self._process.args!r} ended")
        told: dict[str, Any] = json.loads(line)
        return told

    def ask(self, line: object = "") -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        return self.hear()


@contextmanager
def running(implementation: Implementation, *arguments: object) -> Iterator[Program]:
    command = [*implementation.command(), *map(str, arguments)]
    environment = {**os.environ, "NODE_PATH": str(NODE_MODULES)}
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    )
    try:
        yield Program(process)
    finally:
        process.kill()
        process.wait()


def allow_descriptors(wanted: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard), hard))
