"""Two ends of a link inside one process: real WebSocket frames over a stream in memory.

For tests and simulations: it works under virtual time. The station's end is the reference, the
CSMS's the other transport, as over sockets.
"""

import trio
import trio.testing

from .direct_link import DirectLink
from .handshake import asked
from .link import LinkSettings, close_when_cancelled
from .reference_link import ReferenceLink, start_reference_link
from .stream_carrier import open_stream_link
from .websocket import client


async def memory_link_pair(
    nursery: trio.Nursery,
    subprotocol: str,
    settings: LinkSettings | None = None,
    *,
    far_nursery: trio.Nursery | None = None,
) -> tuple[ReferenceLink, DirectLink]:
    """The station's end and the CSMS's end of a link that stands.

    The CSMS's end lives in `far_nursery`, if one is given, and so outlives the station.
    """
    near, far = trio.testing.memory_stream_pair()
    return await link_over(
        nursery, near, far, subprotocol, settings or LinkSettings(), far_nursery=far_nursery
    )


async def link_over(
    nursery: trio.Nursery,
    near: trio.abc.Stream,
    far: trio.abc.Stream,
    subprotocol: str,
    settings: LinkSettings,
    *,
    far_nursery: trio.Nursery | None = None,
) -> tuple[ReferenceLink, DirectLink]:
    """The same over two streams that are joined already."""
    ends: list[DirectLink] = []

    async def accept() -> None:
        opened = await (await asked(far)).accept(subprotocol, None)
        owner = far_nursery or nursery
        link = await open_stream_link(owner, far, opened, settings, is_client=False)
        owner.start_soon(close_when_cancelled, link)
        ends.append(link)

    dialling = client(
        near,
        host="memory",
        path="/",
        subprotocols=[subprotocol],
        headers=[],
        max_message_size=settings.max_message_size,
    )
    async with trio.open_nursery() as opening:
        opening.start_soon(accept)
        station = await start_reference_link(nursery, near, dialling, dialling.opened, settings)
    return station, ends[0]
