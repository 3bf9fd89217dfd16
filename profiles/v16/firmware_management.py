"""Firmware Management profile of 1.6: chapters 4.4, 4.5, 5.9 and 5.19."""

from collections.abc import Mapping

from ..csms.face import AnyRequest, Handler
from ..csms.records import ProgressReported
from ..csms.station import CsmsStation
from ..messages import v16

# ---- the central system's half


def csms_diagnostics_status_notification(
    station: CsmsStation, request: v16.DiagnosticsStatusNotificationRequest
) -> v16.DiagnosticsStatusNotificationResponse:
    station.record(
        ProgressReported(
            station_id=station.station_id,
            at=station.now,
            subject="Diagnostics",
            status=request.status,
        )
    )
    return v16.DiagnosticsStatusNotificationResponse()


def csms_firmware_status_notification(
    station: CsmsStation, request: v16.FirmwareStatusNotificationRequest
) -> v16.FirmwareStatusNotificationResponse:
    station.record(
        ProgressReported(
            station_id=station.station_id, at=station.now, subject="Firmware", status=request.status
        )
    )
    return v16.FirmwareStatusNotificationResponse()


CSMS: Mapping[type[AnyRequest], Handler] = {
    v16.DiagnosticsStatusNotificationRequest: csms_diagnostics_status_notification,
    v16.FirmwareStatusNotificationRequest: csms_firmware_status_notification,
}
