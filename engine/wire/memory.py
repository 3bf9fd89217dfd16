"""Two ends of a link inside one process: real WebSocket frames over a stream in memory.

For tests and simulations: it works under virtual time.
"""

from functools import partial
from typing import cast

import trio
import trio.testing
from trio_websocket import wrap_client_stream, wrap_server_stream

from .link import QUEUED_MESSAGES, LinkSettings, Reader, WebSocketLink, start_link


async def memory_link_pair(
    nursery: trio.Nursery, subprotocol: str, settings: LinkSettings | None = None
) -> tuple[WebSocketLink, WebSocketLink]:
    """The station's end and the CSMS's end of a link that stands."""
    near, far = trio.testing.memory_stream_pair()
    return await link_over(nursery, near, far, subprotocol, settings or LinkSettings())


async def link_over(
    nursery: trio.Nursery,
    near: trio.abc.Stream,
    far: trio.abc.Stream,
    subprotocol: str,
    settings: LinkSettings,
) -> tuple[WebSocketLink, WebSocketLink]:
    """The same over two streams that are joined already."""
    ends: dict[str, WebSocketLink] = {}

    async def open_end(name: str, stream: trio.abc.Stream) -> None:
        shake = _dial if name == "station" else _accept
        ends[name] = await start_link(
            nursery, stream, partial(shake, stream, subprotocol, settings), settings
        )

    async with trio.open_nursery() as opening:
        opening.start_soon(open_end, "station", near)
        opening.start_soon(open_end, "csms", far)
    return ends["station"], ends["csms"]


async def _dial(
    stream: trio.abc.Stream, subprotocol: str, settings: LinkSettings, reader: Reader
) -> WebSocketLink:
    websocket = await wrap_client_stream(
        cast("trio.Nursery", reader),  # only its start_soon is used
        cast("trio.SocketStream", stream),
        "memory",
        "/",
        subprotocols=[subprotocol],
        message_queue_size=QUEUED_MESSAGES,
        max_message_size=settings.max_message_size,
    )
    return WebSocketLink(websocket, stream, settings)


async def _accept(
    stream: trio.abc.Stream, subprotocol: str, settings: LinkSettings, reader: Reader
) -> WebSocketLink:
    request = await wrap_server_stream(
        cast("trio.Nursery", reader),
        stream,
        message_queue_size=QUEUED_MESSAGES,
        max_message_size=settings.max_message_size,
    )
    return WebSocketLink(await request.accept(subprotocol=subprotocol), stream, settings)
