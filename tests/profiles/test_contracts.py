"""Contract certificates: chains and what an OCSP responder is asked (2.x C07)."""

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, Hash
from cryptography.x509 import SubjectKeyIdentifier

from pilotwire.profiles.contracts import (
    check_contract,
    issued_by,
    ocsp_hashes,
    read_certificates,
)

from ..contract_pki import EMAID, NOW, RESPONDER, Issued, Pki, issue


@pytest.fixture(scope="module")
def pki() -> Pki:
    return Pki()


def roots_of(*issued: Issued) -> list:
    return [each.certificate for each in issued]


def test_a_chain_that_leads_to_a_root_is_accepted(pki: Pki) -> None:
    roots = roots_of(issue("V2G root"), pki.root)
    assert check_contract(pki.contract(), EMAID, roots, NOW) == "Accepted"


def test_in_whatever_order_its_sub_cas_come_and_with_the_root_in_it(pki: Pki) -> None:
    leaf = issue(EMAID, pki.sub2, is_ca=False).pem
    chain = leaf + pki.sub1.pem + pki.sub2.pem + pki.root.pem
    assert check_contract(chain, EMAID, roots_of(pki.root), NOW) == "Accepted"


@pytest.mark.parametrize("emaid", ["NL-PWR-C12345678", "nlpwrc12345678", "NLPWRC123456780"])
def test_an_emaid_may_be_written_in_several_ways(pki: Pki, emaid: str) -> None:
    assert check_contract(pki.contract(), emaid, roots_of(pki.root), NOW) == "Accepted"


def test_a_contract_is_for_its_own_emaid_only(pki: Pki) -> None:
    roots = roots_of(pki.root)
    assert check_contract(pki.contract(), "DEPWRC99999999", roots, NOW) == "CertChainError"


def test_without_its_root_it_cannot_be_validated(pki: Pki) -> None:
    chain = pki.contract()
    assert check_contract(chain, EMAID, (), NOW) == "NoCertificateAvailable"
    others = roots_of(issue("V2G root"))
    assert check_contract(chain, EMAID, others, NOW) == "NoCertificateAvailable"


def test_it_expires(pki: Pki) -> None:
    chain, roots = pki.contract(days=10), roots_of(pki.root)
    assert check_contract(chain, EMAID, roots, NOW + timedelta(days=9)) == "Accepted"
    assert check_contract(chain, EMAID, roots, NOW + timedelta(days=11)) == "CertificateExpired"
    too_early = NOW - timedelta(days=366)
    assert check_contract(chain, EMAID, roots, too_early) == "CertificateExpired"


def test_a_root_of_the_same_name_is_not_the_root(pki: Pki) -> None:
    impostor = Pki()
    assert check_contract(impostor.contract(), EMAID, roots_of(pki.root), NOW) == "CertChainError"


def test_a_chain_with_a_gap_is_none(pki: Pki) -> None:
    leaf = issue(EMAID, pki.sub2, is_ca=False).pem
    assert check_contract(leaf + pki.sub1.pem, EMAID, roots_of(pki.root), NOW) == "CertChainError"


def test_only_a_ca_issues_contracts(pki: Pki) -> None:
    thief = issue("NLPWRC00000000", pki.sub2, is_ca=False)
    chain = issue(EMAID, thief, is_ca=False).pem + thief.pem + pki.sub2.pem + pki.sub1.pem
    assert check_contract(chain, EMAID, roots_of(pki.root), NOW) == "CertChainError"


@pytest.mark.parametrize("text", ["", "nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_what_is_no_certificate_is_not_valid(pki: Pki, text: str) -> None:
    assert check_contract(text, EMAID, roots_of(pki.root), NOW) == "CertChainError"
    with pytest.raises(ValueError, match=r"\w"):
        read_certificates(text)


# ---- OCSP


def test_c07_fr_02_what_an_ocsp_responder_is_asked(pki: Pki) -> None:
    leaf = issue(EMAID, pki.sub2, is_ca=False)
    contract, sub2, sub1 = ocsp_hashes(leaf.pem + pki.sub2.pem + pki.sub1.pem, roots_of(pki.root))
    assert contract.responder_url == sub1.responder_url == RESPONDER
    assert contract.hash_algorithm == "SHA256"
    assert int(contract.serial_number, 16) == leaf.certificate.serial_number
    assert not contract.serial_number.startswith("0")
    name = Hash(SHA256())
    name.update(leaf.certificate.issuer.public_bytes())
    assert contract.issuer_name_hash == name.finalize().hex()
    assert len({contract.issuer_key_hash, sub2.issuer_key_hash, sub1.issuer_key_hash}) == 3
    # The key's hash is that of its bits alone, as in a key identifier (there by SHA-1).
    key = SubjectKeyIdentifier.from_public_key(pki.sub2.key.public_key()).digest
    assert len(key) == SHA1().digest_size
    assert len(bytes.fromhex(contract.issuer_key_hash)) == SHA256().digest_size


def test_only_of_what_has_a_responder_and_an_issuer_that_is_here(pki: Pki) -> None:
    chain = pki.contract()
    assert len(ocsp_hashes(chain, ())) == 2  # nobody has the root
    silent = issue(EMAID, pki.sub2, is_ca=False, responder=None)
    chain = silent.pem + pki.sub2.pem + pki.sub1.pem
    assert len(ocsp_hashes(chain, roots_of(pki.root))) == 2


def test_hashes_tell_whether_a_root_has_issued_the_chain(pki: Pki) -> None:
    hashes = ocsp_hashes(pki.contract(), roots_of(pki.root))
    assert issued_by(hashes, roots_of(pki.root))
    assert not issued_by(hashes, roots_of(issue("V2G root")))
    assert not issued_by((), roots_of(pki.root))
