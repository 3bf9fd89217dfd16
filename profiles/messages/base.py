"""What all OCPP messages have in common: payload structs, their decoding and encoding.

A payload is decoded straight from its JSON into a frozen struct, its fields checked on the way.
A field that the peer left out is `UNSET`; null is refused. A date-time put into a message goes
through `timestamp`, which says why.
"""

import re
from datetime import UTC, datetime
from functools import lru_cache
from math import floor
from typing import Annotated, Any, ClassVar, Generic, Literal, TypeVar, cast

import msgspec

ResponseT = TypeVar("ResponseT", bound="Response | None", covariant=True)
PayloadT = TypeVar("PayloadT", bound="Payload")
StructT = TypeVar("StructT", bound=msgspec.Struct)

_WHOLE_FROM = 2**53  # doubles from here on are whole numbers, but not exact ones

Timestamp = Annotated[datetime, msgspec.Meta(tz=True)]

Fault = Literal[
    "missing_field", "unknown_field", "wrong_type", "bad_value", "wrong_count", "malformed"
]


class Payload(
    msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True, gc=False, rename="camel"
):
    """A JSON object in a message; its fields are snake_case here and OCPP's own on the wire."""


class Response(Payload, kw_only=True, frozen=True):
    """The payload of a CALLRESULT."""


class Request(Payload, Generic[ResponseT], kw_only=True, frozen=True):
    """The payload of a CALL that `ResponseT` answers, or of a SEND, which nothing answers.

    `request.response(...)` builds the answer in the version that the request came in.
    """

    action: ClassVar[str]
    response: ClassVar[type[Response] | None]


class CustomData(dict[str, Any]):  # Any: what a vendor puts in is any JSON
    """A vendor's own members of a 2.x object, under their names on the wire."""

    def __init__(self, vendor_id: str, /, **members: Any) -> None:
        super().__init__(members, vendorId=vendor_id)

    @property
    def vendor_id(self) -> str:
        return cast("str", self["vendorId"])


class InvalidPayload(Exception):
    """The peer's payload is not what its schema says.

    `path` is where ("$.chargingSchedule.duration"); `detail` says what, without the offending value
    and in at most 255 characters, so that it may stand in a CALLERROR.
    """

    def __init__(self, fault: Fault, path: str, detail: str) -> None:
        super().__init__(f"{detail} at {path}")
        self.fault = fault
        self.path = path
        self.detail = detail[:255]


def timestamp(moment: datetime) -> datetime:
    """The moment as it is to be sent: in UTC ("Z"), its fraction of a second cut off.

    Every date-time put into a message passes through here: msgspec would write a fraction with six
    decimals, 2.x allows three, and some 1.6 peers stumble over any, as they do over "+00:00".
    """
    return moment.astimezone(UTC).replace(microsecond=0)


def moment(time: float) -> datetime:
    """Turn s since 1970 into a date-time for a message, as `timestamp` does."""
    return _second(floor(time))


def moment_text(time: float) -> bytes:
    """Write `moment` as it stands in a message."""
    return _second_text(floor(time))


@lru_cache  # thousands of stations tell of the same few seconds
def _second(time: int) -> datetime:
    return datetime.fromtimestamp(time, UTC)


@lru_cache
def _second_text(time: int) -> bytes:
    return msgspec.json.encode(_second(time))[1:-1]


def refuse_hundredths(**numbers: float | msgspec.UnsetType) -> None:
    """Raise `ValueError` when a number, given under its wire name, is no multiple of 0.1.

    Decimally: 0.3 is one, though the binary 0.3 / 0.1 is not 3.
    """
    for wire_name, number in numbers.items():
        if number is msgspec.UNSET or abs(number) >= _WHOLE_FROM:
            continue
        if round(number * 10) / 10 != number:
            raise ValueError(f"Expected a multiple of 0.1 - at `$.{wire_name}`")


# ---- bytes to payload and back


class _VendorId(msgspec.Struct, rename="camel"):
    """What OCPP demands of customData."""

    vendor_id: Annotated[str, msgspec.Meta(max_length=255)]


def _restore(payload_type: type, value: Any) -> CustomData:  # Any: the hook gets any JSON
    if payload_type is not CustomData:
        raise NotImplementedError(f"no OCPP message has a {payload_type}")
    try:
        msgspec.convert(value, _VendorId)
    except msgspec.ValidationError as error:
        raise ValueError(str(error)) from error  # only a ValueError gets the path added
    return CustomData(value.pop("vendorId"), **value)


_encoder = msgspec.json.Encoder()
_decoders: dict[type[msgspec.Struct], msgspec.json.Decoder[Any]] = {}  # Any: one for each key


def encode(payload: Payload) -> bytes:
    """The payload's JSON. It is not checked again: the type checker has seen to its fields."""
    return _encoder.encode(payload)


def decoder(its_type: type[StructT]) -> msgspec.json.Decoder[StructT]:
    """The decoder for a payload, or for what holds one, made when it is first asked for."""
    found = _decoders.get(its_type)
    if found is None:
        found = _decoders[its_type] = msgspec.json.Decoder(its_type, dec_hook=_restore)
    return found


def decode(payload_type: type[PayloadT], raw: bytes | memoryview | msgspec.Raw) -> PayloadT:
    """The payload that the JSON holds; raises `InvalidPayload`."""
    try:
        return decoder(payload_type).decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return _decode_doubtful(payload_type, raw, error)


def _decode_doubtful(
    payload_type: type[PayloadT], raw: bytes | memoryview | msgspec.Raw, error: Exception
) -> PayloadT:
    """Try once more where `1.0` stands for an integer, as JSON schema allows; otherwise raise."""
    if not _FLOAT_FOR_INTEGER.match(str(error)):
        raise _translated(error, raw) from error
    try:
        respelled = _encoder.encode(_with_integers(msgspec.json.decode(raw)))
        return decoder(payload_type).decode(respelled)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as second:
        raise _translated(second, raw) from second


def _with_integers(value: Any) -> Any:  # Any: any JSON
    match value:
        case float() if value.is_integer() and abs(value) < _WHOLE_FROM:
            return int(value)
        case dict():
            return {name: _with_integers(member) for name, member in value.items()}
        case list():
            return [_with_integers(item) for item in value]
    return value


# ---- msgspec's complaints in OCPP's terms
#
# A complaint reads "<text>[ - at `<path>`]". For an unknown field and a bad enum value the text
# quotes the peer, who may write anything, such as another complaint. So only its beginning and end
# are trusted, and nothing that the peer wrote comes through unescaped.

_FLOAT_FOR_INTEGER = re.compile(r"Expected `int`, got `float`")
_AT = re.compile(r" - at `(\$[\w.\[\]]*)`\Z")
_UNKNOWN = "Object contains unknown field `"
_MISSING = re.compile(r"Object missing required field `(\w+)`\Z")
_WRONG_TYPE = re.compile(r"Expected `[^`]+`, got `")
_WRONG_COUNT = re.compile(r"Expected `array` of ")
_BAD_ENUM = re.compile(r"Invalid enum value ")
_PLAIN_NAME = re.compile(r"[A-Za-z_]\w{0,49}\Z", re.ASCII)


def _translated(error: Exception, raw: bytes | memoryview | msgspec.Raw) -> InvalidPayload:
    if not isinstance(error, msgspec.ValidationError):
        return _malformed()
    message = str(error)
    if message.startswith(_UNKNOWN):
        return _unknown_field(message, raw)
    text, path = _split(message)
    text, inner = _split(text)  # customData and multiples of 0.1 report from within their object
    path += inner[1:]
    if missing := _MISSING.match(text):
        path = f"{path}.{missing[1]}"
        return InvalidPayload("missing_field", path, "A required field is missing")
    if _WRONG_TYPE.match(text):
        return InvalidPayload("wrong_type", path, text)
    if _WRONG_COUNT.match(text):
        return InvalidPayload("wrong_count", path, text)
    if _BAD_ENUM.match(text):
        text = "The value is not one of those allowed"
    return InvalidPayload("bad_value", path, text)


def _malformed() -> InvalidPayload:
    return InvalidPayload("malformed", "$", "The payload is not well-formed JSON")


def _split(message: str) -> tuple[str, str]:
    at = _AT.search(message)
    return (message[: at.start()], at[1]) if at else (message, "$")


def _unknown_field(message: str, raw: bytes | memoryview | msgspec.Raw) -> InvalidPayload:
    name, path = message[len(_UNKNOWN) : -1], "$"
    try:
        members = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _malformed()
    if name not in members:
        text, path = _split(message)
        name = text[len(_UNKNOWN) : -1]
    if _PLAIN_NAME.match(name):
        path = f"{path}.{name}"
    shown = ascii(name[:50])
    return InvalidPayload("unknown_field", path, f"The schema has no field {shown}")
