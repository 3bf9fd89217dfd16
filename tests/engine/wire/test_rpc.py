"""The rpc layer: calls of either side, answers, retries, errors."""

import json
import re

import pytest

from pilotwire.engine.wire.happenings import (
    DROPPED,
    Answered,
    Called,
    Dropped,
    Invalid,
    Notified,
    Refused,
    ResultRefused,
    Spoiled,
)
from pilotwire.engine.wire.rpc import Limits, Rpc, new_message_id
from pilotwire.profiles.errors import InternalError, NotSupported, RemoteError, SecurityError
from pilotwire.profiles.family import OCPP_16, OCPP_21, OCPP_201, VERSIONS, Version
from pilotwire.profiles.messages import v16, v21

HEARTBEAT = '[2,"a","Heartbeat",{}]'


def a_called(rpc: Rpc, frame: str) -> Called:
    happening = rpc.receive(frame, now=0)
    assert isinstance(happening, Called)
    return happening


# ---- calls of ours


def test_a_call_and_its_result():
    station = Rpc(OCPP_16, "station")
    request = v16.BootNotificationRequest(charge_point_vendor="V", charge_point_model="M")
    outgoing = station.call(request, deadline=30)
    assert outgoing.frame == (
        b'[2,"%b","BootNotification",{"chargePointVendor":"V","chargePointModel":"M"}]'
        % outgoing.message_id.encode()
    )
    happening = station.receive(
        f'[3,"{outgoing.message_id}",'
        '{"status":"Accepted","currentTime":"2026-01-01T00:00:00Z","interval":300}]',
        now=1,
    )
    assert isinstance(happening, Answered)
    assert happening.outgoing is outgoing
    assert isinstance(happening.response, v16.BootNotificationResponse)
    assert happening.response.interval == 300
    assert station.outstanding is None


def test_a_second_call_before_the_answer_is_our_mistake():
    station = Rpc(OCPP_16, "station")
    station.call(v16.HeartbeatRequest(), deadline=30)
    with pytest.raises(ValueError, match="outstanding"):
        station.call(v16.HeartbeatRequest(), deadline=30)


def test_a_side_calls_only_what_is_its_own():
    with pytest.raises(ValueError, match="does not call ResetRequest"):
        Rpc(OCPP_16, "station").call(v16.ResetRequest(type="Hard"), deadline=30)
    with pytest.raises(ValueError, match="does not call HeartbeatRequest"):
        Rpc(OCPP_201, "station").call(v16.HeartbeatRequest(), deadline=30)


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("FormationViolation", "FormatViolation"),
        ("FormatViolation", "FormatViolation"),
        ("OccurenceConstraintViolation", "OccurrenceConstraintViolation"),
        ("OccurrenceConstraintViolation", "OccurrenceConstraintViolation"),
        ("NotImplemented", "NotImplemented"),
        ("Nonsense", "GenericError"),
    ],
)
@pytest.mark.parametrize("version", VERSIONS.values(), ids=VERSIONS)
def test_a_refusal_is_understood_in_any_versions_spelling(version: Version, word: str, code: str):
    station = Rpc(version, "station")
    outgoing = station.call(version.actions()["Heartbeat"](), deadline=30)
    happening = station.receive(
        f'[4,"{outgoing.message_id}","{word}","not now",{{"a":[1]}}]', now=1
    )
    assert isinstance(happening, Refused)
    assert (happening.code, happening.word) == (code, word)
    assert happening.description == "not now"
    assert happening.details == {"a": [1]}
    assert station.outstanding is None


@pytest.mark.parametrize(
    "rest",
    ['"GenericError"', '"GenericError",null', '"GenericError","",null', '"GenericError","",[]'],
)
def test_a_refusal_without_all_its_elements_ends_the_call_all_the_same(rest: str):
    station = Rpc(OCPP_16, "station")
    outgoing = station.call(v16.HeartbeatRequest(), deadline=30)
    happening = station.receive(f'[4,"{outgoing.message_id}",{rest}]', now=1)
    assert isinstance(happening, Refused)
    assert happening.description == ""
    assert happening.details == {}


def test_a_late_answer_is_dropped_and_counted():
    station = Rpc(OCPP_16, "station")
    late = station.call(v16.HeartbeatRequest(), deadline=30)
    assert station.expire(29.9) is None
    assert station.expire(30) is late
    answer = f'[3,"{late.message_id}",{{"currentTime":"2026-01-01T00:00:00Z"}}]'
    assert station.receive(answer, now=31) is DROPPED
    station.call(v16.HeartbeatRequest(), deadline=60)
    assert station.receive(answer, now=32) is DROPPED
    assert station.outstanding is not None
    assert station.counters.dropped_late == 2
    assert station.counters.timed_out == 1
    assert station.counters.unsolicited == 0


def test_an_unsolicited_answer_is_dropped_and_counted():
    station = Rpc(OCPP_16, "station")
    assert station.receive('[3,"who",{}]', now=0) is DROPPED
    assert station.counters.unsolicited == 1


def test_message_ids_are_random_uuids():
    ids = {new_message_id() for _ in range(1000)}
    assert len(ids) == 1000
    uuid4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
    assert all(uuid4.fullmatch(message_id) for message_id in ids)


@pytest.mark.parametrize(
    ("version", "word"),
    [(OCPP_16, None), (OCPP_201, None), (OCPP_21, b"OccurrenceConstraintViolation")],
)
def test_fr_06_only_2_1_says_that_a_result_is_not_valid(version: Version, word: bytes | None):
    station = Rpc(version, "station")
    outgoing = station.call(version.actions()["Heartbeat"](), deadline=30)
    happening = station.receive(f'[3,"{outgoing.message_id}",{{}}]', now=1)
    assert isinstance(happening, Spoiled)
    assert happening.fault == "missing_field"
    if word is None:
        assert happening.reply is None
    else:
        assert happening.reply == (
            b'[5,"%b","%b","A required field is missing at $.currentTime",{}]'
            % (outgoing.message_id.encode(), word)
        )


def test_a_result_of_the_wrong_length_ends_its_call():
    station = Rpc(OCPP_21, "station")
    outgoing = station.call(v21.HeartbeatRequest(), deadline=30)
    happening = station.receive(f'[3,"{outgoing.message_id}",{{}},1]', now=1)
    assert isinstance(happening, Spoiled)
    assert happening.reply == (
        b'[5,"%b","RpcFrameworkError","The message is not a valid RPC frame",{}]'
        % outgoing.message_id.encode()
    )
    assert station.outstanding is None


def test_an_error_of_the_wrong_shape_is_never_answered():
    station = Rpc(OCPP_21, "station")
    outgoing = station.call(v21.HeartbeatRequest(), deadline=30)
    happening = station.receive(f'[4,"{outgoing.message_id}",{{}}]', now=1)
    assert isinstance(happening, Spoiled)
    assert happening.reply is None
    assert station.outstanding is None


# ---- SEND and CALLRESULTERROR


STREAM = '{"id":1,"pending":0,"basetime":"2026-01-01T00:00:00Z","data":[{"t":0,"v":"230.4"}]}'


def test_n15_fr_01_a_stream_is_sent_and_never_answered():
    station, csms = Rpc(OCPP_21, "station"), Rpc(OCPP_21, "csms")
    request = a_stream()
    frame = station.send(request)
    assert frame.startswith(b'[6,"')
    happening = csms.receive(frame, now=0)
    assert isinstance(happening, Notified)
    assert happening.request == request
    assert happening.reply is None


def a_stream() -> v21.NotifyPeriodicEventStreamRequest:
    happening = Rpc(OCPP_21, "csms").receive(f'[6,"a","NotifyPeriodicEventStream",{STREAM}]', 0)
    assert isinstance(happening, Notified)
    assert isinstance(happening.request, v21.NotifyPeriodicEventStreamRequest)
    return happening.request


@pytest.mark.parametrize(
    ("frame", "fault"),
    [
        ('[6,"a","NotifyPeriodicEventStream",{}]', "missing_field"),
        ('[6,"a","Heartbeat",{}]', "wrong_side"),
        ('[6,"a","Fly",{}]', "unknown_action"),
        ('[6,"a"]', "bad_frame"),
        ('[6,7,"Fly",{}]', "bad_message_id"),
    ],
)
def test_n15_fr_02_a_bad_send_is_not_answered_either(frame: str, fault: str):
    csms = Rpc(OCPP_21, "csms")
    happening = csms.receive(frame, now=0)
    assert isinstance(happening, Invalid)
    assert (happening.fault, happening.reply) == (fault, None)
    assert csms.counters.invalid == 1


def test_a_stream_that_is_called_is_not_supported():
    reply = Rpc(OCPP_21, "csms").receive(f'[2,"a","NotifyPeriodicEventStream",{STREAM}]', 0).reply
    assert reply is not None
    assert reply.startswith(b'[4,"a","NotSupported",')


def test_only_unconfirmed_messages_are_sent():
    with pytest.raises(ValueError, match="does not send HeartbeatRequest"):
        Rpc(OCPP_21, "station").send(v21.HeartbeatRequest())  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="does not call NotifyPeriodic"):
        Rpc(OCPP_21, "station").call(a_stream(), deadline=30)


def test_a_result_of_ours_that_the_peer_cannot_use():
    csms = Rpc(OCPP_21, "csms")
    happening = csms.receive('[5,"a","FormatViolation","what?",{}]', now=0)
    assert happening == ResultRefused(message_id="a", code="FormatViolation", description="what?")


# ---- calls of the peer


def test_a_call_is_answered_under_its_id():
    csms = Rpc(OCPP_16, "csms")
    called = a_called(csms, '[2,"\\"\\u00e9","Authorize",{"idTag":"T"}]')
    assert called.request == v16.AuthorizeRequest(id_tag="T")
    response = v16.AuthorizeResponse(id_tag_info=v16.IdTagInfo(status="Accepted"))
    frame = csms.result(called, response)
    assert frame.decode() == '[3,"\\"é",{"idTagInfo":{"status":"Accepted"}}]'


def test_a_handlers_refusal_in_the_versions_spelling():
    class Odd(RemoteError):
        code = "OccurrenceConstraintViolation"

    for version, word in [
        (OCPP_16, "Occurence"),
        (OCPP_201, "Occurrence"),
        (OCPP_21, "Occurrence"),
    ]:
        csms = Rpc(version, "csms")
        called = a_called(csms, HEARTBEAT)
        frame = csms.error(called, Odd("no", {"why": "not"}))
        assert frame.decode() == f'[4,"a","{word}ConstraintViolation","no",{{"why":"not"}}]'


def test_b02_fr_09_a_call_before_accepted_is_a_security_error():
    csms = Rpc(OCPP_201, "csms")
    called = a_called(csms, HEARTBEAT)
    assert csms.error(called, SecurityError("not accepted yet")) == (
        b'[4,"a","SecurityError","not accepted yet",{}]'
    )


def test_a_description_has_255_characters_at_most():
    csms = Rpc(OCPP_16, "csms")
    called = a_called(csms, HEARTBEAT)
    frame = json.loads(csms.error(called, InternalError("é" * 300)))
    assert frame == [4, "a", "InternalError", "é" * 255, {}]


def test_an_error_is_sent_whatever_its_description_and_details_hold():
    csms = Rpc(OCPP_16, "csms")
    called = a_called(csms, HEARTBEAT)
    loop: dict[str, object] = {}
    loop["loop"] = loop
    frame = json.loads(csms.error(called, NotSupported("\ud800\x00", loop)))
    assert frame == [4, "a", "NotSupported", "?\x00", {}]
    called = a_called(csms, '[2,"b","Heartbeat",{}]')
    frame = json.loads(csms.error(called, NotSupported("", {"a": object()})))
    assert frame == [4, "b", "NotSupported", "", {}]


# ---- ids


@pytest.mark.parametrize(
    ("version", "word"),
    [
        (OCPP_16, b"GenericError"),
        (OCPP_201, b"RpcFrameworkError"),
        (OCPP_21, b"RpcFrameworkError"),
    ],
)
def test_an_id_in_use_is_refused_while_its_call_is_handled(version: Version, word: bytes):
    csms = Rpc(version, "csms")
    csms.hold(a_called(csms, HEARTBEAT))
    assert csms.receive(HEARTBEAT, now=0).reply == (
        b'[4,"a","%b","A call with this message id is still being handled",{}]' % word
    )


@pytest.mark.parametrize(
    ("version", "word"),
    [
        (OCPP_16, b"GenericError"),
        (OCPP_201, b"RpcFrameworkError"),
        (OCPP_21, b"RpcFrameworkError"),
    ],
)
def test_a_retry_gets_the_same_answer_and_another_call_an_error(version: Version, word: bytes):
    csms = Rpc(version, "csms")
    called = a_called(csms, '[2,"a","DataTransfer",{"vendorId":"one"}]')
    answer = csms.error(called, NotSupported())
    retry = csms.receive('[2, "a", "DataTransfer", {"vendorId":"one"}]', now=0)
    assert isinstance(retry, Dropped)
    assert retry.reply == answer
    assert csms.counters.repeated == 1
    assert csms.counters.calls_received == 1
    assert csms.receive('[2,"a","DataTransfer",{"vendorId":"two"}]', now=0).reply == (
        b'[4,"a","%b","Another call had this message id",{}]' % word
    )


def test_the_memory_for_retries_is_bounded():
    csms = Rpc(OCPP_16, "csms", Limits(remembered_answers=2))
    for message_id in "abc":
        called = a_called(csms, f'[2,"{message_id}","Heartbeat",{{}}]')
        csms.error(called, NotSupported())
    assert isinstance(csms.receive('[2,"c","Heartbeat",{}]', now=0), Dropped)
    a_called(csms, '[2,"a","Heartbeat",{}]')


def test_a_station_that_starts_its_counter_again_can_be_tolerated():
    csms = Rpc(OCPP_16, "csms", Limits(tolerates_reused_ids=True))
    called = a_called(csms, '[2,"1","DataTransfer",{"vendorId":"one"}]')
    csms.error(called, NotSupported())
    a_called(csms, '[2,"1","DataTransfer",{"vendorId":"two"}]')


def test_calls_are_answered_though_one_of_ours_is_outstanding():
    csms = Rpc(OCPP_16, "csms")
    csms.call(v16.ResetRequest(type="Soft"), deadline=30)
    a_called(csms, HEARTBEAT)
    a_called(csms, '[2,"b","Heartbeat",{}]')
    assert csms.outstanding is not None
