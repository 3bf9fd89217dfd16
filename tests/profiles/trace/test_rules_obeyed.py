"""Each rule: the nearest to breaking it that a good station and CSMS come."""

from collections.abc import Callable
from typing import Any

import pytest

from pilotwire.profiles.trace import RULES, Said

from .talk import START, Talk
from .test_rules import booted

Deed = Callable[[Talk], object]


def _heartbeat(talk: Talk) -> None:
    talk.heartbeat()


def _long_id(talk: Talk) -> None:
    talk.answer(
        "station", talk.ask("station", "Heartbeat", {}, "x" * 36), {"currentTime": talk.now}
    )


def _same_call_again(talk: Talk) -> None:
    name = talk.start()
    talk.update(name)
    _again(talk)


def _again(talk: Talk) -> None:
    """Tell the station's last message once more, under the same id."""
    calls = [each for each in talk.items if isinstance(each, Said) and each.kind == "CALL"]
    last = [each for each in calls if each.by == "station"][-1]
    talk.answer("station", talk.ask("station", last.action, last.payload, last.message_id), {})


def _one_each(talk: Talk) -> None:
    ours, theirs = talk.ask("station", "Heartbeat"), talk.ask("csms", "ClearCache")
    talk.answer("csms", theirs, {"status": "Accepted"})
    talk.answer("station", ours, {"currentTime": talk.now})


def _answered_late_or_lost_with_the_link(talk: Talk) -> None:
    message_id = talk.ask("station", "Heartbeat")
    talk.wait(50)
    talk.answer("station", message_id, {"currentTime": talk.now})
    talk.ask("station", "Heartbeat")
    talk.link(is_open=False)
    talk.wait(60)
    talk.link(is_open=True)
    talk.heartbeat()


def _sends(talk: Talk) -> None:
    talk.heartbeat()
    payload = {"id": 1, "pending": 0, "basetime": talk.now, "data": [{"t": 0, "v": "1"}]}
    talk.say("station", "SEND", "s1", action="NotifyPeriodicEventStream", payload=payload)
    talk.heartbeat()


def _error(word: str, description: str = "") -> Deed:
    def say(talk: Talk) -> None:
        message_id = talk.ask("csms", "ClearCache")
        talk.say("station", "CALLERROR", message_id, error=word, description=description)

    return say


def _both_send_data(talk: Talk) -> None:
    for side in ("station", "csms"):
        talk.call(side, "DataTransfer", {"vendorId": "v"}, {"status": "Accepted"})  # type: ignore[arg-type]


def _password_refused(talk: Talk) -> None:
    asked = {
        "component": {"name": "SecurityCtrlr"},
        "variable": {"name": "BasicAuthPassword"},
    }
    told = {"getVariableResult": [{**asked, "attributeStatus": "Rejected"}]}
    talk.call("csms", "GetVariables", {"getVariableData": [asked]}, told)


def _asked_while_pending(talk: Talk) -> None:
    talk.boot("Pending", reason="Watchdog")
    wish = {"requestedMessage": "Heartbeat"}
    talk.call("csms", "TriggerMessage", wish, {"status": "Accepted"})
    talk.heartbeat()


def _rejected_then_accepted(talk: Talk) -> None:
    talk.boot("Rejected", interval=60)
    talk.wait(61)
    talk.boot("Accepted")
    talk.call("csms", "ClearCache", {}, {"status": "Accepted"})


def _refused(talk: Talk) -> None:
    talk.boot("Pending", reason="Watchdog")
    message_id = talk.ask("station", "Heartbeat")
    talk.say("csms", "CALLERROR", message_id, error="SecurityError")


def _heartbeat_in_time(talk: Talk) -> None:
    talk.wait(299)
    talk.heartbeat()


def _trigger(talk: Talk) -> None:
    wish = {"requestedMessage": "Heartbeat"}
    talk.call("csms", "TriggerMessage", wish, {"status": "Accepted"})
    talk.wait(40)
    talk.heartbeat()
    talk.wait(100)
    talk.status()


def _reset(talk: Talk) -> None:
    talk.call("csms", "Reset", {"type": "Immediate"}, {"status": "Accepted"})
    talk.link(is_open=False)
    talk.wait(300)
    talk.link(is_open=True)
    talk.boot(reason="RemoteReset")
    talk.wait(290)
    talk.status()


def _waits_longer_and_longer(talk: Talk) -> None:
    for times in range(6):
        talk.wait(10 * 2**times)
        talk.link(is_open=True)
        talk.link(is_open=False)


def _report(request: int, *numbers: int) -> Deed:
    def say(talk: Talk) -> None:
        for number in numbers:
            more = number != numbers[-1]
            part = {"requestId": request, "generatedAt": talk.now, "seqNo": number, "tbc": more}
            talk.call("station", "NotifyReport", part)

    return say


def _two_reports_at_once(talk: Talk) -> None:
    _report(1, 0)(talk)
    for part in range(2):
        for request in (2, 3):
            payload = {
                "requestId": request,
                "generatedAt": talk.now,
                "seqNo": part,
                "tbc": not part,
            }
            talk.call("station", "NotifyReport", payload)
    _report(1, 0, 1)(talk)  # the id, used for another


def _charge(talk: Talk) -> None:
    name = talk.start()
    talk.update(name)
    talk.stop(name)


def _charge_twice(talk: Talk) -> None:
    _charge(talk)
    _charge(talk)


def _charges(talk: Talk) -> None:
    first, second = talk.start(1), talk.start(2)
    talk.stop(first)
    third = talk.start(1)
    talk.stop(second)
    talk.stop(third)


def _start_again(talk: Talk) -> None:
    name = talk.start()
    _again(talk)
    talk.stop(name)


def _stop_again(talk: Talk) -> None:
    talk.stop(talk.start())
    _again(talk)


def _events(*numbers: int) -> Deed:
    def say(talk: Talk) -> None:
        name = talk.start()
        for number in numbers:
            talk.event(name, "Updated", "MeterValueClock", seq=number, at=START + 100)

    return say


def _on(**event: Any) -> Deed:
    """Start, and tell this event of the transaction."""

    def say(talk: Talk) -> None:
        name = talk.start()
        talk.event(name, event.pop("kind", "Updated"), **event)

    return say


def _evse_when_it_is_known(talk: Talk) -> None:
    talk.event("tx-9", "Started", "Authorized", seq=0, token=True)
    talk.event("tx-9", "Updated", "CablePluggedIn", evse=1, state="EVConnected")
    talk.event("tx-9", "Updated", "ChargingStateChanged", state="Charging")


def _offline(talk: Talk) -> None:
    talk.link(is_open=True)
    name = talk.start()
    talk.link(is_open=False)
    talk.wait(30)
    at = talk.at
    talk.wait(30)
    talk.link(is_open=True)
    talk.event(name, "Updated", "MeterValueClock", at=at, offline=True)
    talk.event(name, "Updated", "MeterValueClock")


def _started_from_afar(talk: Talk) -> None:
    token = {"idToken": "DEADBEEF", "type": "Central"}
    wish = {"remoteStartId": 7, "idToken": token, "evseId": 1}
    talk.call("csms", "RequestStartTransaction", wish, {"status": "Accepted"})
    name = talk.start()
    talk.event(name, "Updated", "RemoteStart", remote=7, token=True)


def _meters_of_two(talk: Talk) -> None:
    name = talk.start()
    for reading in (5000, 5000, 5001):
        talk.update(name, reading)


def _statuses(*statuses: str, connector: int = 1) -> Deed:
    def say(talk: Talk) -> None:
        for status in statuses:
            talk.status(status, connector)

    return say


OBEYS: dict[str, tuple[str, Deed]] = {
    "frame-readable": ("1.6", _heartbeat),
    "message-id-length": ("1.6", _long_id),
    "message-id-unique": ("2.0.1", _same_call_again),
    "one-call-outstanding": ("1.6", _one_each),
    "call-answered": ("1.6", _answered_late_or_lost_with_the_link),
    "answer-to-call": ("2.1", _one_each),
    "send-unanswered": ("2.1", _sends),
    "error-code-known": ("1.6", _error("OccurenceConstraintViolation")),  # as 1.6 spells it
    "error-description-length": ("2.0.1", _error("InternalError", "x" * 255)),
    "action-known": ("1.6", _both_send_data),
    "action-of-its-side": ("2.0.1", _both_send_data),
    "request-valid": ("1.6", _charge),
    "response-valid": ("1.6", _heartbeat),
    "password-untold": ("2.0.1", _password_refused),
    "boot-first": ("2.0.1", _asked_while_pending),
    "csms-silent-when-rejected": ("2.0.1", _rejected_then_accepted),
    "refused-before-accepted": ("2.0.1", _refused),
    "boot-interval": ("2.0.1", _rejected_then_accepted),
    "heartbeat-interval": ("1.6", _heartbeat_in_time),
    "trigger-honoured": ("1.6", _trigger),
    "reset-boots": ("2.0.1", _reset),
    "reconnect-back-off": ("2.0.1", _waits_longer_and_longer),
    "csms-time-forward": ("1.6", _heartbeat_in_time),
    "report-complete": ("2.0.1", _two_reports_at_once),
    "started-first": ("2.0.1", _charge),
    "started-once": ("2.0.1", _start_again),
    "start-has-a-stop": ("1.6", _charges),
    "ended-last": ("1.6", _stop_again),
    "transaction-id-fresh": ("2.0.1", _charge_twice),
    "seq-no-gap": ("2.0.1", _events(1, 2, 3)),
    "seq-no-repeated": ("2.0.1", _same_call_again),
    "transaction-in-order": ("2.0.1", _events(1, 2, 3)),
    "timestamps-forward": ("2.0.1", _events(1, 2)),
    "evse-told": ("2.0.1", _evse_when_it_is_known),
    "evse-stays": ("2.0.1", _on(trigger="MeterValueClock", evse=1)),
    "token-when-authorized": ("2.0.1", _on(trigger="Authorized", token=True)),
    "charging-state-told": ("2.0.1", _on(trigger="ChargingStateChanged", state="Charging")),
    "reason-when-ended": ("2.0.1", _on(kind="Ended", trigger="StopAuthorized", reason="Local")),
    "offline-flag": ("2.0.1", _offline),
    "remote-start-known": ("2.0.1", _started_from_afar),
    "remote-start-told": ("2.0.1", _started_from_afar),
    "meter-forward": ("1.6", _meters_of_two),
    "status-plausible": ("1.6", _statuses("Preparing", "Charging", "Finishing", "Available")),
    "status-of-connector-0": ("1.6", _statuses("Unavailable", "Available", connector=0)),
    "status-flood": ("2.0.1", _statuses(*["Available"] * 12)),
}
ALSO = {"refused-before-accepted": {"boot-first"}}  # it is the station that is refused


def test_every_rule_has_a_case_here() -> None:
    assert OBEYS.keys() == RULES.keys()


@pytest.mark.parametrize("name", RULES)
def test_whoever_obeys_a_rule_is_not_accused(name: str) -> None:
    version, deed = OBEYS[name]
    talk = booted(version)
    deed(talk)
    assert talk.broken() == ALSO.get(name, set())
