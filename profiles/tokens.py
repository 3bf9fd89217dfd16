"""What is said of a token, by the CSMS or by what the station knows itself (2.x IdTokenInfoType,
1.6 IdTagInfo); and tables of tokens.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Generic, TypeVar

import msgspec

from ..machines.events import (
    UNTYPED,
    AdditionalInfo,
    AuthorizationDecided,
    AuthorizationVerdict,
    CertificateHash,
    CertificateStatus,
    IdToken,
    PersonalMessage,
)

T = TypeVar("T")

UNASKED = frozenset({"Central", "NoAuthorization"})
"""Types of tokens that Authorize never asks about and the cache never holds (C02.FR.03,
C03.FR.01-02, C05.FR.01-02).
"""


class TokenInfo(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the CSMS says of a token, wherever it says it: for the authorization cache too."""

    verdict: AuthorizationVerdict
    parent: str | None = None  # parentIdTag, or the group's idToken
    expires: datetime | None = None
    evses: tuple[int, ...] = ()  # the only ones where it is accepted; empty: all
    languages: tuple[str, ...] = ()  # that the person prefers, RFC 5646
    messages: tuple[PersonalMessage, ...] = ()  # for the person to read
    additional_info: tuple[AdditionalInfo, ...] = ()  # that goes with the token
    certificate_status: CertificateStatus | None = None  # of the contract that proves it


def decided(
    evse: int, id_token: IdToken, info: TokenInfo, offline: bool = False
) -> AuthorizationDecided:
    """Turn what is known of a token into the fact that the tree decides upon at this EVSE."""
    verdict = info.verdict
    if verdict == "Accepted" and info.evses and evse and evse not in info.evses:
        verdict = "NotAtThisLocation"  # C01.FR.21
    if verdict == "Accepted" and info.certificate_status not in (None, "Accepted"):
        verdict = "Invalid"  # a central system that contradicts itself lets nobody charge
    if not id_token.additional_info and info.additional_info:
        id_token = msgspec.structs.replace(id_token, additional_info=info.additional_info)
    return AuthorizationDecided(
        id_token,
        verdict,
        info.parent,
        offline,
        info.languages,
        info.messages,
        info.certificate_status,
    )


class Proof(msgspec.Struct, frozen=True):
    """What the CSMS gets beside an EMAID: what an OCSP responder is asked of its contract, and the
    chain (PEM) where the station cannot validate it itself (C07.FR.02, C07.FR.06).
    """

    hashes: tuple[CertificateHash, ...]
    chain: str | None = None


class TokenTable(Generic[T]):
    """Something for each token. Tokens are told apart as `IdToken.same_as` does."""

    __slots__ = ("_by_value", "_count")

    def __init__(self) -> None:
        self._by_value: dict[str, dict[str, T]] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def values(self) -> Iterator[T]:
        for types in self._by_value.values():
            yield from types.values()

    def find(self, value: str, type: str) -> T | None:
        """Give what stands for this token; `value` is one that knows no case."""
        types = self._by_value.get(value)
        if types is None:
            return None
        if type == UNTYPED:
            return next(iter(types.values()))
        return types.get(type, types.get(UNTYPED))

    def put(self, value: str, type: str, thing: T) -> None:
        """Let this stand for the token, and nothing else."""
        self.remove(value, type)
        self._by_value.setdefault(value, {})[type] = thing
        self._count += 1

    def remove(self, value: str, type: str) -> list[T]:
        """Give what stood for the token, and have it no more."""
        types = self._by_value.get(value, {})
        same = [*types] if type == UNTYPED else [each for each in (type, UNTYPED) if each in types]
        removed = [types.pop(each) for each in same]
        self._count -= len(removed)
        if removed and not types:
            del self._by_value[value]
        return removed

    def clear(self) -> None:
        self._by_value.clear()
        self._count = 0
