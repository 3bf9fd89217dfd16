"""A peer that nobody here wrote, as a program of its own: what it told, and what it is to do."""

import functools
import json
import os
import shutil
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from subprocess import PIPE
from typing import Any, NamedTuple, ParamSpec, TypeVar

import pytest
import trio

from .schemas import Frame

HERE = Path(__file__).parent
PATIENCE = 8.0  # s; a peer has to start an interpreter, and the machine may be busy

P = ParamSpec("P")
T = TypeVar("T")


class Kind(NamedTuple):
    """One implementation of OCPP-J."""

    name: str
    suffix: str

    def command(self, role: str) -> list[str]:
        interpreter = sys.executable if self.suffix == "py" else "node"
        return [interpreter, str(HERE / "programs" / f"{self.name}_{role}.{self.suffix}")]

    def missing(self) -> str | None:
        """Why it cannot run here."""
        if self.suffix == "py":
            return None
        if shutil.which("node") is None:
            return "node is not installed"
        if not (HERE / "node_modules" / "ocpp-rpc").is_dir():
            return "ocpp-rpc is not installed: make test does it"
        return None


OCPP = Kind("ocpp", "py")  # PyPI ocpp on websockets
OCPP_RPC = Kind("rpc", "js")  # npm ocpp-rpc, strict


def need(kind: Kind) -> None:
    """Skip the test where the peer cannot run; where it must be able to, fail."""
    reason = kind.missing()
    if reason is not None and os.environ.get("CI") == "true":
        pytest.fail(reason)
    elif reason is not None:
        pytest.skip(reason)


def within(seconds: float) -> Callable[[Callable[P, Awaitable[T]]], Callable[P, Awaitable[T]]]:
    """Fail a test that takes longer."""

    def decorate(test: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
        @functools.wraps(test)
        async def bounded(*args: P.args, **kwargs: P.kwargs) -> T:
            with trio.fail_after(seconds):
                return await test(*args, **kwargs)

        return bounded

    return decorate


class Refused(Exception):
    """Our side answered the peer's call with a CALLERROR."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(f"{code}: {description}")
        self.code = code


class Program:
    """The running peer."""

    def __init__(self, process: trio.Process) -> None:
        self._process = process
        self.told: list[dict[str, Any]] = []
        self.raw: set[str] = set()
        """What the test had it send as it stands."""
        self._heard: set[int] = set()  # indices in `told` of frames that a test has waited for
        self._numbers = 0
        self._more = trio.Event()

    @classmethod
    async def start(
        cls, nursery: trio.Nursery, kind: Kind, role: str, argument: str, subprotocol: str
    ) -> "Program":
        command = [*kind.command(role), argument, subprotocol]
        process = await trio.lowlevel.open_process(command, stdin=PIPE, stdout=PIPE)
        program = cls(process)
        nursery.start_soon(program._listen)
        return program

    async def _listen(self) -> None:
        assert self._process.stdout is not None
        rest = b""
        async for data in self._process.stdout:
            *lines, rest = (rest + data).split(b"\n")
            self.told += [json.loads(line) for line in lines]
            self._more.set()
            self._more = trio.Event()

    async def end(self) -> None:
        """Kill it."""
        self._process.kill()
        await self._process.wait()

    # ---- what it told

    async def tells(self, event: str, *, count: int = 1, **fields: Any) -> dict[str, Any]:
        """Wait until it has told so many events with these fields; gives the last of them."""
        with trio.fail_after(PATIENCE):
            while True:
                found = [told for told in self.told if _is(told, event, fields)]
                if len(found) >= count:
                    return found[count - 1]
                await self._more.wait()

    async def hears(self, action: str, **fields: Any) -> dict[str, Any]:
        """Wait for a CALL of this action with these fields that no test has waited for before."""
        with trio.fail_after(PATIENCE):
            while True:
                for index, told in enumerate(self.told):
                    payload = _call_of(told, action)
                    if payload is None or index in self._heard:
                        continue
                    if fields.items() <= payload.items():
                        self._heard.add(index)
                        return payload
                await self._more.wait()

    async def answer_to(self, message_id: str) -> list[Any]:
        """Wait for the CALLRESULT or CALLERROR under this id."""
        with trio.fail_after(PATIENCE):
            while True:
                for frame in self.frames("received"):
                    content: list[Any] = json.loads(frame.text)
                    if content[0] in (3, 4) and content[1] == message_id:
                        return content
                await self._more.wait()

    def heard(self, action: str) -> list[dict[str, Any]]:
        """Every CALL of this action so far."""
        payloads = (_call_of(told, action) for told in self.told)
        return [payload for payload in payloads if payload is not None]

    def frames(self, *directions: str) -> list[Frame]:
        return [
            Frame(told["direction"], told["text"])
            for told in self.told
            if told["event"] == "frame" and (not directions or told["direction"] in directions)
        ]

    def complaints(self) -> list[str]:
        return [told["text"] for told in self.told if told["event"] == "complaint"]

    # ---- what it is to do

    async def call(self, action: str, **payload: Any) -> dict[str, Any]:
        """Have it call; gives our side's answer. Raises Refused."""
        self._numbers += 1
        number = self._numbers
        await self._order("call", call={"number": number, "action": action, "payload": payload})
        with trio.fail_after(PATIENCE):
            while True:
                for told in self.told:
                    if told.get("number") == number:
                        return _result(told)
                await self._more.wait()

    async def say(self, text: str) -> None:
        """Have it send this, whatever it is."""
        self.raw.add(text)
        await self._order("text", text=text)

    async def answers(self, action: str, **payload: Any) -> None:
        """Have it answer the action so from now on."""
        await self._order("answer", action=action, payload=payload)

    async def close(self, code: int = 1000) -> None:
        await self._order("close", code=code)

    async def _order(self, do: str, **more: Any) -> None:
        assert self._process.stdin is not None
        await self._process.stdin.send_all(json.dumps({"do": do, **more}).encode() + b"\n")


def _is(told: dict[str, Any], event: str, fields: dict[str, Any]) -> bool:
    return told["event"] == event and fields.items() <= told.items()


def _call_of(told: dict[str, Any], action: str) -> dict[str, Any] | None:
    if told["event"] != "frame" or told["direction"] != "received":
        return None
    content = json.loads(told["text"])
    if content[0] != 2 or content[2] != action:
        return None
    payload: dict[str, Any] = content[3]
    return payload


def _result(told: dict[str, Any]) -> dict[str, Any]:
    if told["event"] == "error":
        raise Refused(told["code"], told["description"])
    payload: dict[str, Any] = told["payload"]
    return payload
