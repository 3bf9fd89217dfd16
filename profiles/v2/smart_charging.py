"""Functional block K: what stations and cars tell of limits, needs and schedules."""

from typing import TYPE_CHECKING

from msgspec import UNSET

from ..csms.station import CsmsStation
from .csms_handling import CsmsHandlers, keep, keep_message
from .handling import because

if TYPE_CHECKING:
    from ..messages.v2 import Messages
    from ..messages.v21 import (
        NotifyEVChargingNeedsRequest,
        NotifyEVChargingNeedsResponse,
        NotifyEVChargingScheduleRequest,
        NotifyEVChargingScheduleResponse,
        PullDynamicScheduleUpdateRequest,
        PullDynamicScheduleUpdateResponse,
    )

# ---- the central system's half
#
# It sends no charging profile of its own accord. Override these where one does.


def csms_notify_ev_charging_needs(
    v2: "Messages", station: CsmsStation, request: "NotifyEVChargingNeedsRequest"
) -> "NotifyEVChargingNeedsResponse":
    """Keep them; no schedule will come, so the station need not wait for one."""
    keep_message(station, request)
    needs = request.charging_needs
    is_of_15118_20 = needs.control_mode is not UNSET or needs.v2x_charging_parameters is not UNSET
    if is_of_15118_20:  # K18.FR.04, K19.FR.04; Rejected would end the transaction (K18.FR.22)
        return request.response(status="NoChargingProfile")
    return request.response(  # K15.FR.04
        status="Rejected", status_info=because(v2, "Unspecified", "no charging profile will come")
    )


def csms_notify_ev_charging_schedule(
    v2: "Messages", station: CsmsStation, request: "NotifyEVChargingScheduleRequest"
) -> "NotifyEVChargingScheduleResponse":
    """Keep it; it breaks no limit, as none was set (K15.FR.11)."""
    keep_message(station, request)
    return request.response(status="Accepted")


def csms_pull_dynamic_schedule_update(
    v2: "Messages", station: CsmsStation, request: "PullDynamicScheduleUpdateRequest"
) -> "PullDynamicScheduleUpdateResponse":
    return request.response(  # K28.FR.12
        status="Rejected", status_info=because(v2, "InvalidProfile")
    )


CSMS: CsmsHandlers = {
    "ClearedChargingLimit": keep,
    "NotifyChargingLimit": keep,
    "NotifyEVChargingNeeds": csms_notify_ev_charging_needs,
    "NotifyEVChargingSchedule": csms_notify_ev_charging_schedule,
    "NotifyPriorityCharging": keep,
    "PullDynamicScheduleUpdate": csms_pull_dynamic_schedule_update,
    "ReportChargingProfiles": keep,
}
