"""A small public key infrastructure for tests: authorities, and certificates in files."""

import datetime
from pathlib import Path
from typing import Any

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

DAY = datetime.timedelta(days=1)


def pem(ca: trustme.CA) -> str:
    return ca.cert_pem.bytes().decode()


def ca_file(folder: Path, *authorities: trustme.CA) -> Path:
    path = folder / "ca.pem"
    path.write_text("".join(pem(ca) for ca in authorities))
    return path


def pair(folder: Path, certificate: trustme.LeafCert) -> tuple[Path, Path]:
    """Write a chain and its key, which only its owner may read."""
    folder.mkdir(exist_ok=True)
    chain, key = folder / "chain.pem", folder / "key.pem"
    chain.write_bytes(b"".join(blob.bytes() for blob in certificate.cert_chain_pems))
    key.write_bytes(certificate.private_key_pem.bytes())
    key.chmod(0o600)
    return chain, key


def self_signed(
    folder: Path,
    common_name: str = "localhost",
    *,
    key: Any = None,
    not_after: datetime.datetime | None = None,
) -> tuple[Path, Path]:
    """Write a certificate without a SAN, which is its own authority, and its key."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common_name)])
    now = datetime.datetime.now(datetime.UTC)
    not_after = not_after or now + DAY
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(min(now, not_after) - DAY)
        .not_valid_after(not_after)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(exist_ok=True)
    chain, key_file = folder / "chain.pem", folder / "key.pem"
    chain.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(private_pem(key))
    key_file.chmod(0o600)
    return chain, key_file


def private_pem(key: Any, password: bytes | None = None) -> bytes:
    encryption: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if password is not None:
        encryption = serialization.BestAvailableEncryption(password)
    form = serialization.PrivateFormat.PKCS8
    return bytes(key.private_bytes(serialization.Encoding.PEM, form, encryption))


def weak_key() -> Any:
    return rsa.generate_private_key(public_exponent=65537, key_size=1024)
