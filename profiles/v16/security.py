"""The security extension of 1.6: the white paper "Improved security for OCPP 1.6-J", edition 3."""

from collections.abc import Mapping

from msgspec import UNSET

from ..context import Kept, Reconnect, StationContext, TrySecurityProfile
from ..csms.face import AnyRequest, Handler
from ..csms.records import (
    CertificateRequested,
    ProgressReported,
    SecurityEventReported,
    bounded_if_told,
    in_utc,
)
from ..csms.station import CsmsStation
from ..messages import v16
from ..messages.base import moment
from ..network import SECURITY_PROFILE, WITH_CERTIFICATE, missing_for, raised
from ..passwords import changed, has_fit_password, is_in_use, of_bytes
from ..report import SecurityEventReport
from .configuration import password_of

# ---- the station's half


def change_authorization_key(
    context: StationContext, value: str
) -> v16.ChangeConfigurationResponse | Kept:
    """Take a new password (A01): accepted once it is kept, and then the station dials anew."""
    rejected = v16.ChangeConfigurationResponse(status="Rejected")
    try:
        password = password_of(value)
    except ValueError:
        return rejected
    if is_in_use(context.model):
        context.do(Reconnect())
    accepted = v16.ChangeConfigurationResponse(status="Accepted")
    return Kept(changed(context.model, of_bytes(password)), accepted, rejected)


def change_security_profile(
    context: StationContext, value: str
) -> v16.ChangeConfigurationResponse | Kept:
    """Go to a higher security profile at once, and back to the present one where no link comes
    about by it (A05).
    """
    rejected = v16.ChangeConfigurationResponse(status="Rejected")
    model = context.model
    wanted = int(value) if value in ("1", "2", "3") else 0
    if wanted <= model.integer(SECURITY_PROFILE):
        return rejected  # 1.6 A05.FR.01
    if wanted < WITH_CERTIFICATE and not has_fit_password(model):
        return rejected  # 1.6 A05.FR.02
    values = raised(model, wanted)
    if values is None or missing_for(model, context.reach, wanted) is not None:
        return rejected
    context.do(TrySecurityProfile(wanted, {key: model.told(key) for key in values}))
    context.do(Reconnect(is_first=True))  # 1.6 A05.FR.06-07
    accepted = v16.ChangeConfigurationResponse(status="Accepted")  # 1.6 A05.FR.05
    return Kept(values, accepted, rejected)


_NAMES = {  # what chapter 8 calls otherwise than 2.x does
    "CsmsFailedToAuthenticate": "CentralSystemFailedToAuthentication",
    "FailedToAuthenticateAtCsms": "FailedToAuthenticationAtCentralSystem",
    "InvalidChargingStationCertificate": "InvalidChargePointCertificate",
    "InvalidCsmsCertificate": "InvalidCentralSystemCertificate",
}


def security_event_notification(
    report: SecurityEventReport,
) -> v16.SecurityEventNotificationRequest:
    """Tell an event that is critical here or in 2.x.

    Chapter 8 calls those of certificates and TLS not critical, and A00.FR.309 and its like have
    them told all the same.
    """
    return v16.SecurityEventNotificationRequest(
        type=_NAMES.get(report.event, report.event)[:50],
        timestamp=moment(report.time),
        tech_info=report.tech_info[:255] or UNSET,
    )


# ---- the central system's half


def csms_log_status_notification(
    station: CsmsStation, request: v16.LogStatusNotificationRequest
) -> v16.LogStatusNotificationResponse:
    station.record(
        ProgressReported(
            station_id=station.station_id,
            at=station.now,
            subject="Log",
            status=request.status,
            request_id=bounded_if_told(request.request_id),
        )
    )
    return v16.LogStatusNotificationResponse()


def csms_signed_firmware_status_notification(
    station: CsmsStation, request: v16.SignedFirmwareStatusNotificationRequest
) -> v16.SignedFirmwareStatusNotificationResponse:
    station.record(
        ProgressReported(
            station_id=station.station_id,
            at=station.now,
            subject="Firmware",
            status=request.status,
            request_id=bounded_if_told(request.request_id),
        )
    )
    return v16.SignedFirmwareStatusNotificationResponse()


def csms_security_event_notification(
    station: CsmsStation, request: v16.SecurityEventNotificationRequest
) -> v16.SecurityEventNotificationResponse:
    station.record(
        SecurityEventReported(  # A04.FR.02: its delivery is guaranteed, so it is not lost here
            station_id=station.station_id,
            at=station.now,
            type=request.type,
            occurred_at=in_utc(request.timestamp),
            tech_info=None if request.tech_info is UNSET else request.tech_info,
        )
    )
    return v16.SecurityEventNotificationResponse()


def csms_sign_certificate(
    station: CsmsStation, request: v16.SignCertificateRequest
) -> v16.SignCertificateResponse:
    """Keep the CSR. Accepted would promise a CertificateSigned: override it with an authority."""
    station.record(
        CertificateRequested(station_id=station.station_id, at=station.now, csr=request.csr)
    )
    return v16.SignCertificateResponse(status="Rejected")


CSMS: Mapping[type[AnyRequest], Handler] = {
    v16.LogStatusNotificationRequest: csms_log_status_notification,
    v16.SecurityEventNotificationRequest: csms_security_event_notification,
    v16.SignCertificateRequest: csms_sign_certificate,
    v16.SignedFirmwareStatusNotificationRequest: csms_signed_firmware_status_notification,
}
