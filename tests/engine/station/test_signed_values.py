"""Signed meter values in 1.6 (signed meter values, chapter 3)."""

import json
from base64 import b64decode
from datetime import UTC, datetime
from typing import Any

import trio
from trio.testing import MockClock

from pilotwire.drivers.signed_meter import SigningEvse
from pilotwire.profiles.device_model import DeviceModel, Value
from pilotwire.profiles.messages import v16
from pilotwire.profiles.standard import SIGNING, STANDARD

from ...ocmf import decoded, meter_key, verified
from .world import START, World

REGISTER = ("Energy.Active.Import.Register",)


async def signing(nursery: trio.Nursery, **keys: str) -> World:
    """A world whose two meters sign; `keys` are set by the central system."""
    drivers = [
        SigningEvse(
            key=meter_key(),
            now=lambda: datetime.fromtimestamp(START + trio.current_time(), UTC),
        )
        for _ in range(2)
    ]
    ended: dict[str, Value] = {
        "SampledDataCtrlr.TxEndedMeasurands": REGISTER,
        "SampledDataCtrlr.TxUpdatedMeasurands": REGISTER,
    }
    world = World(drivers=drivers, model=DeviceModel((*STANDARD, *SIGNING)), variables=ended)
    await nursery.start(world.station.run)
    await trio.sleep(1)
    for key, value in keys.items():
        answer = await world.csms.call(v16.ChangeConfigurationRequest(key=key, value=value))
        assert answer.status == "Accepted"
    world.csms.received.clear()
    return world


async def charged(world: World, seconds: float = 130) -> v16.StopTransactionRequest:
    await world.charge()
    await trio.sleep(seconds)
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(5)
    (stopped,) = world.csms.of(v16.StopTransactionRequest)
    assert isinstance(stopped, v16.StopTransactionRequest)
    return stopped


def samples(*meter_values: v16.MeterValue) -> list[tuple[str, str, str]]:
    """Give each value's context, format and text."""
    return [
        (str(sample.context), str(sample.format or "Raw"), sample.value)
        for meter_value in meter_values
        for sample in meter_value.sampled_value
    ]


def signed(told: list[tuple[str, str, str]]) -> list[tuple[str, dict[str, Any]]]:
    return [(c, json.loads(value)) for c, kind, value in told if kind == "SignedData"]


async def test_the_stop_tells_both_ends_as_the_meter_signed_them(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    world = await signing(nursery)
    stopped = await charged(world, seconds=50)
    assert stopped.transaction_data
    told = samples(*stopped.transaction_data)
    assert [each[:2] for each in told] == [
        ("Transaction.Begin", "Raw"),
        ("Transaction.Begin", "SignedData"),
        ("Transaction.End", "Raw"),
        ("Transaction.End", "SignedData"),
    ]
    (_, begin), (_, end) = signed(told)
    assert begin.keys() == {"signedMeterData", "signingMethod", "encodingMethod", "publicKey"}
    assert (begin["encodingMethod"], begin["signingMethod"]) == ("OCMF", "")
    key = decoded(begin["publicKey"])
    assert key == world.drivers[0].public_key
    assert end["publicKey"] == ""  # once a transaction
    payloads = [verified(b64decode(each["signedMeterData"]), key) for each in (begin, end)]
    registers = [payload["RD"][0]["RV"] * 1000 for payload in payloads]
    assert [round(register) for register in registers] == [0, stopped.meter_stop]


async def test_start_txn_sampled_data_are_told_right_after_the_start(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    world = await signing(nursery, StartTxnSampledData=REGISTER[0])
    await charged(world, seconds=30)
    told = world.csms.of(v16.StartTransactionRequest, v16.MeterValuesRequest)
    start, values = told[:2]
    assert isinstance(start, v16.StartTransactionRequest)
    assert values.transaction_id == world.csms.next_transaction_id
    assert [each[:2] for each in samples(*values.meter_value)] == [
        ("Transaction.Begin", "Raw"),
        ("Transaction.Begin", "SignedData"),
    ]


async def test_without_it_nothing_is_told_after_the_start(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    world = await signing(nursery, StartTxnSampledData="")
    await charged(world, seconds=30)
    assert world.csms.of(v16.MeterValuesRequest) == []


async def test_readings_in_between_are_signed_where_the_keys_say_so(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    world = await signing(
        nursery,
        SampledDataSignUpdatedReadings="false",
        AlignedDataSignReadings="true",
        ClockAlignedDataInterval="900",
        PublicKeyWithSignedMeterValue="EveryMeterValue",
    )
    await charged(world, seconds=900)
    by_context: dict[str, set[str]] = {}
    for request in world.csms.of(v16.MeterValuesRequest):
        for context, kind, _ in samples(*request.meter_value):
            by_context.setdefault(context, set()).add(kind)
    assert by_context == {"Sample.Periodic": {"Raw"}, "Sample.Clock": {"Raw", "SignedData"}}
    signatures = [
        each
        for request in world.csms.of(v16.MeterValuesRequest)
        for _, each in signed(samples(*request.meter_value))
    ]
    assert all(each["publicKey"] for each in signatures)


async def test_the_central_system_may_read_the_key_of_each_connector(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    world = await signing(nursery)
    answer = await world.csms.call(
        v16.GetConfigurationRequest(key=("MeterPublicKey1", "MeterPublicKey2", "MeterPublicKey3"))
    )
    told = [decoded(entry.value) for entry in answer.configuration_key]
    assert told == [driver.public_key for driver in world.drivers]
    assert answer.unknown_key == ("MeterPublicKey3",)


async def test_signing_may_be_turned_off(autojump_clock: MockClock, nursery: trio.Nursery) -> None:
    world = await signing(nursery, SampledDataSignReadings="false")
    stopped = await charged(world)
    assert stopped.transaction_data
    assert signed(samples(*stopped.transaction_data)) == []
