"""Certificates and their keys, in PEM files: read, and held to what OCPP asks of them
(A00.FR.501-511, 1.6 A00.FR.501-509).
"""

from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from .secrets import read_private

LEAST_RSA_BITS = 2048  # A00.FR.502
LEAST_EC_BITS = 224  # A00.FR.503


class Unusable(ValueError):
    """A certificate or key that cannot be used; says why, and never what is in a key."""


def read_certificates(path: Path) -> list[x509.Certificate]:
    """Give the certificates of a file, at least one. Raises Unusable."""
    try:
        found = x509.load_pem_x509_certificates(path.read_bytes())
    except OSError as error:
        raise Unusable(f"{path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise Unusable(f"{path} holds no certificate in PEM") from error
    for certificate in found:
        _check_strength(path, certificate)
    return found


def check_pair(certificate_file: Path, key_file: Path) -> None:
    """See that the key is private, and the certificate's. Raises Unusable and SecretsFileError."""
    leaf = read_certificates(certificate_file)[0]
    try:
        key = load_pem_private_key(read_private(key_file), password=None)
    except TypeError as error:
        raise Unusable(f"{key_file} is encrypted, and nobody is here to type a password") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Unusable(f"{key_file} holds no private key in PEM") from error
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if key.public_key().public_bytes(*form) != leaf.public_key().public_bytes(*form):
        raise Unusable(f"{key_file} is not the key of {certificate_file}")


def is_valid(certificate: x509.Certificate, now: datetime) -> bool:
    """Say whether its time has come, and is not over."""
    return certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc


def is_authority(certificate: x509.Certificate) -> bool:
    """Say whether it may sign others."""
    try:
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    except x509.ExtensionNotFound:
        return certificate.issuer == certificate.subject  # of the time before version 3
    except ValueError:  # an extension that is malformed
        return False
    return constraints.value.ca


def _check_strength(path: Path, certificate: x509.Certificate) -> None:
    try:
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Unusable(f"{path}: a certificate has a key of an unknown kind") from error
    match key:
        case rsa.RSAPublicKey(key_size=bits) if bits < LEAST_RSA_BITS:
            raise Unusable(f"{path}: an RSA key of {bits} bits; {LEAST_RSA_BITS} are the least")
        case ec.EllipticCurvePublicKey(key_size=bits) if bits < LEAST_EC_BITS:
            raise Unusable(f"{path}: an EC key of {bits} bits; {LEAST_EC_BITS} are the least")
