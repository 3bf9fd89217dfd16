"""The three versions beside each other: what 2.0.1 and 2.1 share, and that none loads another."""

import subprocess
import sys

import msgspec
import pytest

from pilotwire.profiles.messages import actions, of, v2, v21, v201
from pilotwire.profiles.messages.base import Payload, encode

ALL = {f"pilotwire.profiles.messages.{name}" for name in ("v16", "v201", "v21")}
SHARED = sorted(set(v2.Messages.__annotations__) - {"ACTIONS"})


@pytest.mark.parametrize(
    ("statement", "loaded"),
    [
        ("import pilotwire.profiles.messages", set()),
        ("import pilotwire.profiles.messages.v2", set()),
        ("import pilotwire.profiles.messages.v16", {"v16"}),
        ("import pilotwire.profiles.messages.v201", {"v201"}),
        ("import pilotwire.profiles.messages.v21", {"v21"}),
        ("import pilotwire.profiles.messages as m; m.of('2.0.1')", {"v201"}),
        ("import pilotwire.profiles.messages as m; m.actions('1.6')", {"v16"}),
    ],
)
def test_a_version_is_loaded_only_when_it_is_wanted(statement, loaded):
    code = f"{statement}\nimport sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    modules = set(done.stdout.split())
    assert modules & ALL == {f"pilotwire.profiles.messages.{name}" for name in loaded}
    assert "ocpp" not in modules
    assert "jsonschema" not in modules


def test_the_shared_namespace_names_every_struct_of_2_0_1():
    classes = {name: value for name, value in vars(v201).items() if isinstance(value, type)}
    structs = {
        name
        for name, value in classes.items()
        if issubclass(value, Payload) and value.__module__ == v201.__name__
    }
    assert set(SHARED) == structs
    assert len(SHARED) > 2 * len(v201.ACTIONS)


def test_shared_code_can_read_every_field_of_2_1_from_a_struct_of_2_0_1():
    for name in SHARED:
        older, newer = getattr(v201, name), getattr(v21, name)
        later = set(newer.__struct_fields__) - set(older.__struct_fields__)
        assert all(getattr(older, field) is msgspec.UNSET for field in later), name
        # 2.1 only ever added: no field of 2.0.1 is missing or named otherwise
        assert set(older.__struct_fields__) <= set(newer.__struct_fields__), name


def test_what_only_2_1_has_cannot_be_sent_to_2_0_1():
    assert of("2.1").ReserveNowRequest is v21.ReserveNowRequest
    older = of("2.0.1")
    assert older.ChargingProfileType is v201.ChargingProfileType
    schedule = older.ChargingSchedulePeriodType(start_period=0, limit=6.0)
    assert schedule.setpoint is msgspec.UNSET
    assert encode(schedule) == b'{"startPeriod":0,"limit":6.0}'
    with pytest.raises(TypeError):
        older.ChargingSchedulePeriodType(start_period=0, limit=6.0, setpoint=1.0)


def test_a_request_is_answered_in_its_own_version():
    for module in (v201, v21):
        answer = module.ResetRequest(type="Immediate").response(status="Accepted")
        assert type(answer) is module.ResetResponse


def test_every_action_of_2_0_1_is_one_of_2_1():
    assert actions("2.0.1").keys() < actions("2.1").keys()
    assert set(v201.ACTIONS.values()).isdisjoint(v21.ACTIONS.values())
