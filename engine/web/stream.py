"""GET /api/events: server-sent events, with a heartbeat in silence."""

import trio
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Send

from .feed import News, event_text
from .watch import Watch

HEARTBEAT_SECONDS = 15.0
_HEARTBEAT = b": heartbeat\n\n"


class EventStream(ASGIResponse):
    """Sends the news to one reader, until it goes, falls behind, or the API ends."""

    _should_set_content_length = False

    def __init__(self, watch: Watch) -> None:
        super().__init__(
            media_type="text/event-stream",
            headers={"cache-control": "no-cache", "x-accel-buffering": "no"},
        )
        self._watch = watch

    async def send_body(self, send: Send, receive: Receive) -> None:
        with self._watch.feed.subscribed() as news:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(_cancel_when_gone, receive, nursery.cancel_scope)
                await _send(send, event_text("station", self._watch.greeting()))
                await _relay(news, send)
                nursery.cancel_scope.cancel()


async def _relay(news: News, send: Send) -> None:
    while True:
        text = _HEARTBEAT
        with trio.move_on_after(HEARTBEAT_SECONDS):
            try:
                text = await news.receive()
            except trio.EndOfChannel:
                await _send(send, b"", has_more=False)
                return
        await _send(send, text)


async def _send(send: Send, body: bytes, *, has_more: bool = True) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": has_more})


async def _cancel_when_gone(receive: Receive, scope: trio.CancelScope) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    scope.cancel()
