"""The values of a station: set by the CSMS, configured, read live, restored."""

import pytest

from pilotwire.profiles.device_model import (
    Attribute,
    Definition,
    DeviceModel,
    Key,
    Outcome,
    Refusal,
    Unfit,
    Value,
    configure_from,
)
from pilotwire.profiles.standard import STANDARD

from .define import define


def test_every_default_may_be_held() -> None:
    for definition in STANDARD:
        if definition.default is not None:
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
POWER = define("decimal", None, "Meter.Power", mutability="ReadOnly", persistent=False)
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
        ("Thing", 1, "Thing: expected a name like TxCtrlr.TxStartPoint"),
        ("Thing.Size", "big", "Thing.Size: expected a whole number"),
        ("Thing.Size", 11, "Thing.Size: expected at most 10"),
        ("Meter.Power", 1.0, "Meter.Power: read from the station: no value can be given to it"),
    ],
)
def test_a_file_that_does_not_fit_is_told_by_name(name: str, value: Value, line: str) -> None:
    with pytest.raises(ValueError, match=r"expected|no such|read from") as refusal:
        configure_from(DeviceModel([SIZE, POWER]), {name: value})
    assert str(refusal.value).startswith(line)


# ---- names


def test_names_are_found_in_any_case() -> None:
    fast = define("integer", 1, "Fan[left](1).Speed[max]")
    model = DeviceModel([SIZE, fast])
    assert model.find(Key("thing", "SIZE")) == SIZE.key
    assert model.find(Key.parse("FAN[LEFT](1).speed[MAX]")) == fast.key
    assert model.find(Key("Thing", "Colour")) == "UnknownVariable"
    assert model.find(Key.parse("Fan[left](1).Speed")) == "UnknownVariable"
    for name in ("Fan(1).Speed[max]", "Fan[left].Speed[max]", "Fan[left](2).Speed[max]"):
        assert model.find(Key.parse(name)) == "UnknownComponent"


def test_a_variable_is_defined_once_in_any_case() -> None:
    with pytest.raises(ValueError, match=r"THING\.Size: defined more than once"):
        DeviceModel([SIZE, define("integer", 1, "THING.Size")])


def test_a_name_that_cannot_be_written_is_no_name() -> None:
    odd = Definition(key=Key("Thing.Part", "Size"), type="string", default="", meaning="")
    with pytest.raises(ValueError, match="a name that cannot be written"):
        DeviceModel([odd])


def test_variables_may_be_added() -> None:
    model = DeviceModel([SIZE])
    model.set(SIZE.key, "7")
    model.add(FIXED, LATER)
    assert list(model) == [SIZE.key, FIXED.key, LATER.key]
    assert (model.value(SIZE.key), model.value(FIXED.key)) == (7, "as built")
    with pytest.raises(ValueError, match=r"Thing\.Size: defined more than once"):
        model.add(SIZE)


def test_what_is_missing_is_completed() -> None:
    empty = define("integer", None, "thing.SIZE")
    model = DeviceModel([empty, FIXED])
    model.complete(SIZE, FIXED, LATER)
    assert list(model) == [empty.key, FIXED.key, LATER.key]
    assert model.value(empty.key) == 5
    with pytest.raises(ValueError, match=r"Thing\.Build: must be of type integer, not string"):
        model.complete(define("integer", 5, "Thing.Build"))


def test_stations_of_one_build_share_their_definitions() -> None:
    assert DeviceModel([SIZE, FIXED]).catalogue is DeviceModel([SIZE, FIXED]).catalogue


# ---- other attributes

SPEED = define(
    "integer",
    5,
    "Fan.Speed",
    more=(
        Attribute(type="Target"),
        Attribute(type="MinSet", mutability="ReadOnly", default=2),
        Attribute(type="MaxSet", default=9),
    ),
)


def test_attributes_are_set_apart() -> None:
    model = DeviceModel([SPEED, SIZE])
    assert model.value(SPEED.key, "Target") is None
    assert model.set(SPEED.key, "7", "Target") == "Accepted"
    assert (model.value(SPEED.key, "Target"), model.value(SPEED.key)) == (7, 5)
    assert model.take(SPEED.key, "1", "MinSet") == Outcome("Rejected", "ReadOnly")
    assert model.set(SIZE.key, "7", "Target") == "NotSupportedAttributeType"
    with pytest.raises(KeyError):
        model.value(SIZE.key, "Target")


@pytest.mark.parametrize("attribute", ["Actual", "Target"])
def test_what_may_be_set_is_between_min_set_and_max_set(attribute: str) -> None:
    model = DeviceModel([SPEED])
    too_low = Outcome("Rejected", "ValueOutOfRange", "expected at least 2, its MinSet")
    assert model.take(SPEED.key, "1", attribute) == too_low  # type: ignore[arg-type]  # both are
    assert model.set(SPEED.key, "6", "MaxSet") == "Accepted"
    too_high = Outcome("Rejected", "ValueOutOfRange", "expected at most 6, its MaxSet")
    assert model.take(SPEED.key, "7", attribute) == too_high  # type: ignore[arg-type]  # likewise
    assert model.set(SPEED.key, "6", attribute) == "Accepted"  # type: ignore[arg-type]


# ---- values that are not there, and live ones

EMPTY = define("decimal", None, "Meter.Power", mutability="ReadOnly")


def test_a_value_may_be_absent_and_come_and_go() -> None:
    model = DeviceModel([EMPTY])
    assert model.value(EMPTY.key) is None
    model.configure(EMPTY.key, 5.0)
    assert model.value(EMPTY.key) == 5.0
    model.configure(EMPTY.key, None)
    assert model.told(EMPTY.key) is None


def test_a_live_value_is_read_when_asked() -> None:
    model = DeviceModel([EMPTY, SIZE])
    reading = [1.0]
    assert not model.is_live(EMPTY.key)
    model.attach(EMPTY.key, lambda: reading[0])
    reading[0] = 2.0
    assert (model.value(EMPTY.key), model.told(EMPTY.key)) == (2.0, 2.0)
    assert model.is_live(EMPTY.key)
    with pytest.raises(KeyError):
        model.attach(Key("Meter", "Nothing"), lambda: None)


def test_readings_are_shared_and_their_subject_is_ones_own() -> None:
    readings = {EMPTY.key: lambda meter: meter["power"]}
    near, far = DeviceModel([EMPTY]), DeviceModel([EMPTY])
    near.observe(readings, {"power": 1.0})
    far.observe(readings, {"power": 2.0})
    assert (near.value(EMPTY.key), far.value(EMPTY.key)) == (1.0, 2.0)
    near.observe(readings, {"power": 3.0})
    assert near.value(EMPTY.key) == 3.0


# ---- who is asked, and who hears


def test_a_guard_refuses_with_a_reason() -> None:
    model = DeviceModel([SIZE])
    model.guard(SIZE.key, lambda value: "NotEnabled" if value == 7 else None)
    assert model.take(SIZE.key, "7") == Outcome("Rejected", "NotEnabled")
    assert model.take(SIZE.key, "8") == Outcome("Accepted")
    model.configure(SIZE.key, 7)  # the station itself is not asked
    assert model.integer(SIZE.key) == 7


def test_attributes_have_guards_and_listeners_of_their_own() -> None:
    model = DeviceModel([SPEED])
    heard: list[object] = []
    model.guard(SPEED.key, lambda value: "NotEnabled" if value == 7 else None, "Target")
    model.on_change(lambda *change: heard.append(change), SPEED.key, "Target")
    assert model.take(SPEED.key, "7", "Target") == Outcome("Rejected", "NotEnabled")
    assert model.set(SPEED.key, "8", "Target") == "Accepted"
    assert model.set(SPEED.key, "7") == "Accepted"
    model.configure(SPEED.key, 9, "Target")
    assert heard == [(SPEED.key, None, 8), (SPEED.key, 8, 9)]


def test_min_set_and_max_set_do_not_cross() -> None:
    model = DeviceModel([SPEED])
    assert model.take(SPEED.key, "1", "MaxSet").reason == "ValueOutOfRange"
    assert model.set(SPEED.key, "2", "MaxSet") == "Accepted"


def test_a_component_is_guarded_as_a_whole_but_for_what_has_a_guard_of_its_own() -> None:
    model = DeviceModel([SIZE, LATER])
    asked: list[object] = []

    def check(key: Key, value: Value) -> Refusal | None:
        asked.append((key, value))
        return Refusal("NotEnabled", "not now") if value == 7 else None

    model.guard_component(SIZE.key.component, check)
    assert model.take(SIZE.key, "7") == ("Rejected", "NotEnabled", "not now")
    assert model.set(SIZE.key, "6") == "Accepted"
    assert asked == [(SIZE.key, 7), (SIZE.key, 6)]
    model.guard(LATER.key, lambda value: "InvalidValue")
    assert model.take(LATER.key, "6") == ("Rejected", "InvalidValue", "")
    assert len(asked) == 2
    assert model.copy().set(SIZE.key, "7") == "Accepted"


def test_a_change_is_told_once_it_is_one() -> None:
    model = DeviceModel([SIZE, LATER])
    heard: list[object] = []
    of_size: list[object] = []
    model.on_change(lambda *change: heard.append(change))
    model.on_change(lambda *change: of_size.append(change), SIZE.key)
    model.set(SIZE.key, "7")
    model.set(SIZE.key, "7")
    model.set(SIZE.key, "11")
    model.configure(SIZE.key, 8)
    model.set(LATER.key, "6")
    model.boot()
    assert heard == [(SIZE.key, 5, 7), (SIZE.key, 7, 8), (LATER.key, 5, 6)]
    assert of_size == heard[:2]


# ---- restoring


def test_what_was_kept_is_held_again_whoever_may_set_it_now() -> None:
    model = DeviceModel([LATER, FIXED, SPEED])
    model.guard(LATER.key, lambda value: "InvalidValue")
    model.on_change(lambda *change: pytest.fail("nothing has changed"))
    model.restore(LATER.key, "7")
    model.restore(FIXED.key, "rebuilt")
    model.restore(SPEED.key, "8", "Target")
    assert (model.value(LATER.key), model.value(FIXED.key)) == (7, "rebuilt")
    assert model.value(SPEED.key, "Target") == 8
    with pytest.raises(Unfit):
        model.restore(LATER.key, "soon")
    with pytest.raises(KeyError):
        model.restore(LATER.key, "7", "Target")
    with pytest.raises(KeyError):
        model.restore(Key("Thing", "Gone"), "7")
