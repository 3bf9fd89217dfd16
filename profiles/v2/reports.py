"""Functional block B, its reports: what the device model holds, all of it (B07) or in part (B08).

The report itself is sent behind the answer, as NotifyReport in parts of bounded size.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from msgspec import UNSET, UnsetType

from ..context import SendRequests, StationContext
from ..device_model import Key
from ..errors import OccurrenceConstraintViolation
from ..messages.base import encode, timestamp
from .csms_handling import CsmsHandlers, keep
from .handling import Handlers, because
from .inventory import Entry, Inventory, values_by_name

if TYPE_CHECKING:
    from ..messages.v2 import Messages
    from ..messages.v21 import (
        ComponentType,
        ComponentVariableType,
        EVSEType,
        GetBaseReportRequest,
        GetBaseReportResponse,
        GetReportRequest,
        GetReportResponse,
        NotifyReportRequest,
        ReportDataType,
        VariableAttributeType,
        VariableCharacteristicsType,
    )

PART_BYTES = 12_000  # of a NotifyReport's data; some CSMS take no more than 16 KiB a message
_MOST_ITEMS = Key("DeviceDataCtrlr", "ItemsPerMessage", "GetReport")
_LONGEST_VALUES_LIST = 1000  # characters
_NUMBERS = ("integer", "decimal")

# ---- the station's half


def get_base_report(
    v2: "Messages", context: StationContext, request: "GetBaseReportRequest"
) -> "GetBaseReportResponse":
    chosen = [entry for entry in Inventory(context) if _IS_IN[request.report_base](entry)]
    _send(v2, context, request.request_id, chosen)
    return request.response(status="Accepted")  # B07.FR.01


_SUMMARY = ("AvailabilityState", "Problem")
_IS_IN: dict[str, Callable[[Entry], bool]] = {
    "ConfigurationInventory": lambda entry: entry.mutability != "ReadOnly",  # B07.FR.07
    "FullInventory": lambda entry: True,  # B07.FR.08
    "SummaryInventory": lambda entry: entry.name in _SUMMARY,  # B07.FR.09
}


def get_report(
    v2: "Messages", context: StationContext, request: "GetReportRequest"
) -> "GetReportResponse":
    wanted = () if request.component_variable is UNSET else request.component_variable
    criteria = () if request.component_criteria is UNSET else request.component_criteria
    most = context.model.integer(_MOST_ITEMS)
    if len(wanted) > most:  # B08.FR.17
        raise OccurrenceConstraintViolation(f"at most {most} componentVariable in one request")
    chosen = [
        entry
        for entries in Inventory(context).components.values()
        if not criteria or any(_meets(entries, criterion) for criterion in criteria)  # B08.FR.13
        for entry in entries
        if not wanted or any(_is_meant(entry, each) for each in wanted)  # B08.FR.05
    ]
    if not chosen:
        return request.response(  # B08.FR.15
            status="EmptyResultSet", status_info=because(v2, "NotFound")
        )
    _send(v2, context, request.request_id, chosen)
    return request.response(status="Accepted")


def _meets(entries: Iterable[Entry], criterion: str) -> bool:
    value = values_by_name(entries).get(criterion)
    if criterion == "Problem":
        return value == "true"  # B08.FR.10
    return value in (None, "true")  # B08.FR.07-09


def _is_meant(entry: Entry, wanted: "ComponentVariableType") -> bool:
    if not _is_of(entry, wanted.component):
        return False
    variable = wanted.variable
    if variable is UNSET:
        return True  # B08.FR.20
    if entry.name.lower() != variable.name.lower():
        return False
    # B08.FR.21
    return not variable.instance or entry.instance.lower() == variable.instance.lower()


def _is_of(entry: Entry, component: "ComponentType") -> bool:
    if entry.component.name.lower() != component.name.lower() or component.instance:
        return False
    place = component.evse
    if place is UNSET:
        return True  # B08.FR.23
    if entry.component.evse != place.id:
        return False
    return place.connector_id is UNSET or entry.component.connector == place.connector_id


# ---- NotifyReport


def _send(v2: "Messages", context: StationContext, request_id: int, entries: list[Entry]) -> None:
    """Leave the report behind, to be sent after the answer (B07.FR.03-04, B08.FR.03-04)."""
    data = [_report_data(v2, entry) for entry in entries]
    parts = list(_parts(data))
    generated_at = timestamp(context.now())
    requests: list[NotifyReportRequest] = [
        v2.NotifyReportRequest(
            request_id=request_id,
            generated_at=generated_at,
            seq_no=number,  # B07.FR.10, B08.FR.14
            tbc=number + 1 < len(parts),
            report_data=part,
        )
        for number, part in enumerate(parts)
    ]
    context.do(SendRequests(tuple(requests)))


def _parts(data: "Iterable[ReportDataType]") -> "Iterator[tuple[ReportDataType, ...]]":
    """Cut a report so that none of its parts is larger than PART_BYTES."""
    part: list[ReportDataType] = []
    size = 0
    for item in data:
        item_size = len(encode(item)) + 1
        if part and size + item_size > PART_BYTES:
            yield tuple(part)
            part, size = [], 0
        part.append(item)
        size += item_size
    if part:
        yield tuple(part)


def _report_data(v2: "Messages", entry: Entry) -> "ReportDataType":
    component = entry.component
    evse: EVSEType | UnsetType = UNSET
    if component.evse:
        evse = v2.EVSEType(id=component.evse, connector_id=component.connector or UNSET)
    return v2.ReportDataType(
        component=v2.ComponentType(name=component.name, evse=evse),
        variable=v2.VariableType(name=entry.name, instance=entry.instance or UNSET),
        variable_attribute=(_attribute(v2, entry),),  # B07.FR.11: Actual is the only one
        variable_characteristics=_characteristics(v2, entry),  # B08.FR.12
    )


def _attribute(v2: "Messages", entry: Entry) -> "VariableAttributeType":
    return v2.VariableAttributeType(
        type="Actual",
        value=UNSET if entry.value is None else entry.value,
        mutability=entry.mutability,
        persistent=entry.definition is not None,
    )


def _characteristics(v2: "Messages", entry: Entry) -> "VariableCharacteristicsType":
    values = ",".join(entry.options)
    definition = entry.definition
    minimum = maximum = None
    if definition is not None and definition.type in (*_NUMBERS, "string"):
        # The limits of a list count its members, where the message means characters.
        minimum = definition.minimum if definition.type in _NUMBERS else None
        maximum = definition.maximum
    return v2.VariableCharacteristicsType(
        data_type=entry.type,
        supports_monitoring=False,
        unit=UNSET if definition is None or not definition.unit else definition.unit,
        min_limit=UNSET if minimum is None else minimum,
        max_limit=UNSET if maximum is None else maximum,
        values_list=values if 0 < len(values) <= _LONGEST_VALUES_LIST else UNSET,
    )


STATION: Handlers = {"GetBaseReport": get_base_report, "GetReport": get_report}


# ---- the central system's half


CSMS: CsmsHandlers = {"NotifyReport": keep}
