"""The station's own decisions, by its list and its cache (1.6 3.5, 2.x C09 to C15)."""

from datetime import UTC, datetime, timedelta

import pytest

from pilotwire.machines.events import UNTYPED, AdditionalInfo, IdToken
from pilotwire.profiles.authorization import TokenBook
from pilotwire.profiles.device_model import DeviceModel, Key, Value
from pilotwire.profiles.local_list import ListUpdate, PreparedUpdate
from pilotwire.profiles.standard import STANDARD
from pilotwire.profiles.tokens import TokenInfo, decided

NOW = datetime(2027, 1, 15, 8, tzinfo=UTC)
ANNE, BOB, CARL = IdToken("ANNE"), IdToken("BOB"), IdToken("CARL")
ACCEPTED, BLOCKED = TokenInfo("Accepted"), TokenInfo("Blocked")


def book(**variables: Value) -> TokenBook:
    """Make a book; a variable of another component than AuthCtrlr is `Component__Variable`."""
    model = DeviceModel(STANDARD)
    for name, value in variables.items():
        component, _, variable = name.rpartition("__")
        model.configure(Key(component or "AuthCtrlr", variable), value)
    return TokenBook(model, {}, {})


def listed(book: TokenBook, **infos: TokenInfo) -> TokenBook:
    """Give the book with these tokens in its list, by their names."""
    entries = tuple((IdToken(name), info) for name, info in infos.items())
    prepared = book.local_list.prepare(ListUpdate(1, "Full", entries))
    assert isinstance(prepared, PreparedUpdate)
    prepared.apply()
    return book


# ---- online


def test_online_the_csms_is_asked_unless_pre_authorization_is_on() -> None:
    asking = book()
    asking.learn(ANNE, ACCEPTED, NOW)
    assert asking.decide_online(ANNE, NOW) is None  # C10.FR.11, TC_C_36

    trusting = book(LocalPreAuthorize=True)
    trusting.learn(ANNE, TokenInfo("Accepted", "FAMILY"), NOW)
    assert trusting.decide_online(IdToken("anne"), NOW) == TokenInfo("Accepted", "FAMILY")
    assert trusting.decide_online(BOB, NOW) is None


def test_c01_fr_25_a_token_of_another_type_is_another_token() -> None:
    trusting = book(LocalPreAuthorize=True)
    trusting.learn(ANNE, ACCEPTED, NOW)
    assert trusting.decide_online(IdToken("ANNE", "KeyCode"), NOW) is None
    assert trusting.decide_online(IdToken("ANNE", UNTYPED), NOW) == ACCEPTED  # as 1.6 names it
    with_more = IdToken("ANNE", "ISO14443", (AdditionalInfo("1", "plate"),))
    assert trusting.decide_online(with_more, NOW) == ACCEPTED


@pytest.mark.parametrize("source", ["cache", "list"])
def test_what_is_known_as_not_accepted_is_asked_about_while_online(source: str) -> None:
    trusting = book(LocalPreAuthorize=True)
    if source == "cache":
        trusting.learn(BOB, BLOCKED, NOW)
    else:
        listed(trusting, BOB=BLOCKED)
    assert trusting.decide_online(BOB, NOW) is None  # C10.FR.03, C12.FR.05, C14.FR.03


def test_unless_the_cache_or_the_list_is_to_be_trusted() -> None:
    cache = book(AuthCacheCtrlr__DisablePostAuthorize=True)
    cache.learn(BOB, BLOCKED, NOW)
    assert cache.decide_online(BOB, NOW) == BLOCKED
    listed(cache, BOB=BLOCKED)
    assert cache.decide_online(BOB, NOW) is None  # it is the list's word now, not the cache's

    the_list = listed(book(LocalAuthListCtrlr__DisablePostAuthorize=True), BOB=BLOCKED)
    assert the_list.decide_online(BOB, NOW) == BLOCKED


@pytest.mark.parametrize("component", ["AuthCacheCtrlr", "LocalAuthListCtrlr"])
def test_what_is_over_is_asked_about_even_then(component: str) -> None:
    trusting = book(LocalPreAuthorize=True, **{f"{component}__DisablePostAuthorize": True})
    until = TokenInfo("Accepted", None, NOW + timedelta(hours=1))
    if component == "AuthCacheCtrlr":
        trusting.learn(ANNE, until, NOW)
    else:
        listed(trusting, ANNE=until)
    later = NOW + timedelta(hours=1)
    assert trusting.decide_online(ANNE, NOW) == until  # C14.FR.04
    assert trusting.decide_online(ANNE, later) is None  # C14.FR.05, C10.FR.13
    assert trusting.decide_offline(ANNE, later).verdict == "Expired"  # C13.FR.05


def test_c13_fr_02_where_expiry_is_not_supported_the_list_has_no_time() -> None:
    until = TokenInfo("Accepted", None, NOW)
    timeless = listed(
        book(LocalPreAuthorize=True, LocalAuthListCtrlr__SupportsExpiryDateTime=False), ANNE=until
    )
    later = NOW + timedelta(days=1)
    assert timeless.decide_online(ANNE, later) == until  # C14.FR.02
    assert timeless.decide_offline(ANNE, later) == until


def test_c13_fr_01_the_list_says_before_the_cache() -> None:
    both = book(LocalPreAuthorize=True)
    both.learn(ANNE, BLOCKED, NOW)
    both.learn(BOB, ACCEPTED, NOW)
    listed(both, ANNE=ACCEPTED, BOB=BLOCKED)
    assert both.decide_online(ANNE, NOW) == ACCEPTED  # C14.FR.01
    assert both.decide_offline(BOB, NOW) == BLOCKED


def test_a_list_that_is_switched_off_says_nothing() -> None:
    closed = listed(book(LocalPreAuthorize=True), ANNE=ACCEPTED)
    closed.local_list._model.configure(Key("LocalAuthListCtrlr", "Enabled"), False)
    assert closed.decide_online(ANNE, NOW) is None
    assert closed.decide_offline(ANNE, NOW).verdict == "Invalid"


@pytest.mark.parametrize("source", ["cache", "list"])
def test_c09_fr_07_the_group_that_is_known_here_needs_no_question(source: str) -> None:
    asking = book()  # without LocalPreAuthorize
    of_family = TokenInfo("Accepted", "Family")
    if source == "cache":
        asking.learn(BOB, of_family, NOW)
    else:
        listed(asking, BOB=of_family)
    assert asking.decide_online(BOB, NOW, ("FAMILY",)) == of_family
    assert asking.decide_online(BOB, NOW, ("STRANGERS",)) is None
    assert asking.decide_online(BOB, NOW) is None


def test_where_the_csms_is_never_asked_only_what_is_known_counts() -> None:
    alone = book(DisableRemoteAuthorization=True)
    alone.learn(ANNE, ACCEPTED, NOW)
    alone.learn(BOB, BLOCKED, NOW)
    assert alone.decide_online(ANNE, NOW) == ACCEPTED
    assert alone.decide_online(BOB, NOW) == BLOCKED
    assert alone.decide_online(CARL, NOW) == TokenInfo("Unknown")


def test_where_nobody_is_to_be_authorized_everybody_may_charge() -> None:
    free = book(Enabled=False)
    free.learn(BOB, BLOCKED, NOW)
    assert free.decide_online(BOB, NOW) == ACCEPTED
    assert free.decide_offline(CARL, NOW) == ACCEPTED


# ---- offline


@pytest.mark.parametrize("accepts_unknown", [True, False])
def test_offline_what_is_known_decides_before_what_is_unknown(accepts_unknown: bool) -> None:
    offline = book(OfflineTxForUnknownIdEnabled=accepts_unknown)
    offline.learn(ANNE, ACCEPTED, NOW)
    offline.learn(BOB, BLOCKED, NOW)
    assert offline.decide_offline(ANNE, NOW).verdict == "Accepted"
    assert offline.decide_offline(BOB, NOW).verdict == "Blocked"
    unknown = "Accepted" if accepts_unknown else "Invalid"  # C15.FR.08
    assert offline.decide_offline(CARL, NOW).verdict == unknown
    assert offline.known(CARL, NOW) is None  # C15.FR.01


def test_c13_fr_06_a_listed_token_that_has_expired_is_no_unknown_one() -> None:
    offline = listed(book(OfflineTxForUnknownIdEnabled=True), ANNE=TokenInfo("Accepted", None, NOW))
    assert offline.decide_offline(ANNE, NOW).verdict == "Expired"
    assert offline.decide_offline(CARL, NOW).verdict == "Accepted"


def test_offline_nobody_who_is_known_starts_where_that_is_switched_off() -> None:
    offline = listed(book(LocalAuthorizeOffline=False), BOB=ACCEPTED)
    offline.learn(ANNE, ACCEPTED, NOW)
    for token in (ANNE, BOB, CARL):
        assert offline.decide_offline(token, NOW).verdict == "Invalid"


# ---- learning


def test_1_6_3_5_3_a_listed_token_is_not_added_to_the_cache_where_the_version_says_so() -> None:
    both = listed(book(), ANNE=ACCEPTED)
    both.learn(ANNE, BLOCKED, NOW, of_listed=False)
    assert len(both.cache) == 0
    both.learn(ANNE, BLOCKED, NOW)  # C10.FR.01
    assert len(both.cache) == 1


# ---- what the tree is told


def test_what_is_known_goes_with_the_decision() -> None:
    info = TokenInfo("Accepted", evses=(2,), additional_info=(AdditionalInfo("1", "plate"),))
    assert decided(1, ANNE, info).verdict == "NotAtThisLocation"  # C01.FR.21
    told = decided(2, ANNE, info)
    assert told.verdict == "Accepted"
    assert told.id_token.additional_info == info.additional_info
    own = IdToken("ANNE", additional_info=(AdditionalInfo("2", "plate"),))
    assert decided(2, own, info).id_token == own
