"""The security extension of 1.6: the white paper "Improved security for OCPP 1.6-J", edition 3."""

from collections.abc import Mapping

from msgspec import UNSET, UnsetType

from ..csms.face import AnyRequest, Handler
from ..csms.records import (
    CertificateRequested,
    ProgressReported,
    SecurityEventReported,
    bounded,
    in_utc,
)
from ..csms.station import CsmsStation
from ..messages.v16 import (
    LogStatusNotificationRequest,
    LogStatusNotificationResponse,
    SecurityEventNotificationRequest,
    SecurityEventNotificationResponse,
    SignCertificateRequest,
    SignCertificateResponse,
    SignedFirmwareStatusNotificationRequest,
    SignedFirmwareStatusNotificationResponse,
)

# ---- the central system's half


def csms_log_status_notification(
    station: CsmsStation, request: LogStatusNotificationRequest
) -> LogStatusNotificationResponse:
    station.record(
        ProgressReported(
            station_id=station.station_id,
            at=station.now,
            subject="Log",
            status=request.status,
            request_id=_request_id(request.request_id),
        )
    )
    return LogStatusNotificationResponse()


def csms_signed_firmware_status_notification(
    station: CsmsStation, request: SignedFirmwareStatusNotificationRequest
) -> SignedFirmwareStatusNotificationResponse:
    station.record(
        ProgressReported(
            station_id=station.station_id,
            at=station.now,
            subject="Firmware",
            status=request.status,
            request_id=_request_id(request.request_id),
        )
    )
    return SignedFirmwareStatusNotificationResponse()


def csms_security_event_notification(
    station: CsmsStation, request: SecurityEventNotificationRequest
) -> SecurityEventNotificationResponse:
    station.record(
        SecurityEventReported(  # A04.FR.02: its delivery is guaranteed, so it is not lost here
            station_id=station.station_id,
            at=station.now,
            type=request.type,
            occurred_at=in_utc(request.timestamp),
            tech_info=None if request.tech_info is UNSET else request.tech_info,
        )
    )
    return SecurityEventNotificationResponse()


def csms_sign_certificate(
    station: CsmsStation, request: SignCertificateRequest
) -> SignCertificateResponse:
    """Keep the request. Accepted promises a CertificateSigned, which takes an authority: override."""
    station.record(
        CertificateRequested(station_id=station.station_id, at=station.now, csr=request.csr)
    )
    return SignCertificateResponse(status="Rejected")


def _request_id(number: int | UnsetType) -> int | None:
    return None if number is UNSET else bounded(number)


CSMS: Mapping[type[AnyRequest], Handler] = {
    LogStatusNotificationRequest: csms_log_status_notification,
    SecurityEventNotificationRequest: csms_security_event_notification,
    SignCertificateRequest: csms_sign_certificate,
    SignedFirmwareStatusNotificationRequest: csms_signed_firmware_status_notification,
}
