"""The floor: the same bytes over bare Trio sockets, as cooked as they were sent before.

No WebSocket, no JSON: what is left is what Trio and the kernel take.

    python trio_echo.py server WORKLOAD
    python trio_echo.py client WORKLOAD CONNECTIONS PORT
    python trio_echo.py central SUBPROTOCOL
"""

import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import chain, cycle

import trio
from dialogues import script
from fast import ID_LENGTH, KEY, MASKED, head, masked
from marks import WORKLOADS, tell, usage

RECEIVE = 1 << 16


async def lines() -> AsyncIterator[str]:
    rest = b""
    async for data in trio.lowlevel.FdStream(0):
        *whole, rest = (rest + data).split(b"\n")
        for line in whole:
            yield line.decode()


def request_frame(workload: str) -> bytes:
    payload = json.dumps(WORKLOADS[workload]["request"], separators=(",", ":")).encode()
    text = b'[2,"%b","%b",%b]' % (b"0" * ID_LENGTH, workload.encode(), payload)
    return head(len(text), MASKED) + KEY + masked(text, KEY)


def response_frame(workload: str) -> bytes:
    payload = json.dumps(WORKLOADS[workload]["response"], separators=(",", ":")).encode()
    text = b'[3,"%b",%b]' % (b"0" * ID_LENGTH, payload)
    return head(len(text), 0) + text


async def central(subprotocol: str) -> None:
    """Answer stations as `dialogues` has it; a call is told by its length."""
    opening, rounds = (
        [
            (len(head(size, MASKED)) + len(KEY) + size, head(len(text), 0) + text)
            for size, text in part
        ]
        for part in script(subprotocol)
    )
    answered = 0

    async def serve(stream: trio.SocketStream) -> None:
        nonlocal answered
        await handshake_of_client(stream, subprotocol)
        received = 0
        to_come = chain(opening, cycle(rounds))
        expected, answer = next(to_come)
        async for data in stream:
            received += len(data)
            while received >= expected:
                received -= expected
                answered += 1
                await stream.send_all(answer)
                expected, answer = next(to_come)

    await listen(serve, lambda: answered)


async def listen(
    serve: Callable[[trio.SocketStream], Awaitable[None]], answered: Callable[[], int]
) -> None:
    """Tell the port, and for each line that comes what has been spent."""
    listeners = await trio.open_tcp_listeners(0, host="127.0.0.1", backlog=1024)
    async with trio.open_nursery() as nursery:
        await nursery.start(trio.serve_listeners, serve, listeners)
        tell(port=listeners[0].socket.getsockname()[1])
        async for _ in lines():
            tell(answered=answered(), **usage())
        nursery.cancel_scope.cancel()


async def server(workload: str) -> None:
    request, response = len(request_frame(workload)), response_frame(workload)
    answered = 0

    async def serve(stream: trio.SocketStream) -> None:
        nonlocal answered
        await handshake_of_client(stream, WORKLOADS[workload]["subprotocol"])
        received = 0
        async for data in stream:
            received += len(data)
            while received >= request:
                received -= request
                answered += 1
                await stream.send_all(response)

    await listen(serve, lambda: answered)


async def handshake_of_client(stream: trio.SocketStream, subprotocol: str) -> None:
    text = b""
    while b"\r\n\r\n" not in text:
        text += await stream.receive_some(RECEIVE)
    await stream.send_all(
        b"HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Protocol: %b\r\n\r\n"
        % subprotocol.encode()
    )


async def client(workload: str, connections: int, port: int) -> None:
    request, response = request_frame(workload), len(response_frame(workload))
    before = usage()["rss"]
    streams = []
    for index in range(connections):
        stream = await trio.open_tcp_stream("127.0.0.1", port)
        await stream.send_all(b"GET /CP-%d HTTP/1.1\r\nSec-WebSocket-Key: x\r\n\r\n" % index)
        text = b""
        while b"\r\n\r\n" not in text:
            text += await stream.receive_some(RECEIVE)
        streams.append(stream)

    async def calls(stream: trio.SocketStream, count: int) -> None:
        for _ in range(count):
            await stream.send_all(request)
            received = 0
            while received < response:
                received += len(await stream.receive_some(RECEIVE))

    tell(rss=before)
    async for line in lines():
        began = usage()["cpu"]
        used = streams[: int(line)]
        each = int(line) // len(used)
        async with trio.open_nursery() as callers:
            for stream in used:
                callers.start_soon(calls, stream, each)
        now = usage()
        tell(calls=each * len(used), cpu=now["cpu"] - began, rss=now["rss"])


if __name__ == "__main__":
    if sys.argv[1] == "server":
        trio.run(server, sys.argv[2])
    elif sys.argv[1] == "central":
        trio.run(central, sys.argv[2])
    else:
        trio.run(client, sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
