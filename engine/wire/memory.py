"""Two ends of a link inside one process: real WebSocket frames over a stream in memory.

For tests and simulations: it works under virtual time.
"""

from functools import partial

import trio
import trio.testing

from .link import LinkSettings, WebSocketLink, start_link
from .websocket import Connection, client, server


async def memory_link_pair(
    nursery: trio.Nursery,
    subprotocol: str,
    settings: LinkSettings | None = None,
    *,
    far_nursery: trio.Nursery | None = None,
) -> tuple[WebSocketLink, WebSocketLink]:
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
) -> tuple[WebSocketLink, WebSocketLink]:
    """The same over two streams that are joined already."""
    size = settings.max_message_size
    dialling = client(
        near,
        host="memory",
        path="/",
        subprotocols=[subprotocol],
        headers=[],
        max_message_size=size,
    )
    accepting = server(far, max_message_size=size)
    ends: dict[str, WebSocketLink] = {}

    async def dial() -> None:
        ends["station"] = await start_link(nursery, near, dialling, dialling.opened, settings)

    async def accept() -> None:
        shake = partial(_accept, accepting, subprotocol)
        ends["csms"] = await start_link(far_nursery or nursery, far, accepting, shake, settings)

    async with trio.open_nursery() as opening:
        opening.start_soon(dial)
        opening.start_soon(accept)
    return ends["station"], ends["csms"]


async def _accept(connection: Connection, subprotocol: str) -> str:
    request = await connection.requested()
    await request.accept(subprotocol=subprotocol)
    return subprotocol
