"""Part 6's test cases of the device model, as a station goes through them."""

from typing import Any

import pytest
import trio
from trio.testing import MockClock

from .conftest import Start
from .device_model import (
    base_report,
    component,
    get,
    get_results,
    name_of,
    put,
    report,
    set_results,
    setting,
    wanted,
)
from .world import World

THRESHOLD = "OCPPCommCtrlr.OfflineThreshold"
OFFLINE = "AuthCtrlr.LocalAuthorizeOffline"


async def start_with_threshold(start: Start) -> World:
    return await start(variables={THRESHOLD: 300, OFFLINE: True})


# ---- getting


async def test_TC_B_06_CS_a_single_variable_is_told(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start_with_threshold(start)
    (result,) = await get_results(world, wanted(world, THRESHOLD))
    assert (result.attribute_status, result.attribute_type) == ("Accepted", "Actual")
    assert result.attribute_value == "300"
    assert not result.attribute_status_info


async def test_TC_B_07_CS_several_variables_are_told(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start_with_threshold(start)
    told = await get(world, THRESHOLD, OFFLINE, attribute_type="Actual")
    assert told == [("Accepted", "300"), ("Accepted", "true")]


async def test_TC_B_32_CS_an_unknown_component_is_named_so(
    world: World, autojump_clock: MockClock
) -> None:
    assert await get(world, "UnknownComponent.OfflineThreshold") == [("UnknownComponent", None)]


async def test_TC_B_33_CS_an_unknown_variable_is_named_so(
    world: World, autojump_clock: MockClock
) -> None:
    assert await get(world, "OCPPCommCtrlr.UnknownVariable") == [("UnknownVariable", None)]


async def test_TC_B_34_CS_an_attribute_that_is_not_there_is_not_supported(
    world: World, autojump_clock: MockClock
) -> None:
    told = await get(world, THRESHOLD, attribute_type="Target")
    assert told == [("NotSupportedAttributeType", None)]


# ---- setting


async def test_TC_B_09_CS_a_single_variable_is_set(world: World, autojump_clock: MockClock) -> None:
    (result,) = await set_results(world, setting(world, THRESHOLD, 300))
    assert (result.attribute_status, result.attribute_type) == ("Accepted", "Actual")
    assert await get(world, THRESHOLD) == [("Accepted", "300")]


async def test_TC_B_10_CS_several_variables_are_set(
    world: World, autojump_clock: MockClock
) -> None:
    results = await set_results(
        world,
        setting(world, THRESHOLD, 300, attribute_type="Actual"),
        setting(world, OFFLINE, "true", attribute_type="Actual"),
    )
    assert [r.attribute_status for r in results] == ["Accepted", "Accepted"]
    assert await get(world, THRESHOLD, OFFLINE) == [("Accepted", "300"), ("Accepted", "true")]


async def test_TC_B_35_CS_an_unknown_component_is_not_set(
    world: World, autojump_clock: MockClock
) -> None:
    assert await put(world, "UnknownComponent.OfflineThreshold", 1) == ("UnknownComponent", "")


async def test_TC_B_36_CS_an_unknown_variable_is_not_set(
    world: World, autojump_clock: MockClock
) -> None:
    assert await put(world, "OCPPCommCtrlr.UnknownVariable", 1) == ("UnknownVariable", "")


async def test_TC_B_37_CS_an_attribute_that_is_not_there_is_not_set(
    world: World, autojump_clock: MockClock
) -> None:
    told = await put(world, THRESHOLD, 1, attribute_type="Target")
    assert told == ("NotSupportedAttributeType", "")


@pytest.mark.parametrize(
    ("value", "fitting"),
    [
        ("300", {THRESHOLD}),
        ("300.1", set()),
        ("true", {"AuthCtrlr.AuthorizeRemoteStart"}),
        ("2027-01-15T08:00:00Z", set()),
        ("abc", set()),
    ],
)
async def test_TC_B_11_CS_a_value_of_another_type_is_rejected(
    world: World, autojump_clock: MockClock, value: str, fitting: set[str]
) -> None:
    for name in (THRESHOLD, "AuthCtrlr.AuthorizeRemoteStart"):
        expected = ("Accepted", "") if name in fitting else ("Rejected", "InvalidValue")
        assert await put(world, name, value) == expected


async def test_TC_B_39_CS_a_read_only_variable_is_not_set(
    world: World, autojump_clock: MockClock
) -> None:
    assert await put(world, "OCPPCommCtrlr.MessageTimeout[Default]", 5) == ("Rejected", "ReadOnly")


# ---- base reports

LISTS = ("OptionList", "MemberList", "SequenceList")


def check_lists(items: list[Any]) -> None:
    """Every list says which values there are, and holds only such."""
    for item in items:
        characteristics = item.variable_characteristics
        if characteristics.data_type not in LISTS:
            continue
        assert characteristics.values_list, name_of(item)
        allowed = characteristics.values_list.split(",")
        (actual,) = [a for a in item.variable_attribute if a.type == "Actual"]
        given = [each for each in actual.value.split(",") if each]
        assert set(given) <= set(allowed), name_of(item)


async def test_TC_B_12_CS_the_configuration_inventory_holds_what_can_be_set(
    world: World, autojump_clock: MockClock
) -> None:
    items = await base_report(world, "ConfigurationInventory")
    check_lists(items)
    for item in items:
        assert item.variable_attribute[0].mutability in ("ReadWrite", "WriteOnly")
    settable = {name for name, how in REQUIRED.items() if how == "ReadWrite"}
    assert settable <= {name_of(item) for item in items}


async def test_TC_B_13_CS_the_full_inventory_holds_every_evse_and_connector(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(connectors=(1, 2))
    items = await base_report(world, "FullInventory")
    check_lists(items)
    names = {name_of(item) for item in items}
    for place in ("ChargingStation", "EVSE(1)", "EVSE(2)"):
        assert {f"{place}.{v}" for v in ("Available", "AvailabilityState", "SupplyPhases")} <= names
    for place in ("Connector(1,1)", "Connector(2,1)", "Connector(2,2)"):
        assert {f"{place}.{v}" for v in ("Available", "ConnectorType", "SupplyPhases")} <= names
    assert {"EVSE(1).Power", "EVSE(2).Power"} <= names


async def test_TC_B_14_CS_the_summary_inventory_tells_availability_and_problems(
    world: World, autojump_clock: MockClock
) -> None:
    items = await base_report(world, "SummaryInventory")
    check_lists(items)
    assert {name_of(item) for item in items} == {
        "ChargingStation.AvailabilityState",
        "EVSE(1).AvailabilityState",
        "EVSE(2).AvailabilityState",
    }


REQUIRED: dict[str, str] = {
    "OCPPCommCtrlr.MessageTimeout[Default]": "ReadOnly",
    "OCPPCommCtrlr.FileTransferProtocols": "ReadOnly",
    "OCPPCommCtrlr.ActiveNetworkProfile": "ReadOnly",
    "OCPPCommCtrlr.NetworkConfigurationPriority": "ReadWrite",
    "OCPPCommCtrlr.NetworkProfileConnectionAttempts": "ReadWrite",
    "OCPPCommCtrlr.OfflineThreshold": "ReadWrite",
    "OCPPCommCtrlr.MessageAttempts[TransactionEvent]": "ReadWrite",
    "OCPPCommCtrlr.MessageAttemptInterval[TransactionEvent]": "ReadWrite",
    "OCPPCommCtrlr.UnlockOnEVSideDisconnect": "ReadWrite",
    "OCPPCommCtrlr.ResetRetries": "ReadWrite",
    "OCPPCommCtrlr.RetryBackOffRepeatTimes": "ReadWrite",
    "OCPPCommCtrlr.RetryBackOffRandomRange": "ReadWrite",
    "OCPPCommCtrlr.RetryBackOffWaitMinimum": "ReadWrite",
    "OCPPCommCtrlr.WebSocketPingInterval": "ReadWrite",
    "DeviceDataCtrlr.ItemsPerMessage[GetReport]": "ReadOnly",
    "DeviceDataCtrlr.ItemsPerMessage[GetVariables]": "ReadOnly",
    "DeviceDataCtrlr.ItemsPerMessage[SetVariables]": "ReadOnly",
    "DeviceDataCtrlr.BytesPerMessage[GetReport]": "ReadOnly",
    "DeviceDataCtrlr.BytesPerMessage[GetVariables]": "ReadOnly",
    "DeviceDataCtrlr.BytesPerMessage[SetVariables]": "ReadOnly",
    "ClockCtrlr.DateTime": "ReadOnly",
    "ClockCtrlr.TimeSource": "ReadWrite",
    "SecurityCtrlr.OrganizationName": "ReadWrite",
    "SecurityCtrlr.CertificateEntries": "ReadOnly",
    "SecurityCtrlr.SecurityProfile": "ReadOnly",
    "AuthCtrlr.AuthorizeRemoteStart": "ReadWrite",
    "AuthCtrlr.LocalAuthorizeOffline": "ReadWrite",
    "AuthCtrlr.LocalPreAuthorize": "ReadWrite",
    "TxCtrlr.EVConnectionTimeOut": "ReadWrite",
    "TxCtrlr.StopTxOnEVSideDisconnect": "ReadWrite",
    "TxCtrlr.TxStartPoint": "ReadWrite",
    "TxCtrlr.TxStopPoint": "ReadWrite",
    "TxCtrlr.StopTxOnInvalidId": "ReadWrite",
    "SampledDataCtrlr.TxEndedMeasurands": "ReadWrite",
    "SampledDataCtrlr.TxEndedInterval": "ReadWrite",
    "SampledDataCtrlr.TxStartedMeasurands": "ReadWrite",
    "SampledDataCtrlr.TxUpdatedMeasurands": "ReadWrite",
    "SampledDataCtrlr.TxUpdatedInterval": "ReadWrite",
    "AlignedDataCtrlr.Measurands": "ReadWrite",
    "AlignedDataCtrlr.Interval": "ReadWrite",
    "AlignedDataCtrlr.TxEndedMeasurands": "ReadWrite",
    "AlignedDataCtrlr.TxEndedInterval": "ReadWrite",
    "LocalAuthListCtrlr.Entries": "ReadOnly",
    "LocalAuthListCtrlr.ItemsPerMessage": "ReadOnly",
    "LocalAuthListCtrlr.BytesPerMessage": "ReadOnly",
    "MonitoringCtrlr.ItemsPerMessage[SetVariableMonitoring]": "ReadOnly",
    "MonitoringCtrlr.BytesPerMessage[SetVariableMonitoring]": "ReadOnly",
    "ChargingStation.Available": "ReadOnly",
    "ChargingStation.AvailabilityState": "ReadOnly",
    "ChargingStation.SupplyPhases": "ReadOnly",
    "EVSE(1).Available": "ReadOnly",
    "EVSE(1).AvailabilityState": "ReadOnly",
    "EVSE(1).SupplyPhases": "ReadOnly",
    "EVSE(1).Power": "ReadOnly",
    "Connector(1,1).Available": "ReadOnly",
    "Connector(1,1).ConnectorType": "ReadOnly",
    "Connector(1,1).SupplyPhases": "ReadOnly",
}
"""What part 2 chapter 2 requires of the blocks that the station has, and who may write it."""


async def test_TC_B_53_CS_the_full_inventory_holds_all_that_is_required(
    world: World, autojump_clock: MockClock
) -> None:
    items = await base_report(world, "FullInventory")
    check_lists(items)
    told = {name_of(item): item for item in items}
    for name, mutability in REQUIRED.items():
        assert name in told, name
        (actual,) = [a for a in told[name].variable_attribute if a.type == "Actual"]
        assert actual.mutability == mutability, name
    for item in items:
        for attribute in item.variable_attribute:
            is_hidden = attribute.mutability == "WriteOnly"
            assert isinstance(attribute.value, str) is not is_hidden, name_of(item)
    lists = [item for name, item in told.items() if name.endswith("Measurands")]
    assert lists
    assert all(item.variable_characteristics.max_limit for item in lists)
    assert told["LocalAuthListCtrlr.Entries"].variable_characteristics.max_limit


# ---- reports in part


def asked(world: World, place: Any, variable: str, **more: Any) -> Any:
    v2 = world.v2
    return v2.ComponentVariableType(
        component=place, variable=v2.VariableType(name=variable, **more)
    )


async def test_TC_B_16_CS_components_that_are_enabled_are_reported(
    world: World, autojump_clock: MockClock
) -> None:
    full = await base_report(world, "FullInventory")
    enabled = {
        name_of(item)
        for item in full
        if item.variable.name == "Enabled" and item.variable_attribute[0].value == "true"
    }
    request = world.v2.GetReportRequest(request_id=2, component_criteria=("Enabled",))
    items = await report(world, request)
    told = {name_of(item) for item in items if item.variable.name == "Enabled"}
    assert told == enabled
    assert await get(world, *sorted(told)) == [("Accepted", "true")] * len(told)


async def test_TC_B_17_CS_a_variable_of_an_evse_is_reported(
    world: World, autojump_clock: MockClock
) -> None:
    variable = asked(world, component(world, "EVSE", 1), "AvailabilityState")
    request = world.v2.GetReportRequest(request_id=3, component_variable=(variable,))
    (item,) = await report(world, request)
    assert name_of(item) == "EVSE(1).AvailabilityState"
    characteristics = item.variable_characteristics
    assert characteristics.data_type == "OptionList"
    assert characteristics.values_list == "Available,Occupied,Reserved,Unavailable,Faulted"
    (attribute,) = item.variable_attribute
    assert (attribute.type, attribute.mutability) == ("Actual", "ReadOnly")


async def test_TC_B_18_CS_criteria_narrow_down_what_is_asked_for(
    world: World, autojump_clock: MockClock
) -> None:
    variable = asked(world, component(world, "EVSE", 1), "AvailabilityState")
    ask = {"request_id": 4, "component_variable": (variable,)}
    request = world.v2.GetReportRequest(component_criteria=("Available",), **ask)
    (item,) = await report(world, request)
    assert name_of(item) == "EVSE(1).AvailabilityState"
    world.csms.forget()
    answer = await world.csms.call(
        world.v2.GetReportRequest(component_criteria=("Problem",), **ask)
    )
    await trio.sleep(1)
    assert answer.status == "EmptyResultSet"
    assert not world.csms.of("NotifyReport")


async def test_TC_B_54_CS_without_an_instance_every_instance_is_reported(
    world: World, autojump_clock: MockClock
) -> None:
    variable = asked(world, component(world, "DeviceDataCtrlr"), "ItemsPerMessage")
    request = world.v2.GetReportRequest(request_id=5, component_variable=(variable,))
    told = {item.variable.instance for item in await report(world, request)}
    assert told == {"GetReport", "GetVariables", "SetVariables"}


async def test_TC_B_55_CS_with_an_instance_only_that_is_reported(
    world: World, autojump_clock: MockClock
) -> None:
    place = component(world, "DeviceDataCtrlr")
    variable = asked(world, place, "ItemsPerMessage", instance="GetReport")
    request = world.v2.GetReportRequest(request_id=6, component_variable=(variable,))
    (item,) = await report(world, request)
    assert name_of(item) == "DeviceDataCtrlr.ItemsPerMessage[GetReport]"


async def test_TC_B_56_CS_without_an_evse_every_evse_is_reported(
    world: World, autojump_clock: MockClock
) -> None:
    variable = asked(world, component(world, "EVSE"), "AvailabilityState")
    request = world.v2.GetReportRequest(request_id=8, component_variable=(variable,))
    told = [name_of(item) for item in await report(world, request)]
    assert told == ["EVSE(1).AvailabilityState", "EVSE(2).AvailabilityState"]
