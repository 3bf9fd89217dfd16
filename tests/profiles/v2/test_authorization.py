"""Tokens of 2.x, and what is said of them."""

from datetime import UTC, datetime

from pilotwire.machines.events import IdToken
from pilotwire.profiles.messages import of
from pilotwire.profiles.tokens import TokenInfo, decided
from pilotwire.profiles.v2.authorization import id_token_type, read_id_token, read_token_info

V201, V21 = of("2.0.1"), of("2.1")


def test_a_token_comes_back_as_it_was() -> None:
    token = IdToken("04AABB", "ISO14443")
    written = id_token_type(V201, token)
    assert written is not None
    assert read_id_token(written) == token


def test_2_1_carries_longer_tokens_of_any_type() -> None:
    token = IdToken("X" * 255, "VIN")
    assert id_token_type(V201, token) is None
    assert id_token_type(V21, token) is not None
    assert id_token_type(V21, IdToken("X" * 256, "VIN")) is None


def test_group_expiry_and_evses_are_read() -> None:
    expires = datetime(2027, 1, 1, tzinfo=UTC)
    info = V201.IdTokenInfoType(
        status="Accepted",
        group_id_token=V201.IdTokenType(id_token="GROUP", type="Central"),
        cache_expiry_date_time=expires,
        evse_id=(1, 3),
    )
    assert read_token_info(info) == TokenInfo("Accepted", "GROUP", expires, (1, 3))
    assert read_token_info(V201.IdTokenInfoType(status="Unknown")) == TokenInfo("Unknown")


def test_c01_fr_21_elsewhere_than_at_its_evses_a_token_is_not_accepted() -> None:
    info = TokenInfo("Accepted", evses=(1, 3))
    token = IdToken("X")
    verdicts = [decided(evse, token, info).verdict for evse in (1, 2, 3)]
    assert verdicts == ["Accepted", "NotAtThisLocation", "Accepted"]
