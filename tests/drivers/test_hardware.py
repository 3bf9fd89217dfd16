"""What a simulated EVSE offers under a limit."""

import pytest

from pilotwire.drivers.ev import Supply
from pilotwire.drivers.hardware import FAULT_CODES, EvseHardware
from pilotwire.machines.effects import SetLimit

AC = EvseHardware(phases=3, voltage=230, max_amperes=32)
DC = EvseHardware(is_dc=True, voltage=400, max_watts=100_000)


@pytest.mark.parametrize(
    ("limit", "amperes"),
    [
        (SetLimit(1), 32),
        (SetLimit(1, amperes=10), 10),
        (SetLimit(1, amperes=64), 32),
        (SetLimit(1, amperes=0), 0),
        (SetLimit(1, amperes=-5), 0),
        (SetLimit(1, watts=6900), 10),
        (SetLimit(1, amperes=8, watts=6900), 8),
        (SetLimit(1, amperes=16, watts=6900), 10),
    ],
)
def test_the_lowest_of_limit_and_rating_is_offered_on_ac(limit, amperes):
    assert AC.supply(limit) == Supply(230, amperes, 3)


@pytest.mark.parametrize(
    ("limit", "watts"),
    [
        (SetLimit(1), 100_000),
        (SetLimit(1, watts=20_000), 20_000),
        (SetLimit(1, amperes=100), 40_000),
        (SetLimit(1, watts=0), 0),
        (SetLimit(1, watts=900_000), 100_000),
    ],
)
def test_the_lowest_of_limit_and_rating_is_offered_on_dc(limit, watts):
    supply = DC.supply(limit)
    assert supply.is_dc
    assert supply.watts == pytest.approx(watts)


@pytest.mark.parametrize("field", ["connectors", "voltage", "max_amperes", "max_watts"])
def test_a_rating_that_cannot_be_is_refused_by_its_field(field):
    with pytest.raises(ValueError, match=field):
        EvseHardware(**{field: 0})


def test_1_6_7_6_fault_codes_are_those_that_may_stand_with_faulted():
    assert len(FAULT_CODES) == 14
    assert not {"NoError", "EVCommunicationError"} & set(FAULT_CODES)
