"""Each rule: what breaks it, and that a correct dialogue breaks none."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotwire.profiles.trace import RULES, Gap, Judge, Said

from .talk import START, Talk

Deed = Callable[[Talk], object]


def _twice_at_once(talk: Talk) -> None:
    first = talk.ask("station", "Heartbeat")
    second = talk.ask("station", "Heartbeat")
    for message_id in (first, second):
        talk.answer("station", message_id, {"currentTime": talk.now})


def _unanswered(talk: Talk) -> None:
    talk.ask("station", "Heartbeat")
    talk.wait(20)
    talk.call("csms", "ClearCache", {}, {"status": "Accepted"})
    talk.wait(60)
    talk.heartbeat()


def _answered_twice(talk: Talk) -> None:
    message_id = talk.call("station", "Heartbeat", {}, {"currentTime": talk.now})
    talk.answer("station", message_id, {"currentTime": talk.now})


def _reused_id(talk: Talk) -> None:
    message_id = talk.call("station", "Heartbeat", {}, {"currentTime": talk.now})
    talk.ask("station", "DataTransfer", {"vendorId": "v"}, message_id)
    talk.answer("station", message_id, {"status": "Accepted"})


def _answered_send(talk: Talk) -> None:
    talk.heartbeat()
    payload = {"id": 1, "pending": 0, "basetime": talk.now, "data": [{"t": 0, "v": "1"}]}
    talk.say("station", "SEND", "s1", action="NotifyPeriodicEventStream", payload=payload)
    talk.say("csms", "CALLRESULT", "s1", payload={})


def _error(word: str, description: str = "") -> Deed:
    def say(talk: Talk) -> None:
        message_id = talk.ask("csms", "ClearCache")
        talk.say("station", "CALLERROR", message_id, error=word, description=description)

    return say


def _password(talk: Talk) -> None:
    result = {
        "attributeStatus": "Accepted",
        "attributeValue": "***",
        "component": {"name": "SecurityCtrlr"},
        "variable": {"name": "BasicAuthPassword"},
    }
    asked = {key: result[key] for key in ("component", "variable")}
    told = {"getVariableResult": [result]}
    talk.call("csms", "GetVariables", {"getVariableData": [asked]}, told)


def _before_accepted(talk: Talk) -> None:
    talk.boot("Pending", reason="Watchdog")
    talk.heartbeat()


def _to_rejected(talk: Talk) -> None:
    talk.boot("Rejected")
    message_id = talk.ask("csms", "ClearCache")
    talk.say("station", "CALLERROR", message_id, error="SecurityError")


def _boots_early(talk: Talk) -> None:
    talk.boot("Pending", interval=60)
    talk.boot("Accepted", reason="Unknown")


def _late_heartbeat(talk: Talk) -> None:
    talk.wait(600)
    talk.heartbeat()


def _no_trigger(talk: Talk) -> None:
    talk.call("csms", "TriggerMessage", {"requestedMessage": "Heartbeat"}, {"status": "Accepted"})
    talk.wait(100)
    talk.status()


def _no_reset(talk: Talk) -> None:
    talk.call("csms", "Reset", {"type": "Immediate"}, {"status": "Accepted"})
    talk.wait(620)
    talk.status()


def _hammer(talk: Talk) -> None:
    for _ in range(5):
        talk.link(is_open=True)


def _clock_back(talk: Talk) -> None:
    talk.call("station", "Heartbeat", {}, {"currentTime": "2020-01-01T00:00:00Z"})


def _report(*numbers: int, more: bool = False) -> Deed:
    def say(talk: Talk) -> None:
        for number in numbers:
            is_last = number == numbers[-1] and not more
            payload = {
                "requestId": 1,
                "generatedAt": talk.now,
                "seqNo": number,
                "tbc": not is_last,
            }
            talk.call("station", "NotifyReport", payload)

    return say


def _part_after_last(talk: Talk) -> None:
    _report(0, 1)(talk)
    _report(2)(talk)


def _never_started(talk: Talk) -> None:
    talk.event("tx-9", "Updated", "MeterValueClock", seq=3)


def _starts_twice(talk: Talk) -> None:
    name = talk.start()
    talk.event(name, "Started", "CablePluggedIn")


def _two_at_an_evse(talk: Talk) -> None:
    talk.start()
    talk.start()


def _goes_on(talk: Talk) -> None:
    name = talk.start()
    talk.stop(name)
    talk.update(name)


def _id_again(talk: Talk) -> None:
    name = talk.start()
    talk.stop(name)
    talk.event(name, "Started", "CablePluggedIn", evse=1)


def _seq(*numbers: int) -> Deed:
    def say(talk: Talk) -> None:
        name = talk.start()
        for number in numbers:
            talk.event(name, "Updated", "MeterValueClock", seq=number)

    return say


def _time_back(talk: Talk) -> None:
    name = talk.start()
    talk.event(name, "Updated", "MeterValueClock", at=START - 100)


def _on(**event: Any) -> Deed:
    """Start, and tell this event of the transaction."""

    def say(talk: Talk) -> None:
        name = talk.start()
        talk.event(name, "Updated", **event)

    return say


def _nowhere(talk: Talk) -> None:
    talk.event("tx-9", "Started", "Authorized", seq=0, token=True)
    talk.event("tx-9", "Updated", "ChargingStateChanged", state="Charging")


def _offline(talk: Talk) -> None:
    talk.link(is_open=True)
    name = talk.start()
    talk.link(is_open=False)
    talk.wait(30)
    at = talk.at
    talk.wait(30)
    talk.link(is_open=True)
    talk.event(name, "Updated", "MeterValueClock", at=at)


def _meter_back(talk: Talk) -> None:
    name = talk.start()
    talk.update(name, 5000)
    talk.update(name, 4000)


def _statuses(*statuses: str, connector: int = 1) -> Deed:
    def say(talk: Talk) -> None:
        for status in statuses:
            talk.status(status, connector)

    return say


def _flood(talk: Talk) -> None:
    for _ in range(12):
        talk.at -= 2
        talk.status()


BREAKS: dict[str, tuple[str, Deed]] = {
    # rule -> the version, and what breaks it
    "frame-readable": ("1.6", lambda talk: talk.say("station", "unreadable", "")),
    "message-id-length": (
        "1.6",
        lambda talk: talk.answer(
            "station", talk.ask("station", "Heartbeat", {}, "x" * 37), {"currentTime": talk.now}
        ),
    ),
    "message-id-unique": ("2.0.1", _reused_id),
    "one-call-outstanding": ("1.6", _twice_at_once),
    "call-answered": ("1.6", _unanswered),
    "answer-to-call": ("2.1", _answered_twice),
    "send-unanswered": ("2.1", _answered_send),
    "error-code-known": ("1.6", _error("OccurrenceConstraintViolation")),
    "error-description-length": ("2.0.1", _error("InternalError", "x" * 256)),
    "action-known": (
        "1.6",
        lambda talk: talk.say(
            "csms", "CALLERROR", talk.ask("station", "Dance"), error="NotImplemented"
        ),
    ),
    "action-of-its-side": (
        "2.0.1",
        lambda talk: talk.call("station", "ClearCache", {}, {"status": "Accepted"}),
    ),
    "request-valid": (
        "1.6",
        lambda talk: talk.say(
            "station",
            "CALLERROR",
            talk.ask("csms", "ClearCache", {"all": True}),
            error="FormationViolation",
        ),
    ),
    "response-valid": ("1.6", lambda talk: talk.call("station", "Heartbeat", {}, {"time": 1})),
    "password-untold": ("2.0.1", _password),
    "boot-first": ("2.0.1", _before_accepted),
    "csms-silent-when-rejected": ("2.0.1", _to_rejected),
    "refused-before-accepted": ("1.6", _before_accepted),
    "boot-interval": ("2.0.1", _boots_early),
    "heartbeat-interval": ("1.6", _late_heartbeat),
    "trigger-honoured": ("1.6", _no_trigger),
    "reset-boots": ("2.0.1", _no_reset),
    "reconnect-back-off": ("2.0.1", _hammer),
    "csms-time-forward": ("1.6", _clock_back),
    "report-complete": ("2.0.1", _report(0, 2)),
    "started-first": ("2.0.1", _never_started),
    "started-once": ("2.0.1", _starts_twice),
    "start-has-a-stop": ("1.6", _two_at_an_evse),
    "ended-last": ("1.6", _goes_on),
    "transaction-id-fresh": ("2.0.1", _id_again),
    "seq-no-gap": ("2.0.1", _seq(1, 3)),
    "seq-no-repeated": ("2.0.1", _seq(1, 1)),
    "transaction-in-order": ("2.0.1", _seq(1, 2, 1)),
    "timestamps-forward": ("2.0.1", _time_back),
    "evse-told": ("2.0.1", _nowhere),
    "evse-stays": ("2.0.1", _on(trigger="MeterValueClock", evse=2)),
    "token-when-authorized": ("2.0.1", _on(trigger="Authorized")),
    "charging-state-told": ("2.0.1", _on(trigger="ChargingStateChanged", state="EVConnected")),
    "reason-when-ended": ("2.0.1", _on(trigger="MeterValueClock", reason="Local")),
    "offline-flag": ("2.0.1", _offline),
    "remote-start-known": ("2.0.1", _on(trigger="RemoteStart", remote=7)),
    "remote-start-told": ("2.0.1", _on(trigger="RemoteStart")),
    "meter-forward": ("1.6", _meter_back),
    "status-plausible": ("1.6", _statuses("Charging", "Reserved")),
    "status-of-connector-0": ("1.6", _statuses("Charging", connector=0)),
    "status-flood": ("2.0.1", _flood),
}
ALSO = {  # what else the same fault breaks
    "boot-first": {"refused-before-accepted"},
    "refused-before-accepted": {"boot-first"},
}


def booted(version: str) -> Talk:
    talk = Talk(version)
    talk.boot()
    talk.call("csms", "ClearCache", {}, {"status": "Accepted"})
    return talk


def test_every_rule_has_a_case_here() -> None:
    assert BREAKS.keys() == RULES.keys()


@pytest.mark.parametrize("name", RULES)
def test_a_rule_is_broken_by_what_it_forbids_and_no_other_is(name: str) -> None:
    version, deed = BREAKS[name]
    talk = booted(version)
    deed(talk)
    assert talk.broken() - ALSO.get(name, set()) == {name}


@pytest.mark.parametrize("name", RULES)
def test_a_rule_explains_itself_and_names_what_it_rests_on(name: str) -> None:
    assert RULES[name].__doc__
    assert RULES[name].requirements


CHARGES = st.lists(
    st.tuples(st.integers(1, 3), st.integers(0, 6), st.integers(0, 250), st.booleans()), max_size=6
)


def correct(version: str, charges: list[tuple[int, int, int, bool]]) -> Talk:
    """A station charges so often: at which EVSE, told how often, how far apart, with a retry."""
    talk = booted(version)
    for evse, updates, apart, repeats in charges:
        name = talk.start(evse)
        for _ in range(updates if evse == 1 else 0):
            talk.wait(apart)
            talk.update(name)
        if repeats and not talk.is_16:
            again = next(
                item
                for item in reversed(talk.items)
                if isinstance(item, Said) and item.kind == "CALL"
            )
            message_id = talk.ask("station", again.action, again.payload, again.message_id)
            talk.answer("station", message_id)
        talk.stop(name)
        talk.heartbeat()
    return talk


@given(st.sampled_from(["1.6", "2.0.1", "2.1"]), CHARGES)
@settings(max_examples=40, deadline=None)
def test_a_correct_dialogue_breaks_no_rule(
    version: str, charges: list[tuple[int, int, int, bool]]
) -> None:
    assert correct(version, charges).broken() == set()


@given(st.data(), CHARGES)
@settings(max_examples=80, deadline=None)
def test_a_fault_in_a_correct_dialogue_is_found_wherever_it_stands(
    data: st.DataObject, charges: list[tuple[int, int, int, bool]]
) -> None:
    name = data.draw(st.sampled_from([*sorted(RULES)]))
    version, deed = BREAKS[name]
    talk = correct(version, charges)
    deed(talk)
    assert name in talk.broken()


# ---- versions, gaps, memory


def test_the_version_is_told_by_what_is_said() -> None:
    judge = Judge("CS-1")
    for item in booted("1.6").items:
        judge.take(item)
    assert [version.subprotocol for version in judge.dialogue.versions] == ["ocpp1.6"]


def test_a_station_may_come_back_with_another_version() -> None:
    talk = booted("1.6")
    talk.version = "2.0.1"
    talk.boot()
    talk.stop(talk.start())
    assert talk.broken() == set()


def test_after_missing_messages_nothing_is_held_against_anybody() -> None:
    talk = booted("2.0.1")
    name = talk.start()
    talk.items.append(Gap())
    talk.event(name, "Updated", "MeterValueClock", seq=9)
    assert talk.broken() == set()


def test_a_log_that_begins_in_the_middle_accuses_nobody_of_what_came_before() -> None:
    talk = Talk("2.0.1")
    talk.answer("station", "unknown", {"currentTime": talk.now})
    talk.event("tx-1", "Updated", "MeterValueClock", seq=4)
    talk.event("tx-1", "Ended", "EVDeparted")
    assert talk.broken(is_complete=False) == set()


def test_a_rejected_pending_or_new_station_may_send_what_it_was_asked_for() -> None:
    talk = Talk("2.0.1")
    talk.boot("Pending")
    talk.call("csms", "TriggerMessage", {"requestedMessage": "Heartbeat"}, {"status": "Accepted"})
    talk.heartbeat()
    talk.call("csms", "GetBaseReport", REPORT, {"status": "Accepted"})
    _report(0)(talk)
    assert talk.broken() == set()


REPORT = {"requestId": 1, "reportBase": "FullInventory"}


def test_memory_has_a_bound_on_an_endless_log() -> None:
    judge = Judge("CS-1")
    talk = booted("2.0.1")
    for number in range(1, 3000):
        name = talk.start(number)
        talk.stop(name)
        for item in talk.items:
            assert judge.take(item) == []
        talk.items.clear()
    assert len(judge.dialogue.transactions._known) <= 256
    assert len(judge.dialogue.open["station"]) <= 64


def test_a_finding_tells_where_and_what_and_nothing_of_a_token() -> None:
    talk = booted("2.0.1")
    name = talk.start()
    talk.event(name, "Updated", "Authorized", seq=5, token=True)
    judge = Judge("CS-1")
    (finding,) = [each for item in talk.items for each in judge.take(item)]
    assert (finding.rule, finding.station) == ("seq-no-gap", "CS-1")
    assert finding.text == f"transaction {name}: seqNo 5 follows 0"
    assert finding.message_id
    assert finding.at == talk.at - 1


@pytest.mark.parametrize(
    ("name", "culprit"),
    [("call-answered", "csms"), ("start-has-a-stop", "station"), ("response-valid", "csms")],
)
def test_a_finding_names_who_is_to_blame(name: str, culprit: str) -> None:
    version, deed = BREAKS[name]
    talk = booted(version)
    deed(talk)
    judge = Judge("CS-1")
    findings = [each for item in talk.items for each in judge.take(item)]
    assert [each.by for each in findings] == [culprit]


def test_a_transaction_that_goes_on_in_another_version_begins_anew_for_the_rules() -> None:
    talk = booted("1.6")
    talk.start()
    talk.version = "2.0.1"
    talk.link(is_open=False)
    talk.link(is_open=True)
    talk.event("tx-9", "Updated", "MeterValueClock", seq=4, state="Charging")
    talk.event("tx-9", "Ended", "EVDeparted")
    assert talk.broken() == set()


def test_a_start_that_is_answered_again_with_its_number_is_the_same() -> None:
    talk = booted("1.6")
    name = talk.start()
    first = [item for item in talk.items if isinstance(item, Said)][-2:]
    talk.stop(name)
    talk.ask("station", first[0].action, first[0].payload, "again")
    talk.answer("station", "again", first[1].payload)
    assert talk.broken() == set()


def test_readings_of_one_second_may_be_told_in_any_order() -> None:
    talk = booted("1.6")
    name = talk.start()
    talk.update(name, 5000)
    talk.at -= 2  # since it was sent
    sample = {"timestamp": talk.now, "sampledValue": [{"value": "4990.5"}]}
    payload = {"transactionId": int(name), "meterStop": 5000, "timestamp": talk.now}
    talk.call("station", "StopTransaction", payload | {"transactionData": [sample]})
    assert talk.broken() == set()
