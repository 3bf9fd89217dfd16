"""Functional block B: booting, variables, resets. Its reports: reports.py; its network profiles:
network_profile.py.

B01 to B03 boot, B05 set and B06 get variables, B11 and B12 reset.
"""

from typing import TYPE_CHECKING

from msgspec import UNSET, UnsetType

from ..context import RestartStation, StationContext
from ..csms.records import BootInfo
from ..csms.station import CsmsStation
from ..device_model import Key
from ..errors import FormatViolation, OccurrenceConstraintViolation
from ..face import AnyRequest, BootAnswer, Identity
from ..messages.base import encode, timestamp
from .csms_handling import CsmsHandlers
from .handling import Handlers, because
from .inventory import Entry, Inventory

if TYPE_CHECKING:
    from ..messages.v2 import Messages
    from ..messages.v21 import (
        BootNotificationRequest,
        BootNotificationResponse,
        GetVariableDataType,
        GetVariableResultType,
        GetVariablesRequest,
        GetVariablesResponse,
        GetVariableStatusEnumType,
        ModemType,
        ResetRequest,
        ResetResponse,
        SetVariableDataType,
        SetVariableResultType,
        SetVariablesRequest,
        SetVariablesResponse,
        SetVariableStatusEnumType,
        StatusInfoType,
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


# ---- variables


def get_variables(
    v2: "Messages", context: StationContext, request: "GetVariablesRequest"
) -> "GetVariablesResponse":
    """Tell each variable asked for, in the order of the request (B06.FR.01)."""
    _check_size(context, request, len(request.get_variable_data))
    inventory = Inventory(context)
    results = tuple(_get(v2, inventory, item) for item in request.get_variable_data)
    return request.response(get_variable_result=results)


def _get(
    v2: "Messages", inventory: Inventory, item: "GetVariableDataType"
) -> "GetVariableResultType":
    attribute = "Actual" if item.attribute_type is UNSET else item.attribute_type  # B06.FR.11
    found = inventory.find(item.component, item.variable)
    status: GetVariableStatusEnumType
    value: str | None = None
    info: StatusInfoType | UnsetType = UNSET
    if not isinstance(found, Entry):
        status = found  # B06.FR.06-07
    elif attribute != "Actual":
        status = "NotSupportedAttributeType"  # B06.FR.08
    elif found.value is None:
        status, info = "Rejected", because(v2, "WriteOnly")  # B06.FR.09
    else:
        status, value = "Accepted", found.value  # B06.FR.10, B06.FR.13
    return v2.GetVariableResultType(
        attribute_status=status,
        component=item.component,
        variable=item.variable,
        attribute_type=attribute,
        attribute_value=UNSET if value is None else value,
        attribute_status_info=info,
    )


def set_variables(
    v2: "Messages", context: StationContext, request: "SetVariablesRequest"
) -> "SetVariablesResponse":
    """Set each variable, in the order of the request; one that fails leaves the others alone."""
    _check_size(context, request, len(request.set_variable_data))
    inventory = Inventory(context)
    results = tuple(_set(v2, context, inventory, item) for item in request.set_variable_data)
    return request.response(set_variable_result=results)  # B05.FR.01


def _set(
    v2: "Messages", context: StationContext, inventory: Inventory, item: "SetVariableDataType"
) -> "SetVariableResultType":
    attribute = "Actual" if item.attribute_type is UNSET else item.attribute_type  # B05.FR.12
    found = inventory.find(item.component, item.variable)
    status: SetVariableStatusEnumType
    info: StatusInfoType | UnsetType = UNSET
    if not isinstance(found, Entry):
        status = found  # B05.FR.04-05
    elif attribute != "Actual":
        status = "NotSupportedAttributeType"  # B05.FR.06
    elif found.mutability == "ReadOnly" or found.key is None:
        status, info = "Rejected", because(v2, "ReadOnly")  # B05.FR.09
    else:
        status = context.model.set(found.key, item.attribute_value)
        context.change(found.key, item.attribute_value, status)
        if status == "Rejected":
            info = because(v2, "InvalidValue")  # B05.FR.07-08
    return v2.SetVariableResultType(
        attribute_status=status,
        component=item.component,
        variable=item.variable,
        attribute_type=attribute,
        attribute_status_info=info,
    )


def _check_size(context: StationContext, request: AnyRequest, items: int) -> None:
    """Refuse a request that asks for more than the station has said it takes."""
    most = context.model.integer(Key("DeviceDataCtrlr", "ItemsPerMessage", request.action))
    if items > most:  # B06.FR.16
        raise OccurrenceConstraintViolation(f"at most {most} items in one request")
    longest = context.model.integer(Key("DeviceDataCtrlr", "BytesPerMessage", request.action))
    if len(encode(request)) > longest:  # B06.FR.17
        raise FormatViolation(f"at most {longest} bytes in one request")


# ---- reset


def reset(v2: "Messages", context: StationContext, request: "ResetRequest") -> "ResetResponse":
    """Boot again, its transactions ended in order before (Immediate) or waited for (OnIdle)."""
    if request.evse_id is not UNSET:
        return request.response(  # B11.FR.09
            status="Rejected", status_info=because(v2, "UnsupportedParam", "evseId")
        )
    if request.type == "OnIdle":
        waits = context.station.is_in_use
        context.do(RestartStation("OnIdle", "ImmediateReset"))
        return request.response(status="Scheduled" if waits else "Accepted")  # B12.FR.01
    if request.type != "Immediate":
        # B13: no transaction of ours is resumed after a reset.
        return request.response(status="Rejected", status_info=because(v2, "UnsupportedParam"))
    context.do(RestartStation("Graceful", "ImmediateReset"))  # B12.FR.04
    return request.response(status="Accepted")  # B12.FR.02


STATION: Handlers = {
    "GetVariables": get_variables,
    "Reset": reset,
    "SetVariables": set_variables,
}


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
