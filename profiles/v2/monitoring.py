"""Functional block N, its monitoring: N02 report, N03 base, N04 set, N05 level, N06 clear, and the
events that come of monitors (N07, N08).

What the requests mean is in `profiles/monitoring`.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, get_args

from msgspec import UNSET, UnsetType
from msgspec.structs import fields

from ..context import FollowMonitors, StationContext
from ..csms.records import (
    ConnectorReported,
    EventReported,
    MonitorReported,
    Place,
    bounded,
    bounded_if_told,
    in_utc,
)
from ..csms.station import CsmsStation
from ..device_model import Key, MonitorType
from ..errors import OccurrenceConstraintViolation
from ..messages.base import moment
from ..monitoring.book import Answer
from ..monitoring.checks import refusal
from ..monitoring.monitor import CRITERIA, Monitor
from ..report import EventReport, ReportedEvent
from .addressing import component_of, is_meant, key_of, variable_of
from .csms_handling import CsmsHandlers
from .device_data import check_size
from .handling import Handlers, because, given, where_known
from .parts import promise
from .status import Status

if TYPE_CHECKING:
    from ..messages.v2 import Messages
    from ..messages.v21 import (
        ClearMonitoringResultType,
        ClearVariableMonitoringRequest,
        ClearVariableMonitoringResponse,
        EventDataType,
        GetMonitoringReportRequest,
        GetMonitoringReportResponse,
        MonitoringDataType,
        NotifyEventRequest,
        NotifyEventResponse,
        NotifyMonitoringReportRequest,
        NotifyMonitoringReportResponse,
        SetMonitoringBaseRequest,
        SetMonitoringBaseResponse,
        SetMonitoringDataType,
        SetMonitoringLevelRequest,
        SetMonitoringLevelResponse,
        SetMonitoringResultType,
        SetMonitoringStatusEnumType,
        SetVariableMonitoringRequest,
        SetVariableMonitoringResponse,
        VariableMonitoringType,
    )

_CONTROLLER = "MonitoringCtrlr"
_MOST_VARIABLES = Key("DeviceDataCtrlr", "ItemsPerMessage", "GetReport")
_LONGEST_CODE, _LONGEST_INFO = 50, 500  # characters of techCode and techInfo

# ---- the station's half: N02


def get_monitoring_report(
    v2: "Messages", context: StationContext, request: "GetMonitoringReportRequest"
) -> "GetMonitoringReportResponse":
    wanted = () if request.component_variable is UNSET else request.component_variable
    criteria = () if request.monitoring_criteria is UNSET else request.monitoring_criteria
    most = context.model.integer(_MOST_VARIABLES)
    if len(wanted) > most:  # N02.FR.07
        raise OccurrenceConstraintViolation(f"at most {most} componentVariable in one request")
    types = _types(v2)
    if criteria:  # N02.FR.06
        types &= frozenset().union(*(CRITERIA[each] for each in criteria))
    chosen = [
        monitor
        for monitor in context.monitors
        if monitor.type in types  # N02.FR.05, N02.FR.08, N02.FR.11
        and (not wanted or any(is_meant(monitor.key, each) for each in wanted))
    ]
    if not chosen:
        return request.response(  # N02.FR.10
            status="EmptyResultSet", status_info=because(v2, "NotFound")
        )
    _send(v2, context, request.request_id, chosen)
    return request.response(status="Accepted")  # N02.FR.01


def _types(v2: "Messages") -> frozenset[MonitorType]:
    """Give the types of monitors that the version has words for."""
    told = next(field.type for field in fields(v2.VariableMonitoringType) if field.name == "type")
    return frozenset(get_args(told))


def _send(
    v2: "Messages", context: StationContext, request_id: int, monitors: Iterable[Monitor]
) -> None:
    """Leave the report behind, to be sent after the answer (N02.FR.03)."""
    by_key: dict[Key, list[Monitor]] = {}
    for monitor in monitors:
        by_key.setdefault(monitor.key, []).append(monitor)
    data = [_monitoring_data(v2, key, its) for key, its in by_key.items()]
    promise(
        context,
        data,
        lambda number, is_more_to_come, at, part: v2.NotifyMonitoringReportRequest(
            request_id=request_id,  # N02.FR.04
            generated_at=at,
            seq_no=number,  # N02.FR.09
            tbc=is_more_to_come,
            monitor=part,
        ),
    )


def _monitoring_data(v2: "Messages", key: Key, monitors: Iterable[Monitor]) -> "MonitoringDataType":
    return v2.MonitoringDataType(
        component=component_of(v2, key),
        variable=variable_of(v2, key),
        variable_monitoring=tuple(_variable_monitoring(v2, each) for each in monitors),
    )


def _variable_monitoring(v2: "Messages", monitor: Monitor) -> "VariableMonitoringType":
    return v2.VariableMonitoringType(
        id=monitor.id,
        transaction=monitor.transaction,
        value=monitor.value,
        type=monitor.type,
        severity=monitor.severity,
        # N02.FR.22
        **where_known(v2.VariableMonitoringType, event_notification_type=monitor.origin),
    )


# ---- N03, N05


def set_monitoring_base(
    v2: "Messages", context: StationContext, request: "SetMonitoringBaseRequest"
) -> "SetMonitoringBaseResponse":
    context.monitors.set_base(request.monitoring_base)
    context.do(FollowMonitors())
    return request.response(status="Accepted")  # N03.FR.01


def set_monitoring_level(
    v2: "Messages", context: StationContext, request: "SetMonitoringLevelRequest"
) -> "SetMonitoringLevelResponse":
    if not context.monitors.set_level(request.severity):  # N05.FR.02
        return request.response(
            status="Rejected", status_info=because(v2, "ValueOutOfRange", "0 to 9")
        )
    context.do(FollowMonitors())
    return request.response(status="Accepted")  # N05.FR.01


# ---- N04


def set_variable_monitoring(
    v2: "Messages", context: StationContext, request: "SetVariableMonitoringRequest"
) -> "SetVariableMonitoringResponse":
    """Set each monitor, in the order of the request; one that fails leaves the others alone."""
    check_size(context, request, len(request.set_monitoring_data), _CONTROLLER)
    replaced: list[Monitor] = []
    results = tuple(
        _set(v2, context, item, replaced) for item in request.set_monitoring_data
    )  # N04.FR.01
    context.do(FollowMonitors(tuple(replaced)))
    return request.response(set_monitoring_result=results)


def _set(
    v2: "Messages",
    context: StationContext,
    item: "SetMonitoringDataType",
    replaced: list[Monitor],
) -> "SetMonitoringResultType":
    found = context.model.find(key_of(item.component, item.variable))
    if not isinstance(found, Key):
        is_evse = found == "UnknownComponent" and item.component.evse is not UNSET
        return _result(v2, item, found, "UnknownEvse" if is_evse else "NotFound")  # N04.FR.03-04
    wanted = Monitor(
        id=0,
        key=found,
        type=item.type,
        value=item.value,
        severity=item.severity,
        transaction=item.transaction is True,
    )
    if item.periodic_event_stream is not UNSET:
        return _result(v2, item, "Rejected", "UnsupportedParam")
    refused = refusal(wanted, context.model.definition(found))
    if refused is not None:
        return _result(v2, item, refused.status, refused.reason)
    answer = context.monitors.set(wanted, None if item.id is UNSET else item.id)
    if answer.replaced is not None:
        replaced.append(answer.replaced)
    return _result_of(v2, item, answer)


def _result_of(
    v2: "Messages", item: "SetMonitoringDataType", answer: Answer
) -> "SetMonitoringResultType":
    number = UNSET if answer.monitor is None else answer.monitor.id
    return _result(v2, item, answer.status, answer.reason, number)


def _result(
    v2: "Messages",
    item: "SetMonitoringDataType",
    status: "SetMonitoringStatusEnumType",
    reason: str,
    number: int | UnsetType = UNSET,
) -> "SetMonitoringResultType":
    return v2.SetMonitoringResultType(
        id=number,
        status=status,
        type=item.type,
        severity=item.severity,
        component=item.component,  # N04.FR.02
        variable=item.variable,
        status_info=because(v2, reason) if reason else UNSET,
    )


# ---- N06


def clear_variable_monitoring(
    v2: "Messages", context: StationContext, request: "ClearVariableMonitoringRequest"
) -> "ClearVariableMonitoringResponse":
    check_size(context, request, len(request.id), _CONTROLLER)
    results = tuple(_clear(v2, context, monitor_id) for monitor_id in request.id)  # N06.FR.05
    context.do(FollowMonitors())
    return request.response(clear_monitoring_result=results)


_CLEAR_REASONS = {"NotFound": "NotFound", "Rejected": "ReadOnly"}


def _clear(v2: "Messages", context: StationContext, monitor_id: int) -> "ClearMonitoringResultType":
    status = context.monitors.clear(monitor_id)
    reason = _CLEAR_REASONS.get(status)
    return v2.ClearMonitoringResultType(
        id=monitor_id, status=status, status_info=because(v2, reason) if reason else UNSET
    )


STATION: Handlers = {
    "ClearVariableMonitoring": clear_variable_monitoring,
    "GetMonitoringReport": get_monitoring_report,
    "SetMonitoringBase": set_monitoring_base,
    "SetMonitoringLevel": set_monitoring_level,
    "SetVariableMonitoring": set_variable_monitoring,
}

# ---- N07, N08


def notify_event(v2: "Messages", report: EventReport) -> "NotifyEventRequest":
    return v2.NotifyEventRequest(
        generated_at=moment(report.time),
        seq_no=report.seq_no,  # N07.FR.07, N08.FR.04
        tbc=UNSET if report.is_last else True,
        event_data=tuple(_event_data(v2, event) for event in report.events),
    )


def _event_data(v2: "Messages", event: ReportedEvent) -> "EventDataType":
    return v2.EventDataType(
        event_id=event.event_id,
        timestamp=moment(event.time),
        trigger=event.trigger,
        cause=given(event.cause),  # N07.FR.05
        actual_value=event.value,
        tech_code=event.tech_code[:_LONGEST_CODE] or UNSET,
        tech_info=event.tech_info[:_LONGEST_INFO] or UNSET,
        cleared=True if event.cleared else UNSET,
        transaction_id=event.transaction_id or UNSET,
        variable_monitoring_id=given(event.monitor_id),  # N07.FR.06
        event_notification_type=event.origin,
        component=component_of(v2, event.key),
        variable=variable_of(v2, event.key),
        **where_known(v2.EventDataType, severity=event.severity),  # N07.FR.20-21
    )


# ---- the central system's half


def csms_notify_event(
    v2: "Messages", station: CsmsStation, request: "NotifyEventRequest"
) -> "NotifyEventResponse":
    """Keep each event, and what it says of a connector's status (N07.FR.03, N08.FR.02)."""
    for event in request.event_data:
        status = _read_status(station, event)
        if status is not None:
            station.keep_status(status)
        if status is None or event.variable_monitoring_id is not UNSET:
            station.record(_read_event(station, event))
    return request.response()


_STATUSES = frozenset(get_args(Status))


def _read_status(station: CsmsStation, event: "EventDataType") -> ConnectorReported | None:
    """Give the status that an event tells of a connector, if it does (2.1 G01)."""
    key = key_of(event.component, event.variable)
    names = (key.component.lower(), key.variable.lower())
    if names != ("connector", "availabilitystate") or event.actual_value not in _STATUSES:
        return None
    return ConnectorReported(
        station_id=station.station_id,
        at=station.now,
        place=Place(bounded(key.evse), bounded(key.connector)),
        status=event.actual_value,
        reported_at=in_utc(event.timestamp),
    )


def _read_event(station: CsmsStation, event: "EventDataType") -> EventReported:
    return EventReported(
        station_id=station.station_id,
        at=station.now,
        event_id=bounded(event.event_id),
        occurred_at=in_utc(event.timestamp),
        variable=str(key_of(event.component, event.variable)),
        value=event.actual_value,
        trigger=event.trigger,
        origin=event.event_notification_type,
        monitor_id=bounded_if_told(event.variable_monitoring_id),
        severity=bounded_if_told(event.severity),
        cause=bounded_if_told(event.cause),
        cleared=event.cleared is True,
        transaction_id=event.transaction_id or None,
        tech_code=event.tech_code or None,
        tech_info=event.tech_info or None,
    )


def csms_notify_monitoring_report(
    v2: "Messages", station: CsmsStation, request: "NotifyMonitoringReportRequest"
) -> "NotifyMonitoringReportResponse":
    for data in () if request.monitor is UNSET else request.monitor:
        for monitor in data.variable_monitoring:
            station.record(
                MonitorReported(
                    station_id=station.station_id,
                    at=station.now,
                    request_id=bounded(request.request_id),
                    monitor_id=bounded(monitor.id),
                    variable=str(key_of(data.component, data.variable)),
                    type=monitor.type,
                    value=monitor.value,
                    severity=bounded(monitor.severity),
                    transaction=monitor.transaction,
                    origin=monitor.event_notification_type or None,
                )
            )
    return request.response()


CSMS: CsmsHandlers = {
    "NotifyEvent": csms_notify_event,
    "NotifyMonitoringReport": csms_notify_monitoring_report,
}
