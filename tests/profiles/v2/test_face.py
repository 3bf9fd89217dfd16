"""The face of 2.0.1 and that of 2.1 are one, made of different structs."""

import pytest

from pilotwire.machines.settings import Settings
from pilotwire.machines.station import Station
from pilotwire.profiles.face import Identity
from pilotwire.profiles.faces import FACES
from pilotwire.profiles.messages import actions
from pilotwire.profiles.v2.face import Face


def test_both_answer_the_same_actions_each_with_its_own_structs() -> None:
    old, new = FACES["ocpp2.0.1"], FACES["ocpp2.1"]
    assert {r.action for r in old.HANDLERS} == {r.action for r in new.HANDLERS}
    assert set(old.HANDLERS) <= set(actions("2.0.1").values())
    assert set(new.HANDLERS) <= set(actions("2.1").values())
    assert not set(old.HANDLERS) & set(new.HANDLERS)


def test_it_answers_only_what_a_csms_sends(face: Face) -> None:
    for request in face.HANDLERS:
        assert face.VERSION.sends("csms", request.action)


def test_a_face_is_made_once() -> None:
    assert FACES["ocpp2.1"] is FACES["ocpp2.1"]
    assert set(FACES) == {"ocpp1.6", "ocpp2.0.1", "ocpp2.1"}


@pytest.mark.parametrize(
    ("reason", "told"), [("RemoteReset", "RemoteReset"), ("Lightning", "Unknown")]
)
def test_b01_fr_09_a_reason_for_booting_is_one_of_the_words(
    face: Face, reason: str, told: str
) -> None:
    request = face.boot(Identity(vendor="V", model="M"), reason)
    assert request.reason == told  # type: ignore[attr-defined]  # a BootNotificationRequest
    assert not request.charging_station.modem  # type: ignore[attr-defined]


def test_the_station_as_a_whole_has_no_status(face: Face) -> None:
    station = Station(Settings(), (1,), lambda: "tx")
    assert face.look(station, 0, 0) is None
    assert face.look(station, 1, 1) == "Available"
