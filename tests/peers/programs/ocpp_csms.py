"""A central system of PyPI `ocpp` (1.6, validating) on `websockets`. Argument: its port, or 0."""

import asyncio
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from recording import Conversation, tell, told
from websockets.asyncio.server import ServerConnection, serve

ANSWERS: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("csms.json").read_text())
for action in ("BootNotification", "Heartbeat"):
    ANSWERS[action]["currentTime"] = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


async def main() -> None:
    present: list[Conversation] = []

    async def handle(websocket: ServerConnection) -> None:
        path = websocket.request.path if websocket.request else ""
        conversation = Conversation(path.rpartition("/")[2], websocket, ANSWERS)
        present.append(conversation)
        await conversation.run()

    port = int(sys.argv[1])
    async with serve(handle, "127.0.0.1", port, subprotocols=["ocpp1.6"]) as server:  # type: ignore[list-item]
        (listener,) = server.sockets
        tell("listening", port=listener.getsockname()[1])
        async for order in told():
            if order["do"] == "answer":
                ANSWERS[order["action"]] = order["payload"]
            else:
                await present[-1].obey(order)


asyncio.run(main())
