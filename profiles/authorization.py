"""What the station knows of tokens by itself: the authorization cache, and the decision without
the CSMS.

1.6 3.5 and 4.1, 2.x use cases C08 to C16. Pure: the engine keeps the entries durable.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime

import msgspec

from ..machines.events import AuthorizationVerdict, IdToken
from .device_model import DeviceModel, Key
from .face import TokenInfo

CACHE_ENABLED = Key("AuthCacheCtrlr", "Enabled")
_CACHE_SIZE = Key("AuthCacheCtrlr", "Entries")
_CACHE_LIFE_TIME = Key("AuthCacheCtrlr", "LifeTime")
_OFFLINE_KNOWN = Key("AuthCtrlr", "LocalAuthorizeOffline")
_OFFLINE_UNKNOWN = Key("AuthCtrlr", "OfflineTxForUnknownIdEnabled")
_PRE_AUTHORIZE = Key("AuthCtrlr", "LocalPreAuthorize")


class CacheEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the CSMS last said of a token, and when (s since 1970)."""

    verdict: AuthorizationVerdict
    told_at: float
    parent: str | None = None
    expires: datetime | None = None
    evses: tuple[int, ...] = ()

    def info(self, now: datetime, life_time: int) -> TokenInfo:
        """Give it as it stands now: an entry that was accepted expires (1.6 3.5.1, C10.FR.08)."""
        is_over = self.expires is not None and self.expires <= now
        is_old = bool(life_time) and now.timestamp() - self.told_at >= life_time
        verdict = "Expired" if self.verdict == "Accepted" and (is_over or is_old) else self.verdict
        return TokenInfo(verdict, self.parent, self.expires, self.evses)


class TokenBook:
    """The cache, and what is decided by it. `changes` gives what is to be kept durable since last
    asked.
    """

    def __init__(self, model: DeviceModel, kept: Mapping[str, bytes]) -> None:
        self._model = model
        self._cache = dict(_readable(kept))
        self._changed: set[str] = set()

    def __len__(self) -> int:
        return len(self._cache)

    @property
    def _is_enabled(self) -> bool:
        return self._model.boolean(CACHE_ENABLED)

    def known(self, id_token: IdToken, now: datetime) -> TokenInfo | None:
        """Give what is known of the token, None for an unknown one."""
        entry = self._cache.get(_key(id_token)) if self._is_enabled else None
        return None if entry is None else entry.info(now, self._model.integer(_CACHE_LIFE_TIME))

    def decide_online(self, id_token: IdToken, now: datetime) -> TokenInfo | None:
        """Accept without asking the CSMS, where that is configured; None: ask.

        What is known as not accepted is always asked about: it may have changed (1.6 3.5.1).
        """
        if id_token.type == "NoAuthorization":
            return TokenInfo("Accepted")  # C02: a start button
        if not self._model.boolean(_PRE_AUTHORIZE):
            return None
        info = self.known(id_token, now)
        return info if info is not None and info.verdict == "Accepted" else None

    def decide_offline(self, id_token: IdToken, now: datetime) -> TokenInfo:
        """Decide while the CSMS cannot be asked (1.6 3.5.4, C15)."""
        if id_token.type == "NoAuthorization":
            return TokenInfo("Accepted")  # C02: a start button
        if not self._model.boolean(_OFFLINE_KNOWN):
            return TokenInfo("Invalid")
        info = self.known(id_token, now)
        if info is not None:
            return info
        is_welcome = self._model.boolean(_OFFLINE_UNKNOWN)
        return TokenInfo("Accepted" if is_welcome else "Invalid")

    def learn(self, id_token: IdToken, info: TokenInfo, now: datetime) -> None:
        """Take what the CSMS said of a token, wherever it said it (1.6 3.5.1, C10.FR.04)."""
        if not self._is_enabled:
            return
        key = _key(id_token)
        self._cache.pop(key, None)  # what was learned last stands last
        if not self._make_room():
            return
        self._cache[key] = CacheEntry(
            info.verdict, now.timestamp(), info.parent, info.expires, info.evses
        )
        self._changed.add(key)

    def _make_room(self) -> bool:
        """Drop what is not valid, then the oldest, until another entry fits (1.6 3.5.1)."""
        size = self._model.integer(_CACHE_SIZE)
        while len(self._cache) >= size > 0:
            invalid = (key for key, entry in self._cache.items() if entry.verdict != "Accepted")
            key = next(invalid, next(iter(self._cache)))
            del self._cache[key]
            self._changed.add(key)
        return size > 0

    def forget_all(self) -> None:
        """Empty the cache (1.6 5.4, C11)."""
        self._changed.update(self._cache)
        self._cache.clear()

    def changes(self) -> Iterator[tuple[str, bytes | None]]:
        """Give what changed since this was last asked, for the journal; None for what is gone."""
        changed, self._changed = self._changed, set()
        for key in sorted(changed):
            entry = self._cache.get(key)
            yield key, None if entry is None else msgspec.json.encode(entry)


def _key(id_token: IdToken) -> str:
    return id_token.value.lower()


def _readable(kept: Mapping[str, bytes]) -> Iterator[tuple[str, CacheEntry]]:
    """Give the entries that can be read: a damaged one is one that the CSMS is asked for again."""
    for token, entry in kept.items():
        with suppress(msgspec.DecodeError):
            yield token, msgspec.json.decode(entry, type=CacheEntry)
