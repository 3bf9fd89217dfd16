"""The list of network profiles that libocpp once kept: the rules of its migration."""

import json

import pytest

from pilotwire.profiles.device_model import DeviceModel
from pilotwire.profiles.legacy_profiles import take_legacy
from pilotwire.profiles.network import NetworkProfile, read_profile, variable
from pilotwire.profiles.standard import standard

DATA = {
    "messageTimeout": 30,
    "ocppCsmsUrl": "ws://one.example",
    "ocppInterface": "Wired0",
    "ocppTransport": "JSON",
    "ocppVersion": "OCPP20",
    "securityProfile": 1,
}
PASSWORD = "a secret of the slot"


@pytest.fixture
def model() -> DeviceModel:
    return DeviceModel(standard((1, 2, 3)))


def legacy(*entries: tuple[int, dict[str, object]]) -> str:
    return json.dumps(
        [{"configurationSlot": s, "connectionData": {**DATA, **data}} for s, data in entries]
    )


@pytest.mark.parametrize("text", ["", " ", "[]"])
def test_an_empty_list_says_nothing(model: DeviceModel, text: str) -> None:
    assert take_legacy(model, text, "CS-1") == ()
    assert read_profile(model, 1) is None


def test_none_counts_where_a_slot_has_an_address_already(model: DeviceModel) -> None:
    model.configure(variable(3, "OcppCsmsUrl"), "ws://three.example")
    assert take_legacy(model, legacy((1, {})), "CS-1") == ()
    assert read_profile(model, 1) is None


def test_each_profile_goes_to_its_slot(model: DeviceModel) -> None:
    text = legacy(
        (3, {"ocppCsmsUrl": "wss://three.example", "securityProfile": 2}),
        (1, {"basicAuthPassword": PASSWORD, "identity": "CS-1", "messageTimeout": 5}),
    )
    assert take_legacy(model, text, "CS-1") == (3, 1)
    assert read_profile(model, 3) == NetworkProfile(
        slot=3, url="wss://three.example", security_profile=2, interface="Wired0"
    )  # without a password: the station's is dialled with
    assert read_profile(model, 1) == NetworkProfile(
        slot=1,
        url="ws://one.example",
        security_profile=1,
        interface="Wired0",
        message_timeout=5,
        identity="CS-1",
        password=PASSWORD,
    )
    assert read_profile(model, 2) is None


def test_the_identity_at_an_addresss_end_is_left_out(model: DeviceModel) -> None:
    take_legacy(model, legacy((1, {"ocppCsmsUrl": "ws://one.example/ocpp/CS%201"})), "CS 1")
    profile = read_profile(model, 1)
    assert profile is not None
    assert profile.url == "ws://one.example/ocpp"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "expected a list of network profiles: "),
        ('[{"configurationSlot": 1}]', "expected a list of network profiles: "),
        (legacy((1, {"ocppTransport": "SOAP"})), "expected a list of network profiles: "),
        (legacy((4, {})), "there is no slot 4"),
        (legacy((1, {"ocppCsmsUrl": "one"})), "slot 1: ocppCsmsUrl: expected an address like "),
        (legacy((1, {"securityProfile": 2})), "slot 1: ocppCsmsUrl: security profile 2 needs wss"),
        (legacy((1, {"ocppInterface": "eth0"})), "slot 1: ocppInterface: expected one of Wired0, "),
        (
            legacy((1, {"basicAuthPassword": PASSWORD * 9})),
            "slot 1: BasicAuthPassword: expected at most 64 characters",
        ),
    ],
)
def test_what_is_no_list_of_profiles_is_one_line_without_secrets(
    model: DeviceModel, text: str, problem: str
) -> None:
    with pytest.raises(ValueError) as refusal:  # noqa: PT011  # the line is looked at below
        take_legacy(model, text, "CS-1")
    assert str(refusal.value).startswith(problem)
    assert PASSWORD not in str(refusal.value)
