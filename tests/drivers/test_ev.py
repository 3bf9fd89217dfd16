"""The car: what it draws, by closed formulas that agree however a span of time is split."""

import math

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotwire.drivers.ev import Ev, Supply

CAR = Ev(battery_wh=60_000, state_of_charge=20, phases=3, ac_max_amperes=16, efficiency=0.9)
AC_32 = Supply(volts=230, amperes=32, phases=3)
DC_150 = Supply(volts=400, amperes=375, is_dc=True)

cars = st.builds(
    Ev,
    battery_wh=st.floats(1_000, 200_000),
    state_of_charge=st.floats(0, 100),
    target_percent=st.floats(0, 100),
    phases=st.sampled_from([1, 3]),
    ac_max_amperes=st.floats(6, 80),
    dc_max_watts=st.floats(1_000, 400_000),
    efficiency=st.floats(0.5, 1),
    knee_percent=st.floats(0, 99),
    cut_off_fraction=st.floats(0.01, 0.95),
)
supplies = st.builds(
    Supply,
    volts=st.floats(100, 1000),
    amperes=st.floats(0, 500),
    phases=st.sampled_from([1, 3]),
) | st.builds(Supply, volts=st.floats(100, 1000), amperes=st.floats(0, 500), is_dc=st.just(True))


def hours(value: float) -> float:
    return value * 3600


def charge(ev: Ev, supply: Supply, seconds: float) -> tuple[Ev, float]:
    """Charge for this long as the hardware does it: a course, cut where the time is over."""
    course = ev.course(supply)
    if course is None:
        return ev, 0.0
    return ev.charged(course, seconds), course.wh(seconds)


@settings(deadline=None)
@given(cars, supplies, st.lists(st.floats(0, 20_000), min_size=1, max_size=6))
def test_splitting_a_span_changes_nothing(ev, supply, spans):
    whole, whole_wh = charge(ev, supply, math.fsum(spans))
    wh = 0.0
    for span in spans:
        ev, part = charge(ev, supply, span)
        wh += part
    assert wh == pytest.approx(whole_wh, rel=1e-6, abs=1e-6)
    assert ev.state_of_charge == pytest.approx(whole.state_of_charge, rel=1e-6, abs=1e-9)


@settings(deadline=None)
@given(cars, supplies, st.lists(st.floats(0, 50_000), min_size=2, max_size=8))
def test_the_register_never_runs_back_and_power_stays_within_every_limit(ev, supply, times):
    course = ev.course(supply)
    if course is None:
        return
    own = ev.dc_max_watts if supply.is_dc else ev.ac_max_amperes * supply.volts * course.phases
    offered = supply.watts if supply.is_dc else supply.amperes * supply.volts * course.phases
    before = 0.0
    for seconds in sorted(times):
        assert course.wh(seconds) >= before * (1 - 1e-12)
        assert 0 <= course.watts(seconds) <= min(own, offered) * (1 + 1e-9)
        assert ev.state_of_charge <= ev.charged(course, seconds).state_of_charge <= 100
        before = course.wh(seconds)


@settings(deadline=None)
@given(cars, supplies)
def test_the_energy_drawn_is_what_the_battery_gained_and_lost(ev, supply):
    course = ev.course(supply)
    if course is None:
        return
    seconds = course.seconds * 0.7
    gained = ev.charged(course, seconds).state_of_charge - ev.state_of_charge
    stored_wh = course.wh(seconds) * ev.efficiency
    assert gained / 100 * ev.battery_wh == pytest.approx(stored_wh, rel=1e-6, abs=1e-6)


@settings(deadline=None)
@given(cars, supplies)
def test_a_course_ends_at_the_target_and_power_does_not_jump_before(ev, supply):
    course = ev.course(supply)
    if course is None:
        return
    ended = ev.charged(course, course.seconds)
    assert ended.has_ended
    assert ended.course(supply) is None
    assert course.watts(course.seconds) == 0
    at_knee = course.watts(course.steady_seconds)
    after = course.watts(math.nextafter(course.steady_seconds, math.inf))
    if course.steady_seconds * (1 + 1e-9) < course.seconds and course.steady_seconds > 0:
        assert after == pytest.approx(at_knee, rel=1e-6)


@pytest.mark.parametrize("supply", [AC_32, DC_150, Supply(230, 10, 3), Supply(230, 32, 1)])
def test_the_formulas_equal_an_integration_in_small_steps(supply):
    ev = msgspec.structs.replace(CAR, state_of_charge=70.0, battery_wh=10_000.0)
    course = ev.course(supply)
    assert course is not None
    most = 120_000 if supply.is_dc else 16 * 230 * min(3, supply.phases)
    offered = min(supply.watts, most)
    percent, wh, step = 70.0, 0.0, course.seconds / 50_000
    for _ in range(25_000):
        falling = 1 - (1 - 0.05) * max(0.0, percent - 80) / 20
        drawn = min(offered, most * falling) * step / 3600
        wh += drawn
        percent += drawn * 0.9 / 10_000 * 100
    assert course.wh(course.seconds / 2) == pytest.approx(wh, rel=1e-4)
    half_way = ev.charged(course, course.seconds / 2)
    assert half_way.state_of_charge == pytest.approx(percent, rel=1e-4)


def test_an_hour_below_the_knee_is_the_power_times_the_time():
    ev, wh = charge(CAR, AC_32, hours(1))
    assert wh == pytest.approx(16 * 230 * 3)  # the car's 16 A, not the EVSE's 32
    assert ev.state_of_charge == pytest.approx(20 + 16 * 230 * 3 * 0.9 / 600)


def test_a_car_with_one_phase_draws_one_phase_of_three():
    course = msgspec.structs.replace(CAR, phases=1).course(AC_32)
    assert course is not None
    assert (course.phases, course.watts(0)) == (1, pytest.approx(16 * 230))


def test_a_car_with_three_phases_draws_the_one_that_there_is():
    course = CAR.course(Supply(volts=230, amperes=32, phases=1))
    assert course is not None
    assert (course.phases, course.watts(0)) == (1, pytest.approx(16 * 230))


@pytest.mark.parametrize(("amperes", "takes"), [(5.9, False), (6.0, True)])
def test_an_ac_car_takes_nothing_below_its_least_current(amperes, takes):
    assert (CAR.course(Supply(230, amperes, 3)) is not None) is takes


def test_a_low_offer_moves_the_taper_to_a_higher_state_of_charge():
    full = msgspec.structs.replace(CAR, state_of_charge=90.0)
    eager, modest = full.course(AC_32), full.course(Supply(230, 6, 3))
    assert eager is not None
    assert modest is not None
    assert eager.steady_seconds == 0
    assert eager.watts(0) == pytest.approx(16 * 690 * (1 - 0.95 / 2))
    assert modest.watts(0) == pytest.approx(6 * 690)
    assert modest.steady_seconds > 0


def test_a_car_ends_at_its_target_below_the_knee():
    ev = msgspec.structs.replace(CAR, target_percent=50.0)
    course = ev.course(AC_32)
    assert course is not None
    assert course.total_wh == pytest.approx(0.3 * 60_000 / 0.9)
    assert ev.charged(course, course.seconds).state_of_charge == 50.0


@pytest.mark.parametrize(
    "ev",
    [
        msgspec.structs.replace(CAR, takes_power=False),
        msgspec.structs.replace(CAR, state_of_charge=100.0),
        msgspec.structs.replace(CAR, state_of_charge=70.0, target_percent=60.0),
        msgspec.structs.replace(CAR, ac_max_amperes=0.0),
    ],
)
def test_these_cars_take_nothing(ev):
    assert ev.course(AC_32) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("battery_wh", 0.0),
        ("state_of_charge", 100.1),
        ("target_percent", -1.0),
        ("efficiency", 1.1),
        ("knee_percent", 100.0),
        ("cut_off_fraction", 0.0),
        ("ac_max_amperes", -1.0),
    ],
)
def test_a_car_that_cannot_be_is_refused_by_its_field(field, value):
    with pytest.raises(ValueError, match=field):
        Ev(**{field: value})
