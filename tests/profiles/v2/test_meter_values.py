"""How readings are written: the quick way and the thorough one say the same."""

import math
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotwire.machines.meter import MeterSample, SignedReading
from pilotwire.profiles.measurands import MEASURANDS, OF_A_PHASE
from pilotwire.profiles.messages import of
from pilotwire.profiles.messages.v2 import Messages
from pilotwire.profiles.report import Sample
from pilotwire.profiles.v2.meter_values import _sampled_values, meter_values

V201, V21 = of("2.0.1"), of("2.1")
NUMBER = st.floats(-1e9, 1e9) | st.integers(-(10**9), 10**9)
PHASES = st.lists(NUMBER, max_size=4).map(tuple)
METERS = st.fixed_dictionaries(
    {"energy_import": NUMBER},
    optional={
        field.name: PHASES if field.name.endswith("phases") or field.default == () else NUMBER
        for field in msgspec.structs.fields(MeterSample)
        if field.name not in ("energy_import", "signed")
    },
).map(lambda fields: MeterSample(**fields))
NAMES = st.lists(st.sampled_from((*MEASURANDS, *OF_A_PHASE)), max_size=8).map(tuple)
SAMPLES = st.builds(
    Sample,
    time=st.floats(0, 4e9),
    context=st.sampled_from(["Sample.Periodic", "Transaction.End"]),
    meter=METERS,
    measurands=NAMES,
    before=st.none() | METERS,
)


def written(v2: Messages, *samples: Sample) -> list[Any]:
    found: list[Any] = msgspec.json.decode(msgspec.json.encode(meter_values(v2, samples)))
    return found


@pytest.mark.parametrize("v2", [V201, V21])
@given(sample=SAMPLES)
def test_a_form_filled_in_says_what_the_messages_own_types_say(
    v2: Messages, sample: Sample
) -> None:
    thorough = msgspec.json.decode(msgspec.json.encode(_sampled_values(v2, sample)))
    told = written(v2, sample)
    assert len(told) == bool(thorough)
    for value in told:
        assert set(value) == {"timestamp", "sampledValue"}
        msgspec.json.decode(msgspec.json.encode(value), type=v2.MeterValueType)
        for quick, slow in zip(value["sampledValue"], thorough, strict=True):
            assert quick.pop("value") == pytest.approx(slow.pop("value"), abs=0.0011, rel=1e-9)
            assert quick == slow


def test_three_decimals_are_told() -> None:
    meter = MeterSample(energy_import=1234.56789, voltage=(230.0004, 229.9996, 230.1))
    names = ("Energy.Active.Import.Register", "Voltage")
    (value,) = written(V21, Sample(1_800_000_000.9, "Sample.Periodic", meter, names))
    assert value["timestamp"] == "2027-01-15T08:00:00Z"
    assert [each["value"] for each in value["sampledValue"]] == [1234.568, 230.0, 230.0, 230.1]
    assert [each.get("phase") for each in value["sampledValue"]] == [None, "L1-N", "L2-N", "L3-N"]


@pytest.mark.parametrize("number", [math.nan, math.inf])
def test_a_meter_that_gives_no_number_stops_nothing(number: float) -> None:
    meter = MeterSample(energy_import=1.0, power_import=number)
    names = ("Energy.Active.Import.Register", "Power.Active.Import")
    (value,) = written(V21, Sample(1.0, "Sample.Periodic", meter, names))
    assert [each["value"] for each in value["sampledValue"]] == [1.0, None]


def test_what_is_signed_is_told_with_its_signature() -> None:
    signed = SignedReading(data=b"OCMF|{}", encoding_method="OCMF")
    meter = MeterSample(energy_import=1.0, signed=signed)
    names = ("Energy.Active.Import.Register",)
    (value,) = written(V21, Sample(1.0, "Transaction.End", meter, names))
    assert value["sampledValue"][0]["signedMeterValue"]["encodingMethod"] == "OCMF"
