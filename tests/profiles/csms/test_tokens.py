"""Which tokens may charge."""

from datetime import UTC, datetime, timedelta

import pytest

from pilotwire.machines.events import IdToken
from pilotwire.profiles.csms import KnownToken, TokenBook, TokenInfo

NOW = datetime(2026, 1, 2, tzinfo=UTC)
SOON, BEFORE = NOW + timedelta(seconds=1), NOW - timedelta(seconds=1)


@pytest.mark.parametrize(
    ("token", "info"),
    [
        (KnownToken(value="Tag"), TokenInfo("Accepted")),
        (KnownToken(value="TAG", parent="P"), TokenInfo("Accepted", "P")),
        (KnownToken(value="tag", expires=SOON), TokenInfo("Accepted", None, SOON)),
        (KnownToken(value="tag", expires=NOW), TokenInfo("Expired", None, NOW)),
        (KnownToken(value="tag", expires=BEFORE, parent="P"), TokenInfo("Expired", "P", BEFORE)),
        (
            KnownToken(value="tag", is_blocked=True, expires=BEFORE),
            TokenInfo("Blocked", None, BEFORE),
        ),
        (KnownToken(value="other"), TokenInfo("Unknown")),
    ],
)
def test_what_is_answered_about_a_token(token, info):
    assert TokenBook([token]).look_up(IdToken("tAg"), NOW) == info


def test_unknown_tokens_can_be_welcome_but_no_token_is_none():
    book = TokenBook(accepts_unknown=True)
    assert book.look_up(IdToken("tag"), NOW).verdict == "Accepted"
    assert book.look_up(IdToken(""), NOW).verdict == "Unknown"


def test_the_book_can_be_changed():
    book = TokenBook([KnownToken(value="A")])
    book.put(KnownToken(value="a", is_blocked=True))
    assert len(book) == 1
    assert book.look_up(IdToken("A"), NOW).verdict == "Blocked"
    book.remove("A")
    book.remove("A")
    assert book.look_up(IdToken("a"), NOW).verdict == "Unknown"


def test_c02_fr_02_nobody_was_asked_for_a_token():
    assert TokenBook().look_up(IdToken("", "NoAuthorization"), NOW).verdict == "Accepted"
