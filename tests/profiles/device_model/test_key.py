"""Names of variables, as text and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotwire.profiles.device_model import Key

NAME = st.text(st.characters(exclude_characters="[]()."), min_size=1)
KEYS = st.builds(
    Key,
    component=NAME,
    variable=st.text(st.characters(exclude_characters="[]"), min_size=1),
    instance=st.text(),
    component_instance=st.text(st.characters(exclude_characters="]")),
    evse=st.integers(0, 10**9 - 1),
    connector=st.just(0),
) | st.builds(
    Key,
    component=NAME,
    variable=NAME,
    instance=st.just(""),
    component_instance=st.just(""),
    evse=st.integers(1, 10**9 - 1),
    connector=st.integers(1, 10**9 - 1),
)


@given(KEYS)
def test_a_name_is_read_as_it_was_written(key: Key) -> None:
    assert Key.parse(str(key)) == key


@given(st.text(st.sampled_from("Ab1.[](),é\n ")) | st.text())
def test_any_text_is_a_name_or_refused(text: str) -> None:
    try:
        key = Key.parse(text)
    except ValueError:
        return  # the right answer to most texts
    assert str(key) == text


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("A.B", Key("A", "B")),
        ("A.B[C]", Key("A", "B", "C")),
        ("A.B.C", Key("A", "B.C")),
        ("A.B[C.D]", Key("A", "B", "C.D")),
        ("NetworkConfiguration[1].Url", Key("NetworkConfiguration", "Url", "", "1")),
        ("EVSE(1).Power", Key("EVSE", "Power", evse=1)),
        ("Connector(1,2).State", Key("Connector", "State", evse=1, connector=2)),
        ("Fan[left](3).Speed[max]", Key("Fan", "Speed", "max", "left", 3)),
    ],
)
def test_the_parts_of_a_name(text: str, key: Key) -> None:
    assert Key.parse(text) == key
    assert str(key) == text


@pytest.mark.parametrize(
    "name",
    ["", "A", "A.", ".B", "A.B[C", "A.[C]", "A.B[]", "A[].B", "A(0).B", "A(01).B", "A(1,).B"],
)
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"expected a name like TxCtrlr\.TxStartPoint"):
        Key.parse(name)
