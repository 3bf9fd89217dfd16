"""Which tokens may charge, as a central system knows them (1.6 4.1 and 3.10, 2.x C01 and C09)."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from ...machines.events import IdToken
from ..tokens import TokenInfo


class KnownToken(msgspec.Struct, frozen=True, kw_only=True):
    """A token on the central system's books."""

    value: str
    parent: str | None = None  # parentIdTag; 2.x groupIdToken
    expires: datetime | None = None
    is_blocked: bool = False
    evses: tuple[int, ...] = ()
    """The only ones of any station where it may charge (2.x); empty: all."""


class TokenBook:
    """The known tokens. They are compared without regard to case (CiString)."""

    def __init__(self, tokens: Iterable[KnownToken] = (), *, accepts_unknown: bool = False) -> None:
        self.accepts_unknown = accepts_unknown
        self._known: dict[str, KnownToken] = {}
        for token in tokens:
            self.put(token)

    def __len__(self) -> int:
        return len(self._known)

    def put(self, token: KnownToken) -> None:
        """Add the token, or change what is known of it."""
        self._known[token.value.lower()] = token

    def remove(self, value: str) -> None:
        """Forget the token, if it is known."""
        self._known.pop(value.lower(), None)

    def look_up(self, token: IdToken, now: datetime) -> TokenInfo:
        if token.type == "NoAuthorization":
            return TokenInfo("Accepted")  # C02.FR.02: nobody was asked for a token
        known = self._known.get(token.value.lower())
        if known is None:
            is_welcome = self.accepts_unknown and token.value != ""
            return TokenInfo("Accepted" if is_welcome else "Unknown")
        if known.is_blocked:
            return TokenInfo("Blocked", known.parent, known.expires)
        if known.expires is not None and known.expires <= now:
            return TokenInfo("Expired", known.parent, known.expires)
        return TokenInfo("Accepted", known.parent, known.expires, known.evses)
