"""A charge point of PyPI `ocpp` (validating) on `websockets`. Arguments: where to connect, and the
subprotocol.
"""

import asyncio
import sys

from recording import Conversation, answers_of, told
from websockets.asyncio.client import connect

URL, SUBPROTOCOL = sys.argv[1:]
ANSWERS = answers_of("station", SUBPROTOCOL)


async def main() -> None:
    async with connect(URL, subprotocols=[SUBPROTOCOL]) as websocket:  # type: ignore[list-item]
        conversation = Conversation(URL.rpartition("/")[2], websocket, ANSWERS)
        serving = asyncio.create_task(conversation.run())
        async for order in told():
            if order["do"] == "answer":
                ANSWERS[order["action"]] = order["payload"]
            else:
                await conversation.obey(order)
        serving.cancel()


asyncio.run(main())
