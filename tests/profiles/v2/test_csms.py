"""The tables of the central system's face in 2.0.1 and 2.1."""

import pytest

from pilotwire.profiles.csms import face_of
from pilotwire.profiles.family import OCPP_21, OCPP_201
from pilotwire.profiles.messages import of, v21

VERSIONS = [OCPP_201, OCPP_21]


@pytest.fixture(params=VERSIONS, ids=lambda version: version.subprotocol)
def face(request):
    return face_of(request.param)


@pytest.fixture
def v2(face):
    return of(face.version.subprotocol.removeprefix("ocpp"))


def test_every_action_of_a_station_is_answered_or_taken(face):
    version = face.version
    sent = {r for action, r in version.actions().items() if version.sends("station", action)}
    assert set(face.handlers) | set(face.notified) == sent
    assert not set(face.handlers) & set(face.notified)


def test_only_2_1_has_what_is_not_answered():
    assert not face_of(OCPP_201).notified
    assert set(face_of(OCPP_21).notified) == {v21.NotifyPeriodicEventStreamRequest}


@pytest.mark.parametrize(
    ("message", "actions"),
    [
        ("BootNotification", {"BootNotification"}),
        ("TransactionEvent", {"TransactionEvent"}),
        ("SignChargingStationCertificate", {"SignCertificate"}),
        ("SignV2GCertificate", {"SignCertificate"}),
        ("SignCombinedCertificate", {"SignCertificate"}),
    ],
)
def test_what_a_trigger_brings(face, v2, message, actions):
    request = v2.TriggerMessageRequest(requested_message=message)
    assert face.triggered(request, v2.TriggerMessageResponse(status="Accepted")) == actions
    assert not face.triggered(request, v2.TriggerMessageResponse(status="Rejected"))


def test_b02_fr_09_a_report_may_come_where_it_was_asked_for(face, v2):
    base = v2.GetBaseReportRequest(request_id=1, report_base="FullInventory")
    part = v2.GetReportRequest(request_id=1)
    for request in (base, part):
        answer = request.response(status="Accepted")
        assert face.triggered(request, answer) == {"NotifyReport"}
        assert not face.triggered(request, request.response(status="NotSupported"))


def test_other_answers_bring_nothing(face, v2):
    request = v2.ClearCacheRequest()
    assert not face.triggered(request, request.response(status="Accepted"))
    assert face.new_password(request, request.response(status="Accepted")) is None


def change(v2, name, value, status, component="SecurityCtrlr", **more):
    place = {"component": v2.ComponentType(name=component), "variable": v2.VariableType(name=name)}
    return (
        v2.SetVariablesRequest(
            set_variable_data=(v2.SetVariableDataType(attribute_value=value, **place),)
        ),
        v2.SetVariablesResponse(
            set_variable_result=(
                v2.SetVariableResultType(attribute_status=status, **place, **more),
            )
        ),
    )


@pytest.mark.parametrize(
    ("name", "status", "password"),
    [
        ("BasicAuthPassword", "Accepted", "pässword".encode()),
        ("basicauthpassword", "Accepted", "pässword".encode()),
        ("BasicAuthPassword", "Rejected", None),  # A01.FR.04
        ("BasicAuthPassword", "RebootRequired", None),
        ("Identity", "Accepted", None),
    ],
)
def test_a01_fr_03_the_password_is_what_was_set_and_accepted(face, v2, name, status, password):
    assert face.new_password(*change(v2, name, "pässword", status)) == password


def test_a_password_of_another_component_is_none_of_the_stations(face, v2):
    told = change(v2, "BasicAuthPassword", "secret", "Accepted", component="LocalController")
    assert face.new_password(*told) is None
