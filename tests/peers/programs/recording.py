"""What the Python peers have in common: they tell what happens on standard output, and do what they
are told on standard input, one JSON object a line.
"""

import asyncio
import importlib
import json
import logging
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ocpp.charge_point import (
    camel_to_snake_case,
    remove_nones,
    serialize_as_dict,
    snake_to_camel_case,
)
from ocpp.exceptions import OCPPError
from ocpp.routing import on
from websockets.exceptions import ConnectionClosed

Answers = dict[str, dict[str, Any]]
MODULES = {"ocpp1.6": "ocpp.v16", "ocpp2.0.1": "ocpp.v201", "ocpp2.1": "ocpp.v21"}


def answers_of(role: str, subprotocol: str) -> Answers:
    """What the peer answers, by action, until a test has it answer otherwise."""
    name = f"{role}.json" if subprotocol == "ocpp1.6" else f"{role}2.json"
    answers: Answers = json.loads(Path(__file__).with_name(name).read_text())
    requests = importlib.import_module(MODULES[subprotocol]).call
    return {action: answer for action, answer in answers.items() if hasattr(requests, action)}


def tell(event: str, **more: Any) -> None:
    print(json.dumps({"event": event, **more}), flush=True)


async def told() -> AsyncIterator[dict[str, Any]]:
    """What the test says; it ends with the test."""
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin)
    while line := await reader.readline():
        yield json.loads(line)


class Recorded:
    """A WebSocket that tells every frame."""

    def __init__(self, websocket: Any) -> None:
        self.websocket = websocket

    async def recv(self) -> str:
        text = await self.websocket.recv()
        tell("frame", direction="received", text=text)
        return text

    async def send(self, text: str) -> None:
        tell("frame", direction="sent", text=text)
        await self.websocket.send(text)


class Complaints(logging.Handler):
    """The library logs what it finds wrong with a message, and goes on."""

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.WARNING:
            tell("complaint", text=record.getMessage())


logging.getLogger("ocpp").addHandler(Complaints())
logging.getLogger("ocpp").propagate = False


TELL_TIME = ("BootNotification", "Heartbeat")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def peer_class(answers: Answers, version: Any) -> type[Any]:
    """A peer that answers each action with the payload that stands there when it comes.

    `version` is the library's module: its classes have no common type.
    """

    def handler(action: str) -> Any:
        async def handle(self: Any, **payload: Any) -> Any:
            answer = answers[action]
            if action in TELL_TIME:
                answer = {"currentTime": _now(), **answer}
            return getattr(version.call_result, action)(**camel_to_snake_case(answer))

        handle.__name__ = f"on_{action}"
        return on(action)(handle)

    return type("Peer", (version.ChargePoint,), {f"on_{name}": handler(name) for name in answers})


class Conversation:
    """The library over one WebSocket, and the test's orders to it."""

    def __init__(self, identity: str, websocket: Any, answers: Answers) -> None:
        self.link = Recorded(websocket)
        self.version = importlib.import_module(MODULES[websocket.subprotocol])
        self.peer = peer_class(answers, self.version)(identity, self.link, response_timeout=5)
        self.answers = answers
        self._calls: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Serve until the other side closes."""
        websocket = self.link.websocket
        path = websocket.request.path if websocket.request else ""
        tell("opened", path=path, subprotocol=websocket.subprotocol)
        try:
            await self.peer.start()
        except ConnectionClosed as closed:
            frame = closed.rcvd
            tell("closed", code=frame.code if frame else None)

    async def obey(self, order: dict[str, Any]) -> None:
        match order["do"]:
            case "call":
                task = asyncio.create_task(self._call(**order["call"]))
                self._calls.add(task)
                task.add_done_callback(self._calls.discard)
            case "text":
                await self.link.send(order["text"])
            case "close":
                await self.link.websocket.close(order["code"])

    async def _call(self, number: int, action: str, payload: dict[str, Any]) -> None:
        request = getattr(self.version.call, action)(**camel_to_snake_case(payload))
        try:
            response = await self.peer.call(request, suppress=False)
        except OCPPError as error:
            tell("error", number=number, code=error.code, description=error.description)
            return
        answer = snake_to_camel_case(remove_nones(serialize_as_dict(response)))
        tell("result", number=number, payload=answer)
