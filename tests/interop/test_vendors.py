"""DataTransfer to a station in every version: one registry of vendors' handlers."""

from typing import Any

import pytest
import trio
from trio.testing import MockClock

from pilotwire.profiles.messages import of

from ..engine.station2.world import Number, World


async def in_its_time(message_id: str | None, data: Any) -> tuple[Any, Any]:
    await trio.sleep(3)
    return "Accepted", {"of": message_id, "was": data}


def at_once(message_id: str | None, data: Any) -> tuple[Any, Any]:
    return ("UnknownMessageId", None) if message_id != "Read" else ("Accepted", data)


@pytest.mark.parametrize("number", ["2.0.1", "2.1"])
async def test_pitfall_27_data_is_any_json_in_2_x_and_a_handler_may_take_its_time(
    autojump_clock: MockClock, nursery: trio.Nursery, number: Number
) -> None:
    world = World(number)
    world.station.context.vendor_handlers = {"slow": in_its_time, "quick": at_once}
    await nursery.start(world.live)
    await trio.sleep(1)

    async def ask(vendor: str, message: str, data: Any) -> Any:
        request = of(number).DataTransferRequest(vendor_id=vendor, message_id=message, data=data)
        assert world.csms.session is not None
        return await world.csms.session.call(request)

    slow = await ask("slow", "Read", [1, None])
    assert (slow.status, slow.data) == ("Accepted", {"of": "Read", "was": [1, None]})
    quick = await ask("quick", "Read", {"deep": [True]})
    assert (quick.status, quick.data) == ("Accepted", {"deep": [True]})
    assert (await ask("quick", "Other", 1)).status == "UnknownMessageId"
    assert (await ask("nobody", "Read", 1)).status == "UnknownVendorId"
