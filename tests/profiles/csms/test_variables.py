"""Reports put together from their parts, and names that a report is asked for by."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotwire.profiles.csms.variables import (
    Gathering,
    ReportedVariable,
    ReportPart,
    name_of,
    refuse_repeated,
)
from pilotwire.profiles.device_model import Key


def part(number: int, *, is_last: bool) -> ReportPart:
    variable = ReportedVariable(key=Key("A", f"V{number}"), attributes=())
    return ReportPart(request_id=1, number=number, is_last=is_last, variables=(variable,))


@given(st.integers(1, 6), st.data())
def test_a_report_is_whole_when_every_part_is_there(count: int, data: st.DataObject) -> None:
    parts = [part(number, is_last=number == count - 1) for number in range(count)]
    order = data.draw(st.permutations(parts))
    gathering = Gathering()
    for place, each in enumerate(order, start=1):
        assert not gathering.is_complete
        gathering.add(each)
        if data.draw(st.booleans()):
            gathering.add(each)  # told again
        assert len(gathering.variables) == place
    assert gathering.is_complete
    assert [v.key.variable for v in gathering.variables] == [f"V{n}" for n in range(count)]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("EVSE", Key("EVSE", "")),
        ("EVSE(1)", Key("EVSE", "", evse=1)),
        ("Connector(1,2).AvailabilityState", Key("Connector", "AvailabilityState", "", "", 1, 2)),
        ("NetworkConfiguration[2]", Key("NetworkConfiguration", "", "", "2")),
    ],
)
def test_a_component_is_a_name_too(text: str, key: Key) -> None:
    assert name_of(text) == key


def test_what_is_neither_is_refused() -> None:
    with pytest.raises(ValueError, match="expected a name like"):
        name_of("[x]")


def test_b05_fr_13_no_variable_is_named_twice() -> None:
    refuse_repeated([(Key("A", "B"), "Actual"), (Key("A", "B"), "Target")])
    with pytest.raises(ValueError, match=r"a\.b: named twice"):
        refuse_repeated([(Key("A", "B"), "Actual"), (Key("a", "b"), "Actual")])
