"""SignedMeterValueType in the value of a sample of 1.6."""

import pytest

from pilotwire.machines.meter import SignedReading
from pilotwire.profiles.csms.records import SignedMeterValue
from pilotwire.profiles.v16.signed_values import read, write

SIGNED = SignedReading(
    data=b"OCMF|{}|{}",
    encoding_method="OCMF",
    signing_method="ECDSA-secp256r1-SHA256",
    public_key="oca:base16:asn1:3059",
)


def test_what_is_written_is_read_back() -> None:
    assert write(SIGNED) == (
        '{"signedMeterData":"T0NNRnx7fXx7fQ==","signingMethod":"ECDSA-secp256r1-SHA256",'
        '"encodingMethod":"OCMF","publicKey":"b2NhOmJhc2UxNjphc24xOjMwNTk="}'
    )
    assert read(write(SIGNED)) == SignedMeterValue(
        data="T0NNRnx7fXx7fQ==",
        encoding_method="OCMF",
        signing_method="ECDSA-secp256r1-SHA256",
        public_key="b2NhOmJhc2UxNjphc24xOjMwNTk=",
    )


def test_what_is_not_told_is_not_there() -> None:
    text = '{"signedMeterData":"AA==","encodingMethod":"EDL","signingMethod":"","publicKey":""}'
    assert read(text) == SignedMeterValue(data="AA==", encoding_method="EDL")


@pytest.mark.parametrize("text", ["0A1B2C", "", "{}", '{"signedMeterData":1}', "\udc00"])
def test_words_of_a_stations_own_stay_as_they_are(text: str) -> None:
    assert read(text) is None
