"""Which tokens may charge, as a central system knows them (1.6 4.1 and 3.10, 2.x C01 and C09)."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from ...machines.events import UNTYPED, IdToken, PersonalMessage
from ..tokens import TokenInfo, TokenTable


class KnownToken(msgspec.Struct, frozen=True, kw_only=True):
    """A token on the central system's books."""

    value: str
    type: str = UNTYPED  # a 2.x IdTokenEnumType word; without one it is a token of any type
    parent: str | None = None  # parentIdTag; 2.x groupIdToken
    expires: datetime | None = None
    is_blocked: bool = False
    evses: tuple[int, ...] = ()
    """The only ones of any station where it may charge (2.x); empty: all."""
    languages: tuple[str, ...] = ()
    """That its owner prefers (2.x, RFC 5646): at most two, which differ (C01.FR.10-11)."""
    message: PersonalMessage | None = None
    """For its owner to read (2.x)."""

    def __post_init__(self) -> None:
        if len(self.languages) > 2 or len(set(self.languages)) < len(self.languages):
            raise ValueError("languages: expected at most two, which differ")

    @property
    def id_token(self) -> IdToken:
        return IdToken(self.value, self.type)

    def info(self, now: datetime) -> TokenInfo:
        """Give what is answered about it."""
        if self.is_blocked:
            return TokenInfo("Blocked", self.parent, self.expires, languages=self.languages)
        if self.expires is not None and self.expires <= now:
            return TokenInfo("Expired", self.parent, self.expires, languages=self.languages)
        messages = () if self.message is None else (self.message,)
        return TokenInfo(
            "Accepted", self.parent, self.expires, self.evses, self.languages, messages
        )


class TokenBook:
    """The known tokens. They are compared without regard to case (CiString)."""

    def __init__(self, tokens: Iterable[KnownToken] = (), *, accepts_unknown: bool = False) -> None:
        self.accepts_unknown = accepts_unknown
        self._known: TokenTable[KnownToken] = TokenTable()
        for token in tokens:
            self.put(token)

    def __len__(self) -> int:
        return len(self._known)

    def __iter__(self) -> Iterator[KnownToken]:
        return iter([*self._known.values()])

    def put(self, token: KnownToken) -> None:
        """Add the token, or change what is known of it."""
        self._known.put(token.value.lower(), token.type, token)

    def remove(self, value: str, type: str = UNTYPED) -> None:
        """Forget the token, if it is known; without a type, whatever has this value."""
        self._known.remove(value.lower(), type)

    def look_up(self, token: IdToken, now: datetime) -> TokenInfo:
        if token.type == "NoAuthorization":
            return TokenInfo("Accepted")  # C02.FR.02: nobody was asked for a token
        known = self._known.find(token.value.lower(), token.type)
        if known is not None:
            return known.info(now)
        if token.type == "KeyCode":
            return TokenInfo("Invalid")  # C04.FR.01: nobody guesses one
        is_welcome = self.accepts_unknown and token.value != ""
        return TokenInfo("Accepted" if is_welcome else "Unknown")
