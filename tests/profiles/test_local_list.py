"""The local authorization list (1.6 3.5.2, 2.x D01 and D02)."""

from datetime import UTC, datetime

import msgspec
import pytest

from pilotwire.machines.events import UNTYPED, IdToken, PersonalMessage
from pilotwire.profiles.device_model import DeviceModel, Key, Value
from pilotwire.profiles.local_list import ListUpdate, LocalList, PreparedUpdate
from pilotwire.profiles.standard import STANDARD
from pilotwire.profiles.tokens import TokenInfo

NOW = datetime(2027, 1, 15, 8, tzinfo=UTC)
ACCEPTED, BLOCKED = TokenInfo("Accepted"), TokenInfo("Blocked")
Entry = tuple[IdToken, TokenInfo | None]


class Kept:
    """A list, and its rows as the journal has them."""

    def __init__(self, **variables: Value) -> None:
        self.model = DeviceModel(STANDARD)
        for name, value in variables.items():
            self.model.configure(Key("LocalAuthListCtrlr", name), value)
        self.rows: dict[str, bytes] = {}
        self.list = LocalList(self.model, {})

    def full(self, version: int, *entries: Entry, size: int = 0) -> str:
        return self._send(ListUpdate(version, "Full", entries, size))

    def differential(self, version: int, *entries: Entry) -> str:
        return self._send(ListUpdate(version, "Differential", entries))

    def _send(self, update: ListUpdate) -> str:
        prepared = self.list.prepare(update)
        if not isinstance(prepared, PreparedUpdate):
            return prepared
        for key, row in prepared.rows.items():
            if row is None:
                del self.rows[key]
            else:
                self.rows[key] = row
        prepared.apply()
        return "Accepted"

    @property
    def names(self) -> str:
        """The tokens that it accepts, those that it does not in small letters."""
        found = {name: self.list.find(IdToken(name), NOW) for name in "ABCDE"}
        told = ((name, info[0].verdict) for name, info in found.items() if info)
        return "".join(name if v == "Accepted" else name.lower() for name, v in told)

    def integer(self, variable: str) -> int:
        return self.model.integer(Key("LocalAuthListCtrlr", variable))


def token(name: str, info: TokenInfo | None = ACCEPTED, type: str = "ISO14443") -> Entry:
    return IdToken(name, type), info


def test_d02_fr_02_at_first_there_is_no_list() -> None:
    kept = Kept()
    assert kept.list.version == 0
    assert len(kept.list) == 0


def test_d01_fr_15_a_full_update_replaces_the_list() -> None:
    kept = Kept()
    assert kept.full(5, token("A"), token("B", BLOCKED)) == "Accepted"
    assert (kept.names, kept.list.version) == ("Ab", 5)
    assert kept.full(2, token("C")) == "Accepted"  # an older version too
    assert (kept.names, kept.list.version) == ("C", 2)


def test_d01_fr_16_a_differential_update_adds_and_changes() -> None:
    kept = Kept()
    kept.full(1, token("A"), token("B"))
    assert kept.differential(2, token("B", BLOCKED), token("C")) == "Accepted"
    assert (kept.names, kept.list.version) == ("AbC", 2)


def test_d01_fr_17_a_token_without_info_is_removed() -> None:
    kept = Kept()
    kept.full(1, token("A"), token("B"))
    assert kept.differential(2, token("a", None), token("E", None)) == "Accepted"
    assert (kept.names, kept.list.version) == ("B", 2)


def test_d01_fr_04_a_full_update_without_tokens_empties_the_list() -> None:
    kept = Kept()
    kept.full(1, token("A"))
    assert kept.full(2) == "Accepted"
    assert (kept.names, kept.list.version) == ("", 2)
    assert kept.integer("Storage") == 0


def test_d01_fr_05_a_differential_update_without_tokens_moves_the_version_only() -> None:
    kept = Kept()
    kept.full(1, token("A"))
    assert kept.differential(7) == "Accepted"
    assert (kept.names, kept.list.version) == ("A", 7)


@pytest.mark.parametrize("version", [3, 4, 0, -1])
def test_d01_fr_19_an_older_difference_is_refused(version: int) -> None:
    kept = Kept()
    kept.full(4, token("A"))
    why = "VersionMismatch" if version > 0 else "InvalidValue"
    assert kept.differential(version, token("B")) == why
    assert (kept.names, kept.list.version) == ("A", 4)


def test_version_0_comes_only_with_nothing_and_leaves_nothing() -> None:
    kept = Kept()
    kept.full(4, token("A"))
    assert kept.full(0, token("B")) == "InvalidValue"  # errata 3.52
    assert kept.full(-1) == "InvalidValue"
    assert kept.full(0) == "Accepted"
    assert (kept.names, kept.list.version, kept.rows) == ("", 0, {})


@pytest.mark.parametrize(
    "twin", [token("A"), token("a"), token("A", BLOCKED), token("A", type=UNTYPED)]
)
def test_d01_fr_06_a_token_comes_once(twin: Entry) -> None:
    kept = Kept()
    kept.full(1, token("D"))
    assert kept.full(2, token("A"), token("B"), twin) == "InvalidValue"
    assert kept.differential(2, token("A"), twin) == "InvalidValue"
    assert (kept.names, kept.list.version) == ("D", 1)


def test_tokens_of_two_types_are_two() -> None:
    kept = Kept()
    assert kept.full(1, token("A"), token("A", BLOCKED, "KeyCode")) == "Accepted"
    assert len(kept.list) == 2
    assert kept.list.find(IdToken("A", "KeyCode"), NOW) == (BLOCKED, False)


def test_a_full_update_tells_of_every_token_what_it_is_worth() -> None:
    assert Kept().full(1, token("A"), token("B", None)) == "InvalidValue"


def test_d01_fr_11_what_is_too_much_changes_nothing() -> None:
    kept = Kept(ItemsPerMessage=2, BytesPerMessage=100)
    kept.full(1, token("A"))
    assert kept.full(2, token("B"), token("C"), token("D")) == "TooManyElements"
    assert kept.full(2, token("B"), size=101) == "TooLargeElement"
    assert (kept.names, kept.list.version) == ("A", 1)
    assert kept.full(2, token("B"), size=100) == "Accepted"


def limited(variable: str, maximum: int) -> Kept:
    """Give a list whose variable has this maxLimit."""
    key = Key("LocalAuthListCtrlr", variable)
    kept = Kept()
    kept.model = DeviceModel(
        msgspec.structs.replace(each, maximum=maximum) if each.key == key else each
        for each in STANDARD
    )
    kept.list = LocalList(kept.model, {})
    return kept


def test_d01_fr_12_the_list_has_so_many_tokens_and_may_have_so_many() -> None:
    kept = limited("Entries", 3)
    kept.full(1, token("A"), token("B"))
    assert kept.integer("Entries") == 2
    assert kept.differential(2, token("C"), token("D")) == "TooManyElements"
    assert kept.full(2, token("A"), token("B"), token("C"), token("D")) == "TooManyElements"
    assert (kept.names, kept.integer("Entries"), kept.list.version) == ("AB", 2, 1)
    assert kept.differential(2, token("A", None), token("C"), token("D")) == "Accepted"
    assert (kept.names, kept.integer("Entries")) == ("BCD", 3)


def test_storage_tells_the_bytes_and_limits_them() -> None:
    kept = limited("Storage", 200)
    kept.full(1, token("A"))
    assert 0 < kept.integer("Storage") < 200
    long = TokenInfo("Accepted", messages=(PersonalMessage("x" * 200),))
    assert kept.differential(2, token("B", long)) == "OutOfStorage"
    assert kept.names == "A"


def test_d01_fr_13_a_list_that_is_switched_off_takes_nothing_and_says_nothing() -> None:
    kept = Kept()
    kept.full(1, token("A"))
    kept.model.configure(Key("LocalAuthListCtrlr", "Enabled"), False)
    assert kept.differential(2, token("B")) == "NotEnabled"
    assert kept.names == ""
    kept.model.configure(Key("LocalAuthListCtrlr", "Enabled"), True)
    assert (kept.names, kept.list.version) == ("A", 1)


def test_d01_fr_10_the_rows_give_the_list_back() -> None:
    kept = Kept()
    info = TokenInfo(
        "Accepted", "FAMILY", NOW, (1, 2), ("de", "en"), (PersonalMessage("Hi", "UTF8", "en"),)
    )
    kept.full(7, token("A", info), token("B", BLOCKED, "KeyCode"))
    kept.differential(8, token("C"))
    again = LocalList(DeviceModel(STANDARD), kept.rows)
    assert again.version == 8
    assert len(again) == 3
    for name, type in (("A", "ISO14443"), ("B", "KeyCode"), ("C", "ISO14443")):
        assert again.find(IdToken(name, type), NOW) == kept.list.find(IdToken(name, type), NOW)


def test_a_difference_writes_only_what_changes() -> None:
    kept = Kept()
    kept.full(1, token("A"), token("B"))
    prepared = kept.list.prepare(ListUpdate(2, "Differential", (token("B"), token("C"))))
    assert isinstance(prepared, PreparedUpdate)
    assert set(prepared.rows) == {"", "c ISO14443"}
    assert kept.names == "AB"  # it counts once it is applied
    assert kept.list.version == 1


@pytest.mark.parametrize(("variable", "maximum"), [("Entries", 1), ("Storage", 50)])
def test_a_list_that_no_longer_fits_counts_as_none(variable: str, maximum: int) -> None:
    kept = Kept()
    kept.full(7, token("A"), token("B"))
    again = LocalList(limited(variable, maximum).model, kept.rows)
    assert again.is_damaged
    assert (len(again), again.version) == (0, 0)


@pytest.mark.parametrize("damage", [b"\xff", b"{}", b'{"id_token":{"value":"A"}}'])
def test_a_list_that_cannot_be_read_whole_counts_as_none(damage: bytes) -> None:
    kept = Kept()
    kept.full(7, token("A"), token("B"))
    kept.rows["a ISO14443"] = damage
    again = LocalList(DeviceModel(STANDARD), kept.rows)
    assert again.is_damaged
    assert (len(again), again.version) == (0, 0)
    prepared = again.prepare(ListUpdate(8, "Full", (token("B"),)))
    assert isinstance(prepared, PreparedUpdate)
    assert prepared.rows["a ISO14443"] is None
    prepared.apply()
    assert (len(again), again.version, again.is_damaged) == (1, 8, False)
