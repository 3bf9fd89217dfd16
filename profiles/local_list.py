"""The local authorization list, which only the CSMS changes (1.6 3.5.2 and 5.15, 2.x D01 and D02).

Pure: an update is prepared here, whoever asked for it commits its rows, and only then it counts.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Literal, TypeVar

import msgspec

from ..machines.events import IdToken
from .device_model import DeviceModel, Key
from .tokens import TokenInfo, TokenTable

LIST_ENABLED = Key("LocalAuthListCtrlr", "Enabled")
_ENTRIES = Key("LocalAuthListCtrlr", "Entries")
_STORAGE = Key("LocalAuthListCtrlr", "Storage")
_ITEMS_PER_MESSAGE = Key("LocalAuthListCtrlr", "ItemsPerMessage")
_BYTES_PER_MESSAGE = Key("LocalAuthListCtrlr", "BytesPerMessage")
_SUPPORTS_EXPIRY = Key("LocalAuthListCtrlr", "SupportsExpiryDateTime")
T = TypeVar("T")
_VERSION = ""  # the key of the version among the rows that are kept; no token has it

UpdateRefusal = Literal[
    "InternalError",
    "InvalidValue",
    "NotEnabled",
    "OutOfStorage",
    "TooLargeElement",
    "TooManyElements",
    "VersionMismatch",
]
"""Why an update is refused: 2.x's reason codes, and VersionMismatch."""


class ListEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """A token of the list, and what the CSMS says of it."""

    id_token: IdToken
    info: TokenInfo


class ListUpdate(msgspec.Struct, frozen=True):
    """What the CSMS sends. A token without info is to be removed. `size` is the request's, in
    bytes.
    """

    version: int
    kind: Literal["Full", "Differential"]
    entries: tuple[tuple[IdToken, TokenInfo | None], ...]
    size: int = 0


class PreparedUpdate(msgspec.Struct, frozen=True):
    """An update that can be made: the rows to commit, None for what is gone, and what then lets it
    count.
    """

    rows: Mapping[str, bytes | None]
    apply: Callable[[], None]


class LocalList:
    """The list of one station. `version` is 0 as long as the CSMS has sent none (D02.FR.02)."""

    __slots__ = ("_model", "_rows", "_table", "is_damaged", "version")

    def __init__(self, model: DeviceModel, kept: Mapping[str, bytes]) -> None:
        self._model = model
        self._rows: Mapping[str, bytes] = kept
        self._table: TokenTable[ListEntry] = TokenTable()
        self.version = 0
        self.is_damaged = False
        """What was kept cannot be read whole, or is more than may be by now: it counts as none, and
        the CSMS will send it anew.
        """
        try:
            self._read()
            is_too_long = len(self._table) > self._model.definition(_ENTRIES).most
            self.is_damaged = is_too_long or _bytes(kept) > self._model.definition(_STORAGE).most
        except (msgspec.DecodeError, UnicodeDecodeError):
            self.is_damaged = True
        if self.is_damaged:
            self.version = 0
            self._table.clear()
        self._tell_size()

    def _read(self) -> None:
        for key, row in self._rows.items():
            if key == _VERSION:
                self.version = msgspec.json.decode(row, type=int)
            else:
                _put(self._table, msgspec.json.decode(row, type=ListEntry))

    def _tell_size(self) -> None:
        """Let the variables say how long the list is (D01.FR.12)."""
        self._model.configure(_ENTRIES, len(self._table))
        self._model.configure(_STORAGE, 0 if self.is_damaged else _bytes(self._rows))

    def __len__(self) -> int:
        return len(self._table)

    def __contains__(self, id_token: IdToken) -> bool:
        return _find(self._table, id_token) is not None

    @property
    def is_enabled(self) -> bool:
        return self._model.boolean(LIST_ENABLED)  # D01.FR.13

    def find(self, id_token: IdToken, now: datetime) -> tuple[TokenInfo, bool] | None:
        """Give what the list says of the token, and whether that is over; None where it says
        nothing.
        """
        entry = _find(self._table, id_token) if self.is_enabled else None
        if entry is None:
            return None
        info = entry.info
        if entry.id_token.additional_info:
            info = msgspec.structs.replace(info, additional_info=entry.id_token.additional_info)
        is_over = info.expires is not None and info.expires <= now
        if not (is_over and self._model.boolean(_SUPPORTS_EXPIRY)):
            return info, False  # C13.FR.02, C14.FR.02: its time is not looked at
        return msgspec.structs.replace(info, verdict="Expired"), True

    # ---- updates

    def prepare(
        self, update: ListUpdate, current: int | None = None
    ) -> PreparedUpdate | UpdateRefusal:
        """Give the update as it can be made, or say why it is refused: then nothing changes.

        Version 0 comes only with a full one without entries: then there is no list any more.
        `current` is the version that counts, where that is another one than the list's.
        """
        problem = self._problem(update, self.version if current is None else current)
        if problem is not None:
            return problem
        after: TokenTable[ListEntry] = TokenTable()
        if update.kind == "Differential":
            for entry in self._table.values():
                _put(after, entry)
        for id_token, info in update.entries:
            if info is None:
                after.remove(_folded(id_token), id_token.type)  # D01.FR.17
            else:
                _put(after, ListEntry(id_token, info))  # D01.FR.15-16
        rows = {_key(entry.id_token): msgspec.json.encode(entry) for entry in after.values()}
        if len(rows) > self._model.definition(_ENTRIES).most:
            return "TooManyElements"
        if _bytes(rows) > self._model.definition(_STORAGE).most:
            return "OutOfStorage"
        if update.version:
            rows[_VERSION] = msgspec.json.encode(update.version)
        changes: dict[str, bytes | None] = dict.fromkeys(self._rows.keys() - rows.keys())
        changes |= {key: row for key, row in rows.items() if self._rows.get(key) != row}
        return PreparedUpdate(changes, lambda: self._apply(rows, after, update.version))

    def _problem(self, update: ListUpdate, current: int) -> UpdateRefusal | None:
        if not self.is_enabled:
            return "NotEnabled"
        if update.version < 0 or (update.version == 0 and (update.kind, update.entries) != _NONE):
            return "InvalidValue"  # D01.FR.18, errata 3.52
        if update.kind == "Differential" and update.version <= current:
            return "VersionMismatch"  # D01.FR.19
        # D01.FR.11
        if len(update.entries) > self._model.integer(_ITEMS_PER_MESSAGE):
            return "TooManyElements"
        if update.size > self._model.integer(_BYTES_PER_MESSAGE):
            return "TooLargeElement"
        if update.kind == "Full" and any(info is None for _, info in update.entries):
            return "InvalidValue"  # idTokenInfo is required there
        seen: TokenTable[IdToken] = TokenTable()
        for id_token, _ in update.entries:
            if _find(seen, id_token) is not None:
                return "InvalidValue"  # D01.FR.06
            seen.put(_folded(id_token), id_token.type, id_token)
        return None

    def _apply(self, rows: Mapping[str, bytes], table: TokenTable[ListEntry], version: int) -> None:
        self._rows, self._table, self.version, self.is_damaged = rows, table, version, False
        self._tell_size()


_NONE = ("Full", ())


def _folded(id_token: IdToken) -> str:
    return id_token.value.lower()


def _key(id_token: IdToken) -> str:
    return f"{_folded(id_token)} {id_token.type}"


def _find(table: TokenTable[T], id_token: IdToken) -> T | None:
    return table.find(_folded(id_token), id_token.type)


def _put(table: TokenTable[ListEntry], entry: ListEntry) -> None:
    table.put(_folded(entry.id_token), entry.id_token.type, entry)


def _bytes(rows: Mapping[str, bytes]) -> int:
    return sum(len(key) + len(row) for key, row in rows.items() if key != _VERSION)
