"""PyPI `ocpp` on `websockets`, measured: validating, as it does unless told otherwise.

python pypi_ocpp.py server WORKLOAD
python pypi_ocpp.py client WORKLOAD CONNECTIONS PORT
"""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from importlib import import_module
from typing import Any

from marks import WORKLOADS, tell, usage
from ocpp.charge_point import camel_to_snake_case
from ocpp.routing import on
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

MODULES = {"ocpp1.6": "ocpp.v16", "ocpp2.0.1": "ocpp.v201"}


async def lines() -> AsyncIterator[str]:
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin)
    while line := await reader.readline():
        yield line.decode()


async def server(workload: str) -> None:
    subprotocol = WORKLOADS[workload]["subprotocol"]
    ocpp: Any = import_module(MODULES[subprotocol])
    answered = 0

    class Station(ocpp.ChargePoint):  # type: ignore[misc]  # the version is known at run time only
        @on(workload)
        def answer(self, **payload: Any) -> Any:
            nonlocal answered
            answered += 1
            return response

    response_type = getattr(ocpp.call_result, workload)
    response = response_type(**camel_to_snake_case(WORKLOADS[workload]["response"]))

    async def handle(websocket: ServerConnection) -> None:
        with contextlib.suppress(ConnectionClosed):
            await Station("CP", websocket).start()

    listening = serve(
        handle, "127.0.0.1", 0, subprotocols=[subprotocol], ping_interval=None, backlog=1024
    )
    async with listening as listener:
        tell(port=next(iter(listener.sockets)).getsockname()[1])
        async for _ in lines():
            tell(answered=answered, **usage())


async def client(workload: str, connections: int, port: int) -> None:
    subprotocol = WORKLOADS[workload]["subprotocol"]
    ocpp: Any = import_module(MODULES[subprotocol])
    request_type = getattr(ocpp.call, workload)
    request = request_type(**camel_to_snake_case(WORKLOADS[workload]["request"]))
    before = usage()["rss"]
    stations, readers = [], []

    async def calls(station: Any, count: int) -> None:
        for _ in range(count):
            await station.call(request, suppress=False)

    for index in range(connections):
        websocket = await connect(
            f"ws://127.0.0.1:{port}/CP-{index}",
            subprotocols=[subprotocol],
            ping_interval=None,
            compression=None,
            proxy=None,
        )
        stations.append(ocpp.ChargePoint(f"CP-{index}", websocket))
        readers.append(asyncio.create_task(stations[-1].start()))
    tell(rss=before)
    async for line in lines():
        began = usage()["cpu"]
        used = stations[: int(line)]
        each = int(line) // len(used)
        async with asyncio.TaskGroup() as group:
            for station in used:
                group.create_task(calls(station, each))
        now = usage()
        tell(calls=each * len(used), cpu=now["cpu"] - began, rss=now["rss"])
    for reader in readers:
        reader.cancel()


if __name__ == "__main__":
    if sys.argv[1] == "server":
        asyncio.run(server(sys.argv[2]))
    else:
        asyncio.run(client(sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
