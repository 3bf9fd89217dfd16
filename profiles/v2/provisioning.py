"""Functional block B: booting (B01 to B03). Its variables: variables.py; its reports: reports.py;
its network profiles: network_profile.py; its resets: reset.py.
"""

from typing import TYPE_CHECKING

from msgspec import UNSET, UnsetType

from ..csms.records import BootInfo
from ..csms.station import CsmsStation
from ..face import BootAnswer, Identity
from ..messages.base import timestamp
from .csms_handling import CsmsHandlers

if TYPE_CHECKING:
    from ..messages.v2 import Messages
    from ..messages.v21 import (
        BootNotificationRequest,
        BootNotificationResponse,
        ModemType,
    )

_BOOT_REASONS = frozenset(
    {
        "ApplicationReset",
        "FirmwareUpdate",
        "LocalReset",
        "PowerUp",
        "RemoteReset",
        "ScheduledReset",
        "Triggered",
        "Watchdog",
    }
)

# ---- the station's half: booting


def boot_notification(v2: "Messages", identity: Identity, reason: str) -> "BootNotificationRequest":
    modem: ModemType | UnsetType = UNSET
    if identity.iccid or identity.imsi:
        modem = v2.ModemType(iccid=identity.iccid or UNSET, imsi=identity.imsi or UNSET)
    return v2.BootNotificationRequest(
        # B01.FR.09
        reason=reason if reason in _BOOT_REASONS else "Unknown",  # type: ignore[arg-type]  # it is one
        charging_station=v2.ChargingStationType(
            vendor_name=identity.vendor,
            model=identity.model,
            serial_number=identity.serial_number or UNSET,
            firmware_version=identity.firmware_version or UNSET,
            modem=modem,
        ),
    )


def read_boot(response: "BootNotificationResponse") -> BootAnswer:
    return BootAnswer(response.status, float(response.interval), response.current_time)


# ---- the central system's half


def csms_boot_notification(
    v2: "Messages", station: CsmsStation, request: "BootNotificationRequest"
) -> "BootNotificationResponse":
    """Accept the station, or not, or not yet (B01.FR.02)."""
    told = request.charging_station
    modem = told.modem
    status, interval = station.register(
        BootInfo(
            vendor_name=told.vendor_name,
            model=told.model,
            serial_number=told.serial_number or None,
            firmware_version=told.firmware_version or None,
            iccid=None if modem is UNSET else modem.iccid or None,
            imsi=None if modem is UNSET else modem.imsi or None,
            reason=request.reason,
        )
    )
    return request.response(status=status, current_time=timestamp(station.now), interval=interval)


CSMS: CsmsHandlers = {"BootNotification": csms_boot_notification}
