"""Functional block B, its reports: what the device model holds, all of it (B07) or in part (B08).

The report itself is sent behind the answer, as NotifyReport in parts of bounded size.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from msgspec import UNSET, UnsetType

from ..context import StationContext
from ..device_model import Attribute, Definition, DeviceModel, Key, is_list
from .addressing import component_of, is_meant, variable_of
from .device_data import check_size, told_text
from .handling import Handlers, because, where_known
from .parts import promise

if TYPE_CHECKING:
    from ..messages.v2 import Messages
    from ..messages.v21 import (
        DataEnumType,
        GetBaseReportRequest,
        GetBaseReportResponse,
        GetReportRequest,
        GetReportResponse,
        ReportDataType,
        VariableAttributeType,
        VariableCharacteristicsType,
    )

_LONGEST_VALUES_LIST = 1000  # characters


def get_base_report(
    v2: "Messages", context: StationContext, request: "GetBaseReportRequest"
) -> "GetBaseReportResponse":
    if context.has_promised_enough():  # B07.FR.13
        return request.response(status="Rejected", status_info=because(v2, "OutOfMemory"))
    chosen = list(_INVENTORIES[request.report_base](context.model))  # B07.FR.12
    _send(v2, context, request.request_id, chosen)
    return request.response(status="Accepted")  # B07.FR.01


def _configuration(model: DeviceModel) -> Iterator[Key]:
    """Give what the operator can set (B07.FR.07)."""
    for key in model:
        attributes = model.definition(key).attributes
        if any(attribute.mutability != "ReadOnly" for attribute in attributes):
            yield key


def _summary(model: DeviceModel) -> Iterator[Key]:
    """Give how available the station is, and what is wrong (B07.FR.09)."""
    for key in model:
        if key.variable == _AVAILABILITY:
            of_evse = Key("EVSE", _AVAILABILITY, evse=key.evse)
            is_same = of_evse in model and model.told(of_evse) == model.told(key)
            if not key.connector or not is_same:
                yield key
        elif key.variable in _ABNORMAL and model.told(key) is True:
            yield key


_AVAILABILITY = "AvailabilityState"
_ABNORMAL = ("Problem", "Tripped", "Overload", "Fallback")
_INVENTORIES: dict[str, Callable[[DeviceModel], Iterable[Key]]] = {
    "ConfigurationInventory": _configuration,
    "FullInventory": iter,  # B07.FR.08
    "SummaryInventory": _summary,
}


def get_report(
    v2: "Messages", context: StationContext, request: "GetReportRequest"
) -> "GetReportResponse":
    wanted = () if request.component_variable is UNSET else request.component_variable
    criteria = () if request.component_criteria is UNSET else request.component_criteria
    check_size(context, request, len(wanted))
    if context.has_promised_enough():  # B08.FR.16
        return request.response(status="Rejected", status_info=because(v2, "OutOfMemory"))
    chosen = [
        key
        for component, keys in context.model.catalogue.components.items()
        if not criteria or any(_meets(context, component, each) for each in criteria)  # B08.FR.13
        for key in keys
        if not wanted or any(is_meant(key, each) for each in wanted)  # B08.FR.05
    ]
    if not chosen:
        return request.response(  # B08.FR.15
            status="EmptyResultSet", status_info=because(v2, "NotFound")
        )
    _send(v2, context, request.request_id, chosen)
    return request.response(status="Accepted")


def _meets(context: StationContext, component: Key, criterion: str) -> bool:
    found = context.model.find(component._replace(variable=criterion))
    value = context.model.told(found) if isinstance(found, Key) else None
    if criterion == "Problem":
        return value is True  # B08.FR.10
    return value in (None, True)  # B08.FR.07-09


# ---- NotifyReport


def _send(v2: "Messages", context: StationContext, request_id: int, keys: list[Key]) -> None:
    """Leave the report behind, to be sent after the answer (B07.FR.03-04, B08.FR.03-04)."""
    data = [_report_data(v2, context.model, key) for key in keys]
    promise(
        context,
        data,
        lambda number, is_more_to_come, at, part: v2.NotifyReportRequest(
            request_id=request_id,
            generated_at=at,
            seq_no=number,  # B07.FR.10, B08.FR.14
            tbc=is_more_to_come,
            report_data=part,
        ),
    )


def _report_data(v2: "Messages", model: DeviceModel, key: Key) -> "ReportDataType":
    definition = model.definition(key)
    return v2.ReportDataType(
        component=component_of(v2, key),
        variable=variable_of(v2, key),
        variable_attribute=tuple(  # B07.FR.11
            _attribute(v2, model, key, attribute) for attribute in definition.attributes
        ),
        variable_characteristics=_characteristics(v2, definition),  # B08.FR.12
    )


def _attribute(
    v2: "Messages", model: DeviceModel, key: Key, attribute: Attribute
) -> "VariableAttributeType":
    is_hidden = attribute.mutability == "WriteOnly"
    return v2.VariableAttributeType(
        type=attribute.type,
        value=UNSET if is_hidden else told_text(model, key, attribute.type),  # B07.FR.03
        mutability=attribute.mutability,
        persistent=attribute.persistent,
        constant=attribute.constant,
    )


def _characteristics(v2: "Messages", definition: Definition) -> "VariableCharacteristicsType":
    values = ",".join(definition.options)
    kind: DataEnumType = definition.type
    if is_list(kind) and not 0 < len(values) <= _LONGEST_VALUES_LIST:
        kind, values = "string", ""  # a list type must say which values there are
    minimum, maximum = definition.limits
    return v2.VariableCharacteristicsType(
        data_type=kind,
        supports_monitoring=definition.supports_monitoring,
        unit=definition.unit or UNSET,
        min_limit=UNSET if minimum is None else minimum,
        max_limit=UNSET if maximum is None else maximum,
        values_list=values or UNSET,
        **where_known(v2.VariableCharacteristicsType, max_elements=_most(definition)),
    )


def _most(definition: Definition) -> int | UnsetType:
    """Give how many members a list may have, where that is bounded."""
    if definition.type not in ("MemberList", "SequenceList") or definition.maximum is None:
        return UNSET
    return int(definition.maximum)


STATION: Handlers = {"GetBaseReport": get_base_report, "GetReport": get_report}
