"""A handler may leave a CALL unanswered (1.6 4.2: a rejected station does not respond)."""

import pytest
import trio
from trio.testing import MockClock

from pilotwire.engine.wire.memory import memory_link_pair
from pilotwire.engine.wire.session import CallTimeout, Session
from pilotwire.profiles.errors import Silence
from pilotwire.profiles.family import OCPP_16
from pilotwire.profiles.messages import v16


async def test_silence_sends_nothing_and_holds_nothing_up(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    is_silent = True

    def answer(request: object) -> v16.ClearCacheResponse:
        if is_silent:
            raise Silence
        return v16.ClearCacheResponse(status="Accepted")

    near, far = await memory_link_pair(nursery, "ocpp1.6")
    station = Session(near, OCPP_16, "station", answer)
    csms = Session(far, OCPP_16, "csms", answer)
    nursery.start_soon(station.run)
    nursery.start_soon(csms.run)
    with pytest.raises(CallTimeout):
        await csms.call(v16.ClearCacheRequest(), timeout=5)
    is_silent = False
    assert (await csms.call(v16.ClearCacheRequest(), timeout=5)).status == "Accepted"
