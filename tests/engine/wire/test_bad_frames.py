"""What each version answers to a frame that it cannot take: the table, row by row, byte by byte."""

import pytest

from pilotwire.engine.wire.happenings import Called, Dropped, Invalid, Oversized, ResultRefused
from pilotwire.engine.wire.rpc import Limits, Rpc
from pilotwire.profiles.family import VERSIONS

V16, V201, V21 = "ocpp1.6", "ocpp2.0.1", "ocpp2.1"

UNREADABLE = b'[4,"-1","RpcFrameworkError","The message is not a JSON array",{}]'
BAD_FRAME = "The message is not a valid RPC frame"
BAD_ID = "The message id is not a string of at most 36 characters"
BAD_TYPE = "The message type is not supported"
DEEP = "The message is nested too deeply"


def error(message_id: str, word: str, description: str) -> bytes:
    return f'[4,"{message_id}","{word}","{description}",{{}}]'.encode()


def framework(message_id: str, description: str) -> tuple[bytes, bytes, bytes]:
    """1.6's word for it, and that of the other two."""
    of_2 = error(message_id, "RpcFrameworkError", description)
    return error(message_id, "FormationViolation", description), of_2, of_2


def same(message_id: str, word: str, description: str) -> tuple[bytes, bytes, bytes]:
    answer = error(message_id, word, description)
    return answer, answer, answer


LONG_ID = "x" * 37
CUT_ID = "x" * 36
DEEP_PAYLOAD = "[" * 33 + "]" * 33
VERY_DEEP = "[" * 100_000 + "]" * 100_000

# frame: what is written back, as (1.6, 2.0.1, 2.1); None is silence
ROWS: dict[str, tuple[str | bytes, tuple[bytes | None, bytes | None, bytes | None]]] = {
    "no JSON": ("hello", (None, UNREADABLE, UNREADABLE)),
    "nothing": ("", (None, UNREADABLE, UNREADABLE)),
    "a byte order mark": ('\ufeff[2,"a","Heartbeat",{}]', (None, UNREADABLE, UNREADABLE)),
    "no array": ('{"a":1}', (None, UNREADABLE, UNREADABLE)),
    "an empty array": ("[]", (None, UNREADABLE, UNREADABLE)),
    "bad UTF-8": (b'[2,"a","Heartbeat",{"\xff":1}]', (None, UNREADABLE, UNREADABLE)),
    "NaN": ('[2,"a","Heartbeat",{"a":NaN}]', (None, UNREADABLE, UNREADABLE)),
    "Infinity": ('[2,"a","Heartbeat",{"a":-Infinity}]', (None, UNREADABLE, UNREADABLE)),
    "a lone surrogate": ('[2,"a","Heartbeat",{"a":"\\ud800"}]', (None, UNREADABLE, UNREADABLE)),
    "a cut off message": ('[2,"a","Heartbeat",{', (None, UNREADABLE, UNREADABLE)),
    "too few elements": ('[2,"a","Heartbeat"]', framework("a", BAD_FRAME)),
    "too many elements": ('[2,"a","Heartbeat",{},1]', framework("a", BAD_FRAME)),
    "an object for an action": ('[2,"a",{},{}]', framework("a", BAD_FRAME)),
    "an id that is too long": (f'[2,"{LONG_ID}","Heartbeat",{{}}]', framework(CUT_ID, BAD_ID)),
    "an id that is a number": (
        '[2,123,"Heartbeat",{}]',
        (
            error("123", "FormationViolation", BAD_ID),
            error("-1", "RpcFrameworkError", BAD_ID),
            error("-1", "RpcFrameworkError", BAD_ID),
        ),
    ),
    "an id that is null": (
        '[2,null,"Heartbeat",{}]',
        (
            None,
            error("-1", "RpcFrameworkError", BAD_ID),
            error("-1", "RpcFrameworkError", BAD_ID),
        ),
    ),
    "an unknown message type": (
        '[9,"a","Heartbeat",{}]',
        (None, error("a", "MessageTypeNotSupported", BAD_TYPE), None),
    ),
    "a message type that is text": (
        '["2","a","Heartbeat",{}]',
        (None, error("a", "MessageTypeNotSupported", BAD_TYPE), None),
    ),
    "an unknown message type without an id": (
        "[9]",
        (None, error("-1", "MessageTypeNotSupported", BAD_TYPE), None),
    ),
    "a CALLRESULTERROR": (
        '[5,"a","GenericError","",{}]',
        (None, error("a", "MessageTypeNotSupported", BAD_TYPE), None),
    ),
    "a SEND": (
        '[6,"a","NotifyPeriodicEventStream",{}]',
        (None, error("a", "MessageTypeNotSupported", BAD_TYPE), None),
    ),
    "a SEND of too few elements": (
        '[6,"a"]',
        (None, error("a", "MessageTypeNotSupported", BAD_TYPE), None),
    ),
    "an unknown action": (
        '[2,"a","Fly",{}]',
        same("a", "NotImplemented", "The action is not known"),
    ),
    "an action in other letters": (
        '[2,"a","heartbeat",{}]',
        same("a", "NotImplemented", "The action is not known"),
    ),
    "an action of this side": (
        '[2,"a","Reset",{}]',
        same("a", "NotSupported", "The action is not one that this side answers"),
    ),
    "a missing field": (
        '[2,"a","Authorize",{}]',
        (
            error("a", "ProtocolError", "A required field is missing at $.idTag"),
            error("a", "OccurrenceConstraintViolation", "A required field is missing at $.idToken"),
            error("a", "OccurrenceConstraintViolation", "A required field is missing at $.idToken"),
        ),
    ),
    "an unknown field": (
        '[2,"a","Heartbeat",{"extra":1}]',
        (
            error("a", "FormationViolation", "The schema has no field 'extra' at $.extra"),
            error("a", "FormatViolation", "The schema has no field 'extra' at $.extra"),
            error("a", "FormatViolation", "The schema has no field 'extra' at $.extra"),
        ),
    ),
    "a payload that is no object": (
        '[2,"a","Heartbeat",[]]',
        same("a", "TypeConstraintViolation", "Expected `object`, got `array` at $"),
    ),
    "null inside of a payload": (
        '[2,"a","DataTransfer",{"vendorId":null}]',
        same("a", "TypeConstraintViolation", "Expected `str`, got `null` at $.vendorId"),
    ),
    "the wrong JSON type": (
        '[2,"a","DataTransfer",{"vendorId":7}]',
        same("a", "TypeConstraintViolation", "Expected `str`, got `int` at $.vendorId"),
    ),
    "a string that is too long": (
        f'[2,"a","DataTransfer",{{"vendorId":"{"x" * 256}"}}]',
        same(
            "a",
            "PropertyConstraintViolation",
            "Expected `str` of length <= 255 at $.vendorId",
        ),
    ),
    "too deep": (
        f'[2,"a","DataTransfer",{DEEP_PAYLOAD}]',
        (
            error("a", "FormationViolation", DEEP),
            error("a", "FormatViolation", DEEP),
            error("a", "FormatViolation", DEEP),
        ),
    ),
    "much too deep": (f'[2,"a","DataTransfer",{VERY_DEEP}]', (None, UNREADABLE, UNREADABLE)),
    "a CALLRESULT of too few elements": ('[3,"a"]', (None, None, None)),
    "a CALLERROR of too few elements": ('[4,"a"]', (None, None, None)),
    "a CALLRESULT to no call": ('[3,"a",{}]', (None, None, None)),
    "a CALLERROR to no call": ('[4,"a","GenericError","",{}]', (None, None, None)),
    "a CALLERROR about no message": ('[4,"-1","RpcFrameworkError","",{}]', (None, None, None)),
}


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("version", [V16, V201, V21])
def test_a_csms_answers_a_bad_frame_as_its_version_says(version: str, row: str):
    frame, expected = ROWS[row]
    rpc = Rpc(VERSIONS[version], "csms")
    happening = rpc.receive(frame, now=0)
    assert happening.reply == expected[list(VERSIONS).index(version)]
    assert isinstance(happening, Invalid | Dropped | ResultRefused)


COUNTS = {
    V16: ('{"connectorId":1,"meterValue":[]}', "OccurenceConstraintViolation"),
    V201: ('{"evseId":1,"meterValue":[]}', "OccurrenceConstraintViolation"),
    V21: ('{"evseId":1,"meterValue":[]}', "OccurrenceConstraintViolation"),
}


@pytest.mark.parametrize("version", COUNTS)
def test_a_list_that_is_too_short_violates_occurrence_in_the_versions_own_spelling(version: str):
    payload, word = COUNTS[version]
    reply = Rpc(VERSIONS[version], "csms").receive(f'[2,"a","MeterValues",{payload}]', 0).reply
    assert reply == error("a", word, "Expected `array` of length >= 1 at $.meterValue")


@pytest.mark.parametrize(
    ("version", "frame"),
    [
        (V16, '[2,"a","FirmwareStatusNotification",{"status":"Exploded"}]'),
        (V201, '[2,"a","FirmwareStatusNotification",{"status":"Exploded"}]'),
        (V21, '[2,"a","FirmwareStatusNotification",{"status":"Exploded"}]'),
    ],
)
def test_a_word_that_is_not_allowed_is_not_echoed(version: str, frame: str):
    reply = Rpc(VERSIONS[version], "csms").receive(frame, now=0).reply
    assert reply == error(
        "a",
        "PropertyConstraintViolation",
        "The value is not one of those allowed at $.status",
    )


@pytest.mark.parametrize("date", ["", "yesterday", "222222017-10-27T00:00:00Z", "1000000"])
def test_a_date_that_is_none_violates_a_property(date: str):
    frame = (
        f'[2,"a","StatusNotification",{{"connectorId":1,"errorCode":"NoError",'
        f'"status":"Available","timestamp":"{date}"}}]'
    )
    reply = Rpc(VERSIONS[V16], "csms").receive(frame, now=0).reply
    assert reply is not None
    assert reply.startswith(b'[4,"a","PropertyConstraintViolation",')


@pytest.mark.parametrize("version", VERSIONS)
def test_a_huge_integer_violates_a_property(version: str):
    name = "connectorId" if version == V16 else "evseId"
    frame = f'[2,"a","MeterValues",{{"{name}":{"9" * 5000},"meterValue":[]}}]'
    reply = Rpc(VERSIONS[version], "csms").receive(frame, now=0).reply
    assert reply is not None
    assert reply.startswith(b'[4,"a","PropertyConstraintViolation",')


@pytest.mark.parametrize("version", VERSIONS)
def test_a_null_payload_is_an_empty_one(version: str):
    happening = Rpc(VERSIONS[version], "csms").receive('[2,"a","Heartbeat", null ]', now=0)
    assert isinstance(happening, Called)
    assert happening.request == VERSIONS[version].actions()["Heartbeat"]()


@pytest.mark.parametrize("version", VERSIONS)
def test_of_two_fields_with_one_name_the_last_counts(version: str):
    frame = '[2,"a","DataTransfer",{"vendorId":"one","vendorId":"two"}]'
    happening = Rpc(VERSIONS[version], "csms").receive(frame, now=0)
    assert isinstance(happening, Called)
    assert getattr(happening.request, "vendor_id") == "two"  # noqa: B009 - of any version


@pytest.mark.parametrize("version", VERSIONS)
def test_a_message_that_is_too_large_is_not_parsed(version: str):
    rpc = Rpc(VERSIONS[version], "csms", Limits(message_size=100))
    frame = '[2,"a","DataTransfer",{"vendorId":"x"}]'
    assert isinstance(rpc.receive(frame.ljust(101), now=0), Oversized)
    assert isinstance(rpc.receive(frame.ljust(100), now=0), Called)


@pytest.mark.parametrize("version", VERSIONS)
def test_32_levels_are_not_too_deep(version: str):
    payload = "[" * 31 + "]" * 31
    reply = Rpc(VERSIONS[version], "csms").receive(f'[2,"a","Heartbeat",{payload}]', now=0).reply
    assert reply == error("a", "TypeConstraintViolation", "Expected `object`, got `array` at $")


def test_brackets_in_strings_are_no_levels():
    rpc = Rpc(VERSIONS[V16], "csms")
    frame = '[2,"a","DataTransfer",{"vendorId":"v","data":"' + '[{\\"' * 50 + '"}]'
    assert isinstance(rpc.receive(frame, now=0), Called)


def test_a_megabyte_of_escaped_quotes_is_scanned_in_one_pass():
    rpc = Rpc(VERSIONS[V201], "csms")
    frame = "[" * 40 + '\\"' * 400_000
    assert rpc.receive(frame, now=0).reply == UNREADABLE  # a second pass each would take minutes


def test_a_flood_of_unreadable_frames_is_answered_ten_times_a_second():
    rpc = Rpc(VERSIONS[V201], "csms")
    first = [rpc.receive("{", now=5.0 + i / 100).reply for i in range(100)]
    assert first == [UNREADABLE] * 10 + [None] * 90
    assert rpc.receive("{", now=6.0).reply == UNREADABLE
    assert rpc.receive("{", now=6.0).reply is None
    assert rpc.counters.suppressed == 91
    assert rpc.counters.invalid == 102


@pytest.mark.parametrize("version", VERSIONS)
def test_our_own_error_sent_back_to_us_ends_there(version: str):
    """An error about an error: neither answered, nor a failure of ours."""
    rpc = Rpc(VERSIONS[version], "csms")
    reply = rpc.receive('[2,"\\u0000\\"",{"\\u202e":1},{}]', now=0).reply
    assert reply is not None
    assert rpc.receive(reply, now=0).reply is None
    assert rpc.counters.unsolicited == 1
