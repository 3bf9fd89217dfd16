"""Measurands out of a meter's sample."""

import pytest

from pilotwire.machines.meter import MeterSample, SignedReading
from pilotwire.profiles.measurands import MEASURANDS, Reading, readings

SIGNED = SignedReading(data=b"OCMF|{}|{}", encoding_method="OCMF")
FULL = MeterSample(
    energy_import=1200.0,
    energy_import_phases=(400.0, 500.0, 300.0),
    energy_export=200.0,
    energy_reactive_import=30.0,
    energy_reactive_export=10.0,
    energy_apparent_import=1300.0,
    energy_apparent_export=250.0,
    power_import=6900.0,
    power_import_phases=(2300.0, 2300.0, 2300.0),
    power_export=0.0,
    power_reactive_import=120.0,
    power_reactive_export=0.0,
    power_factor=0.99,
    current_import=(10.0, 10.0, 10.0),
    current_export=(0.0, 0.0, 0.0),
    voltage=(230.0, 231.0, 229.0),
    frequency=50.0,
    power_offered=11040.0,
    current_offered=16.0,
    state_of_charge=55.0,
    temperature=31.0,
)


def told(name: str, meter: MeterSample = FULL) -> list[tuple[float, str | None]]:
    return [(reading.value, reading.phase) for reading in readings(meter, (name,))]


def test_a_meter_that_measures_everything_has_a_value_for_every_measurand() -> None:
    earlier = MeterSample(
        energy_import=0.0, energy_export=0.0, energy_reactive_import=0.0, energy_reactive_export=0.0
    )
    found = {reading.measurand for reading in readings(FULL, MEASURANDS, earlier)}
    assert found == set(MEASURANDS)


def test_what_the_hardware_lacks_has_no_reading() -> None:
    found = [reading.measurand for reading in readings(MeterSample(energy_import=1.0), MEASURANDS)]
    assert found == ["Energy.Active.Import.Register"]


def test_a_register_is_told_as_a_sum_and_then_a_phase_each() -> None:
    assert told("Energy.Active.Import.Register") == [
        (1200.0, None),
        (400.0, "L1"),
        (500.0, "L2"),
        (300.0, "L3"),
    ]
    assert told("Power.Active.Import")[1:] == [(2300.0, "L1"), (2300.0, "L2"), (2300.0, "L3")]
    assert told("Energy.Active.Import.Register.L2") == [(500.0, "L2")]


def test_currents_and_voltages_are_told_a_phase_each() -> None:
    assert told("Current.Import") == [(10.0, "L1"), (10.0, "L2"), (10.0, "L3")]
    assert told("Voltage") == [(230.0, "L1-N"), (231.0, "L2-N"), (229.0, "L3-N")]
    assert told("Voltage.L3-N") == [(229.0, "L3-N")]
    dc = MeterSample(energy_import=0.0, voltage=(400.0,))
    assert told("Voltage", dc) == [(400.0, None)]


@pytest.mark.parametrize(
    ("name", "value", "unit"),
    [
        ("Energy.Active.Net", 1000.0, "Wh"),
        ("Energy.Reactive.Net", 20.0, "varh"),
        ("Energy.Apparent.Net", 1050.0, "VAh"),
        ("Power.Factor", 0.99, None),
        ("Power.Reactive.Import", 120.0, "var"),
    ],
)
def test_values_and_units(name: str, value: float, unit: str | None) -> None:
    assert list(readings(FULL, (name,))) == [Reading(name, value, unit)]


def test_an_interval_is_what_has_flowed_since_the_reading_before() -> None:
    earlier = MeterSample(energy_import=1150.0)
    name = "Energy.Active.Import.Interval"
    assert list(readings(FULL, (name,), earlier)) == [Reading(name, 50.0, "Wh")]
    assert list(readings(FULL, (name,))) == []
    assert list(readings(FULL, ("Energy.Active.Export.Interval",), earlier)) == []


def test_what_is_signed_is_the_import_register() -> None:
    meter = MeterSample(energy_import=5.0, power_import=1.0, signed=SIGNED)
    signed = {r.measurand: r.signed for r in readings(meter, MEASURANDS)}
    assert signed == {"Energy.Active.Import.Register": SIGNED, "Power.Active.Import": None}
