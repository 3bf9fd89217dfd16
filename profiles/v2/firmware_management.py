"""Functional block L: firmware updates (L01, L02), and firmware for a local network (L03, L04)."""

from typing import TYPE_CHECKING, Literal

from msgspec import UnsetType

from ..csms.records import ProgressReported, bounded_if_told
from ..csms.station import CsmsStation
from .csms_handling import CsmsHandlers

if TYPE_CHECKING:
    from ..messages.v2 import Messages
    from ..messages.v21 import (
        FirmwareStatusNotificationRequest,
        FirmwareStatusNotificationResponse,
        PublishFirmwareStatusNotificationRequest,
        PublishFirmwareStatusNotificationResponse,
    )

# ---- the central system's half


def csms_firmware_status_notification(
    v2: "Messages", station: CsmsStation, request: "FirmwareStatusNotificationRequest"
) -> "FirmwareStatusNotificationResponse":
    keep_progress(station, "Firmware", request.status, request.request_id)
    return request.response()


def csms_publish_firmware_status_notification(
    v2: "Messages", station: CsmsStation, request: "PublishFirmwareStatusNotificationRequest"
) -> "PublishFirmwareStatusNotificationResponse":
    keep_progress(station, "PublishedFirmware", request.status, request.request_id)
    return request.response()


def keep_progress(
    station: CsmsStation,
    subject: Literal["Firmware", "Log", "PublishedFirmware"],
    status: str,
    request_id: int | UnsetType,
) -> None:
    station.record(
        ProgressReported(
            station_id=station.station_id,
            at=station.now,
            subject=subject,
            status=status,
            request_id=bounded_if_told(request_id),
        )
    )


CSMS: CsmsHandlers = {
    "FirmwareStatusNotification": csms_firmware_status_notification,
    "PublishFirmwareStatusNotification": csms_publish_firmware_status_notification,
}
