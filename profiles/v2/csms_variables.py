"""The central system's half of B05 to B08: variables got, set and reported, as messages."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from msgspec import UNSET, UnsetType

from ..csms.station import CsmsStation
from ..csms.variables import (
    AnyRequest,
    Criterion,
    ReportBase,
    ReportedAttribute,
    ReportedVariable,
    ReportPart,
    Setting,
    VariableAnswer,
    VariableWords,
)
from ..device_model import AttributeType, Key
from ..messages.base import Response
from .addressing import component_of, key_of, variable_of
from .csms_handling import CsmsHandlers, keep_message

if TYPE_CHECKING:
    from ..messages.v2 import Messages
    from ..messages.v21 import (
        NotifyReportRequest,
        NotifyReportResponse,
        ReportDataType,
        StatusInfoType,
        VariableAttributeType,
    )


def variable_words(v2: "Messages") -> VariableWords:
    def get(wanted: Sequence[tuple[Key, AttributeType]]) -> AnyRequest:
        items = tuple(
            v2.GetVariableDataType(
                component=component_of(v2, key),
                variable=variable_of(v2, key),
                attribute_type=UNSET if attribute == "Actual" else attribute,
            )
            for key, attribute in wanted
        )
        return v2.GetVariablesRequest(get_variable_data=items)

    def put(settings: Sequence[Setting]) -> AnyRequest:
        items = tuple(
            v2.SetVariableDataType(
                component=component_of(v2, each.key),
                variable=variable_of(v2, each.key),
                attribute_type=UNSET if each.attribute == "Actual" else each.attribute,
                attribute_value=each.value,
            )
            for each in settings
        )
        return v2.SetVariablesRequest(set_variable_data=items)

    def base_report(request_id: int, base: ReportBase) -> AnyRequest:
        return v2.GetBaseReportRequest(request_id=request_id, report_base=base)

    def report(request_id: int, names: Sequence[Key], criteria: Sequence[Criterion]) -> AnyRequest:
        wanted = tuple(
            v2.ComponentVariableType(
                component=component_of(v2, key),
                variable=variable_of(v2, key) if key.variable else UNSET,
            )
            for key in names
        )
        return v2.GetReportRequest(
            request_id=request_id,
            component_variable=wanted or UNSET,
            component_criteria=tuple(criteria) or UNSET,
        )

    return VariableWords(
        get=get,
        read_get=lambda response: [_answer(each) for each in _as(response).get_variable_result],
        set=put,
        read_set=lambda response: [_answer(each) for each in _as(response).set_variable_result],
        base_report=base_report,
        report=report,
        read_status=lambda response: str(_as(response).status),
    )


def _as(response: Response) -> Any:  # it is the answer to what was asked
    return response


def _answer(result: Any) -> VariableAnswer:  # a GetVariableResultType or a SetVariableResultType
    info: StatusInfoType | UnsetType = result.attribute_status_info
    value = getattr(result, "attribute_value", UNSET)
    return VariableAnswer(
        key=key_of(result.component, result.variable),
        attribute=result.attribute_type or "Actual",
        status=result.attribute_status,
        value=None if value is UNSET else value,
        reason="" if info is UNSET else info.reason_code,
        info="" if info is UNSET else info.additional_info or "",
    )


# ---- reports


def notify_report(
    v2: "Messages", station: CsmsStation, request: "NotifyReportRequest"
) -> "NotifyReportResponse":
    """Keep a part of a report, and give it to who has asked for the report (B07, B08)."""
    keep_message(station, request)
    taker = station.report_takers.get(request.request_id)
    if taker is not None:
        data = () if request.report_data is UNSET else request.report_data
        taker(
            ReportPart(
                request_id=request.request_id,
                number=request.seq_no,
                is_last=not request.tbc,
                variables=tuple(_reported(each) for each in data),
            )
        )
    return request.response()


def _reported(data: "ReportDataType") -> ReportedVariable:
    key = key_of(data.component, data.variable)
    attributes = tuple(_attribute(each) for each in data.variable_attribute)
    told = data.variable_characteristics
    if told is UNSET:
        return ReportedVariable(key=key, attributes=attributes)
    return ReportedVariable(
        key=key,
        attributes=attributes,
        type=told.data_type,
        unit=told.unit or "",
        minimum=None if told.min_limit is UNSET else told.min_limit,
        maximum=None if told.max_limit is UNSET else told.max_limit,
        options=tuple(each.strip() for each in (told.values_list or "").split(",") if each),
        supports_monitoring=told.supports_monitoring,
    )


def _attribute(attribute: "VariableAttributeType") -> ReportedAttribute:
    return ReportedAttribute(
        type=attribute.type or "Actual",
        value=None if attribute.value is UNSET else attribute.value,
        mutability=attribute.mutability or "ReadWrite",
        persistent=bool(attribute.persistent),
        constant=bool(attribute.constant),
    )


CSMS: CsmsHandlers = {"NotifyReport": notify_report}
