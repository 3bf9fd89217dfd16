"""Contract certificates at the central system: are they to be trusted? (2.x C07)"""

from collections.abc import Callable, Iterable
from datetime import datetime

import msgspec

from ...machines.events import CertificateHash, CertificateStatus
from ..contracts import Certificates, check_contract, issued_by, ocsp_hashes


def _nothing_is_revoked(hash: CertificateHash) -> bool:
    return False


class ContractRules(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """How the central system judges contracts. Without roots none can be verified."""

    roots: Certificates = ()
    is_revoked: Callable[[CertificateHash], bool] = _nothing_is_revoked
    """What an OCSP responder said last, of one certificate (C07.FR.05); it must be quick."""

    def judge(
        self, emaid: str, chain: str | None, hashes: Iterable[CertificateHash], now: datetime
    ) -> CertificateStatus:
        """Say what a contract is worth, by its chain (PEM) or else by its hashes for OCSP."""
        told = tuple(hashes)
        if chain is None:
            # C07.FR.17: what no root of ours has issued cannot be verified.
            status: CertificateStatus = "CertChainError"
            if issued_by(told, self.roots):
                status = "Accepted"
        else:
            status = check_contract(chain, emaid, self.roots, now)
            if status == "NoCertificateAvailable":
                return "CertChainError"  # C07.FR.17
            if status == "Accepted":
                told += ocsp_hashes(chain, self.roots)
        if status == "Accepted" and any(map(self.is_revoked, told)):
            return "CertificateRevoked"  # C07.FR.16
        return status
