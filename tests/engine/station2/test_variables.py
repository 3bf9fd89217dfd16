"""Functional block B as dialogues: variables are set (B05) and got (B06)."""

from pathlib import Path

import pytest
import trio
from trio.testing import MockClock

from pilotwire.engine.wire.session import CallRefused
from pilotwire.profiles.device_model import Attribute, Definition, Key

from .conftest import Start
from .device_model import get, get_results, put, set_results, setting, wanted
from .world import World, journal_in

FAN = Definition(
    key=Key("CoolingFan", "Speed", component_instance="left"),
    type="integer",
    default=2000,
    meaning="Speed of the fan",
    unit="RPM",
    mutability="ReadOnly",
    maximum=6000,
    more=(
        Attribute(type="Target"),
        Attribute(type="MinSet", default=1000),
        Attribute(type="MaxSet", default=5000),
    ),
)
SECRET = Definition(
    key=Key("CustomizationCtrlr", "Secret"),
    type="string",
    default="",
    meaning="A secret",
    mutability="WriteOnly",
)
LATER = Definition(
    key=Key("CustomizationCtrlr", "Later"),
    type="integer",
    default=1,
    meaning="Counts from the next boot on",
    reboot_required=True,
)
FLEETING = Definition(
    key=Key("CustomizationCtrlr", "Fleeting"),
    type="integer",
    default=1,
    meaning="Forgotten with the boot",
    persistent=False,
)
OWN = (FAN, SECRET, LATER, FLEETING)


# ---- getting


async def test_b06_fr_01_each_variable_is_told_in_order(
    world: World, autojump_clock: MockClock
) -> None:
    told = await get(
        world,
        "TxCtrlr.EVConnectionTimeOut",
        "TxCtrlr.NoSuchVariable",
        "NoSuchCtrlr.EVConnectionTimeOut",
        wanted(world, "TxCtrlr.EVConnectionTimeOut", attribute_type="Target"),
        "txctrlr.TXSTARTPOINT",
        "OCPPCommCtrlr.MessageAttempts[TransactionEvent]",
        "OCPPCommCtrlr.MessageAttempts",
        "TxCtrlr[1].TxStartPoint",
    )
    assert told == [
        ("Accepted", "60"),  # B06.FR.04, B06.FR.10
        ("UnknownVariable", None),  # B06.FR.07
        ("UnknownComponent", None),  # B06.FR.06
        ("NotSupportedAttributeType", None),  # B06.FR.08
        ("Accepted", "PowerPathClosed"),
        ("Accepted", "3"),  # B06.FR.14
        ("UnknownVariable", None),  # B06.FR.15
        ("UnknownComponent", None),
    ]


async def test_b06_fr_14_an_instance_of_a_component_is_told(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(own_variables=OWN)
    told = await get(world, "CoolingFan[left].Speed", "CoolingFan.Speed")
    assert told == [("Accepted", "2000"), ("UnknownComponent", None)]  # B06.FR.15


async def test_b06_fr_15_an_empty_instance_is_none(world: World, autojump_clock: MockClock) -> None:
    v2 = world.v2
    item = v2.GetVariableDataType(
        component=v2.ComponentType(name="TxCtrlr", instance=""),
        variable=v2.VariableType(name="EVConnectionTimeOut", instance=""),
    )
    assert await get(world, item) == [("Accepted", "60")]


async def test_b06_fr_13_a_value_that_is_not_there_is_an_empty_string(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(own_variables=OWN)
    assert await get(world, "CoolingFan[left].Speed", attribute_type="Target") == [("Accepted", "")]


async def test_b06_fr_09_what_is_write_only_is_set_and_not_told(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(own_variables=OWN)
    assert await put(world, "CustomizationCtrlr.Secret", "s3cret") == ("Accepted", "")
    (result,) = await get_results(world, wanted(world, "CustomizationCtrlr.Secret"))
    assert (result.attribute_status, result.attribute_value or None) == ("Rejected", None)
    assert result.attribute_status_info.reason_code == "WriteOnly"
    assert world.station.model.string(SECRET.key) == "s3cret"


async def test_b06_fr_16_too_many_items_are_refused(
    world: World, autojump_clock: MockClock
) -> None:
    with pytest.raises(CallRefused) as refusal:
        await get(world, *["TxCtrlr.TxStopPoint"] * 51)
    assert refusal.value.code == "OccurrenceConstraintViolation"
    assert len(await get(world, *["TxCtrlr.TxStopPoint"] * 50)) == 50


async def test_b06_fr_17_a_request_of_too_many_bytes_is_refused(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables={"DeviceDataCtrlr.BytesPerMessage[GetVariables]": 200})
    assert await get(world, "TxCtrlr.TxStopPoint") == [("Accepted", "Authorized,EVConnected")]
    with pytest.raises(CallRefused) as refusal:
        await get(world, *["TxCtrlr.TxStopPoint"] * 4)
    assert refusal.value.code == "FormatViolation"


async def test_a_value_longer_than_may_be_told_is_cut(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables={"DeviceDataCtrlr.ReportingValueSize": 5})
    assert await get(world, "TxCtrlr.TxStartPoint") == [("Accepted", "Power")]


# ---- setting


async def test_b05_each_variable_is_set_by_itself(world: World, autojump_clock: MockClock) -> None:
    results = await set_results(
        world,
        setting(world, "TxCtrlr.EVConnectionTimeOut", 5),
        setting(world, "TxCtrlr.StopTxOnInvalidId", "perhaps"),
        setting(world, "NoSuchCtrlr.Variable", 1),
        setting(world, "TxCtrlr.NoSuchVariable", 1),
        setting(world, "ChargingStation.Model", "Another"),
        setting(world, "ChargingStation.AvailabilityState", "Available"),
        setting(world, "OCPPCommCtrlr.HeartbeatInterval", -1),
        setting(world, "EVSE(1).Power", 0),
    )
    told = [
        (r.attribute_status, r.attribute_status_info.reason_code if r.attribute_status_info else "")
        for r in results
    ]
    assert told == [
        ("Accepted", ""),  # B05.FR.10
        ("Rejected", "InvalidValue"),  # B05.FR.07
        ("UnknownComponent", ""),  # B05.FR.04
        ("UnknownVariable", ""),  # B05.FR.05
        ("Rejected", "ReadOnly"),  # B05.FR.09
        ("Rejected", "ReadOnly"),
        ("Rejected", "ValueOutOfRange"),  # B05.FR.08
        ("Rejected", "ReadOnly"),
    ]
    world.csms.forget()
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(6)
    assert world.station.tree.evse(1).session == "idle"  # after 5 s now


async def test_b05_fr_06_an_attribute_that_the_variable_has_not_is_not_supported(
    world: World, autojump_clock: MockClock
) -> None:
    told = await put(world, "TxCtrlr.EVConnectionTimeOut", 5, attribute_type="MaxSet")
    assert told == ("NotSupportedAttributeType", "")


async def test_b05_a_target_stays_between_what_is_set_for_it(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(own_variables=OWN)
    fan = "CoolingFan[left].Speed"
    assert await put(world, fan, 900, attribute_type="Target") == ("Rejected", "ValueOutOfRange")
    assert await put(world, fan, 3000) == ("Rejected", "ReadOnly")
    # In order: the second is allowed by the first.
    results = await set_results(
        world,
        setting(world, fan, 800, attribute_type="MinSet"),
        setting(world, fan, 900, attribute_type="Target"),
        setting(world, fan, 7000, attribute_type="MaxSet"),
    )
    assert [r.attribute_status for r in results] == ["Accepted", "Accepted", "Rejected"]
    told = [
        (await get(world, wanted(world, fan, attribute_type=kind)))[0][1]
        for kind in ("Actual", "Target", "MinSet", "MaxSet")
    ]
    assert told == ["2000", "900", "800", "5000"]


async def test_b05_every_attribute_outlives_a_restart(
    tmp_path: Path, number: str, start: Start, autojump_clock: MockClock
) -> None:
    fan = "CoolingFan[left].Speed"
    journal = journal_in(tmp_path)
    world = await start(journal=journal, own_variables=OWN)
    await put(world, fan, 4000, attribute_type="MaxSet")
    await put(world, fan, 3500, attribute_type="Target")
    await put(world, "CustomizationCtrlr.Later", 2)
    await put(world, "CustomizationCtrlr.Secret", "s3cret")
    await put(world, "CustomizationCtrlr.Fleeting", 2)
    await put(world, "OCPPCommCtrlr.OfflineThreshold", 300)
    await world.csms.call(world.v2.ResetRequest(type="Immediate"))
    await trio.sleep(15)
    journal.close()
    again = await start(journal=journal_in(tmp_path), own_variables=OWN)
    told = [
        (await get(again, wanted(again, fan, attribute_type=kind)))[0][1]
        for kind in ("Actual", "Target", "MinSet", "MaxSet")
    ]
    assert told == ["2000", "3500", "1000", "4000"]
    assert again.model.integer(LATER.key) == 2
    assert again.model.integer(FLEETING.key) == 1
    assert again.model.string(SECRET.key) == "s3cret"
    assert await get(again, "OCPPCommCtrlr.OfflineThreshold") == [("Accepted", "300")]


async def test_b05_fr_10_a_variable_of_the_next_boot_is_told_at_once(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(own_variables=OWN)
    assert await put(world, "CustomizationCtrlr.Later", 2) == ("RebootRequired", "")
    assert await get(world, "CustomizationCtrlr.Later") == [("Accepted", "2")]
    assert world.model.integer(LATER.key) == 1


async def test_b05_what_is_named_twice_is_set_twice_in_order(
    world: World, autojump_clock: MockClock
) -> None:
    results = await set_results(
        world,
        setting(world, "TxCtrlr.EVConnectionTimeOut", 5),
        setting(world, "TxCtrlr.EVConnectionTimeOut", 7),
    )
    assert [r.attribute_status for r in results] == ["Accepted", "Accepted"]
    assert await get(world, "TxCtrlr.EVConnectionTimeOut") == [("Accepted", "7")]


async def test_a_value_longer_than_may_be_set_is_rejected(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(own_variables=OWN, variables={"DeviceDataCtrlr.ConfigurationValueSize": 5})
    too_large = ("Rejected", "TooLargeElement")
    assert await put(world, "CustomizationCtrlr.Secret", "s3cret") == too_large
    assert await put(world, "CustomizationCtrlr.Secret", "s3cre") == ("Accepted", "")


async def test_too_many_or_too_long_settings_are_refused(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables={"DeviceDataCtrlr.BytesPerMessage[SetVariables]": 400})
    item = setting(world, "TxCtrlr.EVConnectionTimeOut", 5)
    with pytest.raises(CallRefused) as many:
        await set_results(world, *[item] * 51)
    assert many.value.code == "OccurrenceConstraintViolation"
    with pytest.raises(CallRefused) as long:
        await set_results(world, *[item] * 10)
    assert long.value.code == "FormatViolation"


async def test_the_points_of_a_transaction_can_be_set(
    world: World, autojump_clock: MockClock
) -> None:
    assert await put(world, "TxCtrlr.TxStartPoint", "Authorized") == ("Accepted", "")
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    assert [e.event_type for e in world.csms.events()] == ["Started"]


# ---- telemetry


async def test_availability_is_a_variable_of_the_station_its_evses_and_connectors(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(connectors=(1, 2))
    world.drivers[1].fault("GroundFailure")
    await world.charge()
    told = await get(
        world,
        "ChargingStation.AvailabilityState",
        "EVSE(1).AvailabilityState",
        "Connector(2,1).AvailabilityState",
        "Connector(2,2).Problem",
        "Connector(2,1).Problem",
        "Connector(3,1).AvailabilityState",
    )
    assert told == [
        ("Accepted", "Available"),
        ("Accepted", "Occupied"),
        ("Accepted", "Faulted"),
        ("Accepted", "false"),
        ("Accepted", "true"),
        ("UnknownComponent", None),
    ]
