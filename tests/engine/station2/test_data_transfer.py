"""Functional block P as dialogues: vendors' own messages, both ways, and custom data."""

import json
from typing import Any

import trio
from trio.testing import MockClock

from .conftest import Start
from .world import World

VENDOR = "com.example"


def answer(message_id: str | None, data: Any) -> Any:
    return ("Accepted", {"echo": data}) if message_id == "Echo" else ("UnknownMessageId", None)


async def ask(world: World, vendor: str, message: str | None = None, data: Any = None) -> Any:
    fields = {"message_id": message, "data": data}
    given = {name: value for name, value in fields.items() if value is not None}
    return await world.csms.call(world.v2.DataTransferRequest(vendor_id=vendor, **given))


async def test_TC_P_01_CS_a_vendor_that_nobody_knows(
    world: World, autojump_clock: MockClock
) -> None:
    told = await ask(world, "org.openchargealliance.octt", "Anything")
    assert told.status == "UnknownVendorId"  # P01.FR.05


async def test_p01_fr_06_a_message_that_the_vendor_does_not_have(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(vendor_handlers={VENDOR: answer})
    assert (await ask(world, VENDOR, "Other")).status == "UnknownMessageId"
    assert (await ask(world, VENDOR)).status == "UnknownMessageId"
    told = await ask(world, VENDOR, "Echo", [1, {"deep": None}])
    assert (told.status, told.data) == ("Accepted", {"echo": [1, {"deep": None}]})


async def test_the_csms_switches_a_vendor_s_messages_off_and_on(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(vendor_handlers={VENDOR: answer}, reboots=True)
    v2 = world.v2

    async def enable(value: str) -> str:
        item = v2.SetVariableDataType(
            component=v2.ComponentType(name="CustomizationCtrlr"),
            variable=v2.VariableType(name="CustomImplementationEnabled", instance=VENDOR),
            attribute_value=value,
        )
        told = await world.csms.call(v2.SetVariablesRequest(set_variable_data=(item,)))
        return str(told.set_variable_result[0].attribute_status)

    assert await enable("false") == "Accepted"
    assert (await ask(world, VENDOR, "Echo")).status == "UnknownVendorId"
    await world.cut_power()
    assert (await ask(world, VENDOR, "Echo")).status == "UnknownVendorId"
    assert await enable("true") == "Accepted"
    assert (await ask(world, VENDOR, "Echo")).status == "Accepted"


async def test_p02_the_station_asks_and_the_csms_answers(
    world: World, autojump_clock: MockClock
) -> None:
    def known(request: Any) -> Any:
        if request.vendor_id != VENDOR:
            return request.response(status="UnknownVendorId")  # P02.FR.06
        if request.message_id != "Echo":
            return request.response(status="UnknownMessageId")  # P02.FR.07
        return request.response(status="Accepted", data=request.data)

    world.csms.on("DataTransfer", known)
    transfer = world.station.transfer_data
    assert await transfer("org.example") == ("UnknownVendorId", None)
    assert await transfer(VENDOR, "Other") == ("UnknownMessageId", None)
    assert await transfer(VENDOR, "Echo", {"a": [1]}) == ("Accepted", {"a": [1]})


async def test_TC_P_03_CS_custom_data_changes_nothing(
    world: World, autojump_clock: MockClock
) -> None:
    custom = {"vendorId": VENDOR, "anything": [1, {"goes": True}]}
    component = {"name": "OCPPCommCtrlr", "customData": custom}
    variable = {"name": "OfflineThreshold", "customData": custom}
    place = {"component": component, "variable": variable, "attributeType": "Actual"}
    assert world.csms.link is not None

    async def say(action: str, name: str, item: dict[str, Any]) -> Any:
        frame = [2, f"custom-{action}", action, {name: [item], "customData": custom}]
        heard = len(world.messages)
        await world.csms.link.send(json.dumps(frame))  # type: ignore[union-attr]
        await trio.sleep(1)
        sent = [frame for way, frame in world.messages[heard:] if way == "sent"]
        return next(frame[2] for frame in sent if frame[:2] == [3, f"custom-{action}"])

    item = {**place, "attributeValue": "200", "customData": custom}
    told = await say("SetVariables", "setVariableData", item)
    assert told["setVariableResult"][0]["attributeStatus"] == "Accepted"
    told = await say("GetVariables", "getVariableData", {**place, "customData": custom})
    (result,) = told["getVariableResult"]
    assert (result["attributeStatus"], result["attributeValue"]) == ("Accepted", "200")


async def test_custom_data_in_an_answer_changes_nothing(
    start: Start, autojump_clock: MockClock
) -> None:
    def before(world: World) -> None:
        def accept(request: Any) -> Any:
            return request.response(
                id_token_info=world.csms.info(request, custom_data={"vendorId": VENDOR, "x": 1})
            )

        world.csms.on("Authorize", accept)

    world = await start(before=before)
    await world.charge()
    assert world.drivers[0].is_taking_power
