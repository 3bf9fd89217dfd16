"""Contract certificates of ISO 15118: is a chain valid, and what is an OCSP responder asked of it
(2.x C07)?

Pure: certificates and the time are given. A chain is PEM, the contract certificate first, then the
sub-CAs that issued it; the root is not in it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512
from cryptography.x509.ocsp import OCSPRequestBuilder
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from ..machines.events import CertificateHash, CertificateStatus

Certificates = Sequence[x509.Certificate]
_MOST_HASHES = 4  # in one request
_ALGORITHMS = {"SHA256": SHA256(), "SHA384": SHA384(), "SHA512": SHA512()}
_EMAID_CHARACTERS = 14  # without the check digit, which may be left out


def read_certificates(pem: str | bytes) -> Certificates:
    """Raises ValueError where that is not one PEM certificate or more."""
    return x509.load_pem_x509_certificates(pem.encode() if isinstance(pem, str) else pem)


def check_contract(chain: str, emaid: str, roots: Certificates, now: datetime) -> CertificateStatus:
    """Say whether the chain leads to one of the roots and is for this EMAID.

    NoCertificateAvailable: its root is not there.
    """
    try:
        contract, *issuers = read_certificates(chain)
        is_in_time = all(_is_in_time(each, now) for each in (contract, *issuers))
        is_known = _has_root((contract, *issuers), roots)
    except ValueError:  # what cannot be read is not valid
        return "CertChainError"
    if not _is_for(contract, emaid):
        return "CertChainError"
    if not is_known:
        return "NoCertificateAvailable"
    if not is_in_time:
        return "CertificateExpired"
    try:
        _verifier(roots, now).verify(contract, issuers)
    except (VerificationError, ValueError):
        return "CertChainError"
    return "Accepted"


def _verifier(roots: Certificates, now: datetime) -> "x509.verification.ClientVerifier":
    # ISO 15118 has its own rules for extensions; what makes a chain is checked all the same.
    ca_policy = ExtensionPolicy.permit_all().require_present(
        x509.BasicConstraints, Criticality.AGNOSTIC, None
    )
    builder = PolicyBuilder().store(Store([*roots])).time(now)
    return builder.extension_policies(
        ca_policy=ca_policy, ee_policy=ExtensionPolicy.permit_all()
    ).build_client_verifier()


def _is_in_time(certificate: x509.Certificate, now: datetime) -> bool:
    return certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc


def _has_root(chain: Certificates, roots: Certificates) -> bool:
    """Say whether one of the roots is named as the issuer of anything in the chain."""
    subjects = {root.subject for root in roots}
    return any(certificate.issuer in subjects for certificate in chain)


def _is_for(contract: x509.Certificate, emaid: str) -> bool:
    names = contract.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return any(_bare(str(name.value)) == _bare(emaid) for name in names)


def _bare(emaid: str) -> str:
    return emaid.replace("-", "").upper()[:_EMAID_CHARACTERS]


# ---- OCSP


def ocsp_hashes(chain: str, roots: Certificates) -> tuple[CertificateHash, ...]:
    """Give what an OCSP responder is asked of each certificate of the chain (C07.FR.02), as far as
    its issuer is here and it names a responder. Raises ValueError for a chain that is none.
    """
    certificates = read_certificates(chain)
    return tuple(_hashes(certificates, (*certificates, *roots)))[:_MOST_HASHES]


def _hashes(certificates: Certificates, issuers: Certificates) -> Iterator[CertificateHash]:
    for certificate in certificates:
        issuer = next((each for each in issuers if _has_issued(each, certificate)), None)
        url = next(_responders(certificate), None)
        if issuer is None or url is None:
            continue
        asked = OCSPRequestBuilder().add_certificate(certificate, issuer, SHA256()).build()
        yield CertificateHash(
            "SHA256",
            asked.issuer_name_hash.hex(),
            asked.issuer_key_hash.hex(),
            f"{asked.serial_number:x}",
            url,
        )


def issued_by(hashes: Iterable[CertificateHash], roots: Certificates) -> bool:
    """Say whether one of the roots has issued one of what was hashed."""
    return any(_is_issuer(root, hash) for hash in hashes for root in roots)


def _is_issuer(root: x509.Certificate, hash: CertificateHash) -> bool:
    algorithm = _ALGORITHMS[hash.hash_algorithm]
    asked = OCSPRequestBuilder().add_certificate(root, root, algorithm).build()
    given = (hash.issuer_name_hash.lower(), hash.issuer_key_hash.lower())
    return given == (asked.issuer_name_hash.hex(), asked.issuer_key_hash.hex())


def _has_issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _responders(certificate: x509.Certificate) -> Iterator[str]:
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess)
    except x509.ExtensionNotFound:
        return
    for description in access.value:
        is_ocsp = description.access_method == AuthorityInformationAccessOID.OCSP
        if is_ocsp and isinstance(description.access_location, x509.UniformResourceIdentifier):
            yield description.access_location.value
