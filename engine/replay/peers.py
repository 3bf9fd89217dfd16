"""Whom a recording is replayed against: a central system at a URL, a station that comes to one, or
a central system of ours, in this process and under a clock that jumps to whatever is next.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from urllib.parse import urlsplit

import trio

from ...profiles.family import Version
from ..central.central import CentralSystem
from ..central.store import Store
from ..clock import Clock
from ..config import Central
from ..failure import Failure
from ..wire.accept import Acceptance, Admission, Applicant, serve_links
from ..wire.dial import Dial, open_link
from ..wire.link import Link
from ..wire.link_errors import DialFailed
from ..wire.memory import memory_link_pair
from .play import MeetPeer
from .recording import NotReplayable

_COMES_WITHIN = 120.0  # s


class NobodyThere(Failure):
    """The other role could not be met."""


def central_at(url: str, identity: str, version: Version, password: bytes | None) -> MeetPeer:
    """Dial a central system as this station."""

    async def meet(nursery: trio.Nursery) -> Link:
        dial = Dial(
            url=url, identity=identity, subprotocols=(version.subprotocol,), password=password
        )
        try:
            return await open_link(nursery, dial)
        except DialFailed as failure:
            raise NobodyThere(f"{url}: {failure}") from failure

    return meet


@asynccontextmanager
async def embedded_central(
    identity: str, version: Version, clock: Clock
) -> AsyncIterator[MeetPeer]:
    """Have a central system of ours, with an empty database."""
    store = Store.open(None, is_inline=True)
    central = CentralSystem(Central(versions=(version.subprotocol,)), clock, store)  # type: ignore[arg-type]  # a version that the configuration knows
    try:
        async with trio.open_nursery() as far:

            async def meet(nursery: trio.Nursery) -> Link:
                near, end = await memory_link_pair(nursery, version.subprotocol, far_nursery=far)
                far.start_soon(central.accept, end, identity)
                return near

            yield meet
            far.cancel_scope.cancel()
    finally:
        store.close()


@asynccontextmanager
async def station_to(url: str, version: Version) -> AsyncIterator[MeetPeer]:
    """Listen at the address for a station that comes. Raises NobodyThere."""
    address = urlsplit(url)
    if address.scheme != "ws" or address.hostname is None or address.port is None:
        raise NotReplayable(f"{url}: expected ws://host:port to listen on")
    try:
        listeners = await trio.open_tcp_listeners(address.port, host=address.hostname)
    except OSError as error:
        raise NobodyThere(f"{url}: cannot listen there: {error.strerror}") from error
    arrived, links = trio.open_memory_channel[Link](8)

    async def admit(applicant: Applicant) -> Admission:
        return "anonymous"

    async def handle(link: Link, applicant: Applicant) -> None:
        await arrived.send(link)
        await link.gone.wait()

    async def meet(nursery: trio.Nursery) -> Link:
        with trio.move_on_after(_COMES_WITHIN):
            return await links.receive()
        raise NobodyThere(f"{url}: no station came within {_COMES_WITHIN:.0f} s")

    async with trio.open_nursery() as serving:
        acceptance = Acceptance(versions=(version,))
        await serving.start(partial(serve_links, listeners, acceptance, admit, handle))
        yield meet
        serving.cancel_scope.cancel()
