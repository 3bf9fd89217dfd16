"""Functional block G: connector status (G01), heartbeat (G02), being out of service (G03, G04)."""

from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import UNSET

from ...machines.effects import ReportConnector
from ..context import SendTriggered, StationContext
from ..csms.records import ConnectorReported, Place, bounded, in_utc
from ..csms.station import CsmsStation
from ..device_model import Key
from ..face import StatusEvent
from ..messages.base import timestamp
from ..report import EventReport, ReportedEvent
from .csms_handling import CsmsHandlers
from .handling import Handlers, because, is_known
from .monitoring import notify_event
from .status import Status

if TYPE_CHECKING:
    from ..messages.v2 import Messages
    from ..messages.v21 import (
        ChangeAvailabilityRequest,
        ChangeAvailabilityResponse,
        HeartbeatRequest,
        HeartbeatResponse,
        NotifyEventRequest,
        StatusNotificationRequest,
        StatusNotificationResponse,
    )

# ---- the station's half


def heartbeat(v2: "Messages") -> "HeartbeatRequest":
    return v2.HeartbeatRequest()


def read_time(response: "HeartbeatResponse") -> datetime:
    return response.current_time


def status_notification(
    v2: "Messages", evse_id: int, connector: int, status: Status, time: datetime
) -> "StatusNotificationRequest":
    return v2.StatusNotificationRequest(
        timestamp=timestamp(time),
        connector_status=status,
        evse_id=evse_id,
        connector_id=connector,
    )


def availability_event(
    v2: "Messages",
    evse_id: int,
    connector: int,
    status: Status,
    time: float,  # s since 1970
    event: StatusEvent,
) -> "NotifyEventRequest":
    """Tell a connector's AvailabilityState: no monitor stands behind it (2.1 G01.FR.03-07)."""
    told = ReportedEvent(
        event_id=event.event_id,
        time=time,
        key=Key("Connector", "AvailabilityState", evse=evse_id, connector=connector),
        value=status,
        trigger="Delta",
        origin="HardWiredNotification",
        severity=event.severity,
        cause=event.cause,
    )
    return notify_event(v2, EventReport(time=time, events=(told,)))


def change_availability(
    v2: "Messages", context: StationContext, request: "ChangeAvailabilityRequest"
) -> "ChangeAvailabilityResponse":
    """Put the station, an EVSE or a connector into or out of service (G03, G04): at once, or when
    its transaction has ended.
    """
    operative = request.operational_status == "Operative"
    station, place = context.station, request.evse
    if place is UNSET or (place.id == 0 and place.connector_id is UNSET):
        effects = station.request_availability(operative)  # G04.FR.01
        context.do(*effects)
        if not any(isinstance(effect, ReportConnector) for effect in effects):
            context.do(SendTriggered("Status", of_all=True))  # TC_G_12, TC_G_13
        waits = station.chart.is_in("change_scheduled")
    elif not is_known(station, place):
        return request.response(status="Rejected", status_info=because(v2, "UnknownEvse"))
    else:
        evse = station.evse(place.id)
        number = 0 if place.connector_id is UNSET else place.connector_id
        context.do(*evse.request_availability(operative, number))
        chart = evse.connectors[number - 1].chart if number else evse.chart
        waits = chart.is_in("change_scheduled")
    return request.response(status="Scheduled" if waits else "Accepted")  # G03.FR.03, G03.FR.05


STATION: Handlers = {"ChangeAvailability": change_availability}


# ---- the central system's half


def csms_heartbeat(
    v2: "Messages", station: CsmsStation, request: "HeartbeatRequest"
) -> "HeartbeatResponse":
    return request.response(current_time=timestamp(station.now))


def csms_status_notification(
    v2: "Messages", station: CsmsStation, request: "StatusNotificationRequest"
) -> "StatusNotificationResponse":
    station.keep_status(
        ConnectorReported(
            station_id=station.station_id,
            at=station.now,
            place=Place(bounded(request.evse_id), bounded(request.connector_id)),
            status=request.connector_status,
            reported_at=in_utc(request.timestamp),
        )
    )
    return request.response()


CSMS: CsmsHandlers = {
    "Heartbeat": csms_heartbeat,
    "StatusNotification": csms_status_notification,
}
