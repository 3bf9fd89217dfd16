"""Which tokens may charge."""

from datetime import UTC, datetime, timedelta

import pytest

from pilotwire.machines.events import UNTYPED, IdToken, PersonalMessage
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


def test_c04_fr_01_nobody_guesses_a_key_code():
    book = TokenBook([KnownToken(value="1234", type="KeyCode")], accepts_unknown=True)
    assert book.look_up(IdToken("1234", "KeyCode"), NOW).verdict == "Accepted"  # C04.FR.02
    assert book.look_up(IdToken("9999", "KeyCode"), NOW).verdict == "Invalid"


def test_a_token_of_a_type_is_found_by_it_or_by_none():
    book = TokenBook([KnownToken(value="A", type="eMAID"), KnownToken(value="A", type="Local")])
    assert len(book) == 2
    assert {token.type for token in book} == {"eMAID", "Local"}
    assert book.look_up(IdToken("A"), NOW).verdict == "Unknown"
    assert book.look_up(IdToken("A", UNTYPED), NOW).verdict == "Accepted"
    book.remove("a", "eMAID")
    assert [token.type for token in book] == ["Local"]
    book.remove("a")
    assert len(book) == 0


def test_c01_fr_10_11_two_languages_that_differ():
    message = PersonalMessage("Hallo")
    token = KnownToken(value="A", languages=("de", "en"), message=message)
    info = TokenBook([token]).look_up(IdToken("A"), NOW)
    assert (info.languages, info.messages) == (("de", "en"), (message,))
    for languages in (("de", "de"), ("de", "en", "fr")):
        with pytest.raises(ValueError, match="languages"):
            KnownToken(value="A", languages=languages)
