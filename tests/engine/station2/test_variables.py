"""Functional block B as dialogues: variables and reports."""

from typing import Any

import pytest
import trio
from trio.testing import MockClock

from pilotwire.engine.wire.session import CallRefused
from pilotwire.profiles.device_model import Definition, DeviceModel, Key
from pilotwire.profiles.messages.base import encode
from pilotwire.profiles.standard import STANDARD
from pilotwire.profiles.v2.parts import PART_BYTES

from .conftest import Start
from .world import World


def component(world: World, name: str, evse: int = 0, connector: int = 0) -> Any:
    v2 = world.v2
    if not evse:
        return v2.ComponentType(name=name)
    if not connector:
        return v2.ComponentType(name=name, evse=v2.EVSEType(id=evse))
    return v2.ComponentType(name=name, evse=v2.EVSEType(id=evse, connector_id=connector))


def wanted(world: World, place: Any, variable: str, instance: str = "", **more: Any) -> Any:
    v2 = world.v2
    named = v2.VariableType(name=variable, instance=instance) if instance else None
    return v2.GetVariableDataType(
        component=place, variable=named or v2.VariableType(name=variable), **more
    )


async def get(world: World, *items: Any) -> list[tuple[str, Any]]:
    answer = await world.csms.call(world.v2.GetVariablesRequest(get_variable_data=items))
    return [(r.attribute_status, r.attribute_value or None) for r in answer.get_variable_result]


async def test_b06_fr_01_each_variable_is_told_in_order(
    world: World, autojump_clock: MockClock
) -> None:
    tx = component(world, "TxCtrlr")
    told = await get(
        world,
        wanted(world, tx, "EVConnectionTimeOut"),
        wanted(world, tx, "NoSuchVariable"),
        wanted(world, component(world, "NoSuchCtrlr"), "EVConnectionTimeOut"),
        wanted(world, tx, "EVConnectionTimeOut", attribute_type="Target"),
        wanted(world, component(world, "txctrlr"), "TXSTARTPOINT"),
        wanted(world, component(world, "OCPPCommCtrlr"), "MessageAttempts", "TransactionEvent"),
        wanted(world, component(world, "OCPPCommCtrlr"), "MessageAttempts"),
    )
    assert told == [
        ("Accepted", "60"),
        ("UnknownVariable", None),  # B06.FR.07
        ("UnknownComponent", None),  # B06.FR.06
        ("NotSupportedAttributeType", None),  # B06.FR.08
        ("Accepted", "PowerPathClosed"),
        ("Accepted", "3"),  # B06.FR.14
        ("UnknownVariable", None),  # B06.FR.15
    ]


async def test_b06_fr_11_the_answer_names_the_attribute_and_repeats_what_was_asked(
    world: World, autojump_clock: MockClock
) -> None:
    item = wanted(world, component(world, "TxCtrlr"), "TxStopPoint")
    answer = await world.csms.call(world.v2.GetVariablesRequest(get_variable_data=(item,)))
    (result,) = answer.get_variable_result
    assert result.attribute_type == "Actual"
    assert (result.component, result.variable) == (item.component, item.variable)  # B06.FR.02


async def test_availability_is_a_variable_of_the_station_its_evses_and_connectors(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(connectors=(1, 2))
    world.drivers[1].fault("GroundFailure")
    await world.charge()
    told = await get(
        world,
        wanted(world, component(world, "ChargingStation"), "AvailabilityState"),
        wanted(world, component(world, "EVSE", 1), "AvailabilityState"),
        wanted(world, component(world, "Connector", 2, 1), "AvailabilityState"),
        wanted(world, component(world, "Connector", 2, 2), "Problem"),
        wanted(world, component(world, "Connector", 3, 1), "AvailabilityState"),
    )
    assert told == [
        ("Accepted", "Available"),
        ("Accepted", "Occupied"),
        ("Accepted", "Faulted"),
        ("Accepted", "false"),
        ("UnknownComponent", None),
    ]


async def test_b06_fr_16_too_many_items_are_refused(
    world: World, autojump_clock: MockClock
) -> None:
    item = wanted(world, component(world, "TxCtrlr"), "TxStopPoint")
    with pytest.raises(CallRefused) as refusal:
        await get(world, *[item] * 51)
    assert refusal.value.code == "OccurrenceConstraintViolation"


async def test_b06_fr_17_a_request_of_too_many_bytes_is_refused(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables={"DeviceDataCtrlr.BytesPerMessage[GetVariables]": 200})
    item = wanted(world, component(world, "TxCtrlr"), "TxStopPoint")
    assert await get(world, item) == [("Accepted", "Authorized,EVConnected")]
    with pytest.raises(CallRefused) as refusal:
        await get(world, *[item] * 4)
    assert refusal.value.code == "FormatViolation"


async def test_b06_fr_09_what_is_write_only_is_set_and_not_told(
    start: Start, autojump_clock: MockClock
) -> None:
    secret = Definition(
        key=Key("CustomizationCtrlr", "Secret"),
        type="string",
        default="",
        meaning="A secret",
        mutability="WriteOnly",
    )
    world = await start(own_variables=(secret,))
    assert await world.set_variables(CustomizationCtrlr__Secret="s3cret") == ["Accepted"]
    item = wanted(world, component(world, "CustomizationCtrlr"), "Secret")
    assert await get(world, item) == [("Rejected", None)]
    request = world.v2.GetBaseReportRequest(request_id=1, report_base="ConfigurationInventory")
    (told,) = [i for i in await report(world, request) if name(i).endswith(".Secret")]
    assert told.variable_attribute[0].mutability == "WriteOnly"
    assert not told.variable_attribute[0].value


async def test_b05_fr_10_a_variable_of_the_next_boot_is_told_at_once(
    start: Start, autojump_clock: MockClock
) -> None:
    later = Definition(
        key=Key("CustomizationCtrlr", "Later"),
        type="integer",
        default=1,
        meaning="Counts from the next boot on",
        reboot_required=True,
    )
    world = await start(own_variables=(later,))
    assert await world.set_variables(CustomizationCtrlr__Later=2) == ["RebootRequired"]
    item = wanted(world, component(world, "CustomizationCtrlr"), "Later")
    assert await get(world, item) == [("Accepted", "2")]
    assert world.model.value(later.key) == 1


async def test_b05_each_variable_is_set_by_itself(world: World, autojump_clock: MockClock) -> None:
    statuses = await world.set_variables(
        TxCtrlr__EVConnectionTimeOut=5,
        TxCtrlr__StopTxOnInvalidId="perhaps",
        NoSuchCtrlr__Variable=1,
        TxCtrlr__NoSuchVariable=1,
        ChargingStation__Model="Another",
        ChargingStation__AvailabilityState="Available",
        OCPPCommCtrlr__HeartbeatInterval=-1,
    )
    assert statuses == [
        "Accepted",
        "Rejected",  # B05.FR.07
        "UnknownComponent",  # B05.FR.04
        "UnknownVariable",  # B05.FR.05
        "Rejected",  # B05.FR.09
        "Rejected",
        "Rejected",  # B05.FR.08
    ]
    world.csms.forget()
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(6)
    assert world.station.tree.evse(1).session == "idle"  # after 5 s now


async def test_b05_fr_06_only_the_actual_attribute_is_there(
    world: World, autojump_clock: MockClock
) -> None:
    v2 = world.v2
    item = v2.SetVariableDataType(
        component=component(world, "TxCtrlr"),
        variable=v2.VariableType(name="EVConnectionTimeOut"),
        attribute_value="5",
        attribute_type="MaxSet",
    )
    answer = await world.csms.call(v2.SetVariablesRequest(set_variable_data=(item,)))
    (result,) = answer.set_variable_result
    assert result.attribute_status == "NotSupportedAttributeType"
    assert result.attribute_type == "MaxSet"  # B05.FR.03


async def test_the_points_of_a_transaction_can_be_set(
    world: World, autojump_clock: MockClock
) -> None:
    assert await world.set_variables(TxCtrlr__TxStartPoint="Authorized") == ["Accepted"]
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    assert [e.event_type for e in world.csms.events()] == ["Started"]


# ---- reports


async def report(world: World, request: Any) -> list[Any]:
    """Ask for a report; give what it says, having looked at its parts."""
    world.csms.forget()
    world.messages.clear()
    answer = await world.csms.call(request)
    assert answer.status == "Accepted"
    await trio.sleep(1)
    frames = [frame[0] for direction, frame in world.messages if direction == "sent"]
    parts = world.csms.of("NotifyReport")
    assert frames == [3, *[2] * len(parts)]  # the answer comes first
    assert [part.seq_no for part in parts] == list(range(len(parts)))  # B07.FR.10
    assert [part.tbc for part in parts] == [*[True] * (len(parts) - 1), False]
    assert {part.request_id for part in parts} == {request.request_id}  # B07.FR.04
    return [item for part in parts for item in part.report_data]


def name(item: Any) -> str:
    place = item.component.evse
    numbers = f"{place.id or ''}{place.connector_id or ''}" if place else ""
    instance = f"[{item.variable.instance}]" if item.variable.instance else ""
    return f"{item.component.name}{numbers}.{item.variable.name}{instance}"


async def test_b07_fr_08_the_full_inventory_holds_everything(
    world: World, autojump_clock: MockClock
) -> None:
    request = world.v2.GetBaseReportRequest(request_id=7, report_base="FullInventory")
    items = await report(world, request)
    names = {name(item) for item in items}
    assert {str(key) for key in DeviceModel(STANDARD)} <= names
    assert {"Connector11.AvailabilityState", "EVSE2.Available", "ClockCtrlr.DateTime"} <= names
    assert len(names) == len(items)
    (start_point,) = [item for item in items if name(item) == "TxCtrlr.TxStartPoint"]
    (attribute,) = start_point.variable_attribute
    assert (attribute.type, attribute.value) == ("Actual", "PowerPathClosed")
    assert attribute.mutability == "ReadWrite"
    assert start_point.variable_characteristics.data_type == "MemberList"
    assert "EVConnected" in start_point.variable_characteristics.values_list


async def test_a_long_report_comes_in_parts_of_bounded_size(
    world: World, autojump_clock: MockClock
) -> None:
    request = world.v2.GetBaseReportRequest(request_id=7, report_base="FullInventory")
    await report(world, request)
    parts = world.csms.of("NotifyReport")
    sizes = [len(encode(part)) for part in parts]
    assert len(parts) > 1
    assert max(sizes) < PART_BYTES + 200


async def test_b07_fr_07_the_configuration_inventory_holds_what_can_be_set(
    world: World, autojump_clock: MockClock
) -> None:
    request = world.v2.GetBaseReportRequest(request_id=8, report_base="ConfigurationInventory")
    items = await report(world, request)
    assert {item.variable_attribute[0].mutability for item in items} <= {"ReadWrite", "WriteOnly"}
    assert "TxCtrlr.TxStartPoint" in {name(item) for item in items}


async def test_b07_fr_09_the_summary_inventory_holds_how_things_stand(
    world: World, autojump_clock: MockClock
) -> None:
    request = world.v2.GetBaseReportRequest(request_id=9, report_base="SummaryInventory")
    items = await report(world, request)
    states = {name(i) for i in items if i.variable.name == "AvailabilityState"}
    assert states == {
        "ChargingStation.AvailabilityState",
        "EVSE1.AvailabilityState",
        "EVSE2.AvailabilityState",
        "Connector11.AvailabilityState",
        "Connector21.AvailabilityState",
    }


async def test_b08_a_report_is_limited_to_what_was_asked_for(
    world: World, autojump_clock: MockClock
) -> None:
    v2 = world.v2

    async def names(*wanted: Any, **criteria: Any) -> list[str]:
        more = {"component_variable": wanted} if wanted else {}
        request = v2.GetReportRequest(request_id=1, **more, **criteria)
        return [name(item) for item in await report(world, request)]

    connectors = v2.ComponentVariableType(component=component(world, "Connector"))
    assert {n[:9] for n in await names(connectors)} == {"Connector"}  # B08.FR.20, B08.FR.23
    first = v2.ComponentVariableType(
        component=component(world, "Connector", 1), variable=v2.VariableType(name="Problem")
    )
    assert await names(first) == ["Connector11.Problem"]  # B08.FR.22
    items = v2.ComponentVariableType(
        component=component(world, "DeviceDataCtrlr"),
        variable=v2.VariableType(name="ItemsPerMessage"),
    )
    assert len(await names(items)) == 3  # B08.FR.21
    world.drivers[1].fault("GroundFailure")
    await trio.sleep(1)
    problems = await names(component_criteria=("Problem",))
    assert {n.split(".")[0] for n in problems} == {"EVSE2", "Connector21"}  # B08.FR.10
    enabled = await names(component_criteria=("Enabled",))
    assert "TxCtrlr.TxStartPoint" in enabled  # B08.FR.09: it has no such variable
    assert await names(first, component_criteria=("Active", "Available")) == ["Connector11.Problem"]


async def test_b08_fr_15_nothing_found_is_an_empty_result_set(
    world: World, autojump_clock: MockClock
) -> None:
    v2 = world.v2
    nothing = v2.ComponentVariableType(component=component(world, "NoSuchCtrlr"))
    answer = await world.csms.call(v2.GetReportRequest(request_id=1, component_variable=(nothing,)))
    await trio.sleep(1)
    assert answer.status == "EmptyResultSet"
    assert not world.csms.of("NotifyReport")
