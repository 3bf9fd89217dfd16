"""Passwords as text and as bytes, and whose they are."""

import pytest

from pilotwire.profiles.context import KeepVariable, Kept, TrySecurityProfile
from pilotwire.profiles.device_model import DeviceModel
from pilotwire.profiles.messages import v16
from pilotwire.profiles.network import ACTIVE, PASSWORD, NetworkProfile, variable
from pilotwire.profiles.passwords import (
    changed,
    is_in_use,
    of_bytes,
    of_file,
    password_of,
    revealed,
)
from pilotwire.profiles.standard import STANDARD

KEY = bytes(range(0xE0, 0xF4))


@pytest.fixture
def model() -> DeviceModel:
    model = DeviceModel(STANDARD)
    for slot in (1, 2):
        model.configure(variable(slot, "OcppCsmsUrl"), f"ws://{slot}.example")
        model.configure(variable(slot, "SecurityProfile"), 1)
    return model


def test_text_is_its_utf_8_and_bytes_are_themselves() -> None:
    assert revealed("correct-horse-battery") == b"correct-horse-battery"
    assert revealed(of_bytes(KEY)) == KEY


def test_a_file_may_write_bytes_as_an_authorization_key_does() -> None:
    assert revealed(of_file(f"hex:{KEY.hex()}")) == KEY
    for plain in ("hex:00ff", "hex:no-digits-at-all", KEY.hex()):
        assert revealed(of_file(plain)) == plain.encode()


def test_a_slot_has_its_own_password_or_the_stations(model: DeviceModel) -> None:
    assert password_of(model, 1) is None
    model.configure(PASSWORD, "the-stations-password")
    model.configure(variable(2, "BasicAuthPassword"), "its-own-password")
    assert password_of(model, 1) == "the-stations-password"
    assert password_of(model, 2) == "its-own-password"
    model.configure(variable(2, "OcppCsmsUrl"), None)
    assert password_of(model, 2) is None  # there is nothing in it


def test_a_new_password_is_for_all_that_had_the_old_one(model: DeviceModel) -> None:
    model.configure(ACTIVE, 1)
    own = variable(1, "BasicAuthPassword"), variable(2, "BasicAuthPassword")
    for key in own:
        model.configure(key, "shared-password-of-both")
    assert changed(model, "new-password-of-all") == {
        PASSWORD: "new-password-of-all",
        own[0]: None,
        own[1]: None,
    }
    model.configure(own[1], "of-another-csms")
    assert changed(model, "new-password-of-all") == {PASSWORD: "new-password-of-all", own[0]: None}


@pytest.mark.parametrize(
    ("security_profile", "used"), [(0, False), (1, True), (2, True), (3, False)]
)
def test_only_profiles_1_and_2_go_by_a_password(
    model: DeviceModel, security_profile: int, used: bool
) -> None:
    assert not is_in_use(model)
    model.configure(variable(1, "SecurityProfile"), security_profile)
    model.configure(ACTIVE, 1)
    assert is_in_use(model) is used


def test_what_carries_a_password_does_not_show_it(model: DeviceModel) -> None:
    response = v16.ChangeConfigurationResponse(status="Accepted")
    values = changed(model, "correct-horse-battery")
    for carrier in (
        Kept(values, response, response),
        TrySecurityProfile(2, values),
        KeepVariable(str(PASSWORD), "correct-horse-battery"),
        NetworkProfile(slot=1, url="ws://1.example", password="correct-horse-battery"),
    ):
        assert "correct-horse" not in repr(carrier)
