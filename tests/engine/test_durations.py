"""Durations on a command line."""

import pytest

from pilotwire.engine.durations import seconds_of


@pytest.mark.parametrize("text", ["1d12h", "36h", "2160m", "129600s", "1.5d"])
def test_durations_have_units(text: str) -> None:
    assert seconds_of(text) == 129_600


def test_a_plain_number_is_seconds_where_it_may_be_plain() -> None:
    assert seconds_of("1.5", may_be_plain=True) == 1.5
    with pytest.raises(ValueError, match="expected a duration like 30d"):
        seconds_of("1.5")


@pytest.mark.parametrize("text", ["", "0", "0s", "-5", "5x", "5 s", "h", "1e3"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected a duration like 30d"):
        seconds_of(text, may_be_plain=True)
