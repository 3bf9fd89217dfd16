"""Signed meter values in 1.6: 2.x's SignedMeterValueType as JSON, in the value of a sample whose
format is SignedData (signed meter values, chapter 3.2).
"""

import msgspec

from ...machines.meter import SignedReading
from ..csms.records import SignedMeterValue
from ..signed_values import key_text, signed_data


class _Written(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    signed_meter_data: str
    signing_method: str = ""
    encoding_method: str
    public_key: str = ""


def write(signed: SignedReading) -> str:
    """Give the value of the sample."""
    written = _Written(
        signed_meter_data=signed_data(signed),
        signing_method=signed.signing_method,
        encoding_method=signed.encoding_method,
        public_key=key_text(signed.public_key),
    )
    return msgspec.json.encode(written).decode()


def read(value: str) -> SignedMeterValue | None:
    """Read it back; None where a station signs in words of its own (1.6 7.43)."""
    try:
        written = msgspec.json.decode(value, type=_Written)
    except (msgspec.DecodeError, UnicodeEncodeError):
        return None
    return SignedMeterValue(
        data=written.signed_meter_data,
        encoding_method=written.encoding_method,
        signing_method=written.signing_method or None,
        public_key=written.public_key or None,
    )
