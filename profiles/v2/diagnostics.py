"""Functional block N: logs, customer information, event streams (2.1 N11 to N15). Its monitoring:
monitoring.py.
"""

from typing import TYPE_CHECKING

from ..csms.station import CsmsStation
from .csms_handling import CsmsHandlers, keep, keep_message
from .firmware_management import keep_progress

if TYPE_CHECKING:
    from ..messages.v2 import Messages
    from ..messages.v21 import (
        LogStatusNotificationRequest,
        LogStatusNotificationResponse,
        OpenPeriodicEventStreamRequest,
        OpenPeriodicEventStreamResponse,
    )

# ---- the central system's half


def csms_log_status_notification(
    v2: "Messages", station: CsmsStation, request: "LogStatusNotificationRequest"
) -> "LogStatusNotificationResponse":
    keep_progress(station, "Log", request.status, request.request_id)
    return request.response()


def csms_open_periodic_event_stream(
    v2: "Messages", station: CsmsStation, request: "OpenPeriodicEventStreamRequest"
) -> "OpenPeriodicEventStreamResponse":
    """Its data is kept as it comes (N11.FR.06); this message says what it is data of."""
    keep_message(station, request)
    return request.response(status="Accepted")


CSMS: CsmsHandlers = {
    "ClosePeriodicEventStream": keep,
    "LogStatusNotification": csms_log_status_notification,
    "NotifyCustomerInformation": keep,
    "OpenPeriodicEventStream": csms_open_periodic_event_stream,
}
