"""Frames are read whatever they are."""

import pytest

from pilotwire.engine.live.frames import FrameReader


def test_an_answer_gets_its_calls_action_and_latency() -> None:
    reader = FrameReader()
    call = reader.read("sent", b'[2,"a","Authorize",{"idTag":"DEADBEEF"}]', 10.0)
    answer = reader.read("received", '[3,"a",{"idTagInfo":{"status":"Accepted"}}]', 10.25)
    assert (call.kind, call.action, call.payload) == ("CALL", "Authorize", {"idTag": "***BEEF"})
    assert (answer.kind, answer.action, answer.latency) == ("CALLRESULT", "Authorize", 0.25)


def test_the_same_id_in_the_other_direction_is_another_call() -> None:
    reader = FrameReader()
    reader.read("sent", '[2,"a","Heartbeat",{}]', 0.0)
    reader.read("received", '[2,"a","Reset",{"type":"Soft"}]', 1.0)
    assert reader.read("sent", '[3,"a",{"status":"Accepted"}]', 2.0).action == "Reset"
    assert reader.read("received", '[3,"a",{}]', 3.0).action == "Heartbeat"


def test_an_error_is_told_in_its_words() -> None:
    reader = FrameReader()
    reader.read("sent", '[2,"a","Heartbeat",{}]', 0.0)
    error = reader.read("received", '[4,"a","InternalError","no \\u001b[31mway",{}]', 1.0)
    assert (error.kind, error.action) == ("CALLERROR", "Heartbeat")
    assert error.error == "InternalError: no \\x1b[31mway"


def test_an_error_that_may_quote_a_secret_is_not_quoted() -> None:
    error = FrameReader().read("sent", '[4,"a","FormationViolation","password hunter2",{}]', 0.0)
    assert error.error == "FormationViolation: ***"


@pytest.mark.parametrize(
    ("frame", "shown"),
    [
        ("", ""),
        ("hello\x1b[2J", "hello\\x1b[2J"),
        (b"\xff\xfe[", "\ufffd\ufffd["),
        ("[2]", "[2]"),
        ("[2,7,8,9]", "[2,7,8,9]"),
        ('{"not":"a frame"}', '{"not":"a frame"}'),
        ('[9,"a",{}]', '[9,"a",{}]'),
        ("x" * 500, "x" * 119 + "…"),
        ("[" * 99_000, "[" * 119 + "…"),
        ("x" * 200_000, "200000 characters"),
        ('[2,"a","ChangeConfiguration",{"key":"AuthorizationKey","value":"s3cr3t"', "***"),
    ],
)
def test_what_is_no_frame_is_shown_cut_escaped_and_without_secrets(
    frame: str | bytes, shown: str
) -> None:
    message = FrameReader().read("received", frame, 0.0)
    assert (message.kind, message.error) == ("unreadable", shown)


def test_actions_and_ids_of_strangers_are_harmless() -> None:
    message = FrameReader().read("received", '[2,"\\u001b","\\u202eevil",{}]', 0.0)
    assert (message.message_id, message.action) == ("\\x1b", "\\u202eevil")


def test_calls_that_nobody_answers_are_forgotten() -> None:
    reader = FrameReader()
    for number in range(100):
        reader.read("sent", f'[2,"{number}","Heartbeat",{{}}]', 0.0)
    assert reader.read("received", '[3,"0",{}]', 1.0).action == ""
    assert reader.read("received", '[3,"99",{}]', 1.0).action == "Heartbeat"
