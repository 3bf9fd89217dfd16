"""The authorization cache (1.6 3.5.1, 2.x C10 to C12)."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from pilotwire.machines.events import AdditionalInfo, AuthorizationVerdict, IdToken, PersonalMessage
from pilotwire.profiles.device_model import DeviceModel, Key, Value
from pilotwire.profiles.standard import STANDARD
from pilotwire.profiles.token_cache import TokenCache
from pilotwire.profiles.tokens import TokenInfo

NOW = datetime(2027, 1, 15, 8, tzinfo=UTC)
ANNE, BOB, CARL = IdToken("ANNE"), IdToken("BOB"), IdToken("CARL")
ACCEPTED, BLOCKED = TokenInfo("Accepted"), TokenInfo("Blocked")


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def cache(model: DeviceModel | None = None, **variables: Value) -> TokenCache:
    model = model or DeviceModel(STANDARD)
    for name, value in variables.items():
        model.configure(Key("AuthCacheCtrlr", name), value)
    return TokenCache(model, {})


def known(cache: TokenCache, *tokens: IdToken, now: datetime = NOW) -> list[str | None]:
    found = (cache.find(token, now) for token in tokens)
    return [None if each is None else each[0].verdict for each in found]


@pytest.mark.parametrize("verdict", ["Accepted", "Blocked", "Unknown", "NoCredit"])
def test_c10_fr_01_whatever_the_csms_said_is_kept(verdict: AuthorizationVerdict) -> None:
    told = cache()
    told.learn(ANNE, TokenInfo(verdict), NOW)
    assert known(told, ANNE) == [verdict]


def test_c10_fr_04_what_was_said_last_counts() -> None:
    told = cache()
    told.learn(ANNE, BLOCKED, NOW)
    told.learn(IdToken("anne"), TokenInfo("Accepted", "FAMILY", evses=(1,)), after(1))
    assert told.find(ANNE, after(1)) == (TokenInfo("Accepted", "FAMILY", evses=(1,)), False)
    assert len(told) == 1


@pytest.mark.parametrize("type", ["Central", "NoAuthorization"])
def test_c02_fr_03_some_types_are_never_cached(type: str) -> None:
    told = cache()
    told.learn(IdToken("X", type), ACCEPTED, NOW)  # C03.FR.02, C05.FR.02
    assert len(told) == 0


def test_c04_fr_03_key_codes_are_cached_and_nobody_can_read_them() -> None:
    told = cache()
    told.learn(IdToken("1234", "KeyCode"), ACCEPTED, NOW)
    ((key, _),) = told.changes()
    assert "1234" not in key  # C10.FR.12
    assert known(told, IdToken("1234", "KeyCode")) == ["Accepted"]


def test_c10_fr_09_no_message_is_kept_for_it_may_tell_a_tariff() -> None:
    told = cache()
    message = PersonalMessage("0.30 a kWh")
    token = IdToken("ANNE", additional_info=(AdditionalInfo("NL-1", "plate"),))
    told.learn(token, TokenInfo("Accepted", languages=("de",), messages=(message,)), NOW)
    found = told.find(ANNE, NOW)
    assert found is not None
    assert found[0].messages == ()
    assert found[0].languages == ("de",)
    assert found[0].additional_info == token.additional_info


# ---- time


def test_c10_fr_08_without_a_date_the_life_time_counts_since_it_was_told() -> None:
    told = cache(LifeTime=60)
    told.learn(ANNE, ACCEPTED, NOW)
    told.note_use(ANNE, after(50))
    assert known(told, ANNE, now=after(59)) == ["Accepted"]
    assert known(told, ANNE, now=after(60)) == ["Expired"]  # C10.FR.10
    told.learn(ANNE, ACCEPTED, after(60))
    assert known(told, ANNE, now=after(119)) == ["Accepted"]


def test_c10_fr_13_a_date_counts_and_no_life_time() -> None:
    told = cache(LifeTime=60)
    told.learn(ANNE, TokenInfo("Accepted", expires=after(600)), NOW)
    assert known(told, ANNE, now=after(599)) == ["Accepted"]
    assert known(told, ANNE, now=after(600)) == ["Expired"]


def test_a_life_time_of_0_is_for_ever() -> None:
    told = cache(LifeTime=0)
    told.learn(ANNE, ACCEPTED, NOW)
    assert known(told, ANNE, now=NOW + timedelta(days=3650)) == ["Accepted"]


@pytest.mark.parametrize("verdict", ["Accepted", "NoCredit"])
def test_c10_fr_10_a_prepaid_account_is_not_kept(verdict: AuthorizationVerdict) -> None:
    told = cache()
    told.learn(ANNE, ACCEPTED, NOW)
    told.learn(ANNE, TokenInfo(verdict, expires=NOW), NOW)
    assert len(told) == 0


def test_a_card_that_has_expired_stays_known_as_such() -> None:
    told = cache()
    told.learn(ANNE, TokenInfo("Expired", expires=NOW - timedelta(days=1)), NOW)
    assert known(told, ANNE) == ["Expired"]


# ---- room


def test_c10_fr_07_what_is_not_valid_goes_first() -> None:
    small = cache(Entries=3)
    small.learn(ANNE, ACCEPTED, NOW)
    small.learn(BOB, BLOCKED, after(1))
    small.learn(CARL, TokenInfo("Accepted", expires=after(10)), after(2))
    small.learn(IdToken("DORA"), ACCEPTED, after(3))
    assert known(small, ANNE, BOB, CARL) == ["Accepted", None, "Accepted"]
    small.learn(IdToken("EMIL"), ACCEPTED, after(20))  # by then CARL has expired
    assert known(small, ANNE, CARL) == ["Accepted", None]


@pytest.mark.parametrize(
    ("policy", "leaves"),
    [("LRU", BOB), ("LFU", CARL), ("FIFO", ANNE), ("CUSTOM", BOB)],
)
def test_the_policy_says_who_leaves_a_full_cache(policy: str, leaves: IdToken) -> None:
    small = cache(Entries=3, Policy=policy)
    for second, token in enumerate((ANNE, BOB, CARL)):
        small.learn(token, ACCEPTED, after(second))
    for second, token in enumerate((ANNE, BOB, ANNE, BOB, CARL, ANNE), start=10):
        small.note_use(token, after(second))
    small.learn(ANNE, ACCEPTED, after(20))
    small.learn(CARL, ACCEPTED, after(21))
    small.learn(IdToken("DORA"), ACCEPTED, after(30))
    assert [token for token in (ANNE, BOB, CARL) if small.find(token, after(30)) is None] == [
        leaves
    ]


def test_a_cache_of_no_size_keeps_nothing() -> None:
    none = cache(Entries=0)
    none.learn(ANNE, ACCEPTED, NOW)
    assert len(none) == 0


def test_storage_tells_the_bytes_and_limits_them() -> None:
    storage = Key("AuthCacheCtrlr", "Storage")
    model = DeviceModel(
        msgspec.structs.replace(each, maximum=400) if each.key == storage else each
        for each in STANDARD
    )
    small = cache(model)
    small.learn(ANNE, ACCEPTED, NOW)
    one = model.integer(storage)
    assert 0 < one < 200
    for name in ("B", "C", "D", "E"):
        small.learn(IdToken(name), ACCEPTED, NOW)
    assert one < model.integer(storage) <= 400
    assert len(small) < 5
    small.forget_all()
    assert model.integer(storage) == 0


# ---- switched off


def test_c10_fr_11_a_cache_that_is_switched_off_neither_learns_nor_tells_nor_forgets() -> None:
    model = DeviceModel(STANDARD)
    told = cache(model)
    told.learn(ANNE, ACCEPTED, NOW)
    model.configure(Key("AuthCacheCtrlr", "Enabled"), False)
    told.learn(BOB, ACCEPTED, NOW)
    told.note_use(ANNE, NOW)
    assert known(told, ANNE, BOB) == [None, None]
    model.configure(Key("AuthCacheCtrlr", "Enabled"), True)
    assert known(told, ANNE, BOB) == ["Accepted", None]


# ---- kept


def test_c10_fr_02_changes_can_be_kept_and_read_back() -> None:
    model = DeviceModel(STANDARD)
    first = cache(model)
    first.learn(ANNE, TokenInfo("Accepted", "FAMILY", NOW + timedelta(days=1)), NOW)
    first.learn(BOB, BLOCKED, NOW)
    first.note_use(ANNE, after(5))
    kept = {key: entry for key, entry in first.changes() if entry is not None}
    assert list(first.changes()) == []
    second = TokenCache(model, kept)
    assert second.find(ANNE, NOW) == first.find(ANNE, NOW)
    assert list(second.changes()) == []
    second.forget_all()
    assert set(second.changes()) == {(key, None) for key in kept}
    assert len(second) == 0


def test_what_cannot_be_read_is_forgotten() -> None:
    told = TokenCache(DeviceModel(STANDARD), {"plain": b"{}", "abc ISO14443": b"\xff"})
    assert len(told) == 0
    assert dict(told.changes()) == {"plain": None, "abc ISO14443": None}


def test_what_has_no_room_any_more_is_forgotten() -> None:
    first = cache()
    for second, token in enumerate((ANNE, BOB, CARL)):
        first.learn(token, ACCEPTED if token != ANNE else BLOCKED, after(second))
    kept = {key: entry for key, entry in first.changes() if entry is not None}
    model = DeviceModel(STANDARD)
    model.configure(Key("AuthCacheCtrlr", "Entries"), 2)
    second = TokenCache(model, kept)
    assert known(second, ANNE, BOB, CARL) == [None, "Accepted", "Accepted"]
    assert len(dict(second.changes())) == 1
