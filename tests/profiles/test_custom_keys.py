"""A station's own configuration keys."""

import pytest

from pilotwire.profiles.custom_keys import custom_definition
from pilotwire.profiles.device_model import DataType, DeviceModel, Key, Value
from pilotwire.profiles.v16.configuration import Configuration
from pilotwire.profiles.v16.configuration_keys import Facts

FACTS = Facts(2, ("Core",))


def test_a_key_of_ones_own_is_found_read_and_changed() -> None:
    own = custom_definition("DoorLight", "integer", 60, meaning="", minimum=0, maximum=100)
    configuration = Configuration(DeviceModel([own]), FACTS)
    key = configuration.find("doorLIGHT")
    assert key is not None
    assert configuration.read(key) == ("DoorLight", False, "60")
    assert configuration.change(key, "101") == "Rejected"
    assert configuration.change(key, "99") == "Accepted"
    assert configuration.read(key).value == "99"
    assert configuration.model.integer(Key("CustomizationCtrlr", "DoorLight")) == 99


def test_a_read_only_key_of_ones_own_is_not_changed() -> None:
    own = custom_definition("Board", "string", "B7", meaning="", mutability="ReadOnly")
    configuration = Configuration(DeviceModel([own]), FACTS)
    key = configuration.find("Board")
    assert key is not None
    assert configuration.read(key) == ("Board", True, "B7")
    assert configuration.change(key, "B8") == "Rejected"


def test_a_reboot_is_asked_for_and_the_new_value_told() -> None:
    own = custom_definition("Bus", "string", "a", meaning="", reboot_required=True)
    configuration = Configuration(DeviceModel([own]), FACTS)
    key = configuration.find("Bus")
    assert key is not None
    assert configuration.change(key, "b") == "RebootRequired"
    assert configuration.read(key).value == "b"
    assert configuration.model.string(own.key) == "a"


def test_text_is_never_longer_than_the_wire_carries() -> None:
    own = custom_definition("Text", "string", "", meaning="")
    assert own.maximum == 500
    with pytest.raises(ValueError, match="default: expected at most 500 characters"):
        custom_definition("Text", "string", "x" * 501, meaning="")


@pytest.mark.parametrize(
    ("name", "kind", "default", "more", "line"),
    [
        (
            "heartbeatINTERVAL",
            "integer",
            1,
            {},
            "key: HeartbeatInterval is a standard key; give yours another name",
        ),
        ("A", "integer", "1", {}, "default: expected a whole number"),
        ("A", "integer", 11, {"maximum": 10}, "default: expected at most 10"),
        ("A", "OptionList", "c", {"options": ("a", "b")}, "default: expected one of a, b"),
        ("A", "boolean", True, {"maximum": 1}, "maximum: a boolean has none"),
        ("A", "integer", 1, {"minimum": 2, "maximum": 1}, "maximum: expected at least the minimum"),
        (
            "A",
            "integer",
            1,
            {"options": ("1",)},
            "options: only for OptionList, MemberList and SequenceList",
        ),
        ("A", "MemberList", (), {"options": ("a,b",)}, "options: expected words without commas"),
    ],
)
def test_a_definition_that_cannot_be_is_refused_in_a_line(
    name: str, kind: DataType, default: Value, more: dict[str, object], line: str
) -> None:
    with pytest.raises(ValueError, match=":") as refusal:
        custom_definition(name, kind, default, meaning="", **more)
    assert str(refusal.value) == line
