"""The monitors that a station has, and what the CSMS may do with them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotwire.profiles.device_model import Key, MonitorType
from pilotwire.profiles.monitoring.book import MOST_CUSTOM, Base, MonitorBook
from pilotwire.profiles.monitoring.monitor import Monitor

LEVEL, STATE = Key("Thing", "Level"), Key("Thing", "State")


def monitor(number: int = 0, key: Key = LEVEL, severity: int = 5, **more: Any) -> Monitor:
    fields: dict[str, Any] = {"type": "Delta", "value": 1.0, **more}
    return Monitor(id=number, key=key, severity=severity, **fields)


WIRED = monitor(2, STATE, 3, origin="HardWiredMonitor")
PRESET = monitor(1, LEVEL, 6, origin="PreconfiguredMonitor", value=2.0)


@pytest.fixture
def book() -> MonitorBook:
    return MonitorBook((PRESET, WIRED))


def numbers(book: MonitorBook) -> list[int]:
    return [each.id for each in book]


def added(book: MonitorBook, **fields: Any) -> int:
    answer = book.set(monitor(**fields))
    assert answer.status == "Accepted"
    assert answer.monitor is not None
    return answer.monitor.id


def again(book: MonitorBook, kept: dict[str, bytes | None]) -> MonitorBook:
    """The book of the next run: `kept` is what was kept until now."""
    kept.update(book.take_changes())
    later = MonitorBook((PRESET, WIRED))
    there = {name: value for name, value in kept.items() if value is not None}
    assert later.restore(there, lambda each: True) == []
    return later


# ---- N04


def test_the_hard_wired_ones_come_first(book: MonitorBook) -> None:
    number = added(book)
    assert numbers(book) == [2, 1, number]


def test_n04_fr_11_a_new_one_gets_an_id_of_its_own(book: MonitorBook) -> None:
    ids = {added(book, severity=severity) for severity in range(6)}
    assert len(ids) == 6
    assert ids.isdisjoint({1, 2})


def test_n04_fr_10_there_are_no_two_of_a_type_and_severity_on_a_variable(book: MonitorBook) -> None:
    added(book)
    answer = book.set(monitor(value=7.0))
    assert (answer.status, answer.monitor) == ("Duplicate", None)
    assert book.set(monitor(severity=6)).status == "Duplicate"  # the manufacturer's counts, too
    assert book.set(monitor(severity=3, type="Periodic")).status == "Accepted"
    assert book.set(monitor(severity=6, key=STATE)).status == "Accepted"


def test_n04_fr_12_one_is_replaced_by_its_id(book: MonitorBook) -> None:
    number = added(book)
    answer = book.set(monitor(severity=4, value=9.0), replaces=number)
    assert answer.status == "Accepted"
    assert answer.replaced == monitor(number)
    assert book.get(number) == answer.monitor == monitor(number, severity=4, value=9.0)
    assert len(book) == 3
    assert book.set(monitor(severity=4), replaces=number).status == "Accepted"  # it is itself


def test_n04_fr_10_none_is_replaced_by_what_another_is(book: MonitorBook) -> None:
    first, second = added(book, severity=1), added(book, severity=2)
    assert book.set(monitor(severity=1), replaces=second).status == "Duplicate"
    assert numbers(book) == [2, 1, first, second]


def test_n04_fr_13_what_is_not_there_is_not_replaced(book: MonitorBook) -> None:
    assert book.set(monitor(), replaces=0) == ("Rejected", None, None, "NotFound")
    assert book.set(monitor(), replaces=77).status == "Rejected"


def test_n04_fr_16_none_is_moved_to_another_variable(book: MonitorBook) -> None:
    number = added(book)
    assert book.set(monitor(key=STATE), replaces=number).status == "Rejected"
    assert book.get(number) == monitor(number)


def test_n04_fr_18_no_hard_wired_one_is_replaced(book: MonitorBook) -> None:
    assert book.set(monitor(key=STATE, severity=8), replaces=2).status == "Rejected"
    assert book.get(2) == WIRED


def test_n04_fr_15_a_preconfigured_one_that_is_replaced_is_a_custom_one_until_the_next_base(
    book: MonitorBook,
) -> None:
    book.set(monitor(severity=7), replaces=1)
    replaced = book.get(1)
    assert replaced is not None
    assert (replaced.origin, replaced.severity) == ("CustomMonitor", 7)
    book.set_base("All")
    assert book.get(1) == replaced  # N03.FR.03
    book.set_base("FactoryDefault")
    assert book.get(1) == PRESET  # N03.FR.04


def test_there_is_an_end_to_what_is_kept(book: MonitorBook) -> None:
    for number in range(MOST_CUSTOM):
        added(book, key=Key("Thing", f"Level{number}"))
    answer = book.set(monitor())
    assert (answer.status, answer.reason) == ("Rejected", "TooManyElements")
    assert book.set(monitor(severity=1), replaces=1001).status == "Rejected"  # another's variable
    assert book.clear(1001) == "Accepted"
    assert added(book)


# ---- N03


def test_n03_fr_05_only_the_hard_wired_ones_remain(book: MonitorBook) -> None:
    added(book)
    book.set_base("HardWiredOnly")
    assert numbers(book) == [2]
    number = added(book)  # the CSMS may begin anew
    assert numbers(book) == [2, number]


def test_n03_fr_04_the_custom_ones_go_and_the_preconfigured_ones_come(book: MonitorBook) -> None:
    book.set_base("HardWiredOnly")
    added(book)
    book.set_base("FactoryDefault")
    assert numbers(book) == [2, 1]


def test_n03_fr_03_all_leaves_the_custom_ones(book: MonitorBook) -> None:
    number = added(book)
    book.clear(1)
    book.set_base("All")
    assert numbers(book) == [2, 1, number]


def test_a_preconfigured_one_stays_away_where_a_custom_one_is_just_like_it(
    book: MonitorBook,
) -> None:
    book.set_base("HardWiredOnly")
    number = added(book, severity=6)
    book.set_base("All")
    assert numbers(book) == [2, number]


# ---- N05


def test_n05_fr_02_there_are_ten_levels(book: MonitorBook) -> None:
    assert [level for level in range(-2, 12) if book.set_level(level)] == [*range(10)]


def test_n05_the_level_is_the_severity_of_the_least_that_is_told(book: MonitorBook) -> None:
    assert book.level == 9
    book.set_level(4)
    assert book.level == 4
    book.set_level(10)
    assert book.level == 4


# ---- N06


def test_n06_a_monitor_is_cleared_by_its_id(book: MonitorBook) -> None:
    number = added(book)
    assert book.clear(number) == "Accepted"  # N06.FR.01
    assert book.clear(number) == "NotFound"  # N06.FR.02
    assert book.clear(2) == "Rejected"  # N06.FR.03
    assert numbers(book) == [2, 1]
    assert book.of(LEVEL) == (PRESET,)


def test_a_preconfigured_one_is_cleared_until_the_next_base(book: MonitorBook) -> None:
    assert book.clear(1) == "Accepted"
    assert (numbers(book), book.clear(1)) == ([2], "NotFound")
    book.set_base("All")
    assert numbers(book) == [2, 1]


def test_what_is_cleared_in_the_place_of_a_preconfigured_one_does_not_bring_it_back(
    book: MonitorBook,
) -> None:
    book.set(monitor(severity=7), replaces=1)
    book.clear(1)
    assert numbers(book) == [2]


# ---- N07.FR.13: over a restart


def test_n07_fr_13_everything_survives_a_restart(book: MonitorBook) -> None:
    kept: dict[str, bytes | None] = {}
    number = added(book, value=3.5, transaction=True)
    gone = added(book, severity=1)
    book.set_level(7)
    book.clear(gone)
    book.clear(1)
    later = again(book, kept)
    assert [*later] == [WIRED, monitor(number, value=3.5, transaction=True)]
    assert later.level == 7
    later.set_base("FactoryDefault")
    last = again(later, kept)
    assert ([*last], last.base, last.level) == ([WIRED, PRESET], "FactoryDefault", 7)
    assert added(last) > 1000


def test_what_cannot_be_monitored_any_more_is_removed(book: MonitorBook) -> None:
    number = added(book)
    kept = {name: value or b"" for name, value in book.take_changes().items()}
    later = MonitorBook((PRESET, WIRED))
    assert later.restore(kept, lambda each: each.key != LEVEL) == [str(number)]
    assert numbers(later) == [2, 1]
    assert later.take_changes() == {str(number): None}


def test_n04_fr_19_who_comes_where_a_new_one_of_the_manufacturer_is_gets_a_new_id(
    book: MonitorBook,
) -> None:
    book.set(monitor(severity=7), replaces=1)
    number = added(book)
    kept = {name: value or b"" for name, value in book.take_changes().items()}
    other = monitor(1, Key("Other", "Thing"), origin="PreconfiguredMonitor")
    later = MonitorBook((other, WIRED))
    assert later.restore(kept, lambda each: True) == ["1"]
    assert [*later] == [WIRED, other, monitor(number), monitor(number + 1, severity=7)]
    assert set(later.take_changes()) == {"1", str(number + 1)}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("base", b"Some"),
        ("level", b"10"),
        ("level", b"\xff"),
        ("1001", b"{"),
        ("1001", b'{"id":1002,"key":["A","B"],"type":"Delta","value":1,"severity":1}'),
        ("cleared 1", b"{}"),
        ("cleared 2", b'{"id":7,"key":["A","B"],"type":"Delta","value":1,"severity":1}'),
    ],
)
def test_what_is_damaged_is_left_out(book: MonitorBook, name: str, value: bytes) -> None:
    assert book.restore({name: value}, lambda each: True) == [name]
    assert (book.base, book.level) == ("All", 9)
    assert book.take_changes()[name] is None


# ---- properties

BASE: st.SearchStrategy[Base] = st.sampled_from(("All", "FactoryDefault", "HardWiredOnly"))
TYPE: st.SearchStrategy[MonitorType] = st.sampled_from(("Delta", "Periodic"))


@given(st.data())
def test_whatever_the_csms_does_ids_are_unique_and_no_two_are_alike(data: st.DataObject) -> None:
    book, kept = MonitorBook((PRESET, WIRED)), {}
    for _ in range(data.draw(st.integers(1, 12))):
        known = [each.id for each in book] + [99]
        match data.draw(st.sampled_from(("set", "replace", "clear", "base", "restart"))):
            case "set" | "replace" as what:
                key = data.draw(st.sampled_from((LEVEL, STATE)))
                wanted = monitor(0, key, data.draw(st.integers(0, 2)), type=data.draw(TYPE))
                book.set(wanted, data.draw(st.sampled_from(known)) if what == "replace" else None)
            case "clear":
                book.clear(data.draw(st.sampled_from(known)))
            case "base":
                book.set_base(data.draw(BASE))
            case _:
                later = again(book, kept)
                assert [*later] == [*book]
                book = later
        there = [*book]
        assert WIRED in there
        assert len({each.id for each in there}) == len(there)
        assert len({(each.key, each.type, each.severity) for each in there}) == len(there)
        assert tuple(each for each in there if each.key == LEVEL) == book.of(LEVEL)
