"""The device model: what variables hold, read and write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotwire.profiles.device_model import (
    DataType,
    Definition,
    DeviceModel,
    Key,
    Value,
    configure_from,
    text_of,
)
from pilotwire.profiles.standard import STANDARD


def define(type_: DataType, default: Value, name: str = "Thing.Size", **more: object) -> Definition:
    return Definition(key=Key.parse(name), type=type_, default=default, meaning="", **more)  # type: ignore[arg-type]  # the tests' own


WORD = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Z"], exclude_characters=","), min_size=1
)
VALUES: dict[DataType, st.SearchStrategy[Value]] = {
    "string": st.text(),
    "integer": st.integers(-(10**18) + 1, 10**18 - 1),
    "decimal": st.floats(allow_nan=False, allow_infinity=False),
    "boolean": st.booleans(),
    "OptionList": WORD,
    "MemberList": st.lists(WORD, unique=True).map(tuple),
    "SequenceList": st.lists(WORD, unique=True).map(tuple),
}
DEFAULTS: dict[DataType, Value] = {
    "string": "",
    "integer": 0,
    "decimal": 0.0,
    "boolean": False,
    "OptionList": "a",
    "MemberList": (),
    "SequenceList": (),
}


@given(st.data())
def test_what_is_written_reads_as_the_same_value(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(VALUES)))
    value = data.draw(VALUES[kind])
    definition = define(kind, DEFAULTS[kind])
    definition.check(value)
    read = definition.read(text_of(value))
    assert read == value
    assert type(read) is type(value)


@given(st.sampled_from(sorted(VALUES)), st.text())
def test_any_text_is_read_to_what_may_be_held_or_refused(kind: DataType, text: str) -> None:
    definition = define(kind, DEFAULTS[kind])
    try:
        value = definition.read(text)
    except ValueError:
        return  # the right answer to most texts; nothing else may come out
    assert definition.read(text_of(value)) == value


@pytest.mark.parametrize(
    ("definition", "text", "problem"),
    [
        (define("integer", 0), "1.5", "expected a whole number"),
        (define("integer", 0), "--5", "expected a whole number"),
        (define("integer", 0), "٣", "expected a whole number"),
        (define("integer", 0), "1_000", "expected a whole number"),
        (define("integer", 0), "9" * 19, "expected a whole number"),
        (define("integer", 0, minimum=0), "-1", "expected at least 0"),
        (define("integer", 0, maximum=10), "11", "expected at most 10"),
        (define("decimal", 0.0), "nan", "expected a number"),
        (define("decimal", 0.0), "1e999", "expected a number"),
        (define("decimal", 0.0, minimum=0.5), "0.25", "expected at least 0.5"),
        (define("boolean", False), "yes", "expected true or false"),
        (define("string", "", maximum=3), "four", "expected at most 3 characters"),
        (define("OptionList", "a", options=("a", "b")), "c", "expected one of a, b"),
        (define("MemberList", (), options=("a", "b")), "a,c", "expected members of a, b"),
        (define("MemberList", (), options=("a", "b")), "a, a", "expected each member once"),
        (define("MemberList", (), maximum=1), "a,b", "expected at most 1 members"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_does(
    definition: Definition, text: str, problem: str
) -> None:
    with pytest.raises(ValueError, match="expected") as refusal:
        definition.read(text)
    assert str(refusal.value) == problem


@pytest.mark.parametrize(
    ("definition", "value", "problem"),
    [
        (define("integer", 0), True, "expected a whole number"),
        (define("integer", 0), 1.0, "expected a whole number"),
        (define("integer", 0), 10**400, "expected a whole number"),
        (define("decimal", 0.0), float("inf"), "expected a number"),
        (define("boolean", False), 1, "expected true or false"),
        (define("MemberList", ()), ("a,b",), "expected a list of words without commas"),
        (define("MemberList", ()), (" a",), "expected a list of words without commas"),
        (define("MemberList", ()), ("",), "expected a list of words without commas"),
        (define("MemberList", ()), (1,), "expected a list of words without commas"),
    ],
)
def test_a_file_cannot_put_in_what_would_not_come_out(
    definition: Definition, value: Value, problem: str
) -> None:
    with pytest.raises(ValueError, match="expected") as refusal:
        DeviceModel([definition]).configure(definition.key, value)
    assert str(refusal.value) == problem


def test_a_decimal_is_written_in_plain_digits() -> None:
    assert text_of(1234567.0) == "1234567"
    assert text_of(0.1) == "0.1"
    assert text_of(1e21) == "1000000000000000000000"


def test_every_default_may_be_held() -> None:
    for definition in STANDARD:
        definition.check(definition.default)
        assert definition.meaning, definition.key


def test_every_variable_is_defined_once() -> None:
    keys = [definition.key for definition in STANDARD]
    assert len(keys) == len(set(keys))
    folded = {str(key).lower() for key in keys}
    assert len(folded) == len(keys)


# ---- setting


SIZE = define("integer", 5, "Thing.Size", maximum=10)
LATER = define("integer", 5, "Thing.Later", reboot_required=True)
FIXED = define("string", "as built", "Thing.Build", mutability="ReadOnly")


def test_b05_a_value_is_taken_refused_or_not_known() -> None:
    model = DeviceModel([SIZE, FIXED])
    assert model.set(SIZE.key, "7") == "Accepted"
    assert model.integer(SIZE.key) == 7
    assert model.set(SIZE.key, "11") == "Rejected"
    assert model.integer(SIZE.key) == 7
    assert model.set(FIXED.key, "mine") == "Rejected"
    assert model.string(FIXED.key) == "as built"
    assert model.set(Key("Thing", "Colour"), "red") == "UnknownVariable"
    assert model.set(Key("Other", "Size"), "7") == "UnknownComponent"


def test_what_needs_a_reboot_is_told_at_once_and_in_effect_after_it() -> None:
    model = DeviceModel([LATER])
    assert model.set(LATER.key, "7") == "RebootRequired"
    assert (model.told(LATER.key), model.value(LATER.key)) == (7, 5)
    assert model.set(LATER.key, "8") == "RebootRequired"
    model.boot()
    assert (model.told(LATER.key), model.value(LATER.key)) == (8, 8)


def test_setting_back_what_is_in_effect_needs_no_reboot() -> None:
    model = DeviceModel([LATER])
    assert model.set(LATER.key, "7") == "RebootRequired"
    assert model.set(LATER.key, "5") == "Accepted"
    model.boot()
    assert model.value(LATER.key) == 5


def test_a_file_puts_its_values_into_effect_at_once() -> None:
    model = DeviceModel([LATER])
    model.set(LATER.key, "7")
    configure_from(model, {"Thing.Later": 9})
    assert (model.told(LATER.key), model.value(LATER.key)) == (9, 9)


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("Thing.Colour", 1, "Thing.Colour: no such variable"),
        ("Thing", 1, "expected Component.Variable"),
        ("Thing.Size", "big", "Thing.Size: expected a whole number"),
        ("Thing.Size", 11, "Thing.Size: expected at most 10"),
    ],
)
def test_a_file_that_does_not_fit_is_told_by_name(name: str, value: Value, line: str) -> None:
    with pytest.raises(ValueError, match=r"expected|no such") as refusal:
        configure_from(DeviceModel([SIZE]), {name: value})
    assert str(refusal.value).startswith(line)


@pytest.mark.parametrize("name", ["A.B", "A.B[C]", "A.B.C", "A.B[C.D]"])
def test_a_name_reads_as_it_was_written(name: str) -> None:
    assert str(Key.parse(name)) == name


@pytest.mark.parametrize("name", ["", "A", "A.", ".B", "A.B[C", "A.[C]"])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="expected Component"):
        Key.parse(name)
