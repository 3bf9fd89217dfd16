"""Moments that return at an interval."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotwire.profiles.periods import DAY, next_aligned

MIDNIGHT = 1_800_000_000 // DAY * DAY


@pytest.mark.parametrize(
    ("after", "interval", "next_time"),
    [
        (0, 900, 900),
        (899.5, 900, 900),
        (900, 900, 1800),
        (86_000, 900, 86_400),
        (80_000, 50_000, 86_400),  # counted anew at midnight
        (3600, 86_400, 86_400),
        (10, 2, 12),
    ],
)
def test_it_is_the_next_multiple_from_midnight(
    after: float, interval: float, next_time: float
) -> None:
    assert next_aligned(MIDNIGHT + after, interval) == MIDNIGHT + next_time


@given(st.floats(0, 4e9), st.integers(1, 10 * DAY))
def test_it_comes_after_now_and_no_later_than_an_interval(after: float, interval: int) -> None:
    due = next_aligned(after, interval)
    assert after < due <= after + interval
    since_midnight = due % DAY if interval <= DAY else due
    assert since_midnight % interval == 0 or due % DAY == 0


@given(st.floats(0, 4e9), st.integers(1, DAY))
def test_none_is_left_out(after: float, interval: int) -> None:
    """Between two that follow each other there is no other multiple."""
    due = next_aligned(after, interval)
    following = next_aligned(due, interval)
    assert following - due <= interval
    assert following == due + interval or following % DAY == 0
