"""The authorization cache: what the CSMS last said of tokens (1.6 3.5.1, 2.x use cases C10 to C12).

Theory of operation. Tokens are kept as digests of their values (C10.FR.12), with their type beside.
An entry is over at the time that the CSMS has named with it, or, where it named none, when it was
told longer ago than the life time. It then counts as expired, and as one that the CSMS may be
asked about. When the cache is full, what is not accepted goes first, then by the policy.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime

import msgspec

from ..machines.events import AdditionalInfo, AuthorizationVerdict, IdToken
from .device_model import DeviceModel, Key
from .tokens import UNASKED, TokenInfo, TokenTable

CACHE_ENABLED = Key("AuthCacheCtrlr", "Enabled")
_ENTRIES = Key("AuthCacheCtrlr", "Entries")
_LIFE_TIME = Key("AuthCacheCtrlr", "LifeTime")
_POLICY = Key("AuthCacheCtrlr", "Policy")
_STORAGE = Key("AuthCacheCtrlr", "Storage")
_LONG_AGO = datetime.fromtimestamp(0, UTC)  # as at the start, when no time is known
_PREPAID = frozenset({"Accepted", "NoCredit"})


class CacheEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the CSMS last said of a token, and when (s since 1970). No message for the person: it
    may tell a tariff (C10.FR.09).
    """

    verdict: AuthorizationVerdict
    told_at: float
    parent: str | None = None
    expires: datetime | None = None
    evses: tuple[int, ...] = ()
    languages: tuple[str, ...] = ()
    additional_info: tuple[AdditionalInfo, ...] = ()
    used_at: float = 0.0  # s since 1970, when it was presented last
    uses: int = 0
    since: int = 0  # counts the tokens that ever came into the cache

    def is_over(self, now: datetime, life_time: int) -> bool:
        """Say whether it counts no more (C10.FR.08, C10.FR.10, C10.FR.13)."""
        if self.expires is not None:
            return self.expires <= now
        return bool(life_time) and now.timestamp() - self.told_at >= life_time

    def info(self, *, is_over: bool) -> TokenInfo:
        return TokenInfo(
            "Expired" if is_over else self.verdict,
            self.parent,
            self.expires,
            self.evses,
            self.languages,
            additional_info=self.additional_info,
        )


_Kept = tuple[str, str, CacheEntry]  # the value's digest, the type, the entry


_FIRST_TO_GO: Mapping[str, Callable[[CacheEntry], float]] = {
    "LRU": lambda entry: entry.used_at,
    "LFU": lambda entry: entry.uses,
    "FIFO": lambda entry: entry.since,
    "CUSTOM": lambda entry: entry.told_at,  # the one that the CSMS told of longest ago
}


class TokenCache:
    """The cache. `changes` gives what is to be kept durable since last asked."""

    __slots__ = ("_bytes", "_changed", "_count", "_model", "_table")

    def __init__(self, model: DeviceModel, kept: Mapping[str, bytes]) -> None:
        self._model = model
        self._table: TokenTable[_Kept] = TokenTable()
        self._changed: list[str] = []  # keys, some perhaps repeated
        self._bytes = 0
        self._count = 0
        for digest, type, entry in _readable(kept):
            self._put(digest, type, entry)
            self._count = max(self._count, entry.since)
        if self._table:
            most_bytes = self._model.definition(_STORAGE).most
            self._shrink(self._model.integer(_ENTRIES), most_bytes, _LONG_AGO)
        self._changed = [*(kept.keys() - self.keys())]  # what cannot be read, or has no room now
        self._tell_storage()

    def __len__(self) -> int:
        return len(self._table)

    @property
    def is_enabled(self) -> bool:
        return self._model.boolean(CACHE_ENABLED)

    def find(self, id_token: IdToken, now: datetime) -> tuple[TokenInfo, bool] | None:
        """Give what is known of the token, and whether it is over; None for an unknown one."""
        if not self.is_enabled:
            return None
        kept = self._table.find(_digest(id_token), id_token.type)
        if kept is None:
            return None
        is_over = kept[2].is_over(now, self._model.integer(_LIFE_TIME))
        return kept[2].info(is_over=is_over), is_over

    def note_use(self, id_token: IdToken, now: datetime) -> None:
        """Count that somebody has presented the token."""
        kept = self._table.find(_digest(id_token), id_token.type) if self.is_enabled else None
        if kept is not None:
            digest, type, entry = kept
            used = msgspec.structs.replace(entry, used_at=now.timestamp(), uses=entry.uses + 1)
            self._put(digest, type, used)
            self._tell_storage()

    def learn(self, id_token: IdToken, info: TokenInfo, now: datetime) -> None:
        """Take what the CSMS said of a token, wherever it said it (1.6 3.5.1, C10.FR.04)."""
        if not self.is_enabled or id_token.type in UNASKED:
            return
        digest = _digest(id_token)
        before = self._table.find(digest, id_token.type)
        self._remove(digest, id_token.type)
        entry = self._entry(id_token, info, now, None if before is None else before[2])
        # C10.FR.10: who pays in advance is not to be known here. Another that is over stays, as
        # expired: it is no unknown one (1.6 3.5.4).
        is_prepaid = info.expires is not None and info.expires <= now and info.verdict in _PREPAID
        if not is_prepaid and self._make_room(_size(digest, id_token.type, entry), now):
            self._put(digest, id_token.type, entry)
        self._tell_storage()

    def _entry(
        self, id_token: IdToken, info: TokenInfo, now: datetime, before: CacheEntry | None
    ) -> CacheEntry:
        if before is None:
            self._count += 1
        return CacheEntry(
            info.verdict,
            now.timestamp(),
            info.parent,
            info.expires,
            info.evses,
            info.languages,
            id_token.additional_info,
            now.timestamp(),
            1 if before is None else before.uses,
            self._count if before is None else before.since,
        )

    def _make_room(self, size: int, now: datetime) -> bool:
        """Drop entries until another of this size (bytes) fits (C10.FR.07, 1.6 3.5.1)."""
        most, most_bytes = self._model.integer(_ENTRIES), self._model.definition(_STORAGE).most
        self._shrink(most - 1, most_bytes - size, now)
        return most > 0 and size <= most_bytes

    def _shrink(self, most: int, most_bytes: float, now: datetime) -> None:
        while self._table and (len(self._table) > most or self._bytes > most_bytes):
            digest, type, _ = min(self._table.values(), key=self._first_to_go(now))
            self._remove(digest, type)

    def _first_to_go(self, now: datetime) -> Callable[[_Kept], tuple[bool, float, int]]:
        order = _FIRST_TO_GO[self._model.string(_POLICY)]
        life_time = self._model.integer(_LIFE_TIME)

        def rank(kept: _Kept) -> tuple[bool, float, int]:
            entry = kept[2]
            is_valid = entry.verdict == "Accepted" and not entry.is_over(now, life_time)
            return is_valid, order(entry), entry.since

        return rank

    def _put(self, digest: str, type: str, entry: CacheEntry) -> None:
        self._remove(digest, type)
        self._table.put(digest, type, (digest, type, entry))
        self._bytes += _size(digest, type, entry)
        self._changed.append(_key(digest, type))

    def _remove(self, digest: str, type: str) -> None:
        for kept in self._table.remove(digest, type):
            self._bytes -= _size(*kept)
            self._changed.append(_key(*kept[:2]))

    def _tell_storage(self) -> None:
        self._model.configure(_STORAGE, self._bytes)

    def keys(self) -> list[str]:
        """Give the keys of all entries, as they are kept."""
        return [_key(digest, type) for digest, type, _ in self._table.values()]

    def forget_all(self) -> None:
        """Empty the cache (1.6 5.4, C11)."""
        self._changed += self.keys()
        self._table.clear()
        self._bytes = 0
        self._tell_storage()

    def changes(self) -> Iterator[tuple[str, bytes | None]]:
        """Give what changed since this was last asked, for the journal; None for what is gone."""
        changed, self._changed = set(self._changed), []
        for key in sorted(changed):
            digest, _, type = key.partition(" ")
            kept = self._table.find(digest, type)
            is_there = kept is not None and kept[1] == type
            yield key, msgspec.json.encode(kept[2]) if kept and is_there else None


def _digest(id_token: IdToken) -> str:
    return hashlib.sha256(id_token.value.lower().encode(errors="surrogatepass")).hexdigest()


def _key(digest: str, type: str) -> str:
    return f"{digest} {type}"


def _size(digest: str, type: str, entry: CacheEntry) -> int:
    return len(_key(digest, type)) + len(msgspec.json.encode(entry))


def _readable(kept: Mapping[str, bytes]) -> Iterator[_Kept]:
    """Give the entries that can be read: a damaged one is one that the CSMS is asked for again."""
    for key, entry in kept.items():
        digest, space, type = key.partition(" ")
        with suppress(msgspec.DecodeError, UnicodeDecodeError):
            if space:
                yield digest, type, msgspec.json.decode(entry, type=CacheEntry)
