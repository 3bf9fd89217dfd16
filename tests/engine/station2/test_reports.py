"""Functional block B as dialogues: reports of the device model, whole (B07) and in part (B08)."""

from typing import Any

import pytest
import trio
from trio.testing import MockClock

from pilotwire.engine.wire.session import CallRefused
from pilotwire.profiles.device_model import DeviceModel, Key
from pilotwire.profiles.messages.base import encode
from pilotwire.profiles.parts import PART_SIZE
from pilotwire.profiles.standard import STANDARD

from .conftest import Start
from .device_model import base_report, component, get, name_of, put, report
from .test_variables import FAN, OWN
from .world import World

SAMPLED = Key("SampledDataCtrlr", "TxUpdatedMeasurands")


async def test_b07_fr_08_the_full_inventory_holds_everything(
    world: World, autojump_clock: MockClock
) -> None:
    items = await base_report(world, "FullInventory")
    names = {name_of(item) for item in items}
    assert {str(key) for key in DeviceModel(STANDARD)} <= names
    assert {"Connector(1,1).AvailabilityState", "EVSE(2).Available"} <= names
    assert len(names) == len(items)
    (start_point,) = [item for item in items if name_of(item) == "TxCtrlr.TxStartPoint"]
    (attribute,) = start_point.variable_attribute
    assert (attribute.type, attribute.value) == ("Actual", "PowerPathClosed")
    assert attribute.mutability == "ReadWrite"
    assert attribute.persistent
    assert start_point.variable_characteristics.data_type == "MemberList"
    assert "EVConnected" in start_point.variable_characteristics.values_list


async def test_b07_fr_11_every_attribute_is_reported_though_it_has_no_value(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(own_variables=OWN)
    items = await base_report(world, "FullInventory")
    (fan,) = [item for item in items if name_of(item) == str(FAN.key)]
    told = [(a.type, a.value, a.mutability) for a in fan.variable_attribute]
    assert told == [
        ("Actual", "2000", "ReadOnly"),
        ("Target", "", "ReadWrite"),
        ("MinSet", "1000", "ReadWrite"),
        ("MaxSet", "5000", "ReadWrite"),
    ]
    characteristics = fan.variable_characteristics
    assert (characteristics.unit, characteristics.max_limit) == ("RPM", 6000)
    assert characteristics.supports_monitoring


async def test_b07_fr_03_the_value_of_a_write_only_variable_is_left_out(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(own_variables=OWN)
    await put(world, "CustomizationCtrlr.Secret", "s3cret")
    items = await base_report(world, "ConfigurationInventory")
    (told,) = [item for item in items if item.variable.name == "Secret"]
    assert told.variable_attribute[0].mutability == "WriteOnly"
    assert not told.variable_attribute[0].value
    assert "s3cret" not in repr(items)


async def test_how_long_a_list_may_be_is_told(world: World, autojump_clock: MockClock) -> None:
    items = await base_report(world, "FullInventory")
    (sampled,) = [i for i in items if name_of(i) == "SampledDataCtrlr.TxUpdatedMeasurands"]
    characteristics = sampled.variable_characteristics
    assert characteristics.max_limit == world.model.definition(SAMPLED).limits[1]
    if world.number == "2.1":
        assert characteristics.max_elements == world.model.definition(SAMPLED).maximum


async def test_a_list_without_given_words_is_told_as_text(
    world: World, autojump_clock: MockClock
) -> None:
    items = await base_report(world, "FullInventory")
    (rotation,) = [i for i in items if i.variable.name == "ConnectorPhaseRotation"]
    assert rotation.variable_characteristics.data_type == "string"
    assert not rotation.variable_characteristics.values_list


async def test_a_long_report_comes_in_parts_of_bounded_size(
    world: World, autojump_clock: MockClock
) -> None:
    await base_report(world, "FullInventory")
    parts = world.csms.of("NotifyReport")
    assert len(parts) > 1
    assert max(len(encode(part)) for part in parts) < PART_SIZE + 200


async def test_b07_fr_07_the_configuration_inventory_holds_what_can_be_set(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(own_variables=OWN)
    items = await base_report(world, "ConfigurationInventory")
    settable = ("ReadWrite", "WriteOnly")
    assert all(any(a.mutability in settable for a in i.variable_attribute) for i in items)
    names = {name_of(item) for item in items}
    assert {"TxCtrlr.TxStartPoint", str(FAN.key)} <= names


async def test_b07_fr_09_the_summary_inventory_holds_how_things_stand(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(connectors=(2, 1))
    await world.charge()
    summary = await base_report(world, "SummaryInventory")
    told = {name_of(i): i.variable_attribute[0].value for i in summary}
    assert told == {
        "ChargingStation.AvailabilityState": "Available",
        "EVSE(1).AvailabilityState": "Occupied",
        "EVSE(2).AvailabilityState": "Available",
        "Connector(1,2).AvailabilityState": "Available",  # another than its EVSE's
    }
    world.drivers[1].fault("ConnectorLockFailure")
    await trio.sleep(1)
    summary = await base_report(world, "SummaryInventory")
    told = {name_of(i): i.variable_attribute[0].value for i in summary}
    assert told["EVSE(2).AvailabilityState"] == "Faulted"
    problems = {name for name, value in told.items() if value == "true"}
    assert problems == {
        "EVSE(2).Problem",
        "Connector(2,1).Problem",
        "ConnectorPlugRetentionLock(2,1).Problem",
    }


@pytest.mark.parametrize("base", ["base", "part"])
async def test_b07_fr_13_b08_fr_16_a_report_too_many_is_rejected(
    world: World, autojump_clock: MockClock, base: str
) -> None:
    v2 = world.v2
    world.csms.on("NotifyReport", lambda request: forever(request))

    async def forever(request: Any) -> Any:
        await trio.sleep(20)
        return request.response()

    def ask(request_id: int) -> Any:
        if base == "base":
            return v2.GetBaseReportRequest(request_id=request_id, report_base="FullInventory")
        return v2.GetReportRequest(request_id=request_id, component_criteria=("Available",))

    statuses = [(await world.csms.call(ask(number))).status for number in range(9)]
    assert statuses == [*["Accepted"] * 8, "Rejected"]
    await world.csms.drop()
    world.csms.come_back()
    world.csms.rules.clear()
    await trio.sleep(60)
    assert (await world.csms.call(ask(10))).status == "Accepted"


# ---- in part


async def names(world: World, *wanted: Any, **criteria: Any) -> set[str]:
    more = {"component_variable": wanted} if wanted else {}
    request = world.v2.GetReportRequest(request_id=1, **more, **criteria)
    return {name_of(item) for item in await report(world, request)}


def meant(world: World, place: Any, variable: str = "", instance: str = "") -> Any:
    v2 = world.v2
    if not variable:
        return v2.ComponentVariableType(component=place)
    more = {"instance": instance} if instance else {}
    return v2.ComponentVariableType(
        component=place, variable=v2.VariableType(name=variable, **more)
    )


async def test_b08_fr_05_a_report_is_limited_to_what_was_asked_for(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(connectors=(2, 1), own_variables=OWN)
    items = component(world, "DeviceDataCtrlr")
    # B08.FR.11, B08.FR.20-21
    assert {n.split(".")[1][:5] for n in await names(world, meant(world, items))} == {
        "Items",
        "Bytes",
        "Confi",
        "Repor",
    }
    assert await names(world, meant(world, items, "ItemsPerMessage")) == {
        "DeviceDataCtrlr.ItemsPerMessage[GetReport]",
        "DeviceDataCtrlr.ItemsPerMessage[GetVariables]",
        "DeviceDataCtrlr.ItemsPerMessage[SetVariables]",
    }
    assert await names(world, meant(world, items, "ItemsPerMessage", "getreport")) == {
        "DeviceDataCtrlr.ItemsPerMessage[GetReport]"
    }
    # B08.FR.22-23
    assert await names(world, meant(world, component(world, "Connector"), "Problem")) == {
        "Connector(1,1).Problem",
        "Connector(1,2).Problem",
        "Connector(2,1).Problem",
    }
    assert await names(world, meant(world, component(world, "Connector", 1), "Problem")) == {
        "Connector(1,1).Problem",
        "Connector(1,2).Problem",
    }
    assert await names(world, meant(world, component(world, "Connector", 1, 2), "Problem")) == {
        "Connector(1,2).Problem"
    }
    # B08.FR.24-25
    left = component(world, "CoolingFan", instance="left")
    assert await names(world, meant(world, left)) == {"CoolingFan[left].Speed"}
    assert await names(world, meant(world, component(world, "coolingfan"))) == {
        "CoolingFan[left].Speed"
    }


async def test_b08_fr_13_components_are_chosen_by_criteria(
    world: World, autojump_clock: MockClock
) -> None:
    world.drivers[1].fault("GroundFailure")
    await trio.sleep(1)
    problems = await names(world, component_criteria=("Problem",))
    assert {n.split(".")[0] for n in problems} == {"EVSE(2)", "Connector(2,1)"}  # B08.FR.10
    await put(world, "AuthCacheCtrlr.Enabled", "false")
    enabled = await names(world, component_criteria=("Enabled",))
    assert "TxCtrlr.TxStartPoint" in enabled  # B08.FR.09: it has no such variable
    assert not any(name.startswith("AuthCacheCtrlr.") for name in enabled)
    available = await names(world, component_criteria=("Available",))  # B08.FR.08
    assert "EVSE(1).Power" in available
    assert not any(name.startswith("ConnectedEV(1)") for name in available)  # no car is there
    both = await names(world, component_criteria=("Problem", "Enabled"))
    assert both == problems | enabled
    place = meant(world, component(world, "Connector", 1), "Problem")
    assert await names(world, place, component_criteria=("Active", "Available")) == {  # B08.FR.07
        "Connector(1,1).Problem"
    }


async def test_b08_fr_15_nothing_found_is_an_empty_result_set(
    world: World, autojump_clock: MockClock
) -> None:
    v2 = world.v2
    nothing = meant(world, component(world, "NoSuchCtrlr"))
    answer = await world.csms.call(v2.GetReportRequest(request_id=1, component_variable=(nothing,)))
    await trio.sleep(1)
    assert answer.status == "EmptyResultSet"
    assert not world.csms.of("NotifyReport")


async def test_b08_fr_17_more_items_than_allowed_are_refused(
    world: World, autojump_clock: MockClock
) -> None:
    item = meant(world, component(world, "TxCtrlr"))
    # B08.FR.06
    assert await get(world, "DeviceDataCtrlr.ItemsPerMessage[GetReport]") == [("Accepted", "50")]
    assert await names(world, *[item] * 50)
    with pytest.raises(CallRefused) as refusal:
        await names(world, *[item] * 51)
    assert refusal.value.code == "OccurrenceConstraintViolation"


async def test_b08_fr_18_a_request_of_more_bytes_than_allowed_is_refused(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables={"DeviceDataCtrlr.BytesPerMessage[GetReport]": 200})
    item = meant(world, component(world, "TxCtrlr"))
    assert await names(world, item)
    with pytest.raises(CallRefused) as refusal:
        await names(world, *[item] * 8)
    assert refusal.value.code == "FormatViolation"
