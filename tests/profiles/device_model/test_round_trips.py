"""Whatever is set, in whatever order, is told, kept and restored as the same."""

import gc
import tracemalloc

from hypothesis import given
from hypothesis import strategies as st

from pilotwire.profiles.device_model import (
    Attribute,
    AttributeType,
    DataType,
    Definition,
    DeviceModel,
    Key,
    text_of,
)
from pilotwire.profiles.standard import STANDARD
from pilotwire.profiles.standard.places import EvseBuild, places

from .define import define

MOST_BYTES = 2048  # of a station's model of about two hundred variables

KINDS: tuple[DataType, ...] = (
    "string",
    "integer",
    "decimal",
    "boolean",
    "dateTime",
    "OptionList",
    "MemberList",
    "SequenceList",
)
ATTRIBUTES: tuple[AttributeType, ...] = ("Actual", "Target", "MinSet", "MaxSet")
TEXTS = st.one_of(
    st.text(),
    st.integers(-20, 20).map(str),
    st.floats(-1e6, 1e6).map(str),
    st.sampled_from(["true", "FALSE", "a", "a,b", " b , a", "2030-01-31T12:00:00.5+01:00"]),
)


@st.composite
def definitions(draw: st.DrawFn) -> Definition:
    kind = draw(st.sampled_from(KINDS))
    is_list = kind in ("OptionList", "MemberList", "SequenceList")
    more = draw(st.lists(st.sampled_from(ATTRIBUTES[1:]), unique=True))
    return define(
        kind,
        None,
        f"Thing.V{draw(st.integers(0, 3))}",
        options=("a", "b") if is_list and draw(st.booleans()) else (),
        minimum=draw(st.none() | st.integers(-5, 1)) if not is_list else None,
        maximum=draw(st.none() | st.integers(2, 9)),
        reboot_required=draw(st.booleans()),
        more=tuple(Attribute(type=each) for each in more),
    )


STEPS = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(ATTRIBUTES), TEXTS), max_size=20)


@given(st.lists(definitions(), unique_by=lambda each: each.key), STEPS)
def test_what_was_set_is_the_same_after_a_boot(
    defined: list[Definition], steps: list[tuple[int, AttributeType, str]]
) -> None:
    model = DeviceModel(defined)
    kept: dict[tuple[Key, AttributeType], str] = {}
    for number, attribute, text in steps:
        key = Key("Thing", f"V{number}")
        before = {each: model.told(each) for each in model}
        outcome = model.take(key, text, attribute)
        if outcome.status in ("Accepted", "RebootRequired"):
            kept[key, attribute] = text
            assert not outcome.reason
        else:
            assert {each: model.told(each) for each in model} == before
            assert (outcome.status == "Rejected") is bool(outcome.reason)
    again = DeviceModel(defined)
    for (key, attribute), text in kept.items():
        again.restore(key, text, attribute)
    for definition in defined:
        for each in definition.attributes:
            told = model.told(definition.key, each.type)
            assert again.value(definition.key, each.type) == told
            if told is not None:
                assert definition.read(text_of(told)) == told
    model.boot()
    assert {key: model.value(key) for key in model} == {key: again.value(key) for key in again}


def test_a_station_costs_little_memory() -> None:
    defined = (*STANDARD, *places((EvseBuild(phases=3), EvseBuild(phases=0))))
    assert len(defined) > 150

    def a_station() -> DeviceModel:
        model = DeviceModel(defined)
        for number, name in enumerate(("OfflineThreshold", "HeartbeatInterval", "ResetRetries")):
            model.set(Key("OCPPCommCtrlr", name), str(number + 1))
        return model

    models = [a_station()]
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    models += [a_station() for _ in range(100)]
    gc.collect()
    used = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert used / 100 < MOST_BYTES
