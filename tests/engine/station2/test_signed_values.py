"""Signed meter values in 2.x: when a meter signs, and how that is told (E01.FR.04, J02.FR.21)."""

from base64 import b64decode
from datetime import UTC, datetime
from typing import Any

import pytest
import trio
from msgspec.structs import replace
from trio.testing import MockClock

from pilotwire.drivers.driver import SigningRequest
from pilotwire.drivers.ev import Ev
from pilotwire.drivers.signed_meter import SigningEvse
from pilotwire.machines.meter import MeterSample
from pilotwire.profiles.standard import SIGNING

from ...ocmf import decoded, meter_key, verified
from .conftest import Start
from .world import START, World

REGISTER = ("Energy.Active.Import.Register",)
ENDED = {"SampledDataCtrlr.TxEndedMeasurands": REGISTER}
DATA_SIGNED = {"TxCtrlr.TxStartPoint": ("DataSigned",), **ENDED}


class SlowMeter(SigningEvse):
    """Signs after a while, or as the test says."""

    def __init__(self, number: int, seconds: float = 0.0) -> None:
        super().__init__(
            key=meter_key(),
            now=lambda: datetime.fromtimestamp(START + trio.current_time(), UTC),
            serial_number=f"M-{number}",
            energy_import=1000.0 * number,
            seconds=seconds,
        )
        self.asked: list[SigningRequest] = []
        self.refuses = False
        self.is_stuck = False
        self.fails = False

    async def sign_meter(self, request: SigningRequest) -> MeterSample:
        self.asked.append(request)
        if self.is_stuck:
            await trio.sleep_forever()
        if self.fails:
            raise RuntimeError("a bug of the driver")
        return self.read_meter() if self.refuses else await super().sign_meter(request)


async def signing(start: Start, seconds: float = 0.0, **variables: Any) -> World:
    return await start(
        drivers=[SlowMeter(1, seconds), SlowMeter(2, seconds)],
        own_variables=SIGNING,
        variables={
            **ENDED,
            "SampledDataCtrlr.SignUpdatedReadings": False,
            "SampledDataCtrlr.TxUpdatedMeasurands": REGISTER,
            **variables,
        },
    )


def signatures(event: Any) -> list[tuple[str, Any]]:
    """Give each value's context, and its signature if it has one."""
    return [
        (value.context, value.signed_meter_value or None)
        for meter_value in event.meter_value or ()
        for value in meter_value.sampled_value
    ]


def signed_contexts(event: Any) -> list[str]:
    return [context for context, signed in signatures(event) if signed is not None]


async def stop(world: World) -> Any:
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(60)
    (ended,) = world.csms.events("Ended")
    return ended


async def test_e02_fr_14_j02_fr_21_start_and_end_are_told_as_the_meter_signed_them(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await signing(start)
    await world.charge()
    await trio.sleep(600)
    ended = await stop(world)
    (started,) = world.csms.events("Started")
    assert signed_contexts(started) == ["Transaction.Begin"]
    assert signed_contexts(ended) == ["Transaction.Begin", "Transaction.End"]
    key = world.drivers[0].public_key
    for event, context, occasion in (
        (started, "Transaction.Begin", "B"),
        (ended, "Transaction.End", "E"),
    ):
        signed = dict(signatures(event))[context]
        payload = verified(b64decode(signed.signed_meter_data), key)
        (reading,) = payload["RD"]
        assert (signed.encoding_method, reading["TX"], payload["ID"]) == (
            "OCMF",
            occasion,
            "DEADBEEF",
        )
        (value,) = [v for v in event.meter_value[-1].sampled_value if v.context == context]
        assert value.value == pytest.approx(reading["RV"] * 1000)
    periodic = [e for e in world.csms.events() if e.trigger_reason == "MeterValuePeriodic"]
    assert len(periodic) == 10
    assert not any(signed_contexts(event) for event in periodic)


@pytest.mark.parametrize(
    ("policy", "told"),
    [
        ("Never", [0, 0, 0]),
        ("OncePerTransaction", [1, 0, 0]),
        ("EveryMeterValue", [1, 1, 1]),
    ],
)
async def test_j02_fr_23_the_public_key_is_told_as_often_as_it_is_wanted(
    start: Start, autojump_clock: MockClock, policy: str, told: list[int]
) -> None:
    name = "OCPPCommCtrlr.PublicKeyWithSignedMeterValue"
    world = await signing(start, **{name: policy})
    for _ in range(2):  # of each transaction
        world.csms.forget()
        await world.charge()
        ended = await stop(world)
        (started,) = world.csms.events("Started")
        keys = [signed.public_key for _, signed in (*signatures(started), *signatures(ended))]
        assert [bool(key) for key in keys] == [bool(each) for each in told]
        assert {decoded(key) for key in keys if key} <= {world.drivers[0].public_key}
        world.drivers[0].unplug()


async def test_the_csms_may_read_the_public_key_of_each_meter(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await signing(start)
    v2 = world.v2
    request = v2.GetVariablesRequest(
        get_variable_data=tuple(
            v2.GetVariableDataType(
                component=v2.ComponentType(name="FiscalMetering", evse=v2.EVSEType(id=evse)),
                variable=v2.VariableType(name="PublicKey"),
            )
            for evse in (1, 2)
        )
    )
    answer = await world.csms.call(request)
    told = [decoded(result.attribute_value) for result in answer.get_variable_result]
    assert told == [driver.public_key for driver in world.drivers]


async def test_a_station_that_cannot_sign_does_not_speak_of_it(world: World) -> None:
    v2 = world.v2
    request = v2.GetVariablesRequest(
        get_variable_data=(
            v2.GetVariableDataType(
                component=v2.ComponentType(name="SampledDataCtrlr"),
                variable=v2.VariableType(name="SignReadings"),
            ),
        )
    )
    (result,) = (await world.csms.call(request)).get_variable_result
    assert result.attribute_status == "UnknownVariable"


async def test_what_is_signed_in_between_is_for_the_csms_to_choose(
    start: Start, autojump_clock: MockClock
) -> None:
    """Signed meter values 5.1."""
    world = await signing(
        start,
        **{
            "SampledDataCtrlr.SignStartedReadings": False,
            "SampledDataCtrlr.SignUpdatedReadings": True,
            "AlignedDataCtrlr.Interval": 900,
            "AlignedDataCtrlr.SignReadings": True,
            "AlignedDataCtrlr.SignUpdatedReadings": False,
        },
    )
    await world.charge()
    await trio.sleep(900)
    by_trigger = {e.trigger_reason: signed_contexts(e) for e in world.csms.events()}
    assert by_trigger["Authorized"] == []
    assert by_trigger["MeterValuePeriodic"] == ["Sample.Periodic"]
    assert by_trigger["MeterValueClock"] == []
    (idle,) = world.csms.of("MeterValues")  # J01.FR.21, of the EVSE where nobody charges
    assert signed_contexts(idle) == ["Sample.Clock"]
    assert idle.meter_value[0].timestamp.timestamp() == START + 900


async def test_aligned_readings_of_the_end_are_signed_as_well(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await signing(
        start,
        **{
            "SampledDataCtrlr.SignReadings": False,
            "AlignedDataCtrlr.SignReadings": True,
            "AlignedDataCtrlr.TxEndedInterval": 300,
            "AlignedDataCtrlr.TxEndedMeasurands": REGISTER,
        },
    )
    await world.charge()
    await trio.sleep(700)
    assert signed_contexts(await stop(world)) == ["Sample.Clock", "Sample.Clock"]


async def test_signing_may_be_turned_off(start: Start, autojump_clock: MockClock) -> None:
    world = await signing(start)
    assert await world.set_variables(SampledDataCtrlr__SignReadings="false") == ["Accepted"]
    await world.charge()
    await stop(world)
    assert world.drivers[0].asked == []
    assert not any(signed_contexts(event) for event in world.csms.events())


# ---- meters that take their time, or do not sign


async def test_energy_waits_for_the_signed_beginning_and_the_report_of_the_end_for_its_own(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await signing(start, seconds=5.0)
    await world.charge()
    assert not world.drivers[0].is_contactor_closed
    assert world.csms.events() == []
    await trio.sleep(6)
    assert world.drivers[0].is_contactor_closed
    assert signed_contexts(world.csms.events("Started")[0]) == ["Transaction.Begin"]
    await trio.sleep(100)
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    assert not world.drivers[0].is_contactor_closed  # that waits for nothing
    assert world.csms.events("Ended") == []
    await trio.sleep(5)
    (ended,) = world.csms.events("Ended")
    assert ended.timestamp.timestamp() == pytest.approx(START + 109, abs=1)
    assert [event.seq_no for event in world.csms.events()] == [0, 1, 2, 3]


@pytest.mark.parametrize("how", ["is_stuck", "refuses", "fails"])
async def test_a_meter_that_does_not_sign_keeps_nobody_from_charging(
    start: Start, autojump_clock: MockClock, how: str
) -> None:
    world = await signing(start)
    setattr(world.drivers[0], how, True)
    await world.charge()
    await trio.sleep(31)
    assert world.drivers[0].is_contactor_closed
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(35)
    (ended,) = world.csms.events("Ended")
    assert signed_contexts(ended) == []
    assert [context for context, _ in signatures(ended)] == [
        "Transaction.Begin",
        "Transaction.End",
    ]
    assert world.station.tree.evse(1).is_faulted is False


async def test_samples_and_stops_that_come_meanwhile_keep_their_order(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await signing(
        start,
        seconds=7.0,
        **{
            "SampledDataCtrlr.TxUpdatedInterval": 10,
            "SampledDataCtrlr.SignUpdatedReadings": True,
        },
    )
    await world.charge()
    await trio.sleep(61)
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    world.drivers[0].unplug(at_car=True)
    await trio.sleep(60)
    events = world.csms.events()
    assert [event.seq_no for event in events] == list(range(len(events)))
    assert [e.event_type for e in events].count("Ended") == 1
    assert events[-1].event_type == "Ended"
    times = [event.timestamp for event in events]
    assert times == sorted(times)
    registers = [
        value.value
        for event in events[:-1]
        for meter_value in event.meter_value or ()
        for value in meter_value.sampled_value
    ]
    assert registers == sorted(registers)


async def test_a_record_of_the_end_that_holds_the_beginning_is_told_once(
    start: Start, autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Signed meter values 4.1.2."""
    world = await signing(start)
    sign = SlowMeter.sign_meter

    async def sign_both(meter: SlowMeter, request: SigningRequest) -> MeterSample:
        sample = await sign(meter, request)
        is_end = request.context == "Transaction.End"
        return with_cover(sample) if is_end else sample

    monkeypatch.setattr(SlowMeter, "sign_meter", sign_both)
    await world.charge()
    ended = await stop(world)
    assert [context for context, _ in signatures(ended)] == [
        "Transaction.Begin",
        "Transaction.End",
    ]
    assert signed_contexts(ended) == ["Transaction.End"]


def with_cover(sample: MeterSample) -> MeterSample:
    assert sample.signed is not None
    return replace(sample, signed=replace(sample.signed, covers_begin=True))


# ---- TxStartPoint DataSigned


async def test_TC_E_11_CS_a_transaction_starts_when_its_first_reading_is_signed(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await signing(start, seconds=3.0, **DATA_SIGNED)
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    world.drivers[0].plug_in(Ev())
    await trio.sleep(2)
    assert world.csms.statuses()[-1] == "Occupied"
    assert world.csms.events() == []
    assert not world.drivers[0].is_contactor_closed
    await trio.sleep(2)
    started, charging = world.csms.events()
    assert (started.event_type, started.trigger_reason) == ("Started", "SignedDataReceived")
    assert (started.id_token.id_token, started.id_token.type) == ("DEADBEEF", "ISO14443")
    assert (started.evse.id, started.evse.connector_id) == (1, 1)
    ((context, signed),) = signatures(started)
    assert context == "Transaction.Begin"
    assert signed.encoding_method == "OCMF"
    assert decoded(signed.public_key) == world.drivers[0].public_key
    assert (charging.event_type, charging.trigger_reason) == ("Updated", "ChargingStateChanged")
    assert charging.transaction_info.charging_state == "Charging"
    assert len(world.drivers[0].asked) == 1  # the one reading serves start and end


async def test_e01_fr_04_until_the_meter_signs_it_is_asked_again(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await signing(start, **DATA_SIGNED)
    world.drivers[0].refuses = True
    await world.charge()
    await trio.sleep(25)
    assert len(world.drivers[0].asked) == 3
    assert world.csms.events() == []
    world.drivers[0].refuses = False
    await trio.sleep(10)
    assert [e.trigger_reason for e in world.csms.events("Started")] == ["SignedDataReceived"]
    assert world.drivers[0].is_contactor_closed


async def test_a_driver_who_does_not_wait_leaves_without_a_transaction(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await signing(start, **DATA_SIGNED)
    world.drivers[0].refuses = True
    await world.charge()
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    world.drivers[0].unplug()
    world.drivers[0].refuses = False
    await trio.sleep(30)
    assert world.csms.events() == []
    assert len(world.drivers[0].asked) == 1


# ---- the end of the station's run


async def test_what_waits_for_a_signature_when_the_station_ends_is_kept_without(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await signing(start)
    await world.charge()
    world.drivers[0].is_stuck = True
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    world.csms.forget()
    await world.csms.call(world.v2.ResetRequest(type="Immediate"))
    await trio.sleep(40)
    assert len(world.outcomes) == 1
    kinds = [report.kind for report in reports(world)] + [
        event.event_type for event in world.csms.events()
    ]
    assert kinds.count("Ended") == 1


def reports(world: World) -> list[Any]:
    found = []
    while (entry := world.journal.head()) is not None:
        found.append(entry.report)
        world.journal.remove(entry)
    return [report for report in found if hasattr(report, "kind")]
