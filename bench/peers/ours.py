"""Pilotwire, measured: a session over a WebSocket link, each message a typed struct.

python ours.py server WORKLOAD
python ours.py client WORKLOAD CONNECTIONS PORT
"""

import sys
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import msgspec
import trio
from marks import WORKLOADS, tell, usage

from pilotwire.engine.central.central import Policy
from pilotwire.engine.wire.accept import Acceptance, Admission, Applicant, serve_links
from pilotwire.engine.wire.dial import Dial, open_link
from pilotwire.engine.wire.link import Link
from pilotwire.engine.wire.pump import pumping
from pilotwire.engine.wire.session import Session
from pilotwire.profiles.family import VERSIONS
from pilotwire.profiles.messages.base import Request, Response, decode

AnyRequest = Request[Any]  # any action's: each has its own response type


async def lines() -> AsyncIterator[str]:
    rest = b""
    async for data in trio.lowlevel.FdStream(0):
        *whole, rest = (rest + data).split(b"\n")
        for line in whole:
            yield line.decode()


async def server(workload: str) -> None:
    version = VERSIONS[WORKLOADS[workload]["subprotocol"]]
    request_type = version.actions()[workload]
    response_type = request_type.response
    assert response_type is not None
    response = decode(response_type, msgspec.json.encode(WORKLOADS[workload]["response"]))
    settings = Policy().session  # what our central system gives each session
    answered = 0

    def answer(request: AnyRequest) -> Response:
        nonlocal answered
        assert type(request) is request_type
        answered += 1
        return response

    async def admit(applicant: Applicant) -> Admission:
        return "anonymous"

    async def handle(link: Link, applicant: Applicant) -> None:
        await Session(link, version, "csms", answer, settings=settings).run()

    listeners = await trio.open_tcp_listeners(0, host="127.0.0.1", backlog=1024)
    acceptance = Acceptance(versions=(version,), max_connections_per_address=10_000)
    async with trio.open_nursery() as nursery:
        await nursery.start(partial(serve_links, listeners, acceptance, admit, handle))
        tell(port=listeners[0].socket.getsockname()[1])
        async for _ in lines():
            tell(answered=answered, **usage())
        nursery.cancel_scope.cancel()


async def client(workload: str, connections: int, port: int) -> None:
    version = VERSIONS[WORKLOADS[workload]["subprotocol"]]
    request = decode(
        version.actions()[workload], msgspec.json.encode(WORKLOADS[workload]["request"])
    )

    def answer(request: AnyRequest) -> Response:
        raise AssertionError("the server asks nothing")

    async def calls(session: Session, count: int) -> None:
        for _ in range(count):
            await session.call(request)

    before = usage()["rss"]
    async with pumping() as pump, trio.open_nursery() as nursery:
        sessions = []
        for index in range(connections):
            dial = Dial(
                url=f"ws://127.0.0.1:{port}",
                identity=f"CP-{index}",
                subprotocols=(version.subprotocol,),
            )
            session = Session(await open_link(nursery, dial, pump), version, "station", answer)
            nursery.start_soon(session.run)
            sessions.append(session)
        tell(rss=before)
        async for line in lines():
            began = usage()["cpu"]
            used = sessions[: int(line)]
            each = int(line) // len(used)
            async with trio.open_nursery() as callers:
                for session in used:
                    callers.start_soon(calls, session, each)
            now = usage()
            tell(calls=each * len(used), cpu=now["cpu"] - began, rss=now["rss"])
        nursery.cancel_scope.cancel()


if __name__ == "__main__":
    if sys.argv[1] == "server":
        trio.run(server, sys.argv[2])
    else:
        trio.run(client, sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
