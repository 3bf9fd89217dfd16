"""The tables of the central system's face in 1.6."""

import pytest

from pilotwire.profiles.csms import face_of
from pilotwire.profiles.family import OCPP_16
from pilotwire.profiles.messages import v16
from pilotwire.profiles.v16.csms import FACE


def test_every_action_of_a_station_is_answered():
    sent = {r for action, r in OCPP_16.actions().items() if OCPP_16.sends("station", action)}
    assert set(FACE.handlers) == sent


def test_the_face_is_found_by_its_version():
    assert face_of(OCPP_16) is FACE


@pytest.mark.parametrize(
    ("message", "actions"),
    [
        ("BootNotification", {"BootNotification"}),
        ("MeterValues", {"MeterValues"}),
        (
            "FirmwareStatusNotification",
            {"FirmwareStatusNotification", "SignedFirmwareStatusNotification"},
        ),
    ],
)
def test_what_a_trigger_brings(message, actions):
    request = v16.TriggerMessageRequest(requested_message=message)
    assert FACE.triggered(request, v16.TriggerMessageResponse(status="Accepted")) == actions
    assert not FACE.triggered(request, v16.TriggerMessageResponse(status="NotImplemented"))
    extended = v16.ExtendedTriggerMessageRequest(requested_message=message)
    response = v16.ExtendedTriggerMessageResponse(status="Accepted")
    assert FACE.triggered(extended, response) == actions


def test_a_trigger_for_a_certificate_brings_a_sign_certificate():
    request = v16.ExtendedTriggerMessageRequest(requested_message="SignChargePointCertificate")
    response = v16.ExtendedTriggerMessageResponse(status="Accepted")
    assert FACE.triggered(request, response) == {"SignCertificate"}


def test_other_answers_bring_nothing():
    assert not FACE.triggered(v16.ClearCacheRequest(), v16.ClearCacheResponse(status="Accepted"))


@pytest.mark.parametrize(
    ("key", "value", "status", "password"),
    [
        ("AuthorizationKey", "00ff", "Accepted", b"\x00\xff"),
        ("authorizationKEY", "not hex", "Accepted", b"not hex"),
        ("AuthorizationKey", "00ff", "Rejected", None),
        ("HeartbeatInterval", "60", "Accepted", None),
    ],
)
def test_a00_fr_205_the_password_is_what_the_key_says_in_hexadecimal(key, value, status, password):
    request = v16.ChangeConfigurationRequest(key=key, value=value)
    assert FACE.new_password(request, v16.ChangeConfigurationResponse(status=status)) == password
