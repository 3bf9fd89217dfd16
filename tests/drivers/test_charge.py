"""The charge by the clock: who looks, and how often, changes nothing."""

import pytest
import trio
import trio.testing
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotwire.drivers.charge import Charge
from pilotwire.drivers.ev import Ev, Supply

CAR = Ev(battery_wh=30_000, state_of_charge=60, target_percent=95, ac_max_amperes=16)

steps = st.lists(
    st.tuples(
        st.floats(0, 4000),  # s
        st.sampled_from([None, *(Supply(230, amperes, 3) for amperes in (0, 5.9, 6, 10, 32))]),
        st.integers(0, 3),  # how often it is read meanwhile
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(steps)
def test_reading_and_offering_the_same_again_changes_no_total(steps):
    async def charge_both() -> None:
        plain, watched = Charge(1e6), Charge(1e6)
        plain.join(CAR)
        watched.join(CAR)
        before = 1e6
        for seconds, supply, reads in steps:
            plain.offer(supply)
            watched.offer(supply)
            for _ in range(reads + 1):
                clock.jump(seconds / (reads + 1))
                assert watched.measured()[0] >= before
                before = watched.measured()[0]
                assert 0 <= watched.measured()[1] <= (supply.watts if supply else 0) * (1 + 1e-9)
                watched.offer(supply)
        drawn = plain.measured()[0] - 1e6
        assert watched.measured()[0] - 1e6 == pytest.approx(drawn, rel=1e-6, abs=1e-6)
        assert watched.ev is not None
        assert plain.ev is not None
        assert watched.ev.state_of_charge == pytest.approx(plain.ev.state_of_charge, rel=1e-6)
        assert watched.ev.state_of_charge <= 95

    clock = trio.testing.MockClock()
    trio.run(charge_both, clock=clock)


async def test_the_register_goes_on_from_car_to_car(autojump_clock):
    charge = Charge(500.0)
    for _ in range(2):
        charge.join(CAR)
        charge.offer(Supply(230, 10, 3))
        await trio.sleep(360)
        charge.part()
        assert charge.ev is None
        await trio.sleep(360)
    assert charge.measured()[0] == pytest.approx(500 + 2 * 690)


async def test_the_car_ends_when_it_was_said_to(autojump_clock):
    charge = Charge(0.0)
    charge.join(CAR)
    charge.offer(Supply(230, 16, 3))
    await trio.sleep_until(charge.ends_at)
    assert charge.measured()[1] == 0
    assert charge.ev is not None
    assert charge.ev.state_of_charge == 95
    assert charge.measured()[0] == pytest.approx(0.35 * 30_000 / CAR.efficiency)


def test_an_empty_place_needs_no_clock():
    charge = Charge(7.0)
    charge.offer(Supply(230, 16, 3))
    assert (*charge.measured(), charge.phases, charge.ev) == (7, 0, None, 0, None)
