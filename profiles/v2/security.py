"""Functional block A: security events (A04) and the station's certificates (A02, A03)."""

from typing import TYPE_CHECKING

from msgspec import UNSET

from ..csms.records import CertificateRequested, SecurityEventReported, bounded_if_told, in_utc
from ..csms.station import CsmsStation
from ..messages.base import moment
from ..report import SecurityEventReport
from .csms_handling import CsmsHandlers
from .handling import because

if TYPE_CHECKING:
    from ..messages.v2 import Messages
    from ..messages.v21 import (
        SecurityEventNotificationRequest,
        SecurityEventNotificationResponse,
        SignCertificateRequest,
        SignCertificateResponse,
    )

# ---- the station's half


def security_event_notification(
    v2: "Messages", report: SecurityEventReport
) -> "SecurityEventNotificationRequest":
    return v2.SecurityEventNotificationRequest(
        type=report.event[:50],
        timestamp=moment(report.time),
        tech_info=report.tech_info[:255] or UNSET,
    )


# ---- the central system's half


def csms_security_event_notification(
    v2: "Messages", station: CsmsStation, request: "SecurityEventNotificationRequest"
) -> "SecurityEventNotificationResponse":
    station.record(
        SecurityEventReported(  # A04.FR.02: its delivery is guaranteed, so it is not lost here
            station_id=station.station_id,
            at=station.now,
            type=request.type,
            occurred_at=in_utc(request.timestamp),
            tech_info=None if request.tech_info is UNSET else request.tech_info,
        )
    )
    return request.response()


def csms_sign_certificate(
    v2: "Messages", station: CsmsStation, request: "SignCertificateRequest"
) -> "SignCertificateResponse":
    """Keep the CSR. Accepted would promise a CertificateSigned: override it with an authority."""
    station.record(
        CertificateRequested(
            station_id=station.station_id,
            at=station.now,
            csr=request.csr,
            certificate_type=request.certificate_type or None,
            request_id=bounded_if_told(request.request_id),
        )
    )
    return request.response(  # A02.FR.12
        status="Rejected", status_info=because(v2, "UnsupportedRequest")
    )


CSMS: CsmsHandlers = {
    "SecurityEventNotification": csms_security_event_notification,
    "SignCertificate": csms_sign_certificate,
}
