"""Contract certificates at the central system (2.x C07)."""

import pytest

from pilotwire.machines.events import CertificateHash
from pilotwire.profiles.contracts import ocsp_hashes
from pilotwire.profiles.csms import ContractRules

from ...contract_pki import EMAID, NOW, Pki


@pytest.fixture(scope="module")
def pki():
    return Pki()


@pytest.fixture(scope="module")
def rules(pki):
    return ContractRules(roots=(pki.root.certificate,))


def test_c07_fr_05_hashes_of_a_known_root_are_trusted_unless_revoked(pki, rules):
    hashes = ocsp_hashes(pki.contract(), rules.roots)
    assert rules.judge(EMAID, None, hashes, NOW) == "Accepted"
    revoked = ContractRules(roots=rules.roots, is_revoked=lambda hash: hash == hashes[1])
    assert revoked.judge(EMAID, None, hashes, NOW) == "CertificateRevoked"  # C07.FR.16


def test_c07_fr_17_hashes_of_another_root_cannot_be_verified(pki, rules):
    other = Pki("Other")
    hashes = ocsp_hashes(other.contract(), (other.root.certificate,))
    assert rules.judge(EMAID, None, hashes, NOW) == "CertChainError"
    assert ContractRules().judge(EMAID, None, hashes, NOW) == "CertChainError"
    assert rules.judge(EMAID, None, (), NOW) == "CertChainError"


@pytest.mark.parametrize("algorithm", ["SHA384", "SHA512"])
def test_hashes_may_be_of_another_algorithm(pki, rules, algorithm):
    unlike = CertificateHash(algorithm, "aa", "bb", "1", "http://h/")
    assert rules.judge(EMAID, None, (unlike,), NOW) == "CertChainError"


def test_a_chain_counts_before_the_hashes(pki, rules):
    foreign = CertificateHash("SHA256", "aa", "bb", "1", "http://h/")
    assert rules.judge(EMAID, pki.contract(), (foreign,), NOW) == "Accepted"
    assert rules.judge(EMAID, pki.contract(days=-1), (), NOW) == "CertificateExpired"
    assert rules.judge(EMAID, Pki("Other").contract(), (), NOW) == "CertChainError"
    revoked = ContractRules(roots=rules.roots, is_revoked=lambda hash: True)
    assert revoked.judge(EMAID, pki.contract(), (), NOW) == "CertificateRevoked"
