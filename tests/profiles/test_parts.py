"""Long lists are cut into parts of bounded size."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pilotwire.profiles.parts import PART_SIZE, cut


@given(sizes=st.lists(st.integers(0, 2 * PART_SIZE), max_size=50))
def test_nothing_is_lost_and_no_part_is_too_large_but_for_a_single_item(sizes: list[int]) -> None:
    parts = [*cut(sizes, lambda size: size)]
    assert [size for part in parts for size in part] == sizes
    assert all(part for part in parts)
    assert all(sum(part) <= PART_SIZE or len(part) == 1 for part in parts)


@given(sizes=st.lists(st.integers(1, PART_SIZE), min_size=1, max_size=50))
def test_no_two_neighbours_would_fit_into_one(sizes: list[int]) -> None:
    parts = [*cut(sizes, lambda size: size)]
    assert all(sum(part) + following[0] > PART_SIZE for part, following in pairwise(parts))
