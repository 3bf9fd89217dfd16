"""A charge point of PyPI `ocpp` (1.6, validating) on `websockets`. Argument: where to connect."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from recording import Conversation, told
from websockets.asyncio.client import connect

ANSWERS: dict[str, dict[str, Any]] = json.loads(
    Path(__file__).with_name("station.json").read_text()
)


async def main() -> None:
    async with connect(sys.argv[1], subprotocols=["ocpp1.6"]) as websocket:  # type: ignore[list-item]
        conversation = Conversation(sys.argv[1].rpartition("/")[2], websocket, ANSWERS)
        serving = asyncio.create_task(conversation.run())
        async for order in told():
            if order["do"] == "answer":
                ANSWERS[order["action"]] = order["payload"]
            else:
                await conversation.obey(order)
        serving.cancel()


asyncio.run(main())
