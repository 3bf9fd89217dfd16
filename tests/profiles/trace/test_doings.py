"""What was done at a station is read back from what it says."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotwire.profiles.trace.doings import (
    Doing,
    EvResumed,
    EvSuspended,
    FaultCleared,
    Faulted,
    PluggedIn,
    Token,
    TokenShown,
    Unplugged,
    doings,
)

from .talk import Talk

ACTIONS = (
    "Authorize",
    "NotifyEvent",
    "RemoteStartTransaction",
    "StartTransaction",
    "StatusNotification",
    "StopTransaction",
    "TransactionEvent",
)
NAMES = (
    *("connectorId", "evseId", "evse", "id", "status", "idTag", "idToken", "type", "eventType"),
    *("transactionInfo", "transactionId", "eventData", "component", "variable", "name"),
)

CARD = Token("DEADBEEF", "ISO14443")
OTHER = Token("CAFE", "ISO14443")


def done(talk: Talk) -> list[Doing]:
    return [doing for each in doings(talk.items) for doing in each]


# ---- 1.6


class Talk16(Talk):
    def __init__(self) -> None:
        super().__init__("1.6")

    def authorize(self, tag: str = "DEADBEEF") -> None:
        answer = {"idTagInfo": {"status": "Accepted"}}
        self.call("station", "Authorize", {"idTag": tag}, answer)

    def status_(self, status: str, connector: int = 1, code: str = "NoError") -> None:
        payload = {"connectorId": connector, "errorCode": code, "status": status}
        self.call("station", "StatusNotification", payload)

    def stop_(self, transaction: str, **fields: Any) -> None:
        payload = {"transactionId": int(transaction), "meterStop": 9, "timestamp": self.now}
        self.call("station", "StopTransaction", payload | fields)


def test_16_cable_then_token_then_token_then_cable() -> None:
    talk = Talk16()
    talk.status_("Preparing")
    talk.authorize()
    name = talk.start()
    talk.status_("Charging")
    talk.stop_(name, reason="Local", idTag="DEADBEEF")
    talk.status_("Finishing")
    talk.status_("Available")
    assert done(talk) == [PluggedIn(1), TokenShown(1, CARD), TokenShown(1, CARD), Unplugged(1)]


def test_16_token_then_cable_which_is_pulled_at_the_car() -> None:
    talk = Talk16()
    talk.authorize()
    talk.status_("Preparing", 2)
    name = talk.start(2)
    talk.stop_(name, reason="EVDisconnected")
    talk.status_("Available", 2)
    assert done(talk) == [TokenShown(2, CARD), PluggedIn(2), Unplugged(2)]


def test_16_a_token_that_nobody_asks_about_is_shown_all_the_same() -> None:
    talk = Talk16()
    talk.status_("Preparing")
    talk.start()
    assert done(talk) == [PluggedIn(1), TokenShown(1, CARD)]


def test_16_another_token_of_the_group_stops() -> None:
    talk = Talk16()
    talk.status_("Preparing")
    talk.authorize()
    name = talk.start()
    talk.authorize("CAFE")
    talk.stop_(name, idTag="CAFE")
    assert done(talk)[-1] == TokenShown(1, OTHER)
    assert len(done(talk)) == 3  # once


def test_16_a_refused_token_is_shown_where_a_car_waits() -> None:
    talk = Talk16()
    talk.status_("Available", 1)
    talk.status_("Preparing", 2)
    talk.authorize("CAFE")
    assert done(talk) == [PluggedIn(2), TokenShown(2, OTHER)]


def test_16_what_the_csms_has_started_and_stopped_takes_no_token() -> None:
    talk = Talk16()
    remote = {"connectorId": 1, "idTag": "DEADBEEF"}
    talk.call("csms", "RemoteStartTransaction", remote, {"status": "Accepted"})
    talk.authorize()
    talk.status_("Preparing")
    name = talk.start()
    talk.call("csms", "RemoteStopTransaction", {"transactionId": 1}, {"status": "Accepted"})
    talk.stop_(name, reason="Remote")
    talk.status_("Available")
    talk.authorize()  # the same card, by hand
    talk.status_("Preparing")
    assert done(talk) == [PluggedIn(1), Unplugged(1), TokenShown(1, CARD)]


def test_16_what_is_told_once_more_was_done_once() -> None:
    talk = Talk16()
    talk.status_("Preparing")
    name = talk.start()
    talk.stop_(name, reason="EVDisconnected")
    talk.status_("Preparing")
    talk.items += [item for item in talk.items if "StopTransaction" in repr(item)]
    assert done(talk) == [PluggedIn(1), TokenShown(1, CARD), Unplugged(1), PluggedIn(1)]


def test_16_the_car_takes_no_power_for_a_while_and_the_connector_fails() -> None:
    talk = Talk16()
    talk.status_("Charging")
    talk.status_("SuspendedEV")
    talk.status_("Charging")
    talk.status_("Faulted", code="GroundFailure")
    talk.status_("Charging")
    assert done(talk) == [
        PluggedIn(1),
        EvSuspended(1),
        EvResumed(1),
        Faulted(1, 1, "GroundFailure"),
        FaultCleared(1, 1),
    ]


# ---- 2.x


def occupied(talk: Talk, status: str = "Occupied", evse: int = 1, connector: int = 1) -> None:
    payload = {
        "timestamp": talk.now,
        "connectorStatus": status,
        "evseId": evse,
        "connectorId": connector,
    }
    talk.call("station", "StatusNotification", payload)


def told_by_event(talk: Talk, status: str) -> None:
    event = {
        "eventId": 1,
        "timestamp": talk.now,
        "trigger": "Delta",
        "actualValue": status,
        "component": {"name": "Connector", "evse": {"id": 1, "connectorId": 1}},
        "variable": {"name": "AvailabilityState"},
        "eventNotificationType": "HardWiredNotification",
    }
    payload = {"generatedAt": talk.now, "seqNo": 0, "eventData": [event]}
    talk.call("station", "NotifyEvent", payload)


@pytest.mark.parametrize("tell", [occupied, told_by_event])
def test_2x_cable_and_token(tell: Any) -> None:
    talk = Talk()
    tell(talk, "Occupied")
    name = talk.start()
    talk.event(name, "Updated", "Authorized", token=True)
    talk.event(name, "Updated", "ChargingStateChanged", state="Charging")
    talk.event(name, "Updated", "ChargingStateChanged", state="SuspendedEV")
    talk.event(name, "Updated", "ChargingStateChanged", state="Charging")
    talk.event(name, "Ended", "EVDeparted", reason="EVDisconnected")
    tell(talk, "Available")
    (plugged, shown, *rest) = done(talk)
    assert plugged == PluggedIn(1)
    assert isinstance(shown, TokenShown)
    assert rest == [EvSuspended(1), EvResumed(1), Unplugged(1)]


def test_2x_the_connector_is_told() -> None:
    talk = Talk()
    occupied(talk, evse=2, connector=3)
    assert done(talk) == [PluggedIn(2, 3)]


def test_2x_a_stop_with_a_token_and_one_by_the_csms() -> None:
    for trigger, reason, count in (("StopAuthorized", "Local", 2), ("RemoteStop", "Remote", 1)):
        talk = Talk()
        name = talk.start()
        talk.event(name, "Updated", "Authorized", token=True)
        talk.event(name, "Ended", trigger, reason=reason)
        assert len([each for each in done(talk) if isinstance(each, TokenShown)]) == count


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["Available", "Started", "x"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.lists(st.tuples(st.sampled_from(ACTIONS), JSON), max_size=8))
@settings(max_examples=60, deadline=None)
def test_whatever_a_log_holds_is_read(said: list[tuple[str, Any]]) -> None:
    talk = Talk("1.6")
    for number, (action, payload) in enumerate(said):
        talk.call("csms" if number % 4 == 3 else "station", action, payload, payload)
    assert len(doings(talk.items)) == len(talk.items)


def test_2x_odd_messages_are_taken_as_they_can_be() -> None:
    talk = Talk()
    occupied(talk, connector=0)
    answer = {"idTokenInfo": {"status": "Accepted"}}
    nobody = {"idToken": {"idToken": "", "type": "NoAuthorization"}}
    talk.call("station", "Authorize", nobody, answer)
    talk.call("station", "Authorize", {"idToken": 7}, answer)
    talk.call("station", "TransactionEvent", {"evse": [], "transactionInfo": 3})
    talk.call("station", "NotifyEvent", {"eventData": [7, {"component": 1}]})
    assert done(talk) == [PluggedIn(1)]
