"""The authorization cache and the station's own decisions (1.6 3.5)."""

from datetime import UTC, datetime, timedelta

import pytest

from pilotwire.machines.events import IdToken
from pilotwire.profiles.authorization import TokenBook
from pilotwire.profiles.device_model import DeviceModel, Key, Value
from pilotwire.profiles.face import TokenInfo
from pilotwire.profiles.standard import STANDARD

NOW = datetime(2027, 1, 15, 8, tzinfo=UTC)
ANNE, BOB, CARL = IdToken("ANNE"), IdToken("BOB"), IdToken("CARL")
ACCEPTED, BLOCKED = TokenInfo("Accepted"), TokenInfo("Blocked")


def book(**variables: Value) -> TokenBook:
    model = DeviceModel(STANDARD)
    for name, value in variables.items():
        component = "AuthCacheCtrlr" if name in ("Enabled", "Entries", "LifeTime") else "AuthCtrlr"
        model.configure(Key(component, name), value)
    return TokenBook(model, {})


def test_online_the_csms_is_asked_unless_pre_authorization_is_on() -> None:
    asking = book()
    asking.learn(ANNE, ACCEPTED, NOW)
    assert asking.decide_online(ANNE, NOW) is None

    trusting = book(LocalPreAuthorize=True)
    trusting.learn(ANNE, TokenInfo("Accepted", "FAMILY"), NOW)
    assert trusting.decide_online(IdToken("anne"), NOW) == TokenInfo("Accepted", "FAMILY")
    assert trusting.decide_online(BOB, NOW) is None


def test_what_is_known_as_not_accepted_is_asked_about_while_online() -> None:
    trusting = book(LocalPreAuthorize=True)
    trusting.learn(BOB, BLOCKED, NOW)
    assert trusting.decide_online(BOB, NOW) is None


def test_an_accepted_entry_expires() -> None:
    trusting = book(LocalPreAuthorize=True)
    trusting.learn(ANNE, TokenInfo("Accepted", None, NOW + timedelta(hours=1)), NOW)
    assert trusting.decide_online(ANNE, NOW) is not None
    later = NOW + timedelta(hours=1)
    assert trusting.decide_online(ANNE, later) is None
    assert trusting.decide_offline(ANNE, later).verdict == "Expired"


def test_c10_an_entry_expires_at_the_end_of_its_life_time() -> None:
    trusting = book(LifeTime=60)
    trusting.learn(ANNE, ACCEPTED, NOW)
    assert trusting.decide_offline(ANNE, NOW + timedelta(seconds=59)).verdict == "Accepted"
    assert trusting.decide_offline(ANNE, NOW + timedelta(seconds=60)).verdict == "Expired"


@pytest.mark.parametrize("accepts_unknown", [True, False])
def test_offline_what_is_known_decides_before_what_is_unknown(accepts_unknown: bool) -> None:
    offline = book(OfflineTxForUnknownIdEnabled=accepts_unknown)
    offline.learn(ANNE, ACCEPTED, NOW)
    offline.learn(BOB, BLOCKED, NOW)
    assert offline.decide_offline(ANNE, NOW).verdict == "Accepted"
    assert offline.decide_offline(BOB, NOW).verdict == "Blocked"
    unknown = "Accepted" if accepts_unknown else "Invalid"
    assert offline.decide_offline(CARL, NOW).verdict == unknown


def test_offline_nobody_starts_where_that_is_switched_off() -> None:
    offline = book(LocalAuthorizeOffline=False, OfflineTxForUnknownIdEnabled=True)
    offline.learn(ANNE, ACCEPTED, NOW)
    assert offline.decide_offline(ANNE, NOW).verdict == "Invalid"


def test_a_cache_that_is_switched_off_neither_learns_nor_tells() -> None:
    closed = book(Enabled=False)
    closed.learn(ANNE, ACCEPTED, NOW)
    assert len(closed) == 0
    assert closed.decide_offline(ANNE, NOW).verdict == "Invalid"


def test_a_full_cache_drops_the_invalid_first_and_then_the_oldest() -> None:
    small = book(Entries=2)
    small.learn(ANNE, ACCEPTED, NOW)
    small.learn(BOB, BLOCKED, NOW)
    small.learn(CARL, ACCEPTED, NOW)
    assert small.known(BOB, NOW) is None
    small.learn(ANNE, ACCEPTED, NOW)  # now CARL is the oldest
    small.learn(BOB, ACCEPTED, NOW)
    assert small.known(CARL, NOW) is None
    assert small.known(ANNE, NOW) is not None


def test_changes_can_be_kept_and_read_back() -> None:
    model = DeviceModel(STANDARD)
    first = TokenBook(model, {})
    first.learn(ANNE, TokenInfo("Accepted", "FAMILY", NOW + timedelta(days=1)), NOW)
    first.learn(BOB, BLOCKED, NOW)
    kept = {key: entry for key, entry in first.changes() if entry is not None}
    assert list(first.changes()) == []
    second = TokenBook(model, kept)
    assert second.known(ANNE, NOW) == first.known(ANNE, NOW)
    second.forget_all()
    assert dict(second.changes()) == {"anne": None, "bob": None}
    assert len(second) == 0
