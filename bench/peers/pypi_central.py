"""A central system on PyPI `ocpp`, measured: it validates, answers, and keeps nothing.

python pypi_central.py SUBPROTOCOL
"""

import asyncio
import contextlib
import itertools
import sys
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

from marks import tell, usage
from ocpp.routing import on
from pypi_ocpp import MODULES, lines
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

ACCEPTED = {"status": "Accepted"}


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def name_of(action: str) -> str:
    return f"answer_{action}"


async def main(subprotocol: str) -> None:
    ocpp: Any = import_module(MODULES[subprotocol])
    answered = 0
    transaction_ids = itertools.count(1)
    answers: dict[str, Any] = {
        "BootNotification": lambda: {"current_time": now(), "interval": 300, **ACCEPTED},
        "Heartbeat": lambda: {"current_time": now()},
        "StartTransaction": lambda: {
            "transaction_id": next(transaction_ids),
            "id_tag_info": ACCEPTED,
        },
        "MeterValues": dict,
        "StopTransaction": lambda: {"id_tag_info": ACCEPTED},
        "TransactionEvent": dict,
    }

    def handler(action: str) -> Any:
        response_type = getattr(ocpp.call_result, action)
        response = answers[action]

        def answer(self: Any, **payload: Any) -> Any:
            nonlocal answered
            answered += 1
            return response_type(**response())

        answer.__name__ = name_of(action)  # by which `ocpp` finds it
        return on(action)(answer)

    known = [action for action in answers if hasattr(ocpp.call_result, action)]
    handlers = {name_of(action): handler(action) for action in known}
    station_type = type("Station", (ocpp.ChargePoint,), handlers)

    async def handle(websocket: ServerConnection) -> None:
        with contextlib.suppress(ConnectionClosed):
            await station_type("CP", websocket).start()

    listening = serve(handle, "127.0.0.1", 0, subprotocols=[subprotocol], backlog=1024)  # type: ignore[list-item]  # its own type of text
    async with listening as listener:
        tell(port=next(iter(listener.sockets)).getsockname()[1])
        async for _ in lines():
            tell(answered=answered, **usage())


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
