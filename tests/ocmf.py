"""Reads OCMF records, as somebody does who has only the record and the key on the meter."""

import json
from base64 import b64decode
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256K1,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    derive_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

_METHODS = {"ECDSA-secp256r1-SHA256": SECP256R1, "ECDSA-secp256k1-SHA256": SECP256K1}


def meter_key(curve: type[SECP256R1 | SECP256K1] = SECP256R1) -> EllipticCurvePrivateKey:
    return derive_private_key(20_270_115, curve())


def verified(record: bytes, public_key: str) -> dict[str, Any]:
    """Give the payload of a record that is genuine. Raises InvalidSignature."""
    header, payload, signature = record.decode().split("|")
    assert header == "OCMF"
    marker, encoding, content, printed = public_key.split(":")
    assert (marker, encoding, content) == ("oca", "base16", "asn1")
    key = load_der_public_key(bytes.fromhex(printed))
    assert isinstance(key, EllipticCurvePublicKey)
    signed: dict[str, str] = json.loads(signature)
    assert isinstance(key.curve, _METHODS[signed["SA"]])
    key.verify(bytes.fromhex(signed["SD"]), payload.encode(), ECDSA(SHA256()))
    read: dict[str, Any] = json.loads(payload)
    return read


def decoded(public_key: str) -> str:
    """Give the key of a publicKey field (signed meter values 3.2.2)."""
    return b64decode(public_key, validate=True).decode()
