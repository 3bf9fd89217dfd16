"""Components out of files, in the JSON that libocpp uses."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotwire.profiles.component_files import ComponentFile, Unreadable, with_components
from pilotwire.profiles.device_model import (
    Attribute,
    Definition,
    DeviceModel,
    Key,
    PresetMonitor,
    Value,
)
from pilotwire.profiles.standard.places import EvseBuild, places

OWN = Definition(
    key=Key("TxCtrlr", "EVConnectionTimeOut"),
    type="integer",
    default=60,
    meaning="How long",
    unit="s",
    minimum=1,
)
FACT = Definition(
    key=Key("SecurityCtrlr", "SecurityProfile"),
    type="integer",
    default=0,
    meaning="Which",
    mutability="ReadOnly",
)
SPEED: dict[str, Any] = {
    "variable_name": "Speed",
    "characteristics": {
        "dataType": "decimal",
        "unit": "RPM",
        "maxLimit": 6000,
        "minLimit": 0,
        "supportsMonitoring": True,
    },
    "attributes": [
        {"type": "Actual", "mutability": "ReadOnly"},
        {"type": "Target", "mutability": "ReadWrite", "value": 2000},
        {"type": "MaxSet", "mutability": "ReadWrite", "value": "5000"},
    ],
    "monitors": [{"type": "UpperThreshold", "value": 5500, "severity": 4}],
    "description": "How fast it turns",
    "default": 0,
    "type": "number",
}
MODE: dict[str, Any] = {
    "variable_name": "Mode",
    "instance": "night",
    "characteristics": {"dataType": "OptionList", "valuesList": "Off, Low,High"},
    "attributes": [{"mutability": "ReadWrite"}],
    "default": "Low",
}
FAN: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "description": "A fan",
    "type": "object",
    "name": "CoolingFan",
    "instance": "left",
    "evse_id": 1,
    "properties": {"FanSpeed": SPEED, "FanMode": MODE},
    "required": ["FanMode"],
}


def file(content: object, name: str = "custom/Fan.json") -> ComponentFile:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return ComponentFile(name, raw)


def read(*contents: object, own: tuple[Key, ...] = (FACT.key,)) -> dict[str, Definition]:
    files = [file(content) for content in contents]
    build = places((EvseBuild(),))
    found = with_components((OWN, FACT, *build), files, own)
    return {str(definition.key): definition for definition in found}


def component(name: str, **properties: object) -> dict[str, object]:
    return {"name": name, "properties": properties}


def variable(name: str, kind: str = "integer", **more: object) -> dict[str, object]:
    return {
        "variable_name": name,
        "characteristics": {"dataType": kind, "supportsMonitoring": True},
        "attributes": [{"type": "Actual"}],
        **more,
    }


def test_a_component_of_a_file_becomes_variables() -> None:
    found = read(FAN)
    assert found["CoolingFan[left](1).Speed"] == Definition(
        key=Key("CoolingFan", "Speed", "", "left", 1),
        type="decimal",
        default=0,
        meaning="How fast it turns",
        unit="RPM",
        mutability="ReadOnly",
        minimum=0,
        maximum=6000,
        more=(
            Attribute(type="Target", default=2000),
            Attribute(type="MaxSet", default=5000),
        ),
        monitors=(PresetMonitor(type="UpperThreshold", value=5500, severity=4),),
    )
    mode = found["CoolingFan[left](1).Mode[night]"]
    assert (mode.type, mode.default, mode.options) == ("OptionList", "Low", ("Off", "Low", "High"))
    assert found["TxCtrlr.EVConnectionTimeOut"] == OWN


def test_they_are_set_like_others() -> None:
    model = DeviceModel(read(FAN).values())
    speed = Key.parse("CoolingFan[left](1).Speed")
    assert model.set(speed, "5001", "Target") == "Rejected"  # MaxSet
    assert model.set(speed, "4000", "Target") == "Accepted"
    assert model.set(speed, "1") == "Rejected"
    assert model.set(Key.parse("CoolingFan[left](1).Mode[night]"), "Fast") == "Rejected"


def test_a_variable_of_the_stations_own_takes_the_value_and_stays_what_it_is() -> None:
    other = variable("evconnectiontimeout", "string", default="90", unit="h", monitors=[DELTA])
    (timeout,) = [
        each for each in read(component("TXCTRLR", A=other)).values() if each.key == OWN.key
    ]
    assert timeout == msgspec.structs.replace(
        OWN, default=90, monitors=(PresetMonitor(type="Delta", value=1.0, severity=3),)
    )


DELTA = {"type": "Delta", "value": 1.0, "severity": 3, "transaction": False}


def test_what_the_station_alone_decides_keeps_its_value() -> None:
    found = read(component("SecurityCtrlr", A=variable("SecurityProfile", default=3)))
    assert found["SecurityCtrlr.SecurityProfile"] == FACT


def test_what_the_hardware_would_have_to_bring_is_left_out() -> None:
    files = [file(component("TxCtrlr", A=variable("Signed", "boolean", default=True)))]
    assert with_components((OWN,), files, absent=(Key("txctrlr", "signed"),)) == (OWN,)


def test_the_value_counts_before_the_default() -> None:
    given = variable("EVConnectionTimeOut", default=5)
    given["attributes"] = [{"type": "Actual", "mutability": "ReadWrite", "value": 7}]
    assert read(component("TxCtrlr", A=given))["TxCtrlr.EVConnectionTimeOut"].default == 7


@pytest.mark.parametrize(
    ("kind", "given", "value"),
    [
        ("boolean", "true", True),
        ("boolean", False, False),
        ("integer", "1800", 1800),
        ("integer", 5.0, 5),
        ("decimal", 3, 3.0),
        ("string", 5, "5"),
        ("string", "", ""),
        ("integer", "", None),
        ("decimal", None, None),
        ("SequenceList", 1, ("1",)),
        ("MemberList", "A, B", ("A", "B")),
        ("MemberList", ["A", "B"], ("A", "B")),
        ("MemberList", "", ()),
        ("OptionList", "", None),
    ],
)
def test_values_are_read_by_their_text(kind: str, given: object, value: Value | None) -> None:
    found = read(component("A", B=variable("B", kind, default=given)))["A.B"].default
    assert found == value
    assert type(found) is type(value)


def test_limits_may_stand_in_the_schema_beside() -> None:
    found = read(
        component(
            "A",
            B=variable("B", minimum=2, maximum=5, minLength=7),
            C=variable("C", "string", maxLength=3),
            D={**variable("D", "MemberList"), "maxLength": 9},
        )
    )
    assert found["A.B"].limits == (2, 5)
    assert found["A.C"].limits == (None, 3)
    model = DeviceModel(found.values())
    assert found["A.D"].limits == (None, 9)
    assert model.set(Key("A", "D"), "four,five") == "Accepted"
    assert model.set(Key("A", "D"), "four,fives") == "Rejected"


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"{", "custom/Fan.json: not JSON: "),
        (b"\xff", "custom/Fan.json: not JSON: "),
        (b"[]", "custom/Fan.json: expected `object`, got `array`"),
        ({"properties": {}}, "custom/Fan.json: object missing required field `name`"),
        ({**FAN, "evse_id": 0}, "custom/Fan.json: evse_id: expected `int` >= 1"),
        (
            {**component("A"), "connector_id": 1},
            "custom/Fan.json: connector_id: evse_id is missing",
        ),
        (
            {**FAN, "required": ["FanMode", "FanSize"]},
            "custom/Fan.json: required: there is no property FanSize",
        ),
        (
            {**component("A", B=variable("B")), "required": ["B"]},
            "custom/Fan.json: properties.B: required, and has neither a value nor a default",
        ),
        (
            component("A", B={"variable_name": "B"}),
            "custom/Fan.json: properties.B: object missing required field `characteristics`",
        ),
        (
            component("A", B=variable("B", "number")),
            "custom/Fan.json: properties.B.characteristics.dataType: invalid enum value 'number'",
        ),
        (
            component("A", B={**variable("B"), "attributes": [{"type": "Actuel"}]}),
            "custom/Fan.json: properties.B.attributes[0].type: invalid enum value 'Actuel'",
        ),
        (
            component("A", B={**variable("B"), "attributes": [{"type": "Target"}]}),
            "custom/Fan.json: properties.B: attributes: Actual is missing",
        ),
        (
            component("A", B={**variable("B"), "attributes": [{}, {}]}),
            "custom/Fan.json: properties.B: attributes: each type once",
        ),
        (
            component("A", B=variable("B", monitors=[{**DELTA, "severity": 10}])),
            "custom/Fan.json: properties.B.monitors[0].severity: expected `int` <= 9",
        ),
        (
            component("A", B=variable("B", default="many")),
            "custom/Fan.json: properties.B: default: expected a whole number",
        ),
        (
            component("TxCtrlr", B=variable("EVConnectionTimeOut", default=0)),
            "custom/Fan.json: properties.B: default: expected at least 1",
        ),
        (
            component("A", B=variable("B", minimum=3, maximum=2)),
            "custom/Fan.json: properties.B: characteristics.maxLimit: expected at least minLimit",
        ),
        (
            component("A", B=variable("B"), C=variable("b")),
            "custom/Fan.json: properties.C: custom/Fan.json defines A.b too",
        ),
        (
            component("A.B", C=variable("C")),
            "custom/Fan.json: properties.C: names may hold neither brackets nor, of components",
        ),
        (
            {**component("EVSE", C=variable("C")), "evse_id": 2},
            "custom/Fan.json: properties.C: the station has no EVSE 2",
        ),
        (
            {**component("Connector", C=variable("C")), "evse_id": 1, "connector_id": 2},
            "custom/Fan.json: properties.C: the station has no connector 2 of EVSE 1",
        ),
    ],
)
def test_what_does_not_fit_is_told_with_file_and_field(content: object, line: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read(content)
    assert str(refusal.value).startswith(line)
    assert "\n" not in str(refusal.value)


def test_a_secret_that_does_not_fit_is_not_told() -> None:
    secret = {
        **variable("Key", default="s3cret"),
        "attributes": [{"type": "Actual", "mutability": "WriteOnly"}],
    }
    with pytest.raises(Unreadable) as refusal:
        read(component("A", B=secret))
    assert "s3cret" not in str(refusal.value)


def test_a_custom_variable_may_stand_at_an_evse_of_the_station() -> None:
    found = read({**component("EVSE", A=variable("Colour", "string")), "evse_id": 1})
    assert "EVSE(1).Colour" in found


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(st.data())
def test_any_damage_to_a_file_is_told_or_does_no_harm(data: st.DataObject) -> None:
    content = json.loads(json.dumps(FAN))
    place: Any = content
    while isinstance(place, dict | list) and place:
        keys = sorted(place) if isinstance(place, dict) else range(len(place))
        key = data.draw(st.sampled_from(list(keys)))
        if not isinstance(place[key], dict | list) or data.draw(st.booleans()):
            place[key] = data.draw(JSON)
            break
        place = place[key]
    try:
        DeviceModel(read(content).values())
    except Unreadable:
        return  # the right answer to most; nothing else may come out
