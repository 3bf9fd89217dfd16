"""Values and their text."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from pilotwire.profiles.device_model import Unfit, text_of
from pilotwire.profiles.device_model.value import read


def test_a_decimal_is_written_in_plain_digits() -> None:
    assert text_of(1234567.0) == "1234567"
    assert text_of(0.1) == "0.1"
    assert text_of(1e21) == "1000000000000000000000"


def test_a_value_that_is_not_there_is_written_as_nothing() -> None:
    assert text_of(None) == ""


def test_a_time_is_written_in_utc_with_no_more_than_milliseconds() -> None:
    zone = timezone(timedelta(hours=1))
    assert text_of(datetime(2030, 1, 31, 13, tzinfo=zone)) == "2030-01-31T12:00:00Z"
    assert text_of(datetime(2030, 1, 31, 12, 0, 0, 250_000, UTC)) == "2030-01-31T12:00:00.250Z"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2019-04-12T23:20:50.52Z", datetime(2019, 4, 12, 23, 20, 50, 520_000, UTC)),
        ("2019-12-19T16:39:57+01:00", datetime(2019, 12, 19, 15, 39, 57, tzinfo=UTC)),
        ("2019-12-19t16:39:57.123456789z", datetime(2019, 12, 19, 16, 39, 57, 123_000, UTC)),
    ],
)
def test_a_time_is_read_with_its_zone(text: str, moment: datetime) -> None:
    assert read("dateTime", text) == moment


@pytest.mark.parametrize(
    "text",
    ["2019-12-19", "2019-12-19T16:39:57", "2019-02-31T00:00:00Z", "0001-01-01T00:00:00+01:00", ""],
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(Unfit, match="expected a date and time with its zone"):
        read("dateTime", text)
