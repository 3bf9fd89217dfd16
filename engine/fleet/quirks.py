"""What stations of a group do that good ones do not, put upon the same station as the others."""

from collections.abc import Awaitable
from inspect import isawaitable

import trio

from ...machines.events import RegistrationDue
from ...profiles.face import AnyRequest
from ..station.answering import Answering
from ..station.station import ChargingStation
from ..wire.session import Reply
from .settings import Quirks


class SlowAnswering(Answering):
    """Takes its time for every answer."""

    def __init__(self, station: ChargingStation, seconds: float) -> None:
        super().__init__(station, station.network)
        self._seconds = seconds

    def answer(self, request: AnyRequest) -> Awaitable[Reply]:
        return self._later(super().answer(request))

    async def _later(self, reply: Reply | Awaitable[Reply]) -> Reply:
        await trio.sleep(self._seconds)
        if isawaitable(reply):
            return await reply
        return reply


def spoil(station: ChargingStation, quirks: Quirks) -> None:
    """Give a station that has not begun yet its quirks."""
    if quirks.answer_delay_seconds:
        station.network.answering = SlowAnswering(station, quirks.answer_delay_seconds)


def misbehave(station: ChargingStation, quirks: Quirks) -> None:
    """Do what the quirks make of a new link."""
    if quirks.boot_on_every_link and station.tree.is_accepted:
        station.deliver(0, RegistrationDue())
    if quirks.reconnect_every_seconds:
        station.timers.start("reconnect", quirks.reconnect_every_seconds, station.network.close)
