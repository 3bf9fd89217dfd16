"""A simulated meter that signs: its records verify, and tell what they should."""

from datetime import UTC, datetime

import pytest
import trio
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import SECP256K1, SECP256R1
from trio.testing import MockClock

from pilotwire.drivers.driver import SigningContext, SigningDriver, SigningRequest
from pilotwire.drivers.signed_meter import SigningEvse
from pilotwire.drivers.simulator import SimulatedEvse
from pilotwire.machines.events import IdToken

from ..ocmf import meter_key, verified

MOMENT = datetime(2027, 1, 15, 8, 0, 0, 250_000, tzinfo=UTC)
BEGIN = SigningRequest(
    context="Transaction.Begin", transaction_id="tx", id_token=IdToken("DEADBEEF")
)


def evse(curve: type[SECP256R1 | SECP256K1] = SECP256R1, seconds: float = 0.0) -> SigningEvse:
    return SigningEvse(
        key=meter_key(curve), now=lambda: MOMENT, energy_import=12_345.6, seconds=seconds
    )


@pytest.mark.parametrize("curve", [SECP256R1, SECP256K1], ids=lambda curve: curve.name)
async def test_a_record_verifies_by_the_key_on_the_meter(
    curve: type[SECP256R1 | SECP256K1], autojump_clock: MockClock
) -> None:
    meter = evse(curve)
    sample = await meter.sign_meter(BEGIN)
    assert sample.energy_import == 12_345.6
    assert sample.signed is not None
    assert (sample.signed.encoding_method, sample.signed.signing_method) == ("OCMF", "")
    payload = verified(sample.signed.data, meter.public_key)
    (reading,) = payload["RD"]
    assert (payload["IS"], payload["IT"], payload["ID"]) == (True, "ISO14443", "DEADBEEF")
    assert (reading["TM"], reading["TX"]) == ("2027-01-15T08:00:00,250+0000 S", "B")
    assert (reading["RV"], reading["RU"], reading["ST"]) == (12.3456, "kWh", "G")


async def test_a_record_that_was_changed_does_not_verify(autojump_clock: MockClock) -> None:
    meter = evse()
    signed = (await meter.sign_meter(BEGIN)).signed
    assert signed is not None
    with pytest.raises(InvalidSignature):
        verified(signed.data.replace(b"12.3456", b"12.3457"), meter.public_key)


async def test_records_are_counted_those_of_transactions_apart(autojump_clock: MockClock) -> None:
    meter = evse()
    pages = []
    occasions: list[tuple[SigningContext, str | None]] = [
        ("Transaction.Begin", "tx"),
        ("Sample.Clock", None),
        ("Sample.Periodic", "tx"),
        ("Transaction.End", "tx"),
    ]
    for context, transaction_id in occasions:
        request = SigningRequest(context=context, transaction_id=transaction_id)
        signed = (await meter.sign_meter(request)).signed
        assert signed is not None
        payload = verified(signed.data, meter.public_key)
        pages.append((payload["PG"], payload["RD"][0]["TX"], payload["IS"]))
    assert pages == [("T1", "B", False), ("F1", "C", False), ("T2", "C", False), ("T3", "E", False)]


async def test_a_meter_may_take_its_time(autojump_clock: MockClock) -> None:
    before = trio.current_time()
    await evse(seconds=2.5).sign_meter(BEGIN)
    assert trio.current_time() - before == 2.5


def test_only_a_meter_that_signs_is_a_signing_driver() -> None:
    assert isinstance(evse(), SigningDriver)
    assert not isinstance(SimulatedEvse(), SigningDriver)
