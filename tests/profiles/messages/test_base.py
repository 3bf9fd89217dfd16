"""Decoding, encoding, and what is said about a payload that cannot be decoded."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from jsonschema import FormatChecker

from pilotwire.profiles.messages import v16, v21, v201
from pilotwire.profiles.messages.base import (
    CustomData,
    InvalidPayload,
    decode,
    decoder,
    encode,
    timestamp,
)

BOOT = b'{"chargePointVendor":"V","chargePointModel":"M"}'
RESET = b'{"type":"Immediate","customData":%s}'
SCHEDULE = (
    b'{"connectorId":1,"csChargingProfiles":{"chargingProfileId":1,"stackLevel":0,'
    b'"chargingProfilePurpose":"TxProfile","chargingProfileKind":"Relative",'
    b'"chargingSchedule":{"chargingRateUnit":"A","chargingSchedulePeriod":[%s]}}}'
)
PERIODS = "$.csChargingProfiles.chargingSchedule.chargingSchedulePeriod"


def _refusal(payload_type: type[Any], raw: bytes) -> InvalidPayload:
    with pytest.raises(InvalidPayload) as raised:
        decode(payload_type, raw)
    return raised.value


@pytest.mark.parametrize(
    ("payload_type", "raw", "fault", "path"),
    [
        (v16.BootNotificationRequest, b"{}", "missing_field", "$.chargePointVendor"),
        (v16.BootNotificationRequest, b"[]", "wrong_type", "$"),
        (v16.HeartbeatRequest, b'{"x":1}', "unknown_field", "$.x"),
        (v16.HeartbeatRequest, b'{"x y":1}', "unknown_field", "$"),
        (v16.AuthorizeRequest, b'{"idTag":7}', "wrong_type", "$.idTag"),
        (v16.AuthorizeRequest, b'{"idTag":null}', "wrong_type", "$.idTag"),
        (v16.AuthorizeRequest, b'{"idTag":"123456789012345678901"}', "bad_value", "$.idTag"),
        (v16.ResetRequest, b'{"type":"Warm"}', "bad_value", "$.type"),
        (v16.ResetRequest, b'{"type":1}', "wrong_type", "$.type"),
        (v16.UnlockConnectorRequest, b'{"connectorId":"1"}', "wrong_type", "$.connectorId"),
        (v16.UnlockConnectorRequest, b'{"connectorId":1.5}', "wrong_type", "$.connectorId"),
        (v16.UnlockConnectorRequest, b'{"connectorId":true}', "wrong_type", "$.connectorId"),
        (v16.HeartbeatResponse, b'{"currentTime":"today"}', "bad_value", "$.currentTime"),
        (
            v16.MeterValuesRequest,
            b'{"connectorId":1,"meterValue":[]}',
            "wrong_count",
            "$.meterValue",
        ),
        (
            v16.SetChargingProfileRequest,
            SCHEDULE % b'{"limit":6}',
            "missing_field",
            f"{PERIODS}[0].startPeriod",
        ),
        (
            v16.SetChargingProfileRequest,
            SCHEDULE % b'{"startPeriod":0,"limit":6.05}',
            "bad_value",
            f"{PERIODS}[0].limit",
        ),
        (
            v16.SetChargingProfileRequest,
            SCHEDULE % b'{"startPeriod":0,"limit":6,"x":1}',
            "unknown_field",
            f"{PERIODS}[0].x",
        ),
        (v201.GetVariablesRequest, b'{"getVariableData":[]}', "wrong_count", "$.getVariableData"),
        (
            v201.GetLocalListVersionResponse,
            b'{"versionNumber":1e999}',
            "bad_value",
            "$.versionNumber",
        ),
        (v201.ResetRequest, RESET % b"{}", "missing_field", "$.customData.vendorId"),
        (v201.ResetRequest, RESET % b"[]", "wrong_type", "$.customData"),
        (v201.ResetRequest, RESET % b"null", "wrong_type", "$.customData"),
        (v201.ResetRequest, RESET % b'{"vendorId":5}', "wrong_type", "$.customData.vendorId"),
        (
            v201.ResetRequest,
            RESET % (b'{"vendorId":"%s"}' % (b"x" * 256)),
            "bad_value",
            "$.customData.vendorId",
        ),
        (
            v21.AFRRSignalRequest,
            b'{"timestamp":"2026-01-01T00:00:00","signal":1}',
            "bad_value",
            "$.timestamp",
        ),
        (v16.HeartbeatRequest, b"", "malformed", "$"),
        (v16.HeartbeatRequest, b"{", "malformed", "$"),
        (v16.HeartbeatRequest, b"{} {}", "malformed", "$"),
        (v16.HeartbeatRequest, b'{"x":1,', "malformed", "$"),
        (v16.AuthorizeRequest, b'{"idTag":"\xff"}', "malformed", "$"),
        (v16.AuthorizeRequest, b'{"\xff":1}', "malformed", "$"),
        (
            v201.DataTransferRequest,
            b'{"vendorId":"v","data":%s}' % (b"[" * 100_000),
            "malformed",
            "$",
        ),
    ],
)
def test_a_refusal_says_what_is_wrong_and_where(payload_type, raw, fault, path):
    refusal = _refusal(payload_type, raw)
    assert (refusal.fault, refusal.path) == (fault, path)
    assert 0 < len(refusal.detail) <= 255


@pytest.mark.parametrize(
    ("payload_type", "members", "fault", "path"),
    [
        (v16.HeartbeatRequest, {"a` - at `$.b": 1}, "unknown_field", "$"),
        (v16.HeartbeatRequest, {"a` - at `$": 1}, "unknown_field", "$"),
        (v201.ReserveNowRequest, {"idToken": {"a` - at `$.b": 1}}, "unknown_field", "$.idToken"),
        (v16.HeartbeatRequest, {"Expected `array` of length >= 1": 1}, "unknown_field", "$"),
        (v16.ResetRequest, {"type": "x' - at `$.y`"}, "bad_value", "$.type"),
        (v16.ResetRequest, {"type": 'x" - at `$.y'}, "bad_value", "$.type"),
        (v16.ResetRequest, {"type": "Object missing required field `x`"}, "bad_value", "$.type"),
        (v16.ResetRequest, {"type": "Expected `int`, got `float`"}, "bad_value", "$.type"),
    ],
)
def test_words_of_the_peer_that_look_like_a_complaint_deceive_nobody(
    payload_type, members, fault, path
):
    refusal = _refusal(payload_type, msgspec.json.encode(members))
    assert (refusal.fault, refusal.path) == (fault, path)


def test_the_value_of_the_peer_is_not_repeated():
    assert "Warm" not in _refusal(v16.ResetRequest, b'{"type":"Warm"}').detail
    assert "secret" not in _refusal(v16.UnlockConnectorRequest, b'{"connectorId":"secret"}').detail
    assert "today" not in _refusal(v16.HeartbeatResponse, b'{"currentTime":"today"}').detail


def test_an_unknown_name_of_the_peer_is_cut_and_escaped():
    refusal = _refusal(v16.HeartbeatRequest, msgspec.json.encode({"\n\u202e\U0001f50c" * 9999: 1}))
    assert refusal.detail.isascii()
    assert refusal.detail.isprintable()
    assert len(refusal.detail) <= 255
    assert refusal.path == "$"


# ---- numbers


def test_a_whole_float_is_an_integer_as_json_schema_has_it():
    raw = b'{"status":"Accepted","interval":3e2,"currentTime":"2026-01-01T00:00:00Z"}'
    assert decode(v16.BootNotificationResponse, raw).interval == 300
    assert type(decode(v16.BootNotificationResponse, raw).interval) is int


def test_a_whole_float_does_not_hide_another_fault():
    raw = b'{"status":"Maybe","interval":300.0,"currentTime":"2026-01-01T00:00:00Z"}'
    assert _refusal(v16.BootNotificationResponse, raw).path == "$.status"


@pytest.mark.parametrize("limit", [0, 0.1, 0.3, 0.7, 16, 22.1, 32.3, -1.1, 1e300, 1e308])
def test_a_limit_may_be_any_decimal_multiple_of_a_tenth(limit):
    raw = SCHEDULE % msgspec.json.encode({"startPeriod": 0, "limit": limit})
    profile = decode(v16.SetChargingProfileRequest, raw).cs_charging_profiles
    assert profile.charging_schedule.charging_schedule_period[0].limit == limit


@pytest.mark.parametrize("limit", [6.05, 0.01, -1.15, 1.7000000000000002, 0.8999999999999999])
def test_a_limit_may_not_be_near_a_multiple_of_a_tenth(limit):
    raw = SCHEDULE % msgspec.json.encode({"startPeriod": 0, "limit": limit})
    refusal = _refusal(v16.SetChargingProfileRequest, raw)
    assert (refusal.fault, refusal.path) == ("bad_value", f"{PERIODS}[0].limit")


def test_we_cannot_send_a_limit_that_the_schema_refuses():
    with pytest.raises(ValueError, match=r"multiple of 0\.1"):
        v16.ChargingSchedulePeriod(start_period=0, limit=6.05)


# ---- customData


def test_custom_data_keeps_its_members_through_decoding_and_encoding():
    members = b'{"vendorId":"V","self":1,"vendor_id":null,"deep":{"a":[1.5,"x"]}}'
    request = decode(v201.ResetRequest, RESET % members)
    assert isinstance(request.custom_data, CustomData)
    assert request.custom_data.vendor_id == "V"
    assert request.custom_data["deep"] == {"a": [1.5, "x"]}
    sent = msgspec.json.decode(encode(request))["customData"]
    assert sent == msgspec.json.decode(members)


def test_custom_data_is_written_as_it_was_built():
    request = v201.ResetRequest(type="OnIdle", custom_data=CustomData("V", colour="red"))
    assert encode(request) == (
        b'{"type":"OnIdle","customData":{"colour":"red","vendorId":"V"}}'
    )  # fmt: skip
    assert decode(v201.ResetRequest, encode(request)) == request


# ---- date-times


ACCEPTED = [
    "2024-02-29T12:34:56Z",
    "2024-02-29t12:34:56z",
    "2024-02-29T12:34:56+00:00",
    "2024-02-29T12:34:56-00:00",
    "2024-02-29T12:34:56+23:59",
    "2024-02-29T12:34:56.1Z",
    "2024-02-29T12:34:56.1234567Z",
    "2024-02-29T12:34:56.123456789012+05:30",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
]
REFUSED = [
    "2024-02-29T12:34:56",
    "2024-02-29T12:34:56+03",
    "2024-02-29T12:34:56+24:00",
    "2024-02-29T12:34:56+14:60",
    "2024-02-29T12:34:56.Z",
    "2024-02-29T12:34:56,5Z",
    "2024-02-30T12:34:56Z",
    "2023-02-29T12:34:56Z",
    "2024-02-29T24:00:00Z",
    "2016-12-31T23:59:60Z",
    "0000-01-01T00:00:00Z",
    "2024-2-29T12:34:56Z",
    "2024-02-29T12:34Z",
    "2024-02-29",
    "20240229T123456Z",
    "10000-01-01T00:00:00Z",
    "2024-02-29T12:34:5\u0661Z",
    "1700000000",
    "",
    " 2024-02-29T12:34:56Z",
    "2024-02-29T12:34:56Z ",
    "2024-02-29T12:34:56 Z",
]
# unambiguous, so no loss, though RFC 3339 knows neither; the one that validators miss is a newline
MORE_THAN_RFC_3339 = ["2024-02-29 12:34:56Z", "2024-02-29T12:34:56+0300"]
LESS_THAN_VALIDATORS = ["2024-02-29T12:34:56Z\n"]


def _is_decoded(text: str) -> bool:
    try:
        decode(v16.HeartbeatResponse, msgspec.json.encode({"currentTime": text}))
    except InvalidPayload:
        return False
    return True


@pytest.mark.parametrize("text", ACCEPTED + REFUSED)
def test_a_date_time_is_what_rfc_3339_says(text):
    assert _is_decoded(text) is FormatChecker().conforms(text, "date-time") is (text in ACCEPTED)


@pytest.mark.parametrize("text", MORE_THAN_RFC_3339 + LESS_THAN_VALIDATORS)
def test_where_a_date_time_is_not_what_the_validators_say(text):
    assert _is_decoded(text) is not FormatChecker().conforms(text, "date-time")
    assert _is_decoded(text) is (text in MORE_THAN_RFC_3339)


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC),
        datetime(2026, 2, 3, 4, 5, 6, 999_999, tzinfo=UTC),
        datetime(2026, 2, 3, 9, 35, 6, 1, tzinfo=timezone(timedelta(hours=5, minutes=30))),
    ],
)
def test_a_timestamp_is_sent_in_utc_and_whole_seconds(moment):
    raw = encode(v16.HeartbeatResponse(current_time=timestamp(moment)))
    assert raw == b'{"currentTime":"2026-02-03T04:05:06Z"}'


# ---- payloads


def test_what_is_absent_is_unset_and_not_sent():
    request = decode(v16.BootNotificationRequest, BOOT)
    assert request.firmware_version is msgspec.UNSET
    assert encode(request) == BOOT


def test_odd_names_are_spelled_on_the_wire_as_in_the_schema():
    period = v21.ChargingSchedulePeriodType(start_period=0, limit=1.0, limit_l2=2.0)
    assert encode(period) == b'{"startPeriod":0,"limit":1.0,"limit_L2":2.0}'
    request = v201.Get15118EVCertificateRequest(
        iso15118_schema_version="s", certificate_action="Install", exi_request="e"
    )
    assert encode(request) == (
        b'{"iso15118SchemaVersion":"s","action":"Install","exiRequest":"e"}'
    )  # fmt: skip
    assert request.action == "Get15118EVCertificate"


def test_a_payload_cannot_be_changed_and_can_be_compared_and_hashed():
    request = v16.ChangeAvailabilityRequest(connector_id=1, type="Operative")
    with pytest.raises(AttributeError):
        request.connector_id = 2  # type: ignore[misc]
    with pytest.raises(TypeError):
        v16.ResetRequest("Hard")  # type: ignore[call-arg,misc]
    assert request == v16.ChangeAvailabilityRequest(connector_id=1, type="Operative")
    assert len({request, v16.ChangeAvailabilityRequest(connector_id=1, type="Operative")}) == 1


def test_a_payload_is_decoded_from_bytes_or_a_slice_of_a_message_alike():
    raw = msgspec.json.decode(b"[2," + BOOT + b"]", type=tuple[int, msgspec.Raw])[1]
    from_bytes = decode(v16.BootNotificationRequest, BOOT)
    assert decode(v16.BootNotificationRequest, raw) == from_bytes
    assert decode(v16.BootNotificationRequest, memoryview(BOOT)) == from_bytes


def test_a_decoder_is_made_once():
    assert decoder(v16.HeartbeatRequest) is decoder(v16.HeartbeatRequest)
