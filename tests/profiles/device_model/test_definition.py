"""What a variable may hold: its text read and written, its limits, its attributes."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotwire.profiles.device_model import (
    Attribute,
    DataType,
    Definition,
    DeviceModel,
    Unfit,
    Value,
    text_of,
)

from .define import define

WORD = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Z"], exclude_characters=","), min_size=1
)
VALUES: dict[DataType, st.SearchStrategy[Value]] = {
    "string": st.text(),
    "integer": st.integers(-(10**18) + 1, 10**18 - 1),
    "decimal": st.floats(allow_nan=False, allow_infinity=False),
    "boolean": st.booleans(),
    "dateTime": st.datetimes(
        timezones=st.just(UTC), allow_imaginary=False, min_value=datetime(1, 1, 2)
    ).map(lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)),
    "OptionList": WORD,
    "MemberList": st.lists(WORD, unique=True).map(tuple),
    "SequenceList": st.lists(WORD, unique=True).map(tuple),
}
DEFAULTS: dict[DataType, Value | None] = {
    "string": "",
    "integer": 0,
    "decimal": 0.0,
    "boolean": False,
    "dateTime": None,
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
        (
            define("dateTime", None),
            datetime(2030, 1, 1),  # the fault that is to be found
            "expected a date and time with its zone, like 2030-01-31T12:00:00Z",
        ),
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


@pytest.mark.parametrize(
    ("definition", "text", "reason"),
    [
        (define("integer", 0, maximum=10), "11", "ValueOutOfRange"),
        (define("integer", 0, minimum=0), "-1", "ValueOutOfRange"),
        (define("integer", 0), "many", "InvalidValue"),
        (define("string", "", maximum=3), "four", "InvalidValue"),
    ],
)
def test_a_refusal_has_a_standard_reason(definition: Definition, text: str, reason: str) -> None:
    with pytest.raises(Unfit) as refusal:
        definition.read(text)
    assert refusal.value.reason == reason


@pytest.mark.parametrize(
    ("definition", "limits"),
    [
        (define("integer", 5, minimum=1, maximum=10), (1, 10)),
        (define("decimal", None, maximum=22_000.0), (None, 22_000.0)),
        (define("string", "", minimum=7, maximum=37), (7, 37)),
        (define("boolean", False), (None, None)),
        (define("MemberList", ()), (None, None)),
        # Of a list the longest text: "three,one" and "three".
        (define("MemberList", (), options=("a", "one", "three"), maximum=2), (None, 9)),
        (define("OptionList", "a", options=("a", "three")), (None, 5)),
    ],
)
def test_limits_are_of_the_number_or_of_the_text(
    definition: Definition, limits: tuple[float | None, float | None]
) -> None:
    assert definition.limits == limits


def test_actual_is_always_there_and_others_where_defined() -> None:
    most = Attribute(type="MaxSet", mutability="ReadOnly", default=10, constant=True)
    definition = define("integer", 5, mutability="ReadOnly", persistent=False, more=(most,))
    actual = Attribute(mutability="ReadOnly", default=5, persistent=False)
    assert definition.attributes == (actual, most)
    assert definition.attribute("MaxSet") == most
    assert definition.attribute("Target") is None


def test_variables_can_be_monitored_unless_they_say_otherwise() -> None:
    assert define("string", "").supports_monitoring
    assert not define("string", "", supports_monitoring=False).supports_monitoring
