"""Peers as programs of their own, over loopback sockets; every frame is checked at the end."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import trio

from pilotwire.engine.central.central import CentralSystem
from pilotwire.engine.clock import Clock
from pilotwire.engine.config import AcceptedToken, Central

from .ours import OurStation
from .program import OCPP, OCPP_RPC, Kind, Program, need
from .schemas import violations

StartPeer = Callable[[str, str], Awaitable[Program]]


@pytest.fixture(params=[OCPP, OCPP_RPC], ids=["ocpp", "ocpp-rpc"])
def kind(request: pytest.FixtureRequest) -> Kind:
    found: Kind = request.param
    need(found)
    return found


@pytest.fixture
def subprotocol() -> str:
    """The version that is spoken; modules for another one say so."""
    return "ocpp1.6"


@pytest.fixture
async def start_peer(kind: Kind, subprotocol: str) -> AsyncIterator[StartPeer]:
    """Starts the peer in a role; when the test is over, all have ended and their frames obey."""
    programs: list[Program] = []
    async with trio.open_nursery() as nursery:

        async def start(role: str, argument: str) -> Program:
            programs.append(await Program.start(nursery, kind, role, argument, subprotocol))
            return programs[-1]

        yield start
        with trio.CancelScope(shield=True):
            for program in programs:
                await program.end()
    found = [each for p in programs for each in violations(p.frames(), subprotocol, but=p.raw)]
    assert found == []


@pytest.fixture
async def csms(start_peer: StartPeer) -> Program:
    """The peer as a central system that listens."""
    program = await start_peer("csms", "0")
    await program.tells("listening")
    return program


@pytest.fixture
async def our_station(csms: Program, nursery: trio.Nursery, tmp_path: Path) -> OurStation:
    """Our station, which has told the peer that it is there."""
    station = OurStation((await csms.tells("listening"))["port"], tmp_path)
    nursery.start_soon(station.run)
    for connector in (0, 1, 2):
        await csms.hears("StatusNotification", connectorId=connector, status="Available")
    return station


@pytest.fixture
async def our_central(tmp_path: Path) -> AsyncIterator[CentralSystem]:
    settings = Central(
        port=0,
        database=tmp_path / "central.sqlite",
        accept_unknown_tokens=False,
        tokens=(AcceptedToken(value="DEADBEEF", parent="FAMILY"),),
    )
    async with CentralSystem.open(settings, Clock()) as central:
        yield central


@pytest.fixture
async def peer_station(
    start_peer: StartPeer, our_central: CentralSystem, subprotocol: str
) -> Program:
    """The peer as a charge point that is connected to our central system."""
    program = await start_peer("station", f"ws://127.0.0.1:{our_central.port}/CP-1")
    await program.tells("opened", subprotocol=subprotocol)
    return program
