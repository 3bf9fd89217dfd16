"""A central system of PyPI `ocpp` (validating) on `websockets`. Arguments: its port, or 0, and the
subprotocol.
"""

import asyncio
import sys

from recording import Conversation, answers_of, tell, told
from websockets.asyncio.server import ServerConnection, serve

SUBPROTOCOL = sys.argv[2]
ANSWERS = answers_of("csms", SUBPROTOCOL)


async def main() -> None:
    present: list[Conversation] = []

    async def handle(websocket: ServerConnection) -> None:
        path = websocket.request.path if websocket.request else ""
        conversation = Conversation(path.rpartition("/")[2], websocket, ANSWERS)
        present.append(conversation)
        await conversation.run()

    port = int(sys.argv[1])
    async with serve(handle, "127.0.0.1", port, subprotocols=[SUBPROTOCOL]) as server:  # type: ignore[list-item]
        (listener,) = server.sockets
        tell("listening", port=listener.getsockname()[1])
        async for order in told():
            if order["do"] == "answer":
                ANSWERS[order["action"]] = order["payload"]
            else:
                await present[-1].obey(order)


asyncio.run(main())
