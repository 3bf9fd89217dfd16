"""A PKI of contract certificates, as ISO 15118 has it: a root, two sub-CAs, the contract."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

NOW = datetime(2027, 1, 15, 8, tzinfo=UTC)
EMAID = "NLPWRC12345678"
RESPONDER = "http://ocsp.example/"


class Issued(NamedTuple):
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(Encoding.PEM).decode()


def issue(
    name: str,
    issuer: Issued | None = None,
    *,
    is_ca: bool = True,
    days: int = 3650,
    responder: str | None = RESPONDER,
) -> Issued:
    """Issue a certificate; without an issuer it is a root. `days` are counted from `NOW`."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if issuer is None else issuer.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=365))
        .not_valid_after(NOW + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
    )
    if responder is not None and issuer is not None:
        access = x509.AccessDescription(
            AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(responder)
        )
        builder = builder.add_extension(x509.AuthorityInformationAccess([access]), critical=False)
    return Issued(builder.sign(key if issuer is None else issuer.key, SHA256()), key)


class Pki:
    """A root with two sub-CAs, which issue contracts."""

    def __init__(self, name: str = "MO") -> None:
        self.root = issue(f"{name} root")
        self.sub1 = issue(f"{name} sub 1", self.root)
        self.sub2 = issue(f"{name} sub 2", self.sub1)

    def contract(self, emaid: str = EMAID, *, days: int = 365) -> str:
        """Give the chain of a contract, without the root."""
        leaf = issue(emaid, self.sub2, is_ca=False, days=days)
        return leaf.pem + self.sub2.pem + self.sub1.pem
