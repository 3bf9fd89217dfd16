"""A simulated EVSE whose meter signs its readings: OCMF records under an ECDSA key (OCMF 1.0).

The records are real, the certification of the meter is not: nobody may be billed by them.
"""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec
import trio
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from ..machines.events import IdToken
from ..machines.meter import MeterSample, SignedReading
from .driver import SigningContext, SigningRequest
from .hardware import EvseHardware
from .simulator import SimulatedEvse

CURVES = {
    "secp192r1": "ECDSA-secp192r1-SHA256",
    "secp256r1": "ECDSA-secp256r1-SHA256",
    "secp256k1": "ECDSA-secp256k1-SHA256",
    "secp384r1": "ECDSA-secp384r1-SHA256",
    "brainpoolP256r1": "ECDSA-brainpool256r1-SHA256",
    "brainpoolP384r1": "ECDSA-brainpool384r1-SHA256",
}
"""The curves that a meter may sign by, and what OCMF calls that."""

_IMPORT = "01-00:B0.08.00*FF"  # OBIS: energy taken from the grid, all told
_OCCASIONS: dict[SigningContext, str] = {
    "Transaction.Begin": "B",
    "Transaction.End": "E",
    "Sample.Periodic": "C",
    "Sample.Clock": "C",
}
_TOKEN_TYPES = {
    "Central": "CENTRAL",
    "eMAID": "EMAID",
    "ISO14443": "ISO14443",
    "ISO15693": "ISO15693",
    "KeyCode": "KEY_CODE",
    "Local": "LOCAL",
    "MacAddress": "EVCCID",
}


class SigningEvse(SimulatedEvse):
    """A `SigningDriver`. `now` is the meter's clock, `seconds` the time that a signature takes."""

    __slots__ = ("_key", "_now", "_pages", "_seconds", "_serial_number")

    def __init__(
        self,
        hardware: EvseHardware | None = None,
        *,
        key: ec.EllipticCurvePrivateKey,
        now: Callable[[], datetime],
        serial_number: str = "SIMULATED-1",
        energy_import: float = 0.0,
        seconds: float = 0.0,
    ) -> None:
        super().__init__(hardware, energy_import=energy_import)
        self._key = key
        self._now = now
        self._serial_number = serial_number
        self._seconds = seconds
        self._pages = {"T": 0, "F": 0}  # records signed: of transactions, and others

    @property
    def public_key(self) -> str:
        key = self._key.public_key()
        written = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo).hex()
        return f"oca:base16:asn1:{written}"

    async def sign_meter(self, request: SigningRequest) -> MeterSample:
        """Sign the reading of this instant, in a record of its own."""
        sample = self.read_meter()
        payload = self._payload(request, sample)
        await trio.sleep(self._seconds)
        signature = self._key.sign(payload.encode(), ec.ECDSA(SHA256()))
        signed = SignedReading(
            data=f"OCMF|{payload}|{_signature(self._key.curve.name, signature)}".encode(),
            encoding_method="OCMF",
            public_key=self.public_key,
        )
        return msgspec.structs.replace(sample, signed=signed)

    def _payload(self, request: SigningRequest, sample: MeterSample) -> str:
        series = "F" if request.transaction_id is None and request.id_token is None else "T"
        self._pages[series] += 1
        return _compact(
            {
                "FV": "1.0",
                "GI": "Pilotwire simulation",
                "PG": f"{series}{self._pages[series]}",
                "MV": "Pilotwire",
                "MM": "Simulated",
                "MS": self._serial_number,
                **_identification(request.id_token),
                "RD": [
                    {
                        "TM": _written(self._now()),
                        "TX": _OCCASIONS[request.context],
                        "RV": round(sample.energy_import / 1000, 6),
                        "RI": _IMPORT,
                        "RU": "kWh",
                        "ST": "G",
                    }
                ],
            }
        )


def load_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """Read a private key from a PEM file. Raises OSError, or ValueError saying what it must be."""
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ValueError("expected a private key in PEM, without a password") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name not in CURVES:
        raise ValueError(f"expected an elliptic key by one of {', '.join(CURVES)}")
    return key


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _identification(id_token: IdToken | None) -> dict[str, object]:
    if id_token is None:
        return {"IS": False, "IT": "NONE"}
    kind = _TOKEN_TYPES.get(id_token.type, "UNDEFINED")
    return {"IS": True, "IT": kind, "ID": id_token.value}


def _written(moment: datetime) -> str:
    """Write a time as OCMF does: with milliseconds, its zone, and "S" for a clock that was set."""
    return f"{moment:%Y-%m-%dT%H:%M:%S},{moment.microsecond // 1000:03d}{moment:%z} S"


def _signature(curve: str, signature: bytes) -> str:
    return _compact({"SA": CURVES[curve], "SD": signature.hex().upper()})


def _compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
