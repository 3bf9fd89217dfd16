"""Firmware Management profile of 1.6: chapters 4.4, 4.5, 5.9 and 5.19."""

from collections.abc import Mapping

from ..csms.face import AnyRequest, Handler
from ..csms.records import ProgressReported
from ..csms.station import CsmsStation
from ..messages.v16 import (
    DiagnosticsStatusNotificationRequest,
    DiagnosticsStatusNotificationResponse,
    FirmwareStatusNotificationRequest,
    FirmwareStatusNotificationResponse,
)

# ---- the central system's half


def csms_diagnostics_status_notification(
    station: CsmsStation, request: DiagnosticsStatusNotificationRequest
) -> DiagnosticsStatusNotificationResponse:
    station.record(
        ProgressReported(
            station_id=station.station_id,
            at=station.now,
            subject="Diagnostics",
            status=request.status,
        )
    )
    return DiagnosticsStatusNotificationResponse()


def csms_firmware_status_notification(
    station: CsmsStation, request: FirmwareStatusNotificationRequest
) -> FirmwareStatusNotificationResponse:
    station.record(
        ProgressReported(
            station_id=station.station_id, at=station.now, subject="Firmware", status=request.status
        )
    )
    return FirmwareStatusNotificationResponse()


CSMS: Mapping[type[AnyRequest], Handler] = {
    DiagnosticsStatusNotificationRequest: csms_diagnostics_status_notification,
    FirmwareStatusNotificationRequest: csms_firmware_status_notification,
}
