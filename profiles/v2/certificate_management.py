"""Functional block M: certificates of cars (M01, M02), and whether one was revoked (M06, M07)."""

from typing import TYPE_CHECKING

from ..csms.station import CsmsStation
from ..messages.base import timestamp
from .csms_handling import CsmsHandlers
from .handling import because

if TYPE_CHECKING:
    from ..messages.v2 import Messages
    from ..messages.v21 import (
        Get15118EVCertificateRequest,
        Get15118EVCertificateResponse,
        GetCertificateChainStatusRequest,
        GetCertificateChainStatusResponse,
        GetCertificateStatusRequest,
        GetCertificateStatusResponse,
    )

# ---- the central system's half
#
# There is no authority behind it, nor a way to one: it says so. Override them with your own.


def csms_get_15118_ev_certificate(
    v2: "Messages", station: CsmsStation, request: "Get15118EVCertificateRequest"
) -> "Get15118EVCertificateResponse":
    return request.response(
        status="Failed", exi_response="", status_info=because(v2, "UnsupportedRequest")
    )


def csms_get_certificate_status(
    v2: "Messages", station: CsmsStation, request: "GetCertificateStatusRequest"
) -> "GetCertificateStatusResponse":
    return request.response(  # M06.FR.04
        status="Failed", status_info=because(v2, "UnsupportedRequest")
    )


def csms_get_certificate_chain_status(
    v2: "Messages", station: CsmsStation, request: "GetCertificateChainStatusRequest"
) -> "GetCertificateChainStatusResponse":
    """Tell of each certificate that nothing could be learned (M07.FR.02, M07.FR.05)."""
    from ..messages.v21 import CertificateStatusType  # 2.0.1 has no such message

    return request.response(
        certificate_status=tuple(
            CertificateStatusType(
                certificate_hash_data=asked.certificate_hash_data,
                source=asked.source,
                status="Failed",
                next_update=timestamp(station.now),
            )
            for asked in request.certificate_status_requests
        )
    )


CSMS: CsmsHandlers = {
    "Get15118EVCertificate": csms_get_15118_ev_certificate,
    "GetCertificateChainStatus": csms_get_certificate_chain_status,
    "GetCertificateStatus": csms_get_certificate_status,
}
