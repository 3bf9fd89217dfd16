"""What is kept is bounded, and registers are read right."""

from datetime import UTC, datetime

import pytest

from pilotwire.profiles.csms import MeterReading, SampledValue
from pilotwire.profiles.csms.records import bounded, in_utc


def test_numbers_are_bounded():
    assert [bounded(n) for n in (5, -5, 10**30, -(10**30))] == [5, -5, 2**53, -(2**53)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2026-01-02T03:04:05+02:00", "2026-01-02T01:04:05+00:00"),
        ("0001-01-01T00:00:00+14:00", "0002-01-01T00:00:00+00:00"),
        ("9999-12-31T23:00:00-14:00", "9998-12-31T00:00:00+00:00"),
    ],
)
def test_moments_are_in_utc_and_never_out_of_the_calendar(text, told):
    assert in_utc(datetime.fromisoformat(text)).isoformat() == told


@pytest.mark.parametrize(
    ("sample", "watt_hours"),
    [
        (SampledValue(value="12"), 12),
        (SampledValue(value="1.5", unit="kWh"), 1500),
        (SampledValue(value="12", unit="Wh", measurand="Energy.Active.Export.Register"), None),
        (SampledValue(value="12", phase="L1"), None),
        (SampledValue(value="12", unit="W"), None),
        (SampledValue(value="0A1B", format="SignedData"), None),
        (SampledValue(value="twelve"), None),
        (SampledValue(value="nan"), None),
        (SampledValue(value="inf"), None),
        (SampledValue(value="1e300"), None),
    ],
)
def test_the_register_is_read_from_what_is_one(sample, watt_hours):
    assert sample.watt_hours() == watt_hours


def test_the_first_register_of_a_reading_counts():
    samples = (SampledValue(value="230", measurand="Voltage"), SampledValue(value="7"))
    assert MeterReading(datetime(2026, 1, 2, tzinfo=UTC), samples).watt_hours() == 7
