"""`pilotwire` as a process that a test may kill at any instant."""

import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from subprocess import PIPE

import trio

HERE = Path(__file__).parent
PATIENCE = 30.0  # s; the machine may be busy


class Forker:
    """Starts the command, one at a time, without the cost of its imports."""

    def __init__(self, process: trio.Process) -> None:
        self._process = process
        self._heard = b""

    async def start(self, *arguments: str) -> int:
        """Give the id of the process, once it is there."""
        assert self._process.stdin is not None
        await self._process.stdin.send_all(json.dumps(arguments).encode() + b"\n")
        return int(await self._line())

    async def ended(self) -> int:
        """Wait until it has ended, and give its exit code; negative: the signal that ended it."""
        with trio.fail_after(PATIENCE):
            return int(await self._line())

    async def _line(self) -> str:
        assert self._process.stdout is not None
        while b"\n" not in self._heard:
            data = await self._process.stdout.receive_some()
            assert data, "the forker ended"
            self._heard += data
        line, self._heard = self._heard.split(b"\n", 1)
        return line.decode()


@asynccontextmanager
async def forker(log: Path) -> AsyncIterator[Forker]:
    """Run a forker; what its commands say goes to the log."""
    command = [sys.executable, str(HERE / "forker.py"), str(log)]
    # What a test is told there is no configuration of the daemon.
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PILOTWIRE_")}
    process = await trio.lowlevel.open_process(
        command, stdin=PIPE, stdout=PIPE, start_new_session=True, env=environment
    )
    try:
        yield Forker(process)
    finally:
        os.killpg(process.pid, signal.SIGKILL)  # its command with it
        with trio.CancelScope(shield=True):
            await process.wait()


def run_arguments(
    directory: Path,
    url: str,
    *,
    evses: list[dict[str, object]],
    variables: dict[str, object],
    **people: object,
) -> list[str]:
    """Give the arguments of a daemon with a station only, and people in a great hurry.

    `people` are further keys of [simulator].
    """
    profile = {"slot": 1, "url": url, "message_timeout_seconds": 5.0}
    values: dict[str, object] = {
        "station.directory": str(directory),
        "station.evses": evses,
        "station.variables": variables,
        "station.network.profiles": [profile],
        "station.network.retry_minimum_seconds": 0.05,
        "station.network.retry_random_seconds": 0.05,
        "central.enabled": False,
        "api.enabled": False,
        "log.format": "json",
        "log.messages": False,
    }
    hurry: dict[str, object] = {
        "first_arrival_seconds": 0.0,
        "gap_seconds": [0.0, 0.05],
        "handling_seconds": [0.0, 0.03],
        "dwell_seconds": [0.05, 0.4],
        "pull_share": 0.5,
    }
    values |= {f"simulator.{key}": value for key, value in (hurry | people).items()}
    return ["run", *(f"--set={key}={_toml(value)}" for key, value in values.items())]


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)} = {_toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value)
