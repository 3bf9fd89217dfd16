"""A station of ours that a recording is replayed against, in this process and under a clock that
jumps to whatever is next. It has the EVSEs and connectors that the recording speaks of.
"""

import random
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import trio

from ...drivers.simulator import SimulatedEvse
from ...machines.settings import Settings
from ...profiles.face import Identity
from ...profiles.family import Version
from ...profiles.network import NetworkProfile
from ...profiles.trace import Said
from ...profiles.trace.said import objects, within
from ..clock import Clock
from ..config.network import Network
from ..config.network import NetworkProfile as ConfiguredProfile
from ..config.settings import Evse, Station
from ..hardware import simulated_hardware
from ..journal.journal import Journal
from ..station.station import ChargingStation
from ..station_model import device_model
from ..wire.link import Link
from ..wire.memory import memory_link_pair
from .play import MeetPeer
from .recording import Recording

_MOST_EVSES = 16
_MOST_CONNECTORS = 16  # of one


def evses(recording: Recording) -> list[Evse]:
    """Give the EVSEs (1.6: connectors) that are spoken of, each with its connectors."""
    connectors = {1: 1}
    for step in recording.steps:
        if isinstance(step.item, Said):
            for evse, connector in _places(step.item.payload):
                connectors[evse] = max(connectors.get(evse, 1), connector)
    count = min(max(connectors), _MOST_EVSES)
    return [
        Evse(connectors=min(connectors.get(number, 1), _MOST_CONNECTORS))
        for number in range(1, count + 1)
    ]


def _places(payload: object) -> Iterable[tuple[int, int]]:
    """Give the EVSEs and connectors that a payload names."""
    evse, connector = within(payload, "evseId"), within(payload, "connectorId")
    if evse is None:
        evse, connector = connector, 1  # 1.6
    named = [
        (evse, connector),
        (within(payload, "evse", "id"), within(payload, "evse", "connectorId")),
    ]
    for event in objects(payload, "eventData"):
        place = within(event, "component", "evse")
        named.append((within(place, "id"), within(place, "connectorId")))
    return [(e, c if isinstance(c, int) else 1) for e, c in named if isinstance(e, int)]


def drivers(fitted: Sequence[Evse]) -> list[SimulatedEvse]:
    return [SimulatedEvse(simulated_hardware(evse)) for evse in fitted]


@asynccontextmanager
async def embedded_station(
    version: Version, fitted: Sequence[Evse], drivers: Sequence[SimulatedEvse], clock: Clock
) -> AsyncIterator[MeetPeer]:
    """Have the station come, again whenever it has lost its link or was reset."""
    arrived, links = trio.open_memory_channel[Link](8)
    settings = Station(
        identity="replay",
        versions=(version.subprotocol,),  # type: ignore[arg-type]  # a version that the configuration knows
        vendor="Pilotwire",
        model="Replay",
        evses=tuple(fitted),
        network=Network(profiles=(ConfiguredProfile(url="ws://memory"),)),
        directory=Path(),
    )
    model = device_model(settings)
    journal = Journal.open(None, inline=True)
    async with trio.open_nursery() as far:

        async def dialled(profile: NetworkProfile, nursery: trio.Nursery) -> Link:
            near, end = await memory_link_pair(nursery, version.subprotocol, far_nursery=far)
            await arrived.send(end)
            return near

        async def live() -> None:
            reason = "PowerUp"
            while True:
                station = ChargingStation(
                    identity=Identity(vendor=settings.vendor, model=settings.model),
                    open_link=dialled,
                    connectors=[evse.connectors for evse in fitted],
                    drivers=drivers,
                    model=model,
                    settings=Settings(),
                    journal=journal,
                    clock=clock,
                    chance=random.Random(1),
                    boot_reason=reason,
                )
                reason = (await station.run()).boot_reason

        async def meet(nursery: trio.Nursery) -> Link:
            return await links.receive()

        far.start_soon(live)
        yield meet
        far.cancel_scope.cancel()
