"""The short way finds what the long way finds, or nothing."""

import msgspec.inspect
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotwire.engine.wire.happenings import Answered, Called, Happening, Limits
from pilotwire.engine.wire.rpc import Rpc
from pilotwire.engine.wire.short_way import calls_of, is_open
from pilotwire.profiles.errors import NotSupported
from pilotwire.profiles.family import OCPP_16, OCPP_21, OCPP_201, VERSIONS, Version
from pilotwire.profiles.messages import v16, v201
from pilotwire.profiles.messages.base import Payload

METER_VALUES = (
    '{"connectorId":1,"meterValue":[{"timestamp":"2026-11-21T08:15:30Z",'
    '"sampledValue":[{"value":"1","unit":"Wh"}]}]}'
)
GOOD_16 = ["{}", METER_VALUES, '{"vendorId":"V","data":"é"}', '{"idTag":"T"}']
GOOD_2 = [
    "{}",
    '{"vendorId":"V","data":{"a":[1,2.5,null]}}',
    '{"vendorId":"V","customData":{"vendorId":"x","deep":[[1]]}}',
    '{"customData":{"vendorId":"x","deep":' + "[" * 40 + "]" * 40 + "}}",
    '{"custom\\u0044ata":{"vendorId":"x","deep":' + "[" * 40 + "]" * 40 + "}}",
    '{"vendorId":"V","data":' + "[" * 31 + "]" * 31 + "}",
]
BAD = ["null", "[]", "{", "{}}", "{},1", '{"x":1}', " {} "]
MESSAGE_IDS = [
    "a",
    "",
    "19223201",
    "é",
    "\\u0041",
    'a\\"b',
    "x" * 36,
    "x" * 37,
    "a b",
    "\x01",
    "]",
    "é" * 36,
    'a\\"x\\"Heartbeat',
    'a\\",\\"Heartbeat',
    '","Heartbeat',
]
ACTIONS = ["Heartbeat", "MeterValues", "DataTransfer", "Authorize", "Reset", "Fly", "heartbeat", ""]


def same(one: Happening, other: Happening) -> bool:
    if type(one) is not type(other) or one.reply != other.reply:
        return False
    if isinstance(one, Called) and isinstance(other, Called):
        return one == other
    return True


def compare(version: Version, text: str) -> bool:
    """Read it both ways; whether the short one led anywhere."""
    limits = Limits(message_size=400)
    short, long = Rpc(version, "csms", limits), Rpc(version, "csms", limits)
    found = short.receive_plain(text.encode()) if text.isascii() else None
    if found is None:
        assert short.counters.received == 0
        return False
    expected = long.receive(text, now=0)
    assert same(found, expected), (found, expected)
    assert short.counters == long.counters
    return True


@pytest.mark.parametrize("version", VERSIONS.values(), ids=list(VERSIONS))
@given(
    kind=st.sampled_from(["2", "3", "4", "6", " 2", "2.0", "20", '"2"']),
    message_id=st.sampled_from(MESSAGE_IDS),
    action=st.sampled_from(ACTIONS),
    payload=st.sampled_from([*GOOD_16, *GOOD_2, *BAD]),
    spaces=st.lists(st.sampled_from(["", "", "", " "]), min_size=5, max_size=5),
    end=st.sampled_from(["]", "]", "]", "", "]]", " ]", "]\n", ",{}]"]),
)
@settings(max_examples=400, deadline=None)
def test_what_the_short_way_takes_for_good_means_the_same(
    version: Version,
    kind: str,
    message_id: str,
    action: str,
    payload: str,
    spaces: list[str],
    end: str,
):
    a, b, c, d, e = spaces
    compare(version, f'[{a}{kind}{b},"{message_id}"{c},{d}"{action}",{e}{payload}{end}')


@pytest.mark.parametrize("version", VERSIONS.values(), ids=list(VERSIONS))
@given(text=st.text(alphabet='[]{}",:2 aHeartb\\\x01', max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_text(version: Version, text: str):
    compare(version, text)
    compare(version, f'[2,"a","Heartbeat",{{{text}}}]')
    compare(version, f'[2,"{text}","Heartbeat",{{}}]')


@pytest.mark.parametrize("version", VERSIONS.values(), ids=list(VERSIONS))
def test_good_calls_go_the_short_way(version: Version):
    assert compare(version, '[2,"19223201","Heartbeat",{}]')
    assert compare(version, '[2,"","DataTransfer",{"vendorId":"V","data":"x"}]')


def test_a_long_message_goes_the_long_way():
    assert not compare(OCPP_16, f'[2,"a","DataTransfer",{{"vendorId":"V","data":"{"x" * 400}"}}]')


def test_what_a_vendor_puts_in_is_not_deeper_than_it_may_be():
    deep = '{"vendorId":"V","customData":{"vendorId":"x","deep":%s}}'
    assert compare(OCPP_201, '[2,"a","DataTransfer",%s]' % (deep % ("[" * 28 + "]" * 28)))
    assert not compare(OCPP_201, '[2,"a","DataTransfer",%s]' % (deep % ("[" * 31 + "]" * 31)))


def test_a_repeated_id_goes_the_long_way():
    rpc = Rpc(OCPP_16, "csms")
    text = b'[2,"a","Heartbeat",{}]'
    called = rpc.receive_plain(text)
    assert isinstance(called, Called)
    rpc.hold(called)
    assert rpc.receive_plain(text) is None  # it is in progress
    rpc.error(called, NotSupported())
    assert rpc.receive_plain(text) is None  # it is remembered
    assert rpc.receive(text, now=0).reply is not None


@pytest.mark.parametrize(
    ("answer", "is_short"),
    [
        ('[3,"{id}",{{"status":"Accepted"}}]', True),
        ('[3, "{id}",{{"status":"Accepted"}}]', False),
        ('[3,"other",{{"status":"Accepted"}}]', False),
        ('[3,"{id}",{{"status":"Perhaps"}}]', False),
        ('[3,"{id}",{{"status":"Accepted"}},1]', False),
        ('[4,"{id}","GenericError","",{{}}]', False),
    ],
)
def test_a_good_result_goes_the_short_way(answer: str, is_short: bool):
    for version, request in (
        (OCPP_16, v16.ResetRequest(type="Soft")),
        (OCPP_201, v201.ResetRequest(type="OnIdle")),
    ):
        short, long = Rpc(version, "csms"), Rpc(version, "csms")
        text = answer.format(id=short.call(request, 30).message_id)
        found = short.receive_plain(text.encode())
        assert (found is not None) is is_short
        if found is None:
            continue
        expected = long.receive(answer.format(id=long.call(request, 30).message_id), now=0)
        assert isinstance(found, Answered)
        assert isinstance(expected, Answered)
        assert found.response == expected.response
        assert short.counters == long.counters
        assert short.outstanding is None


def test_an_unknown_action_leaves_nothing_behind():
    calls = calls_of(OCPP_21, "station")
    before = len(calls)
    assert calls[b"Fly"] is None
    assert calls[b"Reset"] is None  # the csms's
    assert len(calls) == before


def holds_any_json(kind: msgspec.inspect.Type, seen: set[type]) -> bool:
    match kind:
        case msgspec.inspect.AnyType() | msgspec.inspect.CustomType():
            return True
        case msgspec.inspect.StructType(cls=cls, fields=fields):
            if cls in seen:
                return False
            seen.add(cls)
            return any(holds_any_json(field.type, seen) for field in fields)
        case msgspec.inspect.UnionType(types=types):
            return any(holds_any_json(each, seen) for each in types)
        case msgspec.inspect.VarTupleType(item_type=item):
            return holds_any_json(item, seen)
    return False


@pytest.mark.parametrize("version", VERSIONS.values(), ids=list(VERSIONS))
def test_the_messages_that_may_hold_any_json_are_known(version: Version):
    payloads: list[type[Payload]] = list(version.actions().values())
    payloads += [each.response for each in version.actions().values() if each.response]
    for payload in payloads:
        assert is_open(payload) is holds_any_json(msgspec.inspect.type_info(payload), set()), (
            payload
        )
